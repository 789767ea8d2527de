"""A stand-in for an issuer of tokens: discovery and key set over HTTP, as the standards have them, and what goes wrong
there. It signs with real keys."""

import base64
import contextlib
import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

AUDIENCE = "loci"
CONFIGURATION = "/.well-known/openid-configuration"
KEYS = "/keys"


@dataclass(frozen=True)
class SigningKey:
    """A key pair of an issuer."""

    id: str | None
    algorithm: str
    private: Any = field(repr=False)

    @property
    def public(self) -> dict[str, Any]:
        """As it stands in a key set."""
        of = {"R": RSAAlgorithm, "P": RSAAlgorithm, "E": ECAlgorithm}[self.algorithm[0]]
        if self.algorithm == "EdDSA":
            of = OKPAlgorithm
        found = of.to_jwk(self.private.public_key(), as_dict=True)
        found.pop("key_ops", None)
        return found | {"use": "sig"} | ({"kid": self.id} if self.id is not None else {})


_RSA = [rsa.generate_private_key(65537, 2048)]


def signing_key(id: str | None, algorithm: str = "ES256") -> SigningKey:
    """A new key pair; RSA ones are slow to make, and are the same in all tests."""
    private: Any
    match algorithm:
        case "EdDSA":
            private = ed25519.Ed25519PrivateKey.generate()
        case "ES256":
            private = ec.generate_private_key(ec.SECP256R1())
        case "ES384":
            private = ec.generate_private_key(ec.SECP384R1())
        case "ES512":
            private = ec.generate_private_key(ec.SECP521R1())
        case _:
            private = _RSA[0]
    return SigningKey(id, algorithm, private)


Answer = Callable[[BaseHTTPRequestHandler], None]


class IssuerStandIn:
    """It listens on 127.0.0.1. `answers`, by path, take the place of what it would say."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.keys = [signing_key("one")]
        self.published: list[SigningKey] | None = None
        """Instead of `keys`."""
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self._tls = tls
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    def start(self) -> None:
        """On the same port as before."""
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand_in.asked.append(self.path)
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    stand_in._answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        if self._tls is not None:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Nobody listens any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def fetches(self) -> int:
        """How often its keys were asked for."""
        return self.asked.count(KEYS)

    def token(self, key: SigningKey | None = None, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A good one, but for what is said. A claim that is None is left out."""
        key = key or self.keys[0]
        now = int(time.time())
        all_claims = {"iss": self.url, "aud": AUDIENCE, "sub": "agent-7", "iat": now, "exp": now + 300} | claims
        told = {name: value for name, value in all_claims.items() if value is not None}
        headers = dict(header or {}) | ({"kid": key.id} if key.id is not None else {})
        return jwt.encode(told, key.private, algorithm=key.algorithm, headers=headers)

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        given = self.answers.get(request.path)
        if given is not None:
            given(request)
        elif request.path == CONFIGURATION:
            send(request, {"issuer": self.url, "jwks_uri": f"{self.url}{KEYS}"})
        elif request.path == KEYS:
            send(request, {"keys": [key.public for key in (self.keys if self.published is None else self.published)]})
        else:
            request.send_error(404)


def send(request: BaseHTTPRequestHandler, document: object) -> None:
    raw(json.dumps(document).encode())(request)


def raw(body: bytes, status: int = 200, **headers: str) -> Answer:
    """Answers with this."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def redirect(url: str) -> Answer:
    return raw(b"", 302, Location=url)


def endless(request: BaseHTTPRequestHandler) -> None:
    """An answer without an end."""
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"[" * 65536)


def packed(document: object) -> Answer:
    """A small answer that is large when it is unpacked."""
    return raw(gzip.compress(json.dumps(document).encode() + b" " * 10_000_000), Content_Encoding="gzip")


def slow(until: threading.Event) -> Answer:
    """Answers when it is told to."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        until.wait(30)
        request.close_connection = True

    return answer


def b64(document: object) -> str:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()
