"""Nodes are embedded by and by, whatever the embedder does meanwhile, and nothing is lost or left behind."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, errors, mutations, names, node
from loci.v1.search_service_pb2 import (
    ARM_STATE_FAILED,
    ARM_STATE_OK,
    SEARCH_ARM_LEXICAL,
    SEARCH_ARM_SEMANTIC,
    SEARCH_MODE_SEMANTIC,
    SearchRequest,
)
from loci.v1.search_service_pb2_grpc import SearchServiceStub
from tests.calls import bare_calls
from tests.ports import kept_port
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually


@pytest.fixture(scope="module")
async def embedding_server(postgres_url: str, migrated_template: str) -> AsyncIterator[RunningServer]:
    from tests.postgres import create_database, drop_database

    url = await create_database(postgres_url, migrated_template)
    async with running_server(url, LOCI_EMBEDDER="minilm") as server:
        yield server
    await drop_database(url)


@pytest.fixture
async def found(embedding_server: RunningServer) -> AsyncIterator[AsyncClient]:
    """A client of a new tenant on a server that embeds."""
    async with new_tenant(embedding_server) as client:
        await client.create_graph("g")
        yield client


async def ids(client: AsyncClient, query: str, mode: Any = "semantic", **options: Any) -> list[str]:
    answer = await client.search("g", query, mode=mode, **options)
    assert not any(arm.state == ARM_STATE_FAILED for arm in answer.arms), answer.arms
    return [names.id_of(hit.node.name) for hit in answer.hits]


async def settled(client: AsyncClient, graph: str = "g", within: float = 60) -> None:
    async def empty() -> bool:
        return (await client.get_graph_stats(graph)).pending_embedding_count == 0

    await eventually(empty, within=within)


async def test_a_single_short_node_is_found_by_meaning_at_once(found: AsyncClient) -> None:
    await found.create_node("g", "first", text="This one waits until the model is loaded.")
    await settled(found)
    await found.delete_node("g", "first")
    await found.create_node("g", "music", text="She plays the violin in an orchestra.")
    assert await ids(found, "who is a musician?") == ["music"]
    await found.create_node("g", "food", text="He bakes sourdough bread every morning.")
    assert (await ids(found, "who is a musician?"))[0] == "music"
    assert (await ids(found, "baking", mode="hybrid"))[0] == "food"
    await found.update_node("g", "music", text="She repairs old bicycles.")
    assert (await ids(found, "fixing bikes"))[0] == "music"


async def test_imported_nodes_are_found_by_meaning_when_the_job_has_run(found: AsyncClient) -> None:
    await found.import_items(
        "g",
        [
            node("music", text="She plays the violin in an orchestra."),
            node("food", text="He bakes sourdough bread every morning."),
            node("empty"),
            *[node(f"n{number}", text=f"Entry number {number} of a ledger.") for number in range(100)],
        ],
    )
    await settled(found)
    assert (await ids(found, "who is a musician?"))[0] == "music"
    assert (await ids(found, "something to eat for breakfast", mode="hybrid"))[0] == "food"


async def test_what_still_waits_is_counted(found: AsyncClient) -> None:
    await found.import_items("g", [node(text=f"Entry number {number} of a ledger.") for number in range(500)])
    report = {arm.arm: arm for arm in (await found.search("g", "ledger")).arms}[SEARCH_ARM_SEMANTIC]
    assert report.pending_count > 0
    await settled(found)
    report = {arm.arm: arm for arm in (await found.search("g", "ledger")).arms}[SEARCH_ARM_SEMANTIC]
    assert (report.pending_count, report.candidate_count) == (0, 500)


async def test_texts_that_change_while_they_are_embedded_leave_neither_a_failure_nor_a_rest(
    embedding_server: RunningServer, found: AsyncClient
) -> None:
    await found.import_items("g", [node(f"n{number}", text="first") for number in range(64)])

    async def churn(start: int) -> None:
        for round in range(6):
            for number in range(start, 64, 8):
                await found.update_node("g", f"n{number}", text=f"text {number} in round {round} " * 60)

    await asyncio.gather(*[churn(start) for start in range(8)])
    await found.delete_node("g", "n0")
    await settled(found)
    connection = await asyncpg.connect(embedding_server.database_url)
    try:
        orphans = await connection.fetchval(
            "SELECT count(*) FROM loci.embeddings e WHERE NOT EXISTS "
            "(SELECT FROM loci.nodes n WHERE n.graph_key = e.graph_key AND n.doc_no = e.doc_no)"
        )
        bare = await connection.fetchval(
            "SELECT count(*) FROM loci.nodes n JOIN loci.graphs g USING (graph_key) WHERE n.doc_no IS NOT NULL "
            "AND NOT EXISTS (SELECT FROM loci.embeddings e WHERE e.graph_key = n.graph_key AND e.doc_no = n.doc_no)"
        )
    finally:
        await connection.close()
    assert (orphans, bare) == (0, 0)
    assert embedding_server.process is not None
    assert embedding_server.process.returncode is None


async def test_an_undeleted_graph_is_embedded_soon(embedding_server: RunningServer, found: AsyncClient) -> None:
    await found.import_items("g", [node(text=f"Entry number {number} of a ledger.") for number in range(400)])
    await found.delete_graph("g")
    connection = await asyncpg.connect(embedding_server.database_url)

    async def put_off() -> bool:
        return bool(await connection.fetchval("SELECT count(*) FROM loci.jobs WHERE run_after > now() + '10 min'"))

    try:
        await eventually(put_off)
    finally:
        await connection.close()
    await found.undelete_graph("g")
    await settled(found)
    assert len(await ids(found, "ledger", limit=100)) == 100


# --- an embedder that goes and comes ---------------------------------------------------------------------------------


@dataclass
class StandIn:
    """An Ollama server as far as we use one: vectors of three letters' counts. It refuses texts with `refused` in."""

    port: int
    dimension: int = 3
    refused: str = "\0"
    texts: list[str] = field(default_factory=list)
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-len")
                )
                texts = json.loads(await reader.readexactly(length))["input"]
                self.texts += texts
                vectors = [[1.0 + text.count(letter) for letter in "abcdefghi"[: self.dimension]] for text in texts]
                body = json.dumps({"embeddings": vectors}).encode()
                assert self._server is not None
                state = b"200 OK" if self._server.is_serving() else b"503 Away"
                if any(self.refused in text for text in texts):
                    state = b"400 Too Long"
                writer.write(b"HTTP/1.1 %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % (state, len(body)))
                writer.write(body)
                await writer.drain()
                break
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def stand_in() -> AsyncIterator[StandIn]:
    with kept_port() as port:
        service = StandIn(port)
        await service.start()
        try:
            yield service
        finally:
            await service.stop()


async def test_without_its_embedder_the_server_writes_finds_words_and_makes_up_for_it_later(database_url: str) -> None:
    async with stand_in() as embedder:
        await embedder.stop()
        async with running_server(database_url, **settings_of(embedder)) as server, new_tenant(server) as client:
            await client.create_graph("g")
            await client.create_node("g", "a", text="aaa")
            await client.import_items("g", [node("b", text="bbb")])
            answer = await client.search("g", "aaa")
            states = {arm.arm: arm.state for arm in answer.arms}
            assert [names.id_of(hit.node.name) for hit in answer.hits] == ["a"]
            assert states[SEARCH_ARM_LEXICAL] == ARM_STATE_OK
            assert (await client.get_graph_stats("g")).pending_embedding_count == 2
            await embedder.start()
            await settled(client, within=60)
            assert (await ids(client, "aa a"))[0] == "a"
            await embedder.stop()
            answer = await client.search("g", "bbb")
            report = {arm.arm: arm for arm in answer.arms}[SEARCH_ARM_SEMANTIC]
            assert (report.state, bool(report.reason)) == (ARM_STATE_FAILED, True)
            assert [names.id_of(hit.node.name) for hit in answer.hits] == ["b"]
            reader = (await client.create_api_key(["read"])).secret
            request = SearchRequest(parent="graphs/g", query="bbb", mode=SEARCH_MODE_SEMANTIC)
            async with bare_calls(server, reader) as bare:  # the client would try again and again
                with pytest.raises(errors.EmbedderUnavailable):
                    await bare.unary(SearchServiceStub, "Search", request)
            await embedder.start()


async def test_one_graph_whose_vectors_do_not_fit_holds_up_no_other(database_url: str) -> None:
    async with (
        stand_in() as embedder,
        running_server(database_url, **settings_of(embedder)) as server,
        new_tenant(server) as first,
        new_tenant(server) as second,
    ):
        await first.create_graph("g")
        await first.create_node("g", "a", text="aaa")
        await settled(first)
        embedder.dimension = 5
        await first.create_node("g", "b", text="bbb")
        await second.create_graph("g")
        await second.commit("g", [mutations.create_node("c", text="ccc")])
        await settled(second)
        assert await ids(second, "ccc") == ["c"]
        assert (await first.get_graph_stats("g")).pending_embedding_count == 1


def settings_of(embedder: StandIn) -> dict[str, str]:
    url = f"http://127.0.0.1:{embedder.port}"
    return {"LOCI_EMBEDDER": "ollama", "LOCI_EMBEDDER_URL": url, "LOCI_EMBEDDER_MODEL": "letters"}


async def test_the_backlog_of_one_graph_does_not_hold_up_another(database_url: str) -> None:
    async with stand_in() as embedder:
        await embedder.stop()
        async with running_server(database_url, **settings_of(embedder)) as server, new_tenant(server) as client:
            await client.create_graph("g")
            await client.create_graph("small")
            await client.import_items("g", [node(text=f"a{number}") for number in range(1000)])
            await client.import_items("small", [node(text="b")])
            await embedder.start()
            await settled(client, "small")
            await settled(client)
            assert embedder.texts.index("b") < 200


async def test_graphs_whose_work_is_put_off_do_not_hold_up_another(database_url: str) -> None:
    async with stand_in() as embedder:
        await embedder.stop()
        async with running_server(database_url, **settings_of(embedder)) as server, new_tenant(server) as client:
            for number in range(6):  # the first may be embedded before it is deleted
                await client.create_graph(f"deleted-{number}")
                await client.import_items(f"deleted-{number}", [node(text=f"a{number}")])
                await client.delete_graph(f"deleted-{number}")
            await embedder.start()
            connection = await asyncpg.connect(database_url)

            async def put_off() -> bool:
                every = "SELECT count(*) > 4 AND bool_and(run_after > now() + '10 min') FROM loci.jobs"
                return bool(await connection.fetchval(every))

            try:
                await eventually(put_off)
            finally:
                await connection.close()
            await client.create_graph("g")
            await client.import_items("g", [node("n", text="b")])
            await settled(client)
            assert await ids(client, "b") == ["n"]


async def test_a_text_that_the_embedder_refuses_holds_up_no_other(database_url: str) -> None:
    async with stand_in() as embedder:
        embedder.refused = "too long"
        async with running_server(database_url, **settings_of(embedder)) as server, new_tenant(server) as client:
            await client.create_graph("g")
            texts = [f"a{number}" for number in range(20)]
            await client.import_items("g", [node(text=text) for text in [*texts, "too long"]])

            async def all_but_one() -> bool:
                return (await client.get_graph_stats("g")).pending_embedding_count == 1

            await eventually(all_but_one)
            assert len(await ids(client, "a", limit=50)) == len(texts)
