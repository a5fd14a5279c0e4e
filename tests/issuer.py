"""A small house of single sign-on for tests: on 127.0.0.1, with a real key and signed id tokens."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "anlan-tests"
KEY_NAME = "key-1"


def new_key() -> rsa.RSAPrivateKey:
    """Return a key that signs."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Issuer:
    """What the house answers: the claims of the next id token and the key that signs it."""

    address: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    signing_key: rsa.RSAPrivateKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    whole_token: str = ""

    def token(self) -> str:
        """Return the id token that the claims make."""
        if self.whole_token:
            return self.whole_token
        now = datetime.now(UTC)
        told = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "1",
            "iat": now,
            "exp": now + timedelta(minutes=5),
        }
        return jwt.encode(
            told | self.claims,
            self.signing_key or self.key,
            algorithm="RS256",
            headers={"kid": KEY_NAME} | self.header,
        )

    def keys(self) -> dict[str, Any]:
        """Return the public key as the house publishes it."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": KEY_NAME, "alg": "RS256", "use": "sig"}]}


@contextmanager
def running() -> Iterator[Issuer]:
    """Give an issuer that answers on 127.0.0.1 until the block ends."""
    issuer = Issuer()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(issuer.keys())

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            sent = self.rfile.read(length).decode()
            issuer.asked.append(dict(pair.split("=", 1) for pair in sent.split("&")))
            self.answer({"access_token": "a", "token_type": "Bearer", "id_token": issuer.token()})

        def answer(self, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
