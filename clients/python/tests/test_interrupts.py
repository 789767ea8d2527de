"""Ctrl-C ends what a blocking client does as such, wherever it comes."""

import asyncio
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
    wait = threading.Condition.wait
    interrupted = []

    def work(client: Client) -> None:
        here = threading.get_ident()

        def interrupt(condition: threading.Condition, timeout: float | None = None) -> bool:
            if threading.get_ident() != here or interrupted or timeout is None:  # gRPC gives one
                return wait(condition, timeout)
            interrupted.append(True)
            condition.release()
            raise KeyboardInterrupt

        monkeypatch.setattr(threading.Condition, "wait", interrupt)
        with pytest.raises(KeyboardInterrupt):
            STREAMS[name](client)

    await blocking(work)
    assert interrupted
