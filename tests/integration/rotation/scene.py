"""A graph that holds something in every place where envelopes stand, and what becomes of its keys."""

import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import asyncpg

from loci import AsyncClient
from loci.v1 import keys_pb2 as pb
from loci.v1.graph_pb2 import SearchFields
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually

SOON = {"LOCI_MAX_DEADLINE": "2", "LOCI_DEFAULT_DEADLINE": "2"}
"""What was begun before a new key is over after two seconds."""
ENVELOPES = """
    SELECT 'graphs', display_name FROM loci.graphs UNION ALL
    SELECT 'graphs', search_fields FROM loci.graphs UNION ALL
    SELECT 'nodes', content FROM loci.nodes UNION ALL
    SELECT 'edges', content FROM loci.edges UNION ALL
    SELECT 'images', image FROM loci.changes UNION ALL
    SELECT 'notes', note FROM loci.changes UNION ALL
    SELECT 'answers', answer FROM loci.idempotency WHERE graph_key <> 0 UNION ALL
    SELECT 'queries', content FROM loci.queries UNION ALL
    SELECT 'feedback', comment FROM loci.feedback
"""
PLACES = {"graphs", "nodes", "edges", "images", "notes", "answers", "queries", "feedback"}


@dataclass
class Scene:
    """A server, a client of a tenant of its own, and the database behind."""

    server: RunningServer
    client: AsyncClient
    database: asyncpg.Connection

    async def versions(self) -> dict[str, Counter[int]]:
        """Of each place, how many envelopes are under which version of the key."""
        found: dict[str, Counter[int]] = {}
        for place, envelope in await self.database.fetch(ENVELOPES):
            if envelope:
                found.setdefault(place, Counter())[int.from_bytes(envelope[1:5], "big")] += 1
        return found

    async def keys(self) -> set[int]:
        """Versions of content keys that are stored, of all graphs."""
        rows = await self.database.fetch("SELECT version FROM loci.graph_keys WHERE purpose = 1")
        return {row["version"] for row in rows}

    async def over(self, what: str = "g", within: float = 60.0) -> pb.KeyRotation:
        """The rotation when it is over."""

        async def ended() -> pb.KeyRotation | None:
            told = await self.client.get_key_rotation(what)
            return told if told.state == pb.KEY_ROTATION_STATE_DONE else None

        told = await eventually(ended, within=within)
        assert told is not None
        return told


@asynccontextmanager
async def scene(database_url: str, **environment: str) -> AsyncIterator[Scene]:
    async with running_server(database_url, **SOON | environment) as server, new_tenant(server) as client:
        database = await asyncpg.connect(database_url)
        try:
            yield Scene(server, client, database)
        finally:
            await database.close()


async def furnish(client: AsyncClient, graph: str = "g") -> None:
    """Leaves an envelope in each of PLACES."""
    await client.create_graph(graph, display_name="Ann's", search_fields=SearchFields(label_weight=2))
    await client.create_node(graph, "a", text="plays the cello", properties={"age": 39}, note="she said so")
    await client.create_node(graph, "b", text="plays the flute")
    await client.create_edge(graph, "a", "knows", "b", properties={"since": 2020})
    await client.update_node(graph, "a", text="plays the viola", note="she said so later")
    await client.create_node(graph, "gone", text="was deleted")
    await client.delete_node(graph, "gone", note="nobody asked for it")
    answer = await client.search(graph, "viola")
    await client.give_feedback(graph, "helpful", node="a", query_id=answer.query_id, comment="that was it")


@contextmanager
def stopped(server: RunningServer) -> Iterator[None]:
    """While the server does nothing, though it is there."""
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
