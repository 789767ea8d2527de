"""One serving process: connects, listens, works in the background, and drains at a signal."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable

import asyncpg

from loci_server import assembly, bootstrap
from loci_server.crypto.cache import CachedKeys
from loci_server.embedding import Embedder, Purpose, make_embedders
from loci_server.errors import EmbedderUnavailable, Unavailable
from loci_server.opening import Waiting
from loci_server.reranking import make_reranker
from loci_server.rpc.pipeline import Pipeline
from loci_server.rpc.server import Listener
from loci_server.settings import Settings
from loci_server.store.pool import Database, connect
from loci_server.telemetry.database import PoolState, StatementTelemetry
from loci_server.telemetry.metrics import Instruments
from loci_server.telemetry.rpc import RpcTelemetry
from loci_server.telemetry.setup import start as start_telemetry
from loci_server.vitals import watch_health

STATEMENT_GRACE = 30.0
"""Seconds beyond the longest deadline after which PostgreSQL ends a statement by itself."""
log = logging.getLogger(__name__)


async def serve(
    settings: Settings,
    url: str,
    ready: Callable[[int], None],
    *,
    worker: int = 0,
    port: int | None = None,
    revive: Callable[[], None] | None = None,
) -> int:
    """Serves until SIGTERM or SIGINT; the exit status. `ready` is called with the port once calls are answered.

    `revive` starts a bundled database again that has died.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    telemetry = start_telemetry(settings, worker=worker)
    statements = StatementTelemetry(telemetry)
    keys = CachedKeys(bootstrap.key_provider(settings), assembly.keeping(settings))
    database = await connect(
        url,
        size=settings.database_pool_size,
        pooler=settings.database_pooler,
        observer=statements,
        statement_timeout=settings.max_deadline + STATEMENT_GRACE,
    )
    embedders, reranker = make_embedders(settings), make_reranker(settings)
    try:
        await bootstrap.prove_fences(database)
        waiting = Waiting(settings, port)
        installation = await waiting.open(database, keys, stop)
        if installation is None:
            return 0
        statements.observe_pool("loci", lambda: pool_state(database))
        instruments = Instruments(telemetry)
        parts = assembly.assemble(database, keys, installation, embedders, reranker, settings, instruments)
        methods = [f"{service.full_name}/{method.name}" for service, _ in parts.services for method in service.methods]
        await parts.presence.arrive()
        await parts.key_news.arrive()
        pipeline = Pipeline(
            settings, parts.authenticator, RpcTelemetry(telemetry, methods), parts.auditor, parts.quotas
        )
        listener = Listener(settings, pipeline, parts.services, port=waiting.port)
        port = await listener.start()
        if (certificate := listener.certificate) is not None:
            instruments.certificate(lambda: certificate.seconds_left, lambda: certificate.trouble is not None)
        ready(port)
        watch = watch_health(database, keys, parts.runner, parts.federation, listener.set_health, revive)
        closed = asyncio.create_task(listener.wait_closed())
        background = [
            asyncio.create_task(watch),
            asyncio.create_task(keys.run()),
            asyncio.create_task(parts.handles.run()),
            asyncio.create_task(parts.key_news.run(parts.handles.renew, keys.forget, parts.handles.drop)),
            asyncio.create_task(parts.tailers.run()),
            asyncio.create_task(parts.hints.tell()),
            asyncio.create_task(parts.buffer.run()),
            asyncio.create_task(parts.presence.run()),
            asyncio.create_task(parts.traces.run()),
            asyncio.create_task(parts.federation.run()),
            asyncio.create_task(parts.key_uses.run()),
        ]
        if telemetry.metering:
            background.append(asyncio.create_task(parts.gauges.run()))
        if not database.pooled:  # a pooler in transaction mode cannot listen
            background.append(asyncio.create_task(parts.hints.listen(url)))
        warming = asyncio.create_task(warm_up(embedders.current))
        if settings.background_jobs:
            background.append(asyncio.create_task(parts.runner.run()))
        await until_stopped(stop, closed, background)
        warming.cancel()
        log.info("draining: %s", "told to stop" if stop.is_set() else "the listener or a background task ended")
        await listener.drain(settings.drain_timeout)
        await closed
        for buffer in (parts.buffer, parts.traces, parts.key_uses):
            with contextlib.suppress(Unavailable, asyncpg.PostgresError):
                await buffer.flush()
        with contextlib.suppress(Unavailable, asyncpg.PostgresError):
            await parts.presence.leave()
            await parts.key_news.leave()
        await parts.federation.close()
        return 0
    finally:
        await embedders.close()
        if reranker is not None:
            await reranker.close()
        await database.close()
        await keys.close()
        await asyncio.to_thread(telemetry.shutdown)


async def warm_up(embedder: Embedder | None) -> None:
    """Loads a model that runs in this process, so that the first text need not wait for it."""
    if embedder is not None and embedder.local:
        with contextlib.suppress(EmbedderUnavailable):  # said again, with what to do, by the first text
            await embedder.embed(["ready"], Purpose.QUERY)


async def until_stopped(stop: asyncio.Event, closed: asyncio.Task[None], background: list[asyncio.Task[None]]) -> None:
    """Returns when told to stop, or when the listener ended. Raises what ended a background task, which is a defect."""
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([stopping, closed, *background], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        failed = [task for task in background if task.done()]
        for task in background:
            task.cancel()
        await asyncio.gather(stopping, *background, return_exceptions=True)
    for task in failed:
        task.result()


def pool_state(database: Database) -> PoolState:
    pool = database.pool
    return PoolState(pool.get_idle_size(), pool.get_size() - pool.get_idle_size(), pool.get_max_size())
