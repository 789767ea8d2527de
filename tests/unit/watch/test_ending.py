"""A watch that is to end does not wait for news any more, wherever it is when that happens."""

import asyncio
from math import inf
from typing import cast

import pytest

from loci.v1.watch_service_pb2 import WatchFilter
from loci_server.store.handles import Handles, locked
from loci_server.store.log import Log, Place
from loci_server.watch.ending import Ending
from loci_server.watch.filter import Filter
from loci_server.watch.subscription import Watcher
from loci_server.watch.tailer import Tailer

QUIET = 60.0


def watcher(ending: Ending) -> Watcher:
    """Behind all there is, in a graph without commits."""
    tailer = Tailer(
        cast(Log, None), cast(Handles, None), locked(1, 1, "g"), Place(0), asyncio.Semaphore(1), before=False
    )
    return Watcher(tailer, Place(0), 0, Filter.parse(WatchFilter(), None), QUIET, ending)


async def test_one_that_is_opening_when_the_server_begins_to_drain_is_reached() -> None:
    """All who wait are stirred once then. This one did not wait yet: it was telling where it begins."""
    draining = asyncio.Event()
    opening = watcher(Ending(draining))
    assert len(list(opening.steps(()))) == 1
    draining.set()
    assert opening.news() is None
    assert len(list(opening.steps(()))) == 1, "it says how to go on"


async def test_one_that_opens_after_that_is_reached() -> None:
    draining = asyncio.Event()
    draining.set()
    assert watcher(Ending(draining)).news() is None


@pytest.mark.parametrize(("longest", "ends"), [(0.0, True), (inf, False)])
async def test_one_whose_connection_has_to_end_is_reached(longest: float, ends: bool) -> None:
    opening = watcher(Ending(asyncio.Event(), longest))
    list(opening.steps(()))
    assert (opening.news() is None) == ends
    await opening.tailer.close()
