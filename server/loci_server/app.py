"""The composition root: runs the server that the settings describe, in one process or several."""

import asyncio
import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import uvloop

from loci_server import bootstrap
from loci_server.crypto.keyring import KeyringError
from loci_server.embedded import BundledPostgres, BundledPostgresError
from loci_server.errors import LociError
from loci_server.files import FileError
from loci_server.preflight import check_files, unknown_variables
from loci_server.process import serve
from loci_server.rpc.address import ListenError, check_free, reserved_port, with_port
from loci_server.rpc.workers import GIVE_UP, run_workers
from loci_server.search.tokens import TokenizerUnreadableError
from loci_server.settings import Settings
from loci_server.store.migrations import MigrationError
from loci_server.telemetry import logs

CANNOT_START = (
    BundledPostgresError,
    FileError,
    KeyringError,
    ListenError,
    LociError,
    MigrationError,
    TokenizerUnreadableError,
    bootstrap.UnsafeDatabaseError,
)
EVERY_INTERFACE = ("0.0.0.0", "::", "[::]")  # noqa: S104 # nosec B104
REVIVE_SECONDS = 2.0
log = logging.getLogger(__name__)


def run(settings: Settings) -> int:
    """Serves until SIGTERM or SIGINT. The exit status; what keeps it from starting is said on stderr."""
    logs.configure(settings)
    faulthandler.enable()
    for unknown in unknown_variables(os.environ):
        log.warning("%s", unknown)
    postgres: BundledPostgres | None = None
    try:
        check_free(settings.host, settings.port)  # before anything is made on disk
        check_files(settings)
        if settings.database_url is not None:
            return run_on(settings, settings.database_url.get_secret_value(), None)
        postgres = BundledPostgres.start(settings.data_dir)
        return run_on(settings, postgres.url, postgres)
    except CANNOT_START as error:
        print(f"loci cannot start: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if postgres is not None:
            postgres.stop()


def run_on(settings: Settings, url: str, postgres: BundledPostgres | None) -> int:
    """Serves on a database that answers."""
    key_file = asyncio.run(bootstrap.prepare(settings, url))
    if settings.workers == 1:
        ready = partial(announce, settings, key_file)
        revive = postgres.ensure_running if postgres is not None else None
        return uvloop.run(serve(settings, url, ready, revive=revive))
    with reserved_port(settings.host, settings.port) as port, kept_running(postgres):
        return run_workers(settings.workers, partial(work, settings, url, port, key_file))


@contextmanager
def kept_running(postgres: BundledPostgres | None) -> Iterator[None]:
    """Starts the bundled database again if it dies while the workers run."""
    ended = threading.Event()

    def watch() -> None:
        while postgres is not None and not ended.wait(REVIVE_SECONDS):
            try:
                postgres.ensure_running()
            except BundledPostgresError as error:
                log.warning("the bundled PostgreSQL does not start: %s", type(error).__name__)

    thread = threading.Thread(target=watch, name="postgres", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(REVIVE_SECONDS)


def work(settings: Settings, url: str, port: int, key_file: Path | None, worker: int) -> None:
    """One of several workers. The first says that the server can be used."""
    logs.configure(settings)
    ready = partial(announce, settings, key_file) if worker == 0 else lambda port: None
    try:
        uvloop.run(serve(settings, url, ready, worker=worker, port=port))
    except CANNOT_START as error:
        print(f"loci cannot start: {error}", file=sys.stderr)
        sys.exit(GIVE_UP)


def announce(settings: Settings, key_file: Path | None, port: int) -> None:
    """The line that says that the server can be used, and how."""
    host = "127.0.0.1" if settings.host in EVERY_INTERFACE else settings.host
    address = with_port(host, port)
    where = f"key in {key_file}" if key_file else "make a key with: loci keys make-operator --out FILE"
    options = "" if port == Settings.model_fields["port"].default else f" --address {address}"
    if settings.tls_certificate is not None:
        options += " --ca CA.pem"
    if settings.tls_client_ca is not None:
        options += " --client-cert CERT.pem --client-key KEY.pem"
        options += f" --api-key-file {key_file}" if key_file else ""
        where += "; every connection needs a client certificate"
    print(f"loci is ready at {address}; {where}; try: .venv/bin/loci graphs create hello{options}", flush=True)
