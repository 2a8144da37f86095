"""A small OpenID Connect server, as its specification asks of one: discovery, consent, code with PKCE, signed tokens, userinfo."""

import base64
import json
import secrets
import threading
import time
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests import servers

CLIENT = {"client_id": "reading-study", "client_secret": "a secret of the two"}


class Site:
    """The server; `person` is who is signed in there, as claims."""

    def __init__(self):
        self.url = f"http://localhost:{servers.free_port()}"
        self.person: dict = {}
        self.codes: dict[str, dict] = {}
        self.tokens: dict[str, dict] = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def configuration(self) -> dict:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        return {"issuer": self.url, "jwks_uri": f"{self.url}/jwks"} | {
            name: f"{self.url}/{end}" for name, end in ends.items()
        }

    def jwks(self) -> dict:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]}

    def consent(self, asked: dict) -> str:
        """Where the browser goes on, with a code for the person who is signed in."""
        code = secrets.token_urlsafe()
        self.codes[code] = asked | {"person": self.person}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict) -> dict | None:
        """The tokens for a code, once, to the client that it was made for; None for anything else."""
        asked = self.codes.pop(sent.get("code"), None)
        challenge = (
            base64.urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        )
        is_right = asked and {name: sent.get(name) for name in CLIENT} == CLIENT
        if not is_right or (asked["redirect_uri"], asked["code_challenge"]) != (sent.get("redirect_uri"), challenge):
            return None
        at, access = int(time.time()), secrets.token_urlsafe()
        self.tokens[access] = asked["person"]
        claims = {
            "iss": self.url,
            "aud": CLIENT["client_id"],
            "iat": at,
            "exp": at + 300,
            "sub": asked["person"]["sub"],
        }
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": jwt.encode(claims, self.key, "RS256", {"kid": "one"}),
        }


class Answers(BaseHTTPRequestHandler):
    server: "Server"

    def do_GET(self):
        site, (path, query) = self.server.site, urlsplit(self.path)[2:4]
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(query).items()}
            return self._answer(
                200,
                f"<form method=post action='?{query}'><button>Yes, it is me</button></form>" * bool(asked),
                "text/html",
            )
        known = {
            "/.well-known/openid-configuration": site.configuration(),
            "/jwks": site.jwks(),
            "/userinfo": site.tokens.get(bearer),
        }
        said = known.get(path)
        return self._answer(200 if said else 404, json.dumps(said))

    def do_POST(self):
        site, (path, query) = self.server.site, urlsplit(self.path)[2:4]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        sent = {name: values[0] for name, values in parse_qs(query if path == "/authorize" else body).items()}
        if path == "/authorize":
            return self._answer(302, "", Location=site.consent(sent))
        tokens = site.token(sent)
        return self._answer(200 if tokens else 400, json.dumps(tokens or {"error": "invalid_grant"}))

    def _answer(self, status, text, kind="application/json", **headers):
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_words):
        pass


class Server(ThreadingHTTPServer):
    site: Site


@contextmanager
def running():
    """The server, on a free port, while the block lasts."""
    site = Site()
    server = Server(("localhost", urlsplit(site.url).port), Answers)
    server.site = site
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
