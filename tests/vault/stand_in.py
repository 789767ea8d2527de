"""A Vault over a real socket, as its HTTP API is documented, that breaks when it is told to."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.vault.kv import Kv
from tests.vault.tokens import Tokens
from tests.vault.transit import Transit
from tests.vault.wire import Answer, Refusal, Request, denied


@dataclass
class Faults:
    """What is wrong with it. Numbers count down with each request that meets them."""

    spared: int = 0
    """Requests that nothing goes wrong with yet."""
    sealed: bool = False
    slow: float = 0.0
    """Seconds before each answer."""
    cut: int = 0
    """Answers that end in the middle; those without a body do not come at all."""
    limited: int = 0
    retry_after: str = "1"
    """Empty: Vault names no time, as it does unless it is told to."""
    broken: int = 0
    status: int = 500
    location: str = "/"
    page: bytes = b""
    """What a proxy in front of it says instead, as a success."""
    denied: tuple[str, ...] = ()
    """Paths that no policy allows."""


class World:
    """One namespace."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.tokens = Tokens(now)
        self.transit = Transit()
        self.kv = Kv()
        self.mounts: dict[str, Transit | Kv] = {"transit": self.transit, "secret": self.kv}


@dataclass
class StandIn:
    """One server. `now` is the clock by which leases end."""

    now: Callable[[], float] = time.monotonic
    tls: ssl.SSLContext | None = None
    port: int = 0
    faults: Faults = field(default_factory=Faults)
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.worlds = {"": World(self.now)}
        self._ended = threading.Event()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def handle_any(self) -> None:
                stand_in._serve(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_LIST = handle_any  # noqa: N815 - so http.server calls them

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: object, client_address: object) -> None:
                """Quiet: clients that go away are wanted."""

        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_port
        if self.tls is not None:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def root(self) -> World:
        return self.worlds[""]

    def namespace(self, name: str) -> World:
        return self.worlds.setdefault(name, World(self.now))

    def count(self, path: str) -> int:
        """Requests whose path begins so."""
        return sum(request.path.startswith(path) for request in self.requests)

    def stop(self) -> None:
        self._ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        url = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        request = Request(
            handler.command,
            unquote(url.path).removeprefix("/v1/"),
            dict(parse_qsl(url.query)),
            json.loads(body) if body else {},
            handler.headers.get("X-Vault-Token", ""),
            handler.headers.get("X-Vault-Namespace", "").strip("/"),
        )
        self.requests.append(request)
        faults = self.faults
        if faults.spared:
            faults.spared -= 1
            faults = Faults()
        if faults.slow:
            self._ended.wait(faults.slow)
        try:
            answer = self._answer(request, faults)
        except Refusal as refusal:
            answer = refusal.answer
        self._send(handler, answer, faults)

    def _send(self, handler: BaseHTTPRequestHandler, answer: Answer, faults: Faults) -> None:
        content = b"" if answer.body is None else json.dumps(answer.body).encode()
        if faults.page:
            answer, content = Answer(), faults.page
        if faults.cut and not content:
            faults.cut -= 1
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.send_response(answer.status)
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store", **answer.headers}
        if answer.status != 204 or content:
            headers["Content-Length"] = str(len(content))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if faults.cut:
            faults.cut -= 1
            handler.wfile.write(content[: len(content) // 2])
            handler.wfile.flush()
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.wfile.write(content)
        handler.wfile.flush()

    def _answer(self, request: Request, faults: Faults) -> Answer:
        if request.path in ("sys/health", "sys/seal-status"):
            return self._state(request, faults)
        if faults.sealed:
            raise Refusal(503, "Vault is sealed")
        if faults.limited:
            faults.limited -= 1
            said = f'request path "{request.path}": rate limit quota exceeded'
            raise Refusal(429, said, headers={"Retry-After": faults.retry_after} if faults.retry_after else {})
        if faults.broken:
            faults.broken -= 1
            raise Refusal(faults.status, "internal error", headers={"Location": faults.location})
        world = self.worlds.get(request.namespace)
        if world is None:
            raise Refusal(404, f'no handler for route "{request.path}". route entry not found.')
        logged_in = world.tokens.login(request)
        if logged_in is not None:
            return logged_in
        token = world.tokens.known(request.token)
        if request.path.startswith(faults.denied or ("\0",)):
            raise denied()
        own = world.tokens.own(request, token)
        if own is not None:
            return own
        for mount, engine in world.mounts.items():
            if request.path.startswith(f"{mount}/"):
                return engine.answer(request, request.path.removeprefix(f"{mount}/"))
        raise Refusal(404, f'no handler for route "{request.path}". route entry not found.')

    def _state(self, request: Request, faults: Faults) -> Answer:
        sealed = faults.sealed
        body = {"initialized": True, "sealed": sealed, "standby": False, "version": "1.19.0"}
        return Answer(body, 503 if sealed and request.path == "sys/health" else 200)
