"""The change of a graph to another embedder ends whatever happens meanwhile: kills, refusals, writes, other servers."""

import asyncio

import asyncpg
import pytest

from loci.v1 import admin_service_pb2 as pb
from loci.v1.search_service_pb2 import (
    ARM_STATE_FAILED,
)
from tests.embedders import ONE, TWO, Service, embedding_service, settings_of
from tests.integration.reembedding.scene import (
    DONE,
    EMBEDDING,
    QUERY,
    TEXTS,
    Scene,
    found,
    scene,
    searched_by,
    semantic,
    settled,
)
from tests.sharing import another_server
from tests.waiting import eventually


async def test_writes_without_end_do_not_keep_it_from_ending(database_url: str, service: Service) -> None:
    async with scene(database_url, service, ONE) as one:
        await one.restart(TWO, ONE)
        written = 0

        async def write(writer: int) -> None:
            nonlocal written
            while (await one.state()).model != TWO.id:
                written += 1
                await one.client.create_node("g", text=f"Number{written} by writer{writer}.")

        async with asyncio.timeout(40):
            await asyncio.gather(*[write(writer) for writer in range(3)])
        await settled(one.client)
        await one.over(TWO)
        assert await one.vectors() == {TWO.id: 100 + written}


async def test_a_killed_server_goes_on_where_it_was(database_url: str, service: Service) -> None:
    async with scene(database_url, service, ONE) as one:
        service.hold(TWO)
        await one.restart(TWO, ONE)
        service.let(TWO, 3)

        async def half() -> bool:
            return (await one.state()).done_count == 64

        await eventually(half)
        await one.sql("UPDATE loci.jobs SET run_after = now() WHERE kind = 5 RETURNING 1")
        await one.restart(TWO, ONE, kill=True)
        await one.sql("UPDATE loci.jobs SET run_after = now() WHERE kind = 5 RETURNING 1")  # its lease need not lapse
        answer = await one.search()
        assert len(answer.hits) == 100
        assert searched_by(answer, [*TEXTS.values()], ONE) == ONE
        assert (await one.state()).done_count == 64
        service.let(TWO)
        await one.over(TWO)
        again = len(service.documents[TWO]) - 101
        assert 0 <= again <= 32, "a batch is done twice at most"
        assert searched_by(await one.search(), [*TEXTS.values()], TWO) == TWO
        assert await one.vectors() == {TWO.id: 100}


async def test_killed_at_any_moment_it_ends_all_the_same(database_url: str, service: Service) -> None:
    async with scene(database_url, service, ONE) as one:
        await one.restart(TWO, ONE)
        for moment in (0.02, 0.1, 0.2, 0.3):
            await asyncio.sleep(moment)
            await one.restart(TWO, ONE, kill=True)
            answer = await one.search()
            assert len(answer.hits) == 100
            searched_by(answer, [*TEXTS.values()], ONE, TWO)
            await one.sql("UPDATE loci.jobs SET run_after = now() RETURNING 1")
        await one.over(TWO)
        assert await one.vectors() == {TWO.id: 100}


async def test_a_text_that_the_next_embedder_refuses_holds_up_no_other(database_url: str, service: Service) -> None:
    async with scene(database_url, service, ONE) as one:
        service.refused[TWO] = "Entry 7 "
        service.hold(TWO)
        await one.restart(TWO, ONE)
        service.let(TWO)
        await one.over(TWO)
        answer = await one.search()
        assert (len(answer.hits), semantic(answer).pending_count) == (99, 1)
        assert searched_by(answer, [text for id, text in TEXTS.items() if id != "n7"], TWO) == TWO


async def test_while_the_next_embedder_is_away_all_goes_on_by_the_one_before(
    database_url: str, service: Service
) -> None:
    async with scene(database_url, service, ONE) as one, embedding_service() as other:
        await other.stop()
        await one.server.stop()
        settings = settings_of(other, TWO, ONE) | {"LOCI_PREVIOUS_EMBEDDER_URL": service.url}
        one.server.environment = settings
        await one.server.start()
        await one.client.wait_ready()

        async def told() -> bool:
            return (await one.state()).state == pb.REEMBEDDING_STATE_QUEUED

        await eventually(told)
        await one.client.create_node("g", "new", text="Written meanwhile.")
        await settled(one.client)
        assert found(await one.search("Written meanwhile."))[0] == "new"
        await other.start()
        await one.sql("UPDATE loci.jobs SET run_after = now() RETURNING 1")
        await one.over(TWO)
        assert (await one.state()).failure_reason == ""
        assert found(await one.search("Written meanwhile."))[0] == "new"


