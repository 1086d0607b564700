"""The package as its users have it: installed from the wheel."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
import why401

FIXTURES = Path(__file__).parents[2] / "fixtures"
HAR = FIXTURES / "inputs/ticket.har"
REFUSED = {"request": {"method": "GET", "url": "https://api.github.com/user"}, "response": {"status": 401, "headers": {}, "body": '{"message":"Bad credentials"}'}}
SECRET = "c2VjcmV0LXNpZ25hdHVyZS0wMTIzNDU2Nzg5YWJjZGVm"


def command(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "why401", *arguments], capture_output=True, text=True)


def explained(column, **options):
    table = pa.table({"line": column})
    return pa.table(why401.explain_batches(table, **options))


def test_a_text_a_path_and_a_record_get_the_command_lines_answer():
    own = json.loads(command("explain", str(HAR), "--format", "json").stdout)
    for evidence in (HAR, HAR.read_text(), HAR.read_bytes()):
        report = why401.explain(evidence)
        assert report["verdict"] == own["verdict"]
        assert [d["cause"] for d in report["diagnoses"]] == [d["cause"] for d in own["diagnoses"]]
    assert why401.explain(REFUSED)["diagnoses"][0]["subject"]["provider"] == "github"


def test_wrong_arguments_are_named_and_not_repeated():
    for wrong in ({"form": SECRET}, {"provider": SECRET}, {"at": SECRET}):
        with pytest.raises(ValueError) as told:
            why401.explain("403", **wrong)
        assert SECRET not in str(told.value)
    with pytest.raises(FileNotFoundError):
        why401.explain(Path("no such file"))


def test_needs_and_what_is_lacking():
    url = "https://api.mypurecloud.com/api/v2/users/me"
    for endpoint in (f"GET {url}", ("GET", url)):
        answer = why401.needs([endpoint], scope="users")
        assert answer["kinds"][0]["scopes"] == ["user-basic-info"]
        assert answer["lacking"] == ["user-basic-info"]
    with pytest.raises(ValueError):
        why401.needs(["GET https://nobody.example/x"])


def test_scrubbed_evidence_is_the_command_lines():
    path = FIXTURES / "inputs/curl.txt"
    scrubbed = why401.Scrubber().scrub(path.read_text())
    assert scrubbed.text == command("scrub", str(path)).stdout
    assert sum(scrubbed.removed.values()) > 0 and scrubbed.left_out == 0
    kept = why401.Scrubber(["X-GitHub-Request-Id"]).scrub(path.read_text())
    assert kept.kept == {"x-github-request-id": 1}


def test_a_row_for_each_row_and_no_row_raises():
    rows = [json.dumps(REFUSED), None, "\x00binary", "", '{"request":', "GET / HTTP/1.1"]
    out = explained(pa.array(rows))
    assert out.num_rows == len(rows)
    assert out["provider"][0].as_py() == "github" and out["error"][0].as_py() is None
    assert out["cause"][0].as_py() is not None
    assert all(error.as_py() for error in out["error"][1:4])


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int32(), pa.string())])
def test_every_kind_of_text_column_is_read(kind):
    column = pa.array([json.dumps(REFUSED)] * 3, pa.string()).cast(kind)
    out = explained(column)
    assert out["provider"].to_pylist() == ["github"] * 3


def test_columns_are_named_kept_and_wrong_ones_refused():
    table = pa.table({"id": ["a"], "line": [json.dumps(REFUSED)], "n": [1]})
    out = pa.table(why401.explain_batches(table, column="line", keep=True))
    assert out.column_names[:4] == ["id", "line", "n", "verdict"]
    for wrong in ({}, {"column": "n"}, {"column": "none"}):
        with pytest.raises(ValueError):
            why401.explain_batches(table, **wrong)
    batches = why401.explain_batches(table, column="line")
    pa.table(batches)
    with pytest.raises(ValueError):
        pa.table(batches)


def test_fields_say_where_log_lines_of_ones_own_hold_what():
    line = '{"req":{"verb":"GET","host":"api.github.com","path":"/user"},"res":{"code":401}}'
    out = explained(pa.array([line]), form="log", fields="status=/res/code,method=/req/verb,host=/req/host,path=/req/path")
    assert out["provider"].to_pylist() == ["github"]


def test_no_secret_is_in_a_column():
    token = f"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.{SECRET}"
    record = {"request": {"method": "GET", "url": "https://api.github.com/user", "headers": {"Authorization": f"Bearer {token}"}}, "response": REFUSED["response"]}
    out = explained(pa.array([json.dumps(record)]))
    assert SECRET not in str(out.to_pylist())
    assert SECRET not in json.dumps(why401.explain(record))


def test_pythons_lock_is_free_while_rows_are_judged():
    table = pa.table({"line": [json.dumps(REFUSED)] * 4000})
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    started = time.monotonic()
    pa.table(why401.explain_batches(table))
    ended = time.monotonic()
    done.set()
    thread.join()
    during = [at for at in ticks if started < at < ended]
    assert len(during) >= 5, f"{len(during)} ticks in {ended - started:.2f} s"


def test_the_command_line_comes_with_it():
    run = command("explain", str(HAR))
    assert run.returncode == 1 and "permission.missing" in run.stdout
    script = Path(sys.executable).with_name("why401")
    run = subprocess.run([script, "--version"], capture_output=True, text=True)
    assert run.returncode == 0 and run.stdout.startswith("why401 ")
    assert why401.__version__ in run.stdout


def test_the_stubs_fit_the_module():
    source = "import why401\nfrom pathlib import Path\nreport = why401.explain(Path('x'))\ncode: str = report['diagnoses'][0]['subject']['url'] or ''\ntext: str = why401.Scrubber(['a']).scrub('x').text\n"
    run = subprocess.run([sys.executable, "-m", "mypy", "--strict", "-c", source], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    wrong = subprocess.run([sys.executable, "-m", "mypy", "--strict", "-c", source + "why401.explain(3)\n"], capture_output=True, text=True)
    assert wrong.returncode == 1
    stubs = subprocess.run([sys.executable, "-m", "mypy.stubtest", "why401", "--ignore-missing-stub"], capture_output=True, text=True)
    assert stubs.returncode == 0, stubs.stdout + stubs.stderr
