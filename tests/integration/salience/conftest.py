"""A graph of memories that say the same."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, mutations
from tests.server import RunningServer


@pytest.fixture
async def graph(client: AsyncClient) -> str:
    """Three memories that say the same."""
    await client.create_graph("g")
    await client.commit("g", [mutations.create_node(id, type="fact", text="The kettle is copper.") for id in "abc"])
    return "g"


@pytest.fixture
async def rows(server: RunningServer) -> "AsyncIterator[asyncpg.Connection[Any]]":
    connection = await asyncpg.connect(server.database_url)
    yield connection
    await connection.close()
