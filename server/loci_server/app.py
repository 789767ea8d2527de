"""The composition root: runs the server that the settings describe. The only module that knows all the others."""

import asyncio
import logging
import signal
import sys
from pathlib import Path

import uvloop

from loci_server import assembly, bootstrap
from loci_server.crypto.local import KeyringError
from loci_server.embedded import BundledPostgres, BundledPostgresError
from loci_server.embedding import make_embedder
from loci_server.errors import LociError
from loci_server.rpc.address import AddressInUse
from loci_server.rpc.pipeline import Pipeline
from loci_server.rpc.server import Listener
from loci_server.settings import Settings
from loci_server.store.migrations import MigrationError
from loci_server.store.pool import connect
from loci_server.store.tenants import open_installation
from loci_server.telemetry import logs
from loci_server.telemetry.database import PoolState, StatementTelemetry
from loci_server.telemetry.rpc import RpcTelemetry
from loci_server.telemetry.setup import start as start_telemetry

CANNOT_START = (
    AddressInUse,
    BundledPostgresError,
    KeyringError,
    LociError,
    MigrationError,
    bootstrap.UnsafeDatabaseError,
)
log = logging.getLogger(__name__)


def run(settings: Settings) -> int:
    """Serves until SIGTERM or SIGINT. The exit status."""
    logs.configure(settings)
    postgres: BundledPostgres | None = None
    try:
        if settings.database_url is None:
            postgres = BundledPostgres.start(settings.data_dir)
        url = postgres.url if postgres else settings.database_url.get_secret_value()  # type: ignore[union-attr]
        return uvloop.run(serve(settings, url, postgres))
    except CANNOT_START as error:
        print(f"loci cannot start: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if postgres is not None:
            postgres.stop()


async def serve(settings: Settings, url: str, postgres: BundledPostgres | None, worker: int | None = None) -> int:
    """One process: prepares, listens, and drains at a signal. `worker` is its number where there are several."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    telemetry = start_telemetry(settings, worker=worker or 0)
    statements = StatementTelemetry(telemetry)
    keys = bootstrap.key_provider(settings)
    if worker is None:
        await bootstrap.prepare_schema(settings, url)
    database = await connect(
        url, size=settings.database_pool_size, pooler=settings.database_pooler, observer=statements
    )
    pool = database.pool
    statements.observe_pool(
        "loci",
        lambda: PoolState(pool.get_idle_size(), pool.get_size() - pool.get_idle_size(), pool.get_max_size()),
    )
    embedder = make_embedder(settings)
    try:
        await bootstrap.prove_fences(database)
        key_file = await bootstrap.first_start(settings, database, keys) if worker is None else None
        installation = await open_installation(database, keys)
        parts = assembly.assemble(database, keys, installation, embedder)
        methods = [f"{service.full_name}/{method.name}" for service, _ in parts.services for method in service.methods]
        pipeline = Pipeline(settings, parts.authenticator, RpcTelemetry(telemetry, methods))
        listener = Listener(settings, pipeline, parts.services)
        port = await listener.start()
        background = [
            asyncio.create_task(
                assembly.watch_health(
                    database, parts.runner, listener.set_health, postgres.ensure_running if postgres else None
                )
            )
        ]
        if settings.background_jobs:
            background.append(asyncio.create_task(parts.runner.run()))
        if worker is None:
            announce(settings, port, key_file)
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([stopping, *background], return_when=asyncio.FIRST_COMPLETED)
        failed = [task for task in background if task.done()]
        log.info("draining")
        for task in background:
            task.cancel()
        await listener.drain(settings.drain_timeout)
        await asyncio.gather(*background, return_exceptions=True)
        for task in failed:
            task.result()
        return 0
    finally:
        if embedder is not None:
            await embedder.close()
        await database.close()
        await asyncio.to_thread(telemetry.shutdown)


def announce(settings: Settings, port: int, key_file: Path | None) -> None:
    """The line that says that the server can be used, and how."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "[::]") else settings.host  # noqa: S104
    address = f"{host}:{port}"
    where = f"key in {key_file}" if key_file else "make a key with: loci keys create"
    address_option = "" if port == Settings.model_fields["port"].default else f" --address {address}"
    print(f"loci is ready at {address}; {where}; try: .venv/bin/loci graphs create hello{address_option}", flush=True)
