from typing import Protocol, final

from typing_extensions import Self

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = ...) -> object: ...

__version__: str

@final
class Scrubbed:
    """Evidence without its values."""

    @property
    def text(self) -> str: ...
    @property
    def form(self) -> str:
        """What it was read as."""
    @property
    def removed(self) -> dict[str, int]:
        """What was taken out, by kind of place, and how often."""
    @property
    def kept(self) -> dict[str, int]:
        """What was kept beyond the list, by name, and how often."""
    @property
    def left_out(self) -> int:
        """Parts that could not be read."""

@final
class Scrubber:
    """Keeps what is known to be harmless and puts a typed stand-in for everything else."""

    def __new__(cls, keep: list[str] | None = ..., *, personal: bool = ...) -> Self: ...
    def scrub(self, text: str, form: str | None = ...) -> Scrubbed: ...

@final
class Batches:
    """A stream of record batches: anything that takes Arrow's C stream reads it, once."""

    def __arrow_c_stream__(self, requested_schema: object | None = ...) -> object: ...

def explain_batches(
    reader: _ArrowStream,
    *,
    column: str | None = ...,
    form: str | None = ...,
    fields: str | None = ...,
    provider: str | None = ...,
    keep: bool = ...,
) -> Batches:
    """Explains a stream of record batches, a row for each row.

    ``form`` says what the rows are (records, log, body ...) where sniffing errs, ``fields`` where log lines of your own
    hold what, as ``--fields`` does.

    Each row of the text column ``column`` (without a name, the only text column) is an exchange record or a log line.
    The columns of the answer are verdict, cause, certainty, provider, operation, missing, next and error; with ``keep``
    they stand beside those of the input. What cannot be read is said in ``error``; no row raises. Rows are judged by
    themselves, so engines may split and order them as they like. Python's lock is not held while rows are judged.
    """

def explain(data: bytes, form: str | None, provider: str | None, status: int | None, at: str | None) -> str: ...
def needs(endpoints: list[tuple[str, str]], provider: str | None, kind: str | None, scope: str | None) -> str: ...
def run(arguments: list[str]) -> int: ...
