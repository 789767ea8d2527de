"""A connection past all policies: `owner`."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.server import RunningServer


@pytest.fixture
async def owner(server: RunningServer) -> AsyncIterator[Any]:
    """A connection past all policies."""
    connection = await asyncpg.connect(server.database_url)
    yield connection
    await connection.close()
