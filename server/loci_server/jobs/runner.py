"""Runs the background jobs of a process: woken by local commits, and by a slow poll for those of others.

Whatever stops a job, it is tried again, and the process and its other jobs go on. The log has the kind of the failure
only: its message may hold content.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from loci_server.errors import LociError
from loci_server.telemetry.metrics import Instruments

POLL = 5.0
"""Seconds between looks at the queue when nobody calls."""
MOMENT = 0.05
"""Seconds beyond the time at which work is due, by a clock that is not quite that of the database."""
UPKEEP_EVERY = 600.0
FAILURE_PAUSE = 5.0
log = logging.getLogger(__name__)

RunOnce = Callable[[], Awaitable[bool]]
"""Does some of the work. True if there may be more."""


class Runner:
    """One task for each kind of job. `upkeep` is looked after every ten minutes."""

    def __init__(
        self,
        jobs: Mapping[str, RunOnce],
        upkeep: Mapping[str, RunOnce],
        instruments: Instruments,
        failure_pause: float = FAILURE_PAUSE,
    ) -> None:
        self._instruments = instruments
        self._failure_pause = failure_pause
        self._jobs = jobs
        self._upkeep = upkeep
        self._wake = {name: asyncio.Event() for name in jobs}
        self._failing: set[str] = set()

    @property
    def failing(self) -> frozenset[str]:
        """Names of the jobs whose last run failed."""
        return frozenset(self._failing)

    def wake(self, name: str) -> None:
        """There is work of this kind: called after a commit of this process that queued it."""
        if name in self._wake:
            self._wake[name].set()

    def wake_after(self, name: str, seconds: float) -> None:
        """There will be work of this kind in a while."""
        asyncio.get_running_loop().call_later(seconds + MOMENT, self.wake, name)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for name, run_once in self._jobs.items():
                group.create_task(self._loop(name, run_once))
            for name, run_once in self._upkeep.items():
                group.create_task(self._keep(name, run_once))

    async def _loop(self, name: str, run_once: RunOnce) -> None:
        event = self._wake[name]
        while True:
            event.clear()
            try:
                while await self._run(name, run_once):
                    self._failing.discard(name)
                    await asyncio.sleep(0)
                self._failing.discard(name)
            except Exception as error:
                if name not in self._failing:
                    log.warning("job %s cannot run: %s; it will try again", name, kind_of(error))
                self._failing.add(name)
                await asyncio.sleep(self._failure_pause)
                continue
            try:
                async with asyncio.timeout(POLL):
                    await event.wait()
            except TimeoutError:
                pass

    async def _run(self, name: str, run_once: RunOnce) -> bool:
        with self._instruments.job(name):
            return await run_once()

    async def _keep(self, name: str, run_once: RunOnce) -> None:
        while True:
            try:
                while await run_once():  # noqa: ASYNC110 - it does not wait, it gives way
                    await asyncio.sleep(0)
            except Exception as error:
                log.warning("upkeep of %s did not run: %s; it will try again", name, kind_of(error))
            await asyncio.sleep(UPKEEP_EVERY)


def kind_of(error: Exception) -> str:
    return error.reason_name() if isinstance(error, LociError) else type(error).__name__
