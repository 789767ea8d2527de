"""A model service whose answers a test gives, over a real socket."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Answer:
    """What the stand-in says to one request."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[Request], Answer]


class StandIn:
    """A service whose answers the test gives: the n-th request gets the n-th script, the last one all further."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.scripts: list[Script] = []
        self.hang = threading.Event()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                request = Request(self.path, dict(self.headers), json.loads(self.rfile.read(length)))
                stand_in.requests.append(request)
                script = stand_in.scripts[min(len(stand_in.requests), len(stand_in.scripts)) - 1]
                answer = script(request)
                body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
                self.send_response(answer.status)
                for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answers(self, *answers: Answer | Script) -> None:
        self.scripts = [self._script(answer) for answer in answers]

    def hangs(self, request: Request) -> Answer:
        """A script that answers only when the test is over."""
        self.hang.wait(30)
        return Answer(status=503)

    def stop(self) -> None:
        self.hang.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @staticmethod
    def _script(answer: "Answer | Script") -> Script:
        return (lambda request: answer) if isinstance(answer, Answer) else answer
