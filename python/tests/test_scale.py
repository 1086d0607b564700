"""The examples of docs/scale.md, as they stand there: the same counts as the command line."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import lines
import pytest

DOCS = Path(__file__).parents[2] / "docs/scale.md"
COUNT = int(os.environ.get("WHY401_TEST_LINES", "20000"))
EXAMPLES = re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?^```python\n(.*?)^```", DOCS.read_text(), re.S | re.M)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale")
    lines.write(folder / "lines.ndjson", COUNT)
    return folder


@pytest.fixture(scope="module")
def counts(folder):
    run = [sys.executable, "-m", "why401", "explain", "lines.ndjson", "--summary", "--format", "json"]
    summary = json.loads(subprocess.run(run, cwd=folder, capture_output=True, text=True).stdout)
    counts = {}
    for row in summary["rows"]:
        code = row["cause"] if isinstance(row["cause"], (str, type(None))) else row["cause"]["code"]
        counts[code] = counts.get(code, 0) + row["count"]
    assert sum(counts.values()) == COUNT
    return counts


def test_every_engine_has_an_example():
    assert [name for name, _ in EXAMPLES] == ["Apache Spark", "DuckDB", "Polars", "Dask"]


@pytest.mark.parametrize("name,code", EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_the_counts_are_those_of_the_command_line(name, code, folder, counts):
    told = code + "\nimport json\nprint('COUNTS ' + json.dumps(list(counts.items())))\n"
    # Spark's workers are the first python3 of the path where nothing names another.
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    run = subprocess.run([sys.executable, "-c", told], cwd=folder, env=environment, capture_output=True, text=True)
    answer = [line for line in run.stdout.splitlines() if line.startswith("COUNTS ")]
    assert answer, run.stdout + run.stderr
    assert dict(json.loads(answer[0][7:])) == counts
