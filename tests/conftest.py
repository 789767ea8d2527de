"""Fixtures for all tests: one PostgreSQL for the session, databases of their own for each test.

postgres_url     the server: URL of the superuser, database `postgres`
database_url     one migrated database
fresh_database   `url = await fresh_database()`: as many migrated databases as wanted
empty_database   the same, before any migration
server           a Loci server in a process of its own, without an embedder, shared by the session
client           a client of a new tenant on that server
port             a port that the kernel gives to nobody else
"""

import signal
from collections.abc import AsyncIterator, Iterator

import pytest

from loci import AsyncClient
from loci_server.store.migrations import migrate
from tests.conformance.table import pytest_terminal_summary as pytest_terminal_summary
from tests.ports import kept_port
from tests.postgres import DatabaseFactory, create_database, database_name, drop_database, running_postgres
from tests.server import RunningServer, new_tenant, running_server

# A shell that runs tests in the background has SIGINT ignored, and so would programs that tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def port() -> Iterator[int]:
    with kept_port() as port:
        yield port


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
async def migrated_template(postgres_url: str) -> AsyncIterator[str]:
    """Name of a database with all migrations, to copy from. Do not connect to it."""
    url = await create_database(postgres_url)
    await migrate(url)
    yield database_name(url)
    await drop_database(url)


@pytest.fixture
async def fresh_database(postgres_url: str, migrated_template: str) -> AsyncIterator[DatabaseFactory]:
    async for factory in _factory(postgres_url, migrated_template):
        yield factory


@pytest.fixture
async def empty_database(postgres_url: str) -> AsyncIterator[DatabaseFactory]:
    async for factory in _factory(postgres_url, "template0"):
        yield factory


@pytest.fixture
async def database_url(fresh_database: DatabaseFactory) -> str:
    return await fresh_database()


@pytest.fixture(scope="session")
async def server(postgres_url: str, migrated_template: str) -> AsyncIterator[RunningServer]:
    url = await create_database(postgres_url, migrated_template)
    async with running_server(url) as running:
        yield running
    await drop_database(url)


@pytest.fixture
async def client(server: RunningServer) -> AsyncIterator[AsyncClient]:
    async with new_tenant(server) as connected:
        yield connected


async def _factory(postgres_url: str, template: str) -> AsyncIterator[DatabaseFactory]:
    made: list[str] = []

    async def make() -> str:
        made.append(await create_database(postgres_url, template))
        return made[-1]

    yield make
    for url in made:
        await drop_database(url)
