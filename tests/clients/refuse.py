"""A server on the loopback that refuses everything: 401 with a JSON body and a challenge, 403 below /forbidden.

refuse.py PORT [CERTIFICATE KEY]: with a certificate it speaks TLS. Of an authorization server it knows the metadata,
since some clients ask for it before they ask for a token.
"""

import http.server
import json
import ssl
import sys


class Refuse(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def refuse(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        tenant, known, _ = self.path.partition("/v2.0/.well-known/openid-configuration")
        if known:
            base = f"https://{self.headers['Host']}{tenant}"
            ends = {name: f"{base}/oauth2/v2.0/{name.split('_')[0]}" for name in ("authorization_endpoint", "token_endpoint")}
            return self.answer(200, json.dumps({"issuer": f"{base}/v2.0", **ends}).encode())
        forbidden = self.path.startswith("/forbidden")
        status = 403 if forbidden else 401
        error = "insufficient_scope" if forbidden else "invalid_token"
        said = {"error": error, "message": "MARK refused by the test server"}
        if self.path.startswith("/v1/customers"):
            said = {"error": {"type": "invalid_request_error", "message": said["message"]}}
        if self.path.endswith("/token"):
            said = {"error": "invalid_client", "error_description": said["message"], "correlation_id": "0f0f0f0f-1111-4222-8333-444444444444"}
        self.answer(status, json.dumps(said).encode(), f'Bearer realm="test", error="{error}"')

    def answer(self, status, body, challenge=None):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = refuse

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Refuse)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
