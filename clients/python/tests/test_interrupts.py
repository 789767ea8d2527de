"""Ctrl-C ends what a blocking client does as such, wherever it comes."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from loci import Client, node
from tests.stand_in import StandIn

STREAMS: dict[str, Callable[[Client], Any]] = {
    "WatchService/Watch": lambda client: next(iter(client.watch("g"))),
    "BulkService/Export": lambda client: next(iter(client.export_items("g"))),
    "BulkService/Import": lambda client: client.import_items("g", [node("a")]),
    "AdminService/ExportAuditEntries": lambda client: next(iter(client.export_audit_entries())),
}


async def silent(request: Any, context: Any) -> AsyncIterator[Any]:
    await asyncio.get_running_loop().create_future()
    yield


@pytest.mark.parametrize("name", STREAMS)
async def test_ctrl_c_just_as_grpc_has_let_its_lock_go_is_no_other_error(
    name: str, server: StandIn, blocking: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.streams[name] = silent
    await blocking(lambda client: interrupted(lambda: STREAMS[name](client), monkeypatch))


def test_ctrl_c_just_then_while_a_server_is_waited_for_is_no_other_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as nobody, Client(address(nobody), api_key="key-of-a-test") as client:
        before = threading.enumerate()
        interrupted(client.wait_ready, monkeypatch)
        for thread in set(threading.enumerate()) - set(before):
            thread.join(10)
            assert not thread.is_alive(), "gRPC still looks for a connection that nobody waits for"


def address(taken: socket.socket) -> str:
    """Of a port at which nobody listens."""
    taken.bind(("127.0.0.1", 0))
    return f"127.0.0.1:{taken.getsockname()[1]}"


def interrupted(work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs it in this thread, with Ctrl-C in its first wait for a limited time, which is gRPC's."""
    wait = threading.Condition.wait
    here = threading.get_ident()
    told = []

    def interrupt(condition: threading.Condition, timeout: float | None = None) -> bool:
        if threading.get_ident() != here or told or timeout is None:
            return wait(condition, timeout)
        told.append(True)
        condition.release()
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Condition, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        work()
    assert told
