"""Fixtures of the runs."""

from collections.abc import AsyncIterator

import pytest

from tests.postgres import create_database, drop_database


@pytest.fixture(scope="module")
async def module_database_url(postgres_url: str, migrated_template: str) -> AsyncIterator[str]:
    """One migrated database for all runs of a module."""
    url = await create_database(postgres_url, migrated_template)
    yield url
    await drop_database(url)
