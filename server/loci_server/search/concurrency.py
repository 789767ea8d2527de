"""Work that runs side by side and ends together: when one piece fails, the others are cancelled, and it comes out as
itself.

An asyncio.TaskGroup cancels the task that it runs in, too, and Python 3.11 does not take that back: a call would then
pass for one whose caller has gone.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

Result = TypeVar("Result")
First = TypeVar("First")
Second = TypeVar("Second")


async def together(work: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """The results of any number of pieces, in their order. Raises the exception of the first that has failed."""
    tasks = [asyncio.ensure_future(each) for each in work]
    if not tasks:
        return []
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in tasks:
            task.cancel()  # which does nothing to one that is done
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        if not task.cancelled() and (failure := task.exception()) is not None:
            raise failure
    return [task.result() for task in tasks]


async def both(first: Coroutine[Any, Any, First], second: Coroutine[Any, Any, Second]) -> tuple[First, Second]:
    """The same of two pieces that differ in kind."""
    results: tuple[First, Second] = tuple(await together((first, second)))  # type: ignore[assignment]
    return results
