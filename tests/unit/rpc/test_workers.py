"""Several workers on one port: they share it, are replaced when they die, and end together."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import grpc
import psutil

from loci.v1.node_service_pb2 import GetNodeResponse
from loci_server.rpc.address import reserved_port
from loci_server.rpc.workers import GIVE_UP
from tests.unit.rpc.harness import GET_NODE

ROOT = Path(__file__).parents[3]
KEY = (("authorization", "Bearer reader"),)


class Supervisor:
    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port

    def workers(self) -> set[int]:
        """Process ids of the workers, beside multiprocessing's own helper."""
        found = set()
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # it has just died
                if "spawn_main" in " ".join(child.cmdline()):
                    found.add(child.pid)
        return found

    async def answering(self, count: int, without: frozenset[int] = frozenset()) -> set[int]:
        """Process ids of `count` workers that answered calls on the port, none of them in `without`."""
        found: set[int] = set()
        until = time.monotonic() + 60
        while len(found - without) < count:
            assert time.monotonic() < until, f"only {found} answered"
            found |= await self._ask()
        return found - without

    async def _ask(self) -> set[int]:
        """A connection of its own each time, so that the kernel picks a worker anew."""
        options = [("grpc.use_local_subchannel_pool", 1)]
        try:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{self.port}", options=options) as channel:
                raw = await channel.unary_unary(GET_NODE)(b"", metadata=KEY, timeout=5)
        except grpc.aio.AioRpcError:
            await asyncio.sleep(0.05)
            return set()
        return {int(GetNodeResponse.FromString(raw).node.name)}

    async def ended(self) -> int:
        return await asyncio.wait_for(self.process.wait(), 30)


@asynccontextmanager
async def supervised(count: int, mode: str = "serve") -> AsyncIterator[Supervisor]:
    with reserved_port("127.0.0.1", 0) as port:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.unit.rpc.worker", str(count), str(port), mode, cwd=ROOT
        )
        children: list[psutil.Process] = []
        try:
            yield Supervisor(process, port)
        finally:
            if process.returncode is None:
                children = psutil.Process(process.pid).children(recursive=True)
                process.kill()
                await process.wait()
            for child in children:
                if child.is_running():
                    child.kill()


async def test_three_workers_serve_on_one_port_and_one_that_is_killed_is_replaced() -> None:
    async with supervised(3) as supervisor:
        before = await supervisor.answering(3)
        assert before == supervisor.workers()
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        (replacement,) = await supervisor.answering(1, without=frozenset(before))
        assert supervisor.workers() == before - {victim} | {replacement}
        supervisor.process.send_signal(signal.SIGTERM)
        assert await supervisor.ended() == 0
        assert not any(psutil.pid_exists(worker) for worker in before)


async def test_workers_end_when_their_supervisor_is_killed() -> None:
    async with supervised(1) as supervisor:
        workers = [psutil.Process(worker) for worker in await supervisor.answering(1)]
        supervisor.process.kill()
        await supervisor.ended()
        gone, _ = await asyncio.to_thread(psutil.wait_procs, workers, 30)
        assert len(gone) == 1


async def test_a_second_signal_kills_workers_that_do_not_end() -> None:
    async with supervised(1, "stubborn") as supervisor:
        (worker,) = await supervisor.answering(1)
        supervisor.process.send_signal(signal.SIGINT)
        assert await supervisor.answering(1) == {worker}
        supervisor.process.send_signal(signal.SIGTERM)
        assert await supervisor.ended() == 1
        assert not psutil.pid_exists(worker)


async def test_a_worker_that_gives_up_ends_them_all() -> None:
    async with supervised(2, "give-up") as supervisor:
        assert await supervisor.ended() == GIVE_UP


async def test_workers_that_die_at_once_are_started_ever_more_slowly_and_can_be_ended() -> None:
    async with supervised(1, "crash") as supervisor:
        seen: set[int] = set()
        while len(seen) < 3:
            seen |= supervisor.workers()
            await asyncio.sleep(0.01)
        supervisor.process.send_signal(signal.SIGTERM)
        assert await supervisor.ended() == 0
