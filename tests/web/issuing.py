"""A small OpenID Connect issuer on this machine: real HTTP, real keys, and every way to get it wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "targetwatch", "sentinel-oidc-secret"


@dataclass
class Issuing:
    """What the issuer knows, says and was asked. `change` alters the claims, the rest is what it does wrong."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "42", "preferred_username": "wang"})
    change: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    calls_itself: str = ""
    signs_with: str = "RS256"
    foreign_key: bool = False
    token_status: int = 200
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    rsa: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "rsa"}))
    ec: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "ec"}))

    def about(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {
            "issuer": self.calls_itself or self.address,
            **{name: self.address + path for name, path in ends.items()},
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Sign the person in, and return where their browser is sent back to."""
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.address})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return what a code is exchanged for."""
        self.authorizations.append(authorization)
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if self.token_status != 200:
            return self.token_status, {"error": "server_error", "error_description": SECRET}
        if authorization != f"Basic {wanted}":
            return 401, {"error": "invalid_client"}
        if asked is None or asked["code_challenge"] != proof.decode() or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self._signed(asked["nonce"])}

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {**claims, **self.person, **self.change}
        claims = {name: value for name, value in claims.items() if name not in self.without}
        if self.signs_with == "none":
            parts = [json.dumps(one).encode() for one in ({"alg": "none"}, claims)]
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        if self.signs_with == "HS256":
            public = OctKey.import_key(self.rsa.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "rsa"}, claims, public, algorithms=["HS256"])
        key = self.ec if self.signs_with == "ES256" else self.rsa
        if self.foreign_key:
            key = RSAKey.generate_key(2048, {"kid": "rsa"})
        return jwt.encode({"alg": self.signs_with, "kid": key.kid}, claims, key, algorithms=[self.signs_with])


@contextmanager
def issuing() -> Iterator[Issuing]:
    """Run an issuer on a free port."""
    made = Issuing()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            said = urlsplit(self.path)
            if said.path == "/.well-known/openid-configuration":
                self._answer(200, made.about())
            elif said.path == "/keys":
                self._answer(200, {"keys": [made.rsa.as_dict(private=False), made.ec.as_dict(private=False)]})
            elif said.path == "/authorize":
                back = made.authorize({name: values[0] for name, values in parse_qs(said.query).items()})
                self.send_response(302)
                self.send_header("location", back)
                self.end_headers()
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            made.asked.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*made.token(form, self.headers.get("authorization", "")))

        def _answer(self, status: int, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
