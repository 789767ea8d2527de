"""What runs side by side ends together, and a failure leaves nothing behind."""

import asyncio

import pytest

from loci_server.errors import DimensionMismatch
from loci_server.search.concurrency import both, together


async def value(number: int) -> int:
    await asyncio.sleep(0)
    return number


async def refused() -> int:
    await asyncio.sleep(0)
    raise DimensionMismatch(field="x", expected=1, actual=2)


async def endless(ended: list[str]) -> int:
    try:
        await asyncio.Event().wait()
    finally:
        ended.append("cancelled")
    return 0


async def test_results_come_in_the_order_of_the_work() -> None:
    assert await together(value(number) for number in range(5)) == [0, 1, 2, 3, 4]
    assert await together(()) == []
    assert await both(value(1), value(2)) == (1, 2)


async def test_a_failure_comes_out_as_itself_and_ends_the_others() -> None:
    ended: list[str] = []
    with pytest.raises(DimensionMismatch):
        await both(together([endless(ended), refused()]), endless(ended))
    assert ended == ["cancelled", "cancelled"]


async def test_a_failure_does_not_look_like_a_cancellation_of_the_caller() -> None:
    with pytest.raises(DimensionMismatch):
        await both(refused(), endless([]))
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()


async def test_who_is_cancelled_takes_the_work_along() -> None:
    ended: list[str] = []
    task = asyncio.create_task(together([endless(ended), endless(ended)]))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["cancelled", "cancelled"]
