"""The faults: each a small function that does it for real and returns when its cause is gone."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

from tests import postgres
from tests.robustness.scene import PATIENCE, Scene
from tests.waiting import eventually

Fault = Callable[[Scene], Awaitable[None]]

STOPPED_SECONDS = 5.0
STALL_SECONDS = 2
"""Seconds for which a server in a run waits for a watcher."""
BLOCKED = "SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"


async def kill_server(scene: Scene) -> None:
    """kill -9 at any moment."""
    await scene.kill_server()
    await scene.start_server()


async def kill_before_commit(scene: Scene) -> None:
    """kill -9 while commits hang at their last step. Of some, the database ends the statements too; the others are
    committed by the database after their server is gone."""
    async with scene.held_graph() as connection:

        async def blocked() -> bool:
            return bool(await connection.fetch(BLOCKED))

        await eventually(blocked, within=PATIENCE)
        await scene.kill_server()
        if scene.random.random() < 0.5:
            await connection.execute(f"SELECT pg_terminate_backend(pid) FROM ({BLOCKED}) b")
    scene.struck["killed before commit"] += 1
    await scene.start_server()


async def kill_after_commit(scene: Scene) -> None:
    """kill -9 when commits are done and their answers have not arrived."""
    while not await committed_unanswered(scene):
        scene.calls.resume()  # what was on its way came to nothing: others may do better
        await scene.rest(0.1)
    await scene.kill_server()
    scene.struck["killed after commit, before the answer"] += 1
    scene.calls.reset()
    scene.calls.resume()
    await scene.start_server()


async def committed_unanswered(scene: Scene) -> bool:
    """Holds all answers back. Whether a commit was done since."""
    scene.calls.pause()
    before = await scene.revision()
    for _ in range(20):
        if await scene.revision() > before:
            return True
        await asyncio.sleep(0.02)
    return False


async def kill_in_watch_write(scene: Scene) -> None:
    """kill -9 when watchers take nothing, and more has been written than buffers hold."""
    scene.watches.pause()
    assert scene.burst is not None
    await scene.burst(4)
    await scene.kill_server()
    scene.struck["killed while writing to watchers"] += 1
    scene.watches.reset()
    scene.watches.resume()
    await scene.start_server()


async def kill_worker(scene: Scene) -> None:
    """kill -9 of one worker process of several; its supervisor starts another."""
    os.kill(scene.random.choice(scene.workers()), signal.SIGKILL)
    scene.struck["worker killed"] += 1


async def kill_postgres(scene: Scene) -> None:
    """kill -9 of the bundled PostgreSQL, postmaster and children; the server starts it again."""
    postgres.kill_postgres(scene.server.data_dir / "postgres")
    scene.struck["PostgreSQL killed"] += 1


async def end_backends(scene: Scene) -> None:
    """The database ends connections: those of the pool (the tailer's among them), that of the listener, or all."""
    names = scene.random.choice([["loci"], ["loci hints"], ["loci", "loci hints"]])
    async with scene.connected() as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = ANY ($1)",
            names,
        )
    scene.struck["back-ends ended"] += 1


async def cut_connections(scene: Scene) -> None:
    """Connections of callers or watchers are reset, or of both."""
    for proxy in scene.random.choice([(scene.calls,), (scene.watches,), (scene.calls, scene.watches)]):
        proxy.reset()
    scene.struck["connections cut"] += 1


async def pause_connections(scene: Scene) -> None:
    """Nothing of the server arrives for a while; then all of it does, or the connections are cut."""
    proxies = scene.random.choice([(scene.calls,), (scene.watches,), (scene.calls, scene.watches)])
    for proxy in proxies:
        proxy.pause()
    await scene.rest(1.0)
    for proxy in proxies:
        if scene.random.random() < 0.5:
            proxy.reset()
        proxy.resume()
    scene.struck["connections paused"] += 1


async def drop_answers(scene: Scene) -> None:
    """Answers are lost after the call was done."""
    for _ in range(5):
        await asyncio.wait_for(scene.calls.drop_next_answer(), PATIENCE)
        scene.struck["answers lost"] += 1
        await scene.recovered(1)


async def stall_watchers(scene: Scene) -> None:
    """Watchers take nothing for longer than the server waits, while more is written than buffers hold."""
    assert scene.burst is not None
    scene.watches.pause()
    await scene.burst(16)
    await asyncio.sleep(2 * STALL_SECONDS)
    scene.watches.resume()
    scene.struck["watchers stalled"] += 1


async def stop_server(scene: Scene) -> None:
    """SIGSTOP for five seconds."""
    processes = scene.processes()
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    await asyncio.sleep(STOPPED_SECONDS)
    for process in processes:
        os.kill(process, signal.SIGCONT)
    scene.struck["server stopped for 5 s"] += 1


async def compact(scene: Scene) -> None:
    """The log loses its beginning, up to where those who see all have been told."""
    revision = scene.witnessed()
    if revision > 0:
        await scene.compact(revision)
        scene.struck["log compacted"] += 1


async def make_vast(scene: Scene) -> None:
    """A commit that is told in pieces."""
    assert scene.vast is not None
    await scene.vast()
    scene.struck["commits of 1,000 changes"] += 1


async def overflow(scene: Scene) -> None:
    """More is written at once than the ring of a tailer holds."""
    assert scene.burst is not None
    await scene.burst(4)
    scene.struck["rings overflown"] += 1
