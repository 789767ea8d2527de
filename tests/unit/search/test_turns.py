"""Turns are short, few at once, and fair to tenants; whoever goes leaves its room to others."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from math import inf

import pytest

from loci_server.errors import DeadlineExceeded, TooManyScans
from loci_server.search.turns import Scan, Turns


def now() -> float:
    return asyncio.get_running_loop().time()


def scan(tenant: int = 1, seconds: float = inf) -> Scan:
    return Scan(tenant, now(), now() + seconds)


async def settled() -> None:
    """Every task that can go on has gone on."""
    for _ in range(10):
        await asyncio.sleep(0)


class Scene:
    """Scans of three pages each, of which every page is let go by hand."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.running: dict[str, asyncio.Event] = {}
        self.order: list[str] = []

    def begin(self, name: str, pages: int = 3) -> "asyncio.Task[None]":
        return asyncio.create_task(self._scan(name, pages))

    async def step(self) -> None:
        """The page that has been read longest ends."""
        self.running.pop(next(iter(self.running))).set()
        await settled()

    async def _scan(self, name: str, pages: int) -> None:
        mine = scan(ord(name[0]))
        for _ in range(pages):
            async with self.turns.turn(mine):
                self.order.append(name)
                self.running[name] = asyncio.Event()
                await self.running[name].wait()


async def test_tenants_take_turns_however_many_scans_one_has() -> None:
    scene = Scene(Turns(at_once=1))
    tasks = [scene.begin(name) for name in ("a1", "a2", "a3", "b1", "c1")]
    await settled()
    while scene.running:
        await scene.step()
    await asyncio.gather(*tasks)
    ends = "a1 b1 c1 a2 b1 c1 a3 b1 c1", "a1 a2 a3 a1 a2 a3"
    assert " ".join(scene.order) == " ".join(ends)


async def test_a_long_scan_lets_a_new_one_in_behind_its_page() -> None:
    scene = Scene(Turns(at_once=2))
    long = [scene.begin(name, 10**6) for name in ("a1", "b1")]
    await settled()
    short = scene.begin("c1", 1)
    await settled()
    await scene.step()
    assert list(scene.running) == ["b1", "c1"]
    while not short.done():
        await scene.step()
    for task in long:
        task.cancel()
    await asyncio.gather(*long, return_exceptions=True)


async def test_few_have_a_turn_at_once_and_fewer_of_one_tenant() -> None:
    scene = Scene(Turns(at_once=3, of_a_tenant=2))
    tasks = [scene.begin(f"a{number}") for number in range(5)]
    await settled()
    assert list(scene.running) == ["a0", "a1"]
    tasks += [scene.begin(name) for name in ("b1", "c1")]
    await settled()
    assert list(scene.running) == ["a0", "a1", "b1"]
    while scene.running:
        assert len(scene.running) <= 3
        await scene.step()
    await asyncio.gather(*tasks)


async def test_one_waits_for_others_of_its_tenant_until_its_deadline() -> None:
    turns = Turns(of_a_tenant=1)
    async with turns.turn(scan()):
        begun = now()
        with pytest.raises(DeadlineExceeded):
            async with turns.turn(scan(seconds=0.1), patience=0.01):
                pass
        assert now() - begun >= 0.1


async def test_one_whose_tenant_gets_no_turn_is_told_when_to_try_again() -> None:
    turns = Turns(at_once=1)
    async with turns.turn(scan(1)):
        with pytest.raises(TooManyScans, match="allowed per process") as refused:
            async with turns.turn(scan(2, 60), patience=0.01):
                pass
    assert refused.value.retry_after


async def test_a_deadline_before_the_end_of_patience_is_told_as_one() -> None:
    turns = Turns(at_once=1)
    async with turns.turn(scan(1)):
        for seconds in (0.01, 0.0, -1.0):
            with pytest.raises(DeadlineExceeded):
                async with turns.turn(scan(2, seconds), patience=10.0):
                    pass


async def free(turns: Turns, room: int) -> None:
    """All the room there is can be taken."""
    async with AsyncExitStack() as stack:
        for tenant in range(100, 100 + room):
            await stack.enter_async_context(turns.turn(scan(tenant, 1.0)))


async def withdrawn(waiting: "asyncio.Task[None]") -> None:
    waiting.cancel()


async def expired(waiting: "asyncio.Task[None]") -> None:
    await asyncio.wait([waiting])


@pytest.mark.parametrize("ending", [withdrawn, expired])
@pytest.mark.parametrize("granted", [False, True])
async def test_no_room_is_lost_by_one_who_goes(
    ending: Callable[["asyncio.Task[None]"], Awaitable[None]], granted: bool
) -> None:
    turns = Turns(at_once=1)

    async def wait() -> None:
        async with turns.turn(scan(2, 0.05)):
            pass

    async with turns.turn(scan(1)):
        waiting = asyncio.create_task(wait())
        await settled()
        if not granted:
            await ending(waiting)
            await settled()
            assert waiting.done()
    if granted:  # it was given the turn, and does not know yet
        await ending(waiting)
    await asyncio.wait([waiting])
    await free(turns, 1)
    assert (dict(turns._running), turns._lines) == ({}, {})
