"""Flask with Authlib's resource protector and its validator of RFC 9068; Authlib's own errors answer."""

import json
import os

from authlib.integrations.flask_oauth2 import ResourceProtector
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from flask import Flask, abort, redirect
from joserfc.jwk import KeySet

KEYS = KeySet.import_key_set(json.load(open(os.environ["JWKS_FILE"])))


class Validator(JWTBearerTokenValidator):
    def get_jwks(self):
        return KEYS


guard = ResourceProtector()
guard.register_token_validator(Validator(issuer=os.environ["ISSUER"], resource_server=os.environ["AUDIENCE"]))
app = Flask(__name__)


@app.get("/me")
@guard()
def me():
    return {}


@app.get("/write")
@guard("write")
def write():
    return {}


@app.get("/things/<name>")
@guard()
def thing(name):
    abort(404)


@app.get("/moved")
def moved():
    return redirect(f"http://localhost:{os.environ['PORT']}/me")


app.run("127.0.0.1", int(os.environ["PORT"]))
