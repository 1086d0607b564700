#!/usr/bin/env python3
"""Ten real servers and the ways in which they refuse: starts them, records each refusal with curl, and has it judged.

usage: matrix.py BINARY [--record] [--only TEXT]
`npm ci` was run in servers/; this Python has the packages of servers/requirements.txt; nginx, Apache with mod_auth_openidc,
HAProxy and Caddy are those of the system. The rows stand in matrix.txt. `--record` writes the transcripts to
fixtures/servers, where `cargo test` judges them without the servers.
"""

import argparse
import datetime
import functools
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent.parent / "fixtures" / "servers"
ISSUER, AUDIENCE = "https://issuer.example/", "https://api.example"
NAMES = ["express", "bound", "passport", "fastify", "authlib", "django", "issuer", "nginx", "apache", "haproxy", "caddy", "jwks"]
PORTS = {name: 18600 + place for place, name in enumerate(NAMES)}
FAR = 4102444800  # 2100: a recording is judged as if it were new


def pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


class Keys:
    def __init__(self, folder):
        make = functools.partial(rsa.generate_private_key, public_exponent=65537, key_size=2048)
        self.first, self.second = make(), make()
        public = self.first.public_key()
        self.public = folder / "first.pem"
        self.public.write_bytes(public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
        jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(public)) | {"kid": "first", "use": "sig", "alg": "RS256"}
        self.jwks = folder / "jwks.json"
        self.jwks.write_text(json.dumps({"keys": [jwk]}))
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "first")])
        day = datetime.timedelta(days=1)
        now = datetime.datetime.now(datetime.timezone.utc)
        cert = x509.CertificateBuilder(name, name, public, 1, now - day, now + 900 * day).sign(self.first, hashes.SHA256())
        (folder / "first.crt").write_bytes(cert.public_bytes(serialization.Encoding.PEM))

    def tokens(self):
        """A token a kind; each differs from the sound one by one thing."""
        sound = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "client_id": "app", "jti": "1", "iat": 1760000000, "nbf": 1760000000,
            "exp": FAR, "scope": "read", "token_type": "access",
        }

        def sign(key=self.first, alg="RS256", **claims):
            return jwt.encode(sound | claims, key, algorithm=alg, headers={"kid": "first", "typ": "at+jwt"})

        return {
            "sound": sign(),
            "expired": sign(exp=1760003600),
            "early": sign(nbf=FAR - 86400),
            "audience": sign(aud="https://other.example"),
            "issuer": sign(iss="https://elsewhere.example/"),
            "key": sign(key=self.second),
            "algorithm": sign(key="invented-secret-of-thirty-two-bytes!", alg="HS256"),
            "unsigned": sign(key=None, alg="none"),
            "huge": sign(groups=[f"group-{n:05}" for n in range(1100)]),
            "bound": sign(cnf={"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}),
        }


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def start(folder, running):
    """Starts the servers; gives the tokens, those that the issuer made itself, and the keys."""
    keys = Keys(folder)
    serve = functools.partial(Quiet, directory=folder)
    jwks = http.server.ThreadingHTTPServer(("127.0.0.1", PORTS["jwks"]), serve)
    threading.Thread(target=jwks.serve_forever, daemon=True).start()
    common = os.environ | {
        "ISSUER": ISSUER, "AUDIENCE": AUDIENCE, "PUBLIC_KEY": str(keys.public), "JWKS_FILE": str(keys.jwks), "NODE_ENV": "production",
        "JWKS": f"http://127.0.0.1:{PORTS['jwks']}/jwks.json", "BOUND_PORT": str(PORTS["bound"]),
    }
    issued = {}
    for name in ["express", "passport", "fastify", "issuer"]:
        script = HERE / "servers" / f"{name}.mjs"
        pipe = subprocess.PIPE if name == "issuer" else None
        running.append(subprocess.Popen(["node", script], env=common | {"PORT": str(PORTS[name])}, stdout=pipe, stderr=subprocess.DEVNULL, text=True, stdin=subprocess.DEVNULL))
        if name == "issuer":
            # The provider writes notices there too.
            issued = json.loads(next(line for line in running[-1].stdout if line.startswith("{")))
    for name in ["authlib", "django"]:
        script = HERE / "servers" / f"{name}_api.py"
        running.append(subprocess.Popen([sys.executable, script], env=common | {"PORT": str(PORTS[name])}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    (folder / "www" / "things").mkdir(parents=True)
    for page in ["me", "write", "audience", "issuer"]:
        (folder / "www" / page).write_text("{}")
    (folder / "nobody").write_text("")
    folder.chmod(0o755)
    words = {name.upper(): str(port) for name, port in PORTS.items()} | {"DIR": str(folder), "ISSUER": ISSUER, "AUDIENCE": AUDIENCE}
    for file, command in [
        ("nginx.conf", ["nginx", "-c"]),
        ("apache.conf", ["apache2", "-DFOREGROUND", "-f"]),
        ("haproxy.cfg", ["haproxy", "-q", "-db", "-f"]),
        ("Caddyfile", ["caddy", "run", "--adapter", "caddyfile", "--config"]),
    ]:
        text = (HERE / "servers" / file).read_text()
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        (folder / file).write_text(text)
        running.append(subprocess.Popen([*command, folder / file], env=os.environ | {"HOME": str(folder)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    for name, port in PORTS.items():
        for _ in range(100):
            if subprocess.run(["curl", "-s", "-o", os.devnull, f"http://127.0.0.1:{port}/"]).returncode == 0:
                break
            time.sleep(0.1)
        else:
            sys.exit(f"{name} does not answer")
    return keys.tokens(), issued, keys


# kind: the token, the header around it. What is not named is Bearer.
FORMS = {
    "scheme-token": ("sound", "Token {}"),
    "scheme-basic": ("sound", "Basic {}"),
    "scheme-none": ("sound", "{}"),
    "doubled": ("sound", "Bearer Bearer {}"),
    "none": (None, None),
    "expired": ("expired", "Bearer {}"),
    "early": ("early", "Bearer {}"),
    "audience": ("audience", "Bearer {}"),
    "issuer": ("issuer", "Bearer {}"),
    "key": ("key", "Bearer {}"),
    "algorithm": ("algorithm", "Bearer {}"),
    "unsigned": ("unsigned", "Bearer {}"),
    "huge": ("huge", "Bearer {}"),
    "bound": ("bound", "Bearer {}"),
    "revoked": ("revoked", "Bearer {}"),
    "basic": (None, "Basic bm9ib2R5Om5vYm9keQ=="),
}
PATHS = {
    "scope": "/write", "object": "/things/7", "path": "/nowhere", "stripped": "/stripped/me", "redirect": "/moved",
    "denied": "/denied", "rate": "/limited", "basic": "/basic",
}


class Row:
    def __init__(self, line):
        self.server, self.kind, self.want, *more = line.split()
        self.more = more
        self.form = self.kind.split("+")[0]
        self.path = PATHS.get(self.form, "/me")
        for word in list(self.more):
            if word.startswith("path="):
                self.path = word.removeprefix("path=")
                self.more.remove(word)
        self.name = f"{self.server}-{self.kind}"

    def sent(self, tokens, issued):
        token, header = FORMS.get(self.form, ("sound", "Bearer {}"))
        own = issued if self.server == "issuer" else tokens
        if self.server == "issuer" and self.form == "scope":
            token = "scope"
        value = own.get(token) if token else None
        return value, header and header.format(value or "")

    def url(self):
        return f"http://127.0.0.1:{PORTS[self.server]}{self.path}"


def record(row, header):
    if row.form == "rate":
        subprocess.run(["curl", "-s", "-o", os.devnull, row.url()])
    command = ["curl", "-sv", "--max-time", "10", row.url()]
    if row.form == "redirect":
        command.append("-L")
    done = subprocess.run([*command, "-K", "-"], input=f'header = "Authorization: {header}"\n' if header else "", capture_output=True, text=True, errors="replace")
    # Both streams as a terminal shows them: the body last.
    return done.stderr + done.stdout


def verdict(run):
    """The first cause, its certainty, the exit code."""
    try:
        found = json.loads(run.stdout)["diagnoses"]
    except (ValueError, KeyError):
        return None, None, run.returncode
    first = next((d for d in found if d.get("cause")), found[0] if found else {})
    cause = first.get("cause") or {}
    return cause.get("code"), cause.get("certainty"), run.returncode


def fits(want, cause, certainty):
    """`a|b`: one of these. `?`: nothing that is called known. `!a`: anything else, not as known."""
    words = want.split("|")
    if cause in words or cause is None and "none" in words:
        return True
    unsure = cause is None or certainty == "possible"
    return unsure and ("?" in words or any(w[0] == "!" and w[1:] != cause for w in words))


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("binary", type=pathlib.Path)
    ask.add_argument("--record", action="store_true")
    ask.add_argument("--only", default="")
    given = ask.parse_args()
    rows = [Row(line) for line in (HERE / "matrix.txt").read_text().splitlines() if line and not line.startswith("#")]
    folder = pathlib.Path(tempfile.mkdtemp())
    running = []
    score = {"recorded": [0, 0], "live": [0, 0]}
    try:
        tokens, issued, keys = start(folder, running)
        # The issuer's own short token ends.
        time.sleep(2)
        for row in rows:
            if given.only not in row.name:
                continue
            token, header = row.sent(tokens, issued)
            text = record(row, header)
            if given.record:
                OUT.mkdir(exist_ok=True)
                (OUT / f"{row.name}.txt").write_text(text)
            options = [word.replace("@JWKS", str(keys.jwks)) for word in row.more]
            base = [given.binary, "--format", "json", "--no-config"]
            env = {"PATH": os.environ["PATH"]}
            run = subprocess.run([base[0], "explain", "-", *base[1:], *options], input=text, capture_output=True, text=True, env=env)
            judge(score, "recorded", row, verdict(run))
            live = [base[0], "check", "GET", row.url(), "--probe", "--timeout", "5", *base[1:], *options]
            if row.form in ("scope", "object", "path", "denied"):
                live += ["--control", f"GET http://127.0.0.1:{PORTS[row.server]}/me"]
            if row.form == "rate":
                live[3] = row.url().replace("/limited", "/me")
                live += ["--control", f"GET {row.url()}"]
            if header:
                live += ["--token-file", "-"]
            run = subprocess.run(live, input=f"Authorization: {header}\n" if header else "", capture_output=True, text=True, env=env)
            judge(score, "live", row, verdict(run))
    finally:
        for process in running:
            process.terminate()
        shutil.rmtree(folder, ignore_errors=True)
    for way, (right, of) in score.items():
        print(f"{way} {right} of {of}")
    return score["recorded"][0] == score["recorded"][1]


def judge(score, way, row, found):
    cause, certainty, code = found
    want = row.want.split("/")
    want = want[0] if way == "recorded" or len(want) == 1 else want[1]
    if want == "-":
        return
    right = fits(want, cause, certainty)
    score[way][0] += right
    score[way][1] += 1
    if not right:
        print(f"{way:9} {row.name}: {cause} ({certainty}), exit {code}; want {want}")


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
