"""Scans read all there is, a few at a time, and no longer than their call."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from loci.v1.node_pb2 import Node
from loci_server.errors import DeadlineExceeded, TooManyScans
from loci_server.search import scanning
from loci_server.search.query import DOCUMENTS
from loci_server.search.scanning import Scans
from loci_server.search.turns import Turns
from loci_server.store.handles import GraphHandle
from loci_server.store.items import PASSES_ALL, Items

FOR_EVER = float("inf")


@dataclass
class Tenant:
    tenant_key: int = 1


@dataclass
class Shelf:
    """A graph of `pages` pages of ten nodes, whose contents are as long as is said. Reading one waits for `open`."""

    pages: int = 3
    size: int = 10
    open: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    """Has one for every page that somebody began to read."""
    read: int = 0

    async def fetch(self, name: str, handle: object, filter: object, after: str, limit: int) -> list[dict[str, Any]]:
        self.begun.release()
        await self.open.wait()
        await asyncio.sleep(0)
        begin = int(after or 0)
        self.read += begin < 10 * self.pages
        return [
            {"id": str(number), "doc_no": number, "content": bytes(self.size)}
            for number in range(begin + 1, min(begin + 10, 10 * self.pages) + 1)
        ]


@pytest.fixture(autouse=True)
def nodes_open_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "open_node", lambda handle, row: Node(label=row["id"]))


def begin(scans: Scans, tenant: int = 1, deadline: float = FOR_EVER) -> "asyncio.Task[Any]":
    handle = cast(GraphHandle, Tenant(tenant))
    return asyncio.create_task(scans.narrowed(handle, PASSES_ALL, lambda node: int(node.label) % 2 == 1, deadline))


def scans(shelf: Shelf, at_once: int = 4, of_a_tenant: int = 2, **limits: Any) -> Scans:
    return Scans(shelf, Turns(at_once, of_a_tenant), **limits)  # type: ignore[arg-type]  # it stands for the items


async def test_all_that_passes_is_found_whatever_runs_beside_it() -> None:
    shelf = Shelf(pages=30)
    shelf.open.set()
    one = scans(shelf)
    found = await asyncio.gather(*(begin(one, tenant=number % 7) for number in range(20)))
    assert [each[DOCUMENTS] for each in found] == [list(range(1, 300, 2))] * 20


async def test_more_of_one_tenant_than_run_at_once_all_end_however_long_they_take() -> None:
    shelf = Shelf()
    one = scans(shelf, patience=0.01)
    tasks = [begin(one) for _ in range(4)]
    for _ in range(2):
        await shelf.begun.acquire()
    await asyncio.sleep(0.05)  # longer than anybody waits for other tenants
    shelf.open.set()
    for found in await asyncio.gather(*tasks):
        assert found[DOCUMENTS] == list(range(1, 30, 2))


async def test_long_scans_of_some_tenants_do_not_keep_another_one_out() -> None:
    shelf = Shelf(pages=10**6)
    shelf.open.set()
    one = scans(shelf, at_once=2)
    long = [begin(one, tenant) for tenant in (1, 1, 2, 2)]
    for _ in range(10):
        await shelf.begun.acquire()
    short = Shelf(pages=1)
    short.open.set()
    one._items = cast(Items, short)
    assert (await begin(one, tenant=3))[DOCUMENTS] == [1, 3, 5, 7, 9]
    for task in long:
        task.cancel()
    await asyncio.gather(*long, return_exceptions=True)


async def test_who_waits_in_vain_for_other_tenants_is_told_when_to_try_again() -> None:
    shelf = Shelf()
    one = scans(shelf, at_once=2, patience=0.01)
    running = [begin(one, tenant=1), begin(one, tenant=2)]
    for _ in running:
        await shelf.begun.acquire()
    with pytest.raises(TooManyScans, match="allowed per process") as refused:
        await begin(one, tenant=3)
    assert refused.value.retry_after
    shelf.open.set()
    await asyncio.gather(*running)
    assert (await begin(one, tenant=3))[DOCUMENTS], "and its room is free again"


async def test_who_has_begun_is_not_refused_any_more() -> None:
    shelf = Shelf()
    one = scans(shelf, at_once=1, patience=0.01)
    first = begin(one, tenant=1)
    await shelf.begun.acquire()
    second = begin(one, tenant=2)
    second_page = asyncio.create_task(shelf.begun.acquire())
    shelf.open.set()
    await second_page
    shelf.open.clear()
    await asyncio.sleep(0.05)
    shelf.open.set()
    assert (await first)[DOCUMENTS] == list(range(1, 30, 2))
    await asyncio.wait([second])


async def test_nobody_waits_beyond_the_deadline_of_the_call() -> None:
    shelf = Shelf()
    one = scans(shelf, at_once=1)
    running = begin(one)
    await shelf.begun.acquire()
    for tenant in (1, 2):
        with pytest.raises(DeadlineExceeded):
            await begin(one, tenant, deadline=asyncio.get_running_loop().time() + 0.01)
    shelf.open.set()
    await running


async def test_a_scan_stops_reading_when_its_call_is_over() -> None:
    shelf = Shelf(pages=10**9)
    shelf.open.set()
    one = scans(shelf, at_once=1)
    with pytest.raises(DeadlineExceeded):
        await begin(one, deadline=asyncio.get_running_loop().time() + 0.1)
    shelf.pages = 1
    assert (await begin(one))[DOCUMENTS] == [1, 3, 5, 7, 9], "and its room is free again"


@pytest.mark.parametrize("opened", [False, True])
async def test_a_scan_stops_reading_when_its_call_is_cancelled(opened: bool) -> None:
    shelf = Shelf(pages=10**9)
    one = scans(shelf, at_once=1)
    cancelled = begin(one)
    await shelf.begun.acquire()
    if opened:
        shelf.open.set()
        for _ in range(10):
            await shelf.begun.acquire()
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert shelf.begun.locked(), "no page was begun since"
    shelf.open.set()
    shelf.pages = 1
    assert (await begin(one))[DOCUMENTS] == [1, 3, 5, 7, 9], "and its room is free again"


async def test_large_nodes_are_opened_with_pauses_for_others() -> None:
    shelf = Shelf(pages=1, size=10**6)
    shelf.open.set()
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    await begin(scans(shelf))
    beside.cancel()
    assert turns >= 10
