"""A job that fails is tried again, and takes nothing else down with it."""

import asyncio
import struct

import pytest

from loci_server.jobs.runner import Runner
from loci_server.telemetry.metrics import Instruments
from loci_server.telemetry.setup import Telemetry

SECRET = "what a row held"


@pytest.mark.parametrize("failure", [struct.error(SECRET), KeyError(SECRET), TypeError(SECRET), RuntimeError(SECRET)])
async def test_whatever_stops_a_job_it_is_tried_again_and_the_others_go_on(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    tries, upkeep = asyncio.Semaphore(0), asyncio.Event()
    other = asyncio.Event()

    async def fails() -> bool:
        tries.release()
        raise failure

    async def works() -> bool:
        other.set()
        return False

    async def keeps() -> bool:
        upkeep.set()
        raise failure

    runner = Runner({"bad": fails, "good": works}, {"tidy": keeps}, Instruments(Telemetry.off()), failure_pause=0.0)
    running = asyncio.create_task(runner.run())
    async with asyncio.timeout(10):
        for _ in range(3):
            await tries.acquire()
        await asyncio.gather(other.wait(), upkeep.wait())
    assert not running.done()
    assert runner.failing == {"bad"}
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert type(failure).__name__ in caplog.text
    assert SECRET not in caplog.text
