"""Databases for tests, on one PostgreSQL: the bundled one, or that of LOCI_TEST_DATABASE_URL."""

import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from loci_server.embedded import BundledPostgres

DatabaseFactory = Callable[[], Awaitable[str]]
"""Makes a database of its own with each call and returns its URL."""


@contextmanager
def short_folder() -> Iterator[Path]:
    """A temporary folder whose path leaves room for a socket's name."""
    folder = Path(tempfile.mkdtemp(prefix="loci-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running_postgres() -> Iterator[str]:
    """URL of a superuser. LOCI_TEST_POSTGRES picks another bundled PostgreSQL than the newest, say 16."""
    if url := os.environ.get("LOCI_TEST_DATABASE_URL"):
        yield url
        return
    major = os.environ.get("LOCI_TEST_POSTGRES")
    with short_folder() as folder, BundledPostgres.start(folder, major=int(major) if major else None) as server:
        yield server.url


def on_database(url: str, name: str) -> str:
    """The same server and user, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def as_user(url: str, name: str, password: str = "") -> str:
    """The same server and database, another login."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    login = f"{name}:{password}" if password else name
    return urlunsplit(parts._replace(netloc=f"{login}@{place}"))


async def create_database(url: str, template: str = "template0") -> str:
    """A new database with a name of its own; returns its URL. Nobody may be connected to `template`."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    await run(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    return on_database(url, name)


async def drop_database(url: str) -> None:
    """Drop the database of `url`, whoever is connected to it."""
    await run(on_database(url, "postgres"), f"DROP DATABASE IF EXISTS {database_name(url)} WITH (FORCE)")


def database_name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


async def run(url: str, sql: str) -> None:
    """Run statements without parameters on a connection of their own."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


def kill_postgres(folder: Path) -> None:
    """Ends the postmaster and its children as kill -9 does. Only those of this data folder."""
    postmaster = int((folder / "postmaster.pid").read_text().split()[0])
    for process in (postmaster, *children(postmaster)):
        os.kill(process, signal.SIGKILL)


def children(process: int) -> list[int]:
    """The processes that it started."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