async def test_vectors_that_come_late_by_a_model_that_is_gone_are_made_again(
    database_url: str, service: Service
) -> None:
    async with scene(database_url, service, ONE) as one:
        await one.restart(TWO, ONE)
        await one.over(TWO)
        await one.server.stop()
        (place,) = await one.sql(
            "SELECT n.tenant_key, n.graph_key, g.search_version, n.doc_no, m.model_key FROM loci.nodes n "
            "JOIN loci.graphs g USING (tenant_key, graph_key) "
            "JOIN loci.embedding_models m USING (tenant_key) WHERE n.id = 'n42' AND m.model = $1",
            ONE.id,
        )
        *where, document, model = place
        row = (document, model, 0, ONE.vector("Late.").tolist(), 1)
        await one.sql("SELECT loci.store_vectors($1, $2, $3, $4::loci.vector_row[], $5)", *where, [row], [document])
        assert await one.vectors() == {TWO.id: 100}
        (job,) = await one.sql("SELECT kind, subject FROM loci.jobs WHERE kind <> 3")
        assert tuple(job) == (1, document)
        await one.server.start()


async def test_a_search_by_a_model_that_is_gone_is_refused_by_the_database(database_url: str, service: Service) -> None:
    async with scene(database_url, service, ONE) as one:
        (place,) = await one.sql("SELECT tenant_key, graph_key, model_key FROM loci.graph_models")
        search = "SELECT * FROM loci.search_semantic($1, $2, $3, $4, NULL, 10, true)"
        assert len(await one.sql(search, *place, ONE.vector("Entry.").tolist())) == 10
        await one.restart(TWO, ONE)
        await one.over(TWO)
        with pytest.raises(asyncpg.PostgresError) as refused:
            await one.sql(search, *place, ONE.vector("Entry.").tolist())
        assert refused.value.sqlstate == "LC006"


async def test_a_small_graph_does_not_wait_for_a_huge_one(database_url: str, service: Service) -> None:
    many = {f"n{number}": f"Entry {number}." for number in range(3000)}
    async with scene(database_url, service, ONE, many) as one:
        await one.client.create_graph("small")
        await one.client.create_node("small", "n", text="A single text.")
        await settled(one.client, "small")
        await one.restart(TWO, ONE)
        await one.over(TWO, "small")
        state = await one.state()
        assert (state.state, state.model) == (EMBEDDING, ONE.id)
        assert state.done_count < 3000
        await one.over(TWO)


async def test_while_a_server_with_the_model_before_is_up_nothing_changes_and_then_not_back(
    database_url: str, service: Service
) -> None:
    async with (
        scene(database_url, service, ONE) as one,
        another_server(one.server, **settings_of(service, TWO, ONE)) as next_one,
        another_server(one.server, **settings_of(service, TWO)) as without,
        next_one.client(one.key) as ahead,
        without.client(one.key) as blind,
    ):
        for client in (one.client, ahead):
            answer = await client.search("g", QUERY, mode="semantic", limit=100, explain=True)
            assert searched_by(answer, [*TEXTS.values()], ONE) == ONE
        report = semantic(await blind.search("g", QUERY))
        assert (report.state, "embedded anew" in report.reason) == (ARM_STATE_FAILED, True)
        for number, client in enumerate((one.client, ahead, blind)):
            await client.create_node("g", f"by{number}", text=f"Written by server{number}.")
            await client.create_graph(f"h{number}")
            await client.create_node(f"h{number}", "n", text="The first text of a graph.")
        for graph in ("g", "h0", "h1", "h2"):
            await settled(one.client, graph)
            assert (await one.state(graph)).state == DONE
            assert (await one.state(graph)).model == ONE.id
        assert await one.vectors() == {ONE.id: 106}

        await one.server.stop()  # the last one with the model before
        gone = Scene(service, next_one, ahead, one.key)
        for graph in ("g", "h0", "h1", "h2"):
            await gone.over(TWO, graph)

        await one.server.start()  # it comes back with the settings that it had
        await one.client.wait_ready()
        await one.client.create_node("g", "late", text="Written by the one that came back.")
        await settled(ahead)
        report = semantic(await one.client.search("g", QUERY))
        assert report.state == ARM_STATE_FAILED
        for client in (ahead, blind):
            answer = await client.search("g", "Written by the one that came back.", mode="semantic")
            assert found(answer)[0] == "late"
        assert (await gone.state()).state == DONE
        assert await one.vectors() == {TWO.id: 107}
