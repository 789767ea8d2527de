"""A database with many tenants and graphs, shared by the tests of statements."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.integration.plans.cases import FURNISH
from tests.postgres import create_database, drop_database


@pytest.fixture(scope="session")
async def full_database(postgres_url: str, migrated_template: str) -> AsyncIterator[str]:
    url = await create_database(postgres_url, migrated_template)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(FURNISH)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
    yield url
    await drop_database(url)
