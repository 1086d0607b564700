"""A server on the loopback that refuses everything: 401 with a JSON body and a challenge, 403 below /forbidden."""

import http.server
import json
import sys


class Refuse(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def refuse(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        forbidden = self.path.startswith("/forbidden")
        status = 403 if forbidden else 401
        error = "insufficient_scope" if forbidden else "invalid_token"
        said = {"error": error, "message": "MARK refused by the test server"}
        if self.path.startswith("/v1/customers"):
            said = {"error": {"type": "invalid_request_error", "message": said["message"]}}
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("WWW-Authenticate", f'Bearer realm="test", error="{error}"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = refuse

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Refuse)
server.serve_forever()
