"""Looks again and again at the credentials of open streams: one that was revoked or has expired ends its streams, also
those on which nothing moves."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from loci_server.errors import LociError, PermissionDenied, RightsChanged, Unauthenticated

ROUND: Final = 2.0
"""Seconds between rounds. With those for which an answer of the authenticator is kept it must be less than the ten that
the contract promises."""
AT_ONCE: Final = 16


Identify = Callable[[], Coroutine[object, object, None]]


class GuardedCall(Protocol):
    """A call that has no end of its own."""

    refusal: LociError | None
    """Why it was ended, if it was."""


class Guard:
    """The open streams of a process."""

    def __init__(self, every: float = ROUND) -> None:
        self._every = every
        self._open: dict[asyncio.Task[object], tuple[GuardedCall, Identify]] = {}
        self._rounds: asyncio.Task[None] | None = None

    @contextmanager
    def over(self, call: GuardedCall, identify: Identify) -> Iterator[None]:
        """The current task is cancelled, with the call's `refusal` set, once `identify` raises Unauthenticated or
        PermissionDenied."""
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = call, identify
        if self._rounds is None:
            self._rounds = asyncio.create_task(self._go())
        try:
            yield
        finally:
            del self._open[task]

    async def _go(self) -> None:
        while self._open:
            await asyncio.sleep(self._every)
            looked_at = [*self._open]
            for first in range(0, len(looked_at), AT_ONCE):
                some = [task for task in looked_at[first : first + AT_ONCE] if self._is_let_in(task)]
                answers = await asyncio.gather(*(self._open[task][1]() for task in some), return_exceptions=True)
                for task, answer in zip(some, answers, strict=True):
                    self._end(task, answer)
        self._rounds = None

    def _end(self, task: asyncio.Task[object], answer: BaseException | None) -> None:
        """Of a stream whose caller is refused. Where nobody can be asked the next round asks again."""
        if isinstance(answer, Unauthenticated | PermissionDenied | RightsChanged) and self._is_let_in(task):
            self._open[task][0].refusal = answer
            task.cancel()

    def _is_let_in(self, task: asyncio.Task[object]) -> bool:
        return task in self._open and self._open[task][0].refusal is None
