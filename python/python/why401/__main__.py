"""The command line: ``why401``, or ``python -m why401``."""

from __future__ import annotations

import signal
import sys

from ._why401 import run


def main() -> int:
    # Python would hold an interrupt back until the program has ended.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run(["why401", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
