"""The addon of contrib/mitmproxy, in a mitmproxy that a test environment names."""

import http.server
import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ADDON = Path(__file__).parents[2] / "contrib/mitmproxy/why401_addon.py"
MITMDUMP = os.environ.get("WHY401_TEST_MITMDUMP")
SECRET = "c2VjcmV0LXNpZ25hdHVyZS0wMTIzNDU2Nzg5YWJjZGVm"


class Refusing(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(403)
        self.send_header("WWW-Authenticate", 'Bearer error="insufficient_scope", scope="orders:read"')
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.mark.skipif(not MITMDUMP, reason="WHY401_TEST_MITMDUMP names no mitmdump (mitmproxy 11, with why401 beside it)")
def test_a_refusal_is_named_as_it_passes():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    run = subprocess.Popen([MITMDUMP, "--mode", "regular@127.0.0.1:0", "-s", ADDON], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    told = []
    reading = threading.Thread(target=lambda: told.extend(iter(run.stdout.readline, "")), daemon=True)
    reading.start()
    try:
        ends = time.monotonic() + 60
        while not (port := [line.rsplit(":", 1)[1] for line in told if "listening at" in line]):
            assert time.monotonic() < ends and run.poll() is None, "".join(told)
            time.sleep(0.1)
        proxy = urllib.request.ProxyHandler({"http": f"http://127.0.0.1:{port[0].strip().rstrip('.')}"})
        ask = urllib.request.Request(f"http://127.0.0.1:{server.server_port}/orders", headers={"Authorization": f"Bearer {SECRET}"})
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.build_opener(proxy).open(ask, timeout=30)
        while not any("why401" in line for line in told):
            assert time.monotonic() < ends, "".join(told)
            time.sleep(0.1)
    finally:
        run.terminate()
        run.wait(20)
        server.shutdown()
    text = "".join(told)
    assert "why401: scope.missing (stated)" in text
    assert SECRET not in text
