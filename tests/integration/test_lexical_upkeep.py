"""What is in the lexical index is what is searched: rows are few and bounded, and what is gone leaves it."""

import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, node
from tests.calls import collect
from tests.integration.test_search import assert_ranked, sentence
from tests.server import RunningServer
from tests.waiting import eventually

GRAPH = "SELECT g.graph_key FROM loci.graphs g JOIN loci.tenants t USING (tenant_key) WHERE t.tenant_id = $1"
ENTRIES = """
SELECT s.term, s.first_doc_no + (p >> 35) AS doc_no FROM loci.lexical_segments s, unnest(s.postings) p
WHERE s.graph_key = $1
UNION ALL SELECT u, t.doc_no FROM loci.lexical_tail t, unnest(t.terms) u WHERE t.graph_key = $1
UNION ALL SELECT NULL, d.posted >> 1 FROM loci.lexical_dead d WHERE d.graph_key = $1
"""
"""All that the index has of documents."""
ROWS = "SELECT term, cardinality(postings) AS size FROM loci.lexical_segments WHERE graph_key = $1"


class Index:
    """The lexical index of the one graph of a tenant, read as a superuser."""

    def __init__(self, connection: "asyncpg.Connection[Any]", graph_key: int) -> None:
        self._connection = connection
        self._graph_key = graph_key

    async def rows(self, sql: str) -> list[asyncpg.Record]:
        return await self._connection.fetch(sql, self._graph_key)

    async def terms(self) -> set[int]:
        return {row["term"] for row in await self.rows(ENTRIES)}

    async def merged(self) -> bool:
        return not await self.rows("SELECT FROM loci.lexical_tail WHERE graph_key = $1")

    async def quiet(self) -> bool:
        """Whether no work is left."""
        return not await self.rows("SELECT FROM loci.jobs WHERE graph_key = $1")

    async def strangers(self) -> set[int]:
        """Documents in it that no node has."""
        live = {row[0] for row in await self.rows("SELECT doc_no FROM loci.nodes WHERE graph_key = $1")}
        return {row["doc_no"] for row in await self.rows(ENTRIES)} - live


@pytest.fixture
async def index(server: RunningServer, client: AsyncClient) -> AsyncIterator[Index]:
    await client.create_graph("g")
    tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    connection = await asyncpg.connect(server.database_url)
    try:
        yield Index(connection, await connection.fetchval(GRAPH, tenant))
    finally:
        await connection.close()


async def fill(client: AsyncClient, texts: dict[str, str]) -> None:
    await client.import_items("g", [node(id, text=text) for id, text in texts.items()], on_conflict="replace")


async def test_a_hard_delete_leaves_no_token_of_any_version(client: AsyncClient, index: Index) -> None:
    chance = random.Random(1)
    texts = {f"n{number:04}": sentence(chance) for number in range(1100)}
    await fill(client, texts)
    await eventually(index.merged)
    before = await index.terms()
    await client.create_node("g", "secret", text="the first unheard word")
    await fill(client, {f"m{number:04}": sentence(chance) for number in range(1024)})
    await eventually(index.merged)
    await client.update_node("g", "secret", text="another unspoken word")
    await fill(client, {f"o{number:04}": sentence(chance) for number in range(1024)})
    await eventually(index.merged)
    await client.create_node("g", "passing", text="whispered")
    assert len(await index.terms() - before) > 4
    await client.delete_node("g", "secret", hard=True)
    await client.delete_node("g", "passing", hard=True)

    async def gone() -> bool:
        return await index.terms() <= before | {None} and not await index.strangers()

    await eventually(gone)


async def test_documents_that_were_replaced_leave_the_index_when_they_are_many(
    client: AsyncClient, index: Index
) -> None:
    chance = random.Random(2)
    texts = {f"n{number:04}": sentence(chance) for number in range(1100)}
    await fill(client, texts)
    await eventually(index.merged)
    texts |= {id: sentence(chance) for id in sorted(texts)[:1030]}
    await fill(client, dict(list(texts.items())[:1030]))
    await eventually(index.quiet)
    assert not await index.strangers()
    assert await index.merged()
    await assert_ranked(client, texts)


async def test_a_term_has_one_row_that_is_not_full_and_none_is_long(client: AsyncClient, index: Index) -> None:
    chance = random.Random(3)
    texts: dict[str, str] = {}
    for batch in range(3):
        texts |= (more := {f"b{batch}n{number:04}": sentence(chance) for number in range(1024)})
        await fill(client, more)
        await eventually(index.merged)
    open_rows: dict[int, int] = {}
    sizes = []
    for row in await index.rows(ROWS):
        sizes.append(row["size"])
        open_rows[row["term"]] = open_rows.get(row["term"], 0) + (row["size"] < 240)
    assert max(sizes) == 240
    assert set(open_rows.values()) <= {0, 1}
    await assert_ranked(client, texts)
