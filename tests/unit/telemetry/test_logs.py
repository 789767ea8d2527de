"""The log tells what happened and under which trace, and neither secrets nor content come into it by any door."""

import asyncio
import io
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime

import asyncpg
import httpx
import pytest

from loci.v1.node_pb2 import Node
from loci_server.errors import ContentUnreadable, Internal
from loci_server.settings import Settings
from loci_server.telemetry.logs import configure
from loci_server.telemetry.rpc import RpcTelemetry
from loci_server.telemetry.setup import Telemetry

from .conftest import Recorded

CANARY = "canary-4711"
KEY = "loci_" + "Ab3_-" * 8
METHOD = "loci.v1.NodeService/GetNode"
log = logging.getLogger("loci_server.test")


class Log:
    """A configured log and what was written to it."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def last(self) -> dict[str, object]:
        line: dict[str, object] = json.loads(self.text.splitlines()[-1])
        return line


@pytest.fixture
def written() -> Iterator[Log]:
    """JSON at DEBUG, into memory; everything that `configure` touches is put back."""
    root, own = logging.getLogger(), [logging.getLogger(name) for name in ("loci_server", "loci")]
    levels = [(logger, logger.level) for logger in (root, *own)]
    hooks = (sys.excepthook, sys.unraisablehook, threading.excepthook)
    handlers = list(root.handlers)
    log = Log()
    configure(Settings(log_level="DEBUG", log_format="json"), stream=log.stream)
    yield log
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    root.handlers = handlers
    for logger, level in levels:
        logger.setLevel(level)


def test_a_line_is_one_json_object_with_time_level_pid_and_extra_fields(written: Log) -> None:
    log.info("listening on %s:%d", "127.0.0.1", 50051, extra={"worker": 3, "graphs": ["a", "b"]})
    line = written.last
    assert datetime.fromisoformat(str(line.pop("time"))).utcoffset() is not None
    assert line == {
        "level": "INFO",
        "logger": "loci_server.test",
        "message": "listening on 127.0.0.1:50051",
        "pid": os.getpid(),
        "worker": 3,
        "graphs": "<list, 2 items>",
    }


def test_text_is_for_people(written: Log) -> None:
    configure(Settings(log_format="text"), stream=written.stream)
    log.warning("slow", extra={"worker": 3})
    assert written.text.endswith(" WARNING loci_server.test: slow  [worker=3]\n")


def test_auto_is_json_unless_on_a_terminal(written: Log) -> None:
    configure(Settings(log_format="auto"), stream=written.stream)
    log.warning("slow")
    assert written.last["message"] == "slow"
    written.stream.isatty = lambda: True  # type: ignore[method-assign]
    configure(Settings(log_format="auto"), stream=written.stream)
    log.warning("slower")
    assert written.text.endswith("loci_server.test: slower\n")


def test_lines_of_a_call_carry_its_trace_with_and_without_tracing(written: Log, recorded: Recorded) -> None:
    for telemetry in (recorded.telemetry, Telemetry.off()):
        call = RpcTelemetry(telemetry, [METHOD]).start_call(METHOD, None)
        log.info("in a call")
        call.end("OK")
        assert written.last["trace_id"] == call.trace_id
        assert ("span_id" in written.last) is telemetry.tracing
    log.info("after it")
    assert "trace_id" not in written.last


ARGUMENTS: list[object] = [
    Node(text=CANARY),
    CANARY.encode(),
    bytearray(CANARY.encode()),
    memoryview(CANARY.encode()),
    f"{CANARY} " * 40,
    [CANARY],
    {"text": CANARY},
    (CANARY,),
    ValueError(CANARY),
    UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
    ExceptionGroup(CANARY, [ValueError(CANARY)]),
    httpx.URL(f"https://example.org/{CANARY}"),
    type("Record", (), {"__repr__": lambda self: CANARY, "__str__": lambda self: CANARY})(),
]


@pytest.mark.parametrize("argument", ARGUMENTS, ids=lambda argument: type(argument).__name__)
@pytest.mark.parametrize("format", ["%s", "%r", "%.500s"])
def test_content_cannot_slip_in_as_an_argument(written: Log, argument: object, format: str) -> None:
    log.debug(f"handled {format}", argument, extra={"detail": argument})
    log.debug("handled %(it)s", {"it": argument})
    log.debug(argument)
    assert len(written.text.splitlines()) == 3
    assert type(argument).__name__ in written.text
    assert CANARY not in written.text


def test_an_argument_is_replaced_by_type_and_size(written: Log) -> None:
    log.info("%s %s %s", Node(text="abc"), b"12345", "x" * 301)
    assert written.last["message"] == "<loci.v1.Node, 5 bytes> <bytes, 5 bytes> <str, 301 characters>"


def test_a_call_that_does_not_fit_its_arguments_does_not_print_them(
    written: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    log.info("only %d", CANARY)
    log.info("nothing", CANARY)
    assert "do not fit" in written.text
    assert CANARY not in written.text + capsys.readouterr().err


@pytest.mark.parametrize(
    "secret",
    [
        KEY,
        f"Bearer {CANARY}",
        f"postgresql://loci:{CANARY}@db.example.org/loci",
        f"postgresql://loci:p@ss/{CANARY}@db.example.org:5432/loci?sslmode=require",
        f"https://:{CANARY}@vault.example.org",
        f"host=db user=loci password={CANARY} dbname=loci",
    ],
)
@pytest.mark.parametrize("door", ["message", "argument", "extra", "exception", "cause"])
def test_keys_and_passwords_are_blanked_by_every_door(written: Log, secret: str, door: str) -> None:
    doors: dict[str, Callable[[], None]] = {
        "message": lambda: log.info(f"connecting with {secret}"),
        "argument": lambda: log.info("connecting with %s", secret),
        "extra": lambda: log.info("connecting", extra={"url": secret}),
        "exception": lambda: log_raised(ContentUnreadable(detail=secret)),
        "cause": lambda: log_raised(Internal(trace_id="1"), ContentUnreadable(detail=secret)),
    }
    doors[door]()
    assert "***" in written.text
    assert CANARY not in written.text
    assert KEY not in written.text


def log_raised(error: BaseException, cause: BaseException | None = None) -> None:
    try:
        raise error from cause
    except type(error):
        log.exception("failed")


def test_a_database_error_is_its_class_and_sqlstate(written: Log) -> None:
    error = asyncpg.exceptions.UniqueViolationError(f"duplicate key {CANARY}")
    error.detail = f"Key (id)=({CANARY}) already exists."
    log_raised(error)
    text = str(written.last["exception"])
    assert text.endswith("asyncpg.exceptions.UniqueViolationError: sqlstate=23505")
    assert "in log_raised" in text
    assert CANARY not in written.text


def test_causes_contexts_groups_and_notes_are_followed_without_their_messages(written: Log) -> None:
    inner = KeyError(CANARY)
    inner.add_note(CANARY)
    try:
        try:
            raise ExceptionGroup(CANARY, [inner, OSError(2, CANARY, CANARY)])
        except ExceptionGroup as group:
            raise RuntimeError(CANARY) from group
    except RuntimeError:
        log.exception("failed")
    text = str(written.last["exception"])
    for part in ("KeyError (message withheld)", "No such file or directory", "direct cause", "RuntimeError"):
        assert part in text
    assert CANARY not in written.text


def test_an_error_of_ours_keeps_its_message(written: Log) -> None:
    log_raised(ContentUnreadable(detail="wrong key"))
    assert "Stored content does not open: wrong key" in str(written.last["exception"])


def test_a_line_cannot_be_forged(written: Log) -> None:
    configure(Settings(log_format="text"), stream=written.stream)
    log.warning("node %s", "a\n2026-01-01 CRITICAL forged\x1b[31m")
    assert len(written.text.splitlines()) == 1
    assert "\x1b" not in written.text


async def test_what_asyncio_says_of_lost_errors_quotes_nothing(written: Log) -> None:
    loop = asyncio.get_running_loop()

    async def fail(text: str) -> None:
        raise ValueError(text)

    def call_back(text: str) -> None:
        raise ValueError(text)

    task = loop.create_task(fail(CANARY))
    await asyncio.wait([task])
    del task
    called = loop.create_future()
    loop.call_soon(call_back, CANARY)
    loop.call_soon(called.set_result, None)
    await called
    assert "Task exception was never retrieved" in written.text
    assert "Exception in callback" in written.text
    assert CANARY not in written.text


def test_other_packages_are_heard_from_warning_on_and_in_one_line(written: Log) -> None:
    for name in ("grpc", "asyncio", "opentelemetry", "httpx", "urllib3"):
        logging.getLogger(f"{name}.part").info(CANARY)
    logging.getLogger("httpx.part").warning(f"failed\n{CANARY}")
    assert [json.loads(line)["message"] for line in written.text.splitlines()] == ["failed"]


def test_uncaught_exceptions_of_threads_and_of_the_process_pass_the_same_filter() -> None:
    code = (
        "import threading\n"
        "from loci_server.settings import Settings\n"
        "from loci_server.telemetry.logs import configure\n"
        "configure(Settings(log_format='json'))\n"
        "def fail(): raise ValueError('canary-' + '4711')\n"
        "class Dying:\n"
        "    def __del__(self): fail()\n"
        "Dying()\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join()\n"
        "fail()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["level"] for line in lines] == ["ERROR", "CRITICAL", "CRITICAL"]
    assert all("ValueError (message withheld)" in line["exception"] for line in lines)
    assert CANARY not in done.stderr
    assert done.returncode == 1
