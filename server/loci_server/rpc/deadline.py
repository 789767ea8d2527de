"""How long a unary call may take.

gRPC itself cancels a call whose own deadline has passed, so a timer is needed only where the caller named none or one
that is too long. asyncio.timeout would cost several times what this does.
"""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The limits, in seconds."""

    default: float
    """For callers who name no deadline."""
    longest: float

    def cut(self, remaining: float | None) -> tuple[float, bool]:
        """Seconds that a call gets, and whether the server must end it itself, as the caller named no such deadline."""
        if remaining is None:
            return min(self.default, self.longest), True
        if remaining > self.longest:
            return self.longest, True
        return remaining, False


class Timer:
    """Cancels the current task after so many seconds, unless stopped before."""

    __slots__ = ("_handle", "_task", "expired")

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._task = asyncio.current_task()
        self._handle = loop.call_later(seconds, self._expire)
        self.expired = False

    def _expire(self) -> None:
        assert self._task is not None
        self.expired = True
        self._task.cancel()

    def stop(self) -> None:
        self._handle.cancel()

    def took_effect(self) -> bool:
        """Whether the cancellation that reached the task was this timer's, and nobody else wants the task to end."""
        return self.expired and self._task is not None and self._task.uncancel() == 0
