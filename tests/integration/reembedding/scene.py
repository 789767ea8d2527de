"""A server whose embedder is changed under a graph that it has embedded."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, names, node
from loci.v1 import admin_service_pb2 as pb
from loci.v1.admin_service_pb2 import Reembedding
from loci.v1.search_service_pb2 import (
    SEARCH_ARM_SEMANTIC,
    ArmReport,
    SearchResponse,
)
from tests.embedders import Model, Service, settings_of
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually

TEXTS = {f"n{number}": f"Entry {number} of ledger{number % 7} in year{number % 11}." for number in range(100)}
QUERY = TEXTS["n42"]
EMBEDDING, DONE = pb.REEMBEDDING_STATE_EMBEDDING, pb.REEMBEDDING_STATE_DONE


@dataclass
class Scene:
    """A server that has embedded TEXTS in the graph `g` by one model, and a client of its tenant."""

    service: Service
    server: RunningServer
    client: AsyncClient
    key: str

    async def restart(self, model: Model, previous: Model | None = None, *, kill: bool = False) -> None:
        await (self.server.kill() if kill else self.server.stop())
        self.server.environment = settings_of(self.service, model, previous)
        await self.server.start()
        await self.client.wait_ready()

    async def search(self, query: str = QUERY, **options: Any) -> SearchResponse:
        return await self.client.search("g", query, **{"mode": "semantic", "limit": 100, "explain": True} | options)

    async def state(self, graph: str = "g") -> Reembedding:
        return await self.client.get_reembedding(graph)

    async def over(self, model: Model, graph: str = "g") -> None:
        """Waits until nothing is under way and this model is searched."""

        async def there() -> bool:
            state = await self.state(graph)
            return state.state == DONE and state.model == model.id

        await eventually(there)

    async def sql(self, query: str, *arguments: Any) -> list[Any]:
        connection = await asyncpg.connect(self.server.database_url)
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()

    async def vectors(self) -> dict[str, int]:
        """How many each model has."""
        rows = await self.sql(
            "SELECT model, count(*) FROM loci.embeddings JOIN loci.embedding_models USING (model_key) GROUP BY 1"
        )
        return dict(map(tuple, rows))


@asynccontextmanager
async def scene(url: str, service: Service, model: Model, texts: dict[str, str] = TEXTS) -> AsyncIterator[Scene]:
    async with running_server(url, **settings_of(service, model)) as server, new_tenant(server) as client:
        key = (await client.create_api_key(["admin"])).secret
        await client.create_graph("g")
        await client.import_items("g", [node(id, text=text) for id, text in texts.items()])
        await settled(client)
        yield Scene(service, server, client, key)


async def settled(client: AsyncClient, graph: str = "g") -> None:
    async def empty() -> bool:
        return (await client.get_graph_stats(graph)).pending_embedding_count == 0

    await eventually(empty)


def found(answer: SearchResponse) -> list[str]:
    return [names.id_of(hit.node.name) for hit in answer.hits]


def semantic(answer: SearchResponse) -> ArmReport:
    return next(arm for arm in answer.arms if arm.arm == SEARCH_ARM_SEMANTIC)


def searched_by(answer: SearchResponse, texts: Sequence[str], *models: Model, query: str = QUERY) -> Model:
    """The one model whose scores these all are. Fails if there is none."""
    scores = [hit.arm_scores[0].score for hit in answer.hits]
    for model in models:
        if scores == pytest.approx(model.scores(query, texts)[: len(scores)], abs=2e-3):
            return model
    raise AssertionError(f"scores of no model alone: {scores[:5]}")


async def batch_by_batch(one: Scene, new: Model, each: Callable[[], Awaitable[None]]) -> None:
    """Lets the new embedder do one batch after the other, with `each` before and after."""

    async def begun() -> bool:
        return (await one.state()).state != DONE

    await eventually(begun)
    while (await one.state()).state != DONE:
        asked = one.service.asked[new]

        async def brought(asked: int = asked) -> bool:
            if one.service.asked[new] > asked or (await one.state()).state != EMBEDDING:
                return True
            if one.service.held[new]:  # the one let through was a request whose sender has given up
                one.service.let(new, 1)
            return False

        await each()
        one.service.let(new, 1)
        await eventually(brought, every=0.02)
    await each()
