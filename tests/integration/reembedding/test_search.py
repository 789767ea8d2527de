"""Another embedder takes the place of the one before without a moment in which a search by meaning finds less, and
without a search that compares vectors of two models."""

import asyncio

import pytest

from loci import errors, mutations, node
from loci.v1.admin_service_pb2 import Reembedding
from loci.v1.search_service_pb2 import (
    ARM_STATE_FAILED,
    ARM_STATE_OK,
    SEARCH_ARM_SEMANTIC,
    SEARCH_MODE_SEMANTIC,
    SearchRequest,
)
from loci.v1.search_service_pb2_grpc import SearchServiceStub
from tests.calls import bare_calls, collect
from tests.embedders import ONE, TWO, WIDE, Model, Service, settings_of
from tests.integration.reembedding.scene import (
    DONE,
    EMBEDDING,
    QUERY,
    TEXTS,
    Scene,
    batch_by_batch,
    found,
    scene,
    searched_by,
    semantic,
    settled,
)
from tests.server import new_tenant, running_server
from tests.waiting import eventually


@pytest.mark.parametrize("new", [TWO, WIDE], ids=["of-the-same-dimension", "of-another-dimension"])
async def test_searches_find_everything_by_one_model_until_they_do_by_the_next(
    database_url: str, service: Service, new: Model
) -> None:
    async with scene(database_url, service, ONE) as one:
        service.hold(new)
        await one.restart(new, ONE)
        seen: list[Model] = []

        async def look() -> None:
            answer = await one.search()
            assert (len(answer.hits), found(answer)[0]) == (100, "n42")
            assert (semantic(answer).state, semantic(answer).pending_count) == (ARM_STATE_OK, 0)
            seen.append(searched_by(answer, [*TEXTS.values()], ONE, new))

        async def always() -> None:
            while True:
                await look()

        searching = [asyncio.create_task(always()) for _ in range(3)]
        await batch_by_batch(one, new, look)
        for task in searching:
            task.cancel()
        for result in await asyncio.gather(*searching, return_exceptions=True):
            assert isinstance(result, asyncio.CancelledError), result
        assert (seen[0], seen[-1]) == (ONE, new)
        assert await one.vectors() == {new.id: 100}
        assert sorted(service.documents[new]) == sorted(["dimension", *TEXTS.values()]), "each once"


async def test_progress_is_told_to_administrators_of_the_tenant(database_url: str, service: Service) -> None:
    async with scene(database_url, service, ONE) as one:
        assert await one.state() == Reembedding(graph="graphs/g", state=DONE, model=ONE.id)
        assert await collect(one.client.list_reembeddings()) == []
        service.hold(TWO)
        await one.restart(TWO, ONE)
        service.let(TWO, 3)  # the dimension, and two batches

        async def two_batches() -> bool:
            return (await one.state()).done_count == 64

        await eventually(two_batches)
        state = await one.state()
        assert (state.state, state.model, state.next_model) == (EMBEDDING, ONE.id, TWO.id)
        assert (state.document_count, state.refused_count, state.failure_reason) == (100, 0, "")
        assert state.HasField("begin_time")
        assert not state.HasField("end_time")
        assert await collect(one.client.list_reembeddings()) == [state]
        writer = (await one.client.create_api_key(["write"])).secret
        async with one.server.client(writer) as reader, one.server.client() as operator:
            for call in (reader.get_reembedding("g"), reader.reembed_graph("g")):
                with pytest.raises(errors.ScopeMissing):
                    await call
            with pytest.raises(errors.ScopeMissing):
                await collect(reader.list_reembeddings())
            tenant = (await collect(one.client.list_api_keys()))[0].name.split("/")[1]
            assert await collect(operator.list_reembeddings(tenant)) == [state]
            assert await collect(operator.list_reembeddings()) == []
        async with new_tenant(one.server) as other:
            with pytest.raises(errors.GraphNotFound):
                await other.get_reembedding("g")
            with pytest.raises(errors.ScopeMissing):
                await collect(other.list_reembeddings(tenant))
            assert await collect(other.list_reembeddings()) == []
        service.let(TWO)
        await one.over(TWO)
        state = await one.state()
        assert (state.done_count, state.document_count, state.next_model) == (100, 100, "")
        assert state.HasField("end_time")


async def test_without_the_embedder_before_the_arm_says_so_until_all_is_made(
    database_url: str, service: Service
) -> None:
    async with scene(database_url, service, ONE) as one:
        service.hold(TWO)
        await one.restart(TWO)
        service.let(TWO, 2)

        async def begun() -> bool:
            return (await one.state()).done_count == 32

        await eventually(begun)
        await one.client.commit("g", [mutations.create_node("new", text="Fresh text of today.")])
        answer = await one.search("Fresh", mode="hybrid")
        assert found(answer)[0] == "new"
        report = semantic(answer)
        assert (report.state, report.candidate_count, report.pending_count) == (ARM_STATE_FAILED, 0, 68)
        assert "32 of 100 documents" in report.reason
        request = SearchRequest(parent="graphs/g", query=QUERY, mode=SEARCH_MODE_SEMANTIC)
        async with bare_calls(one.server, one.key) as bare:  # the client would try again and again
            with pytest.raises(errors.EmbedderUnavailable, match="embedded anew"):
                await bare.unary(SearchServiceStub, "Search", request)
        service.let(TWO)
        await one.over(TWO)
        await settled(one.client)
        assert found(await one.search("Fresh text of today."))[0] == "new"
        assert await one.vectors() == {TWO.id: 101}
        assert len(service.documents[ONE]) == 100


async def test_what_is_written_edited_and_deleted_meanwhile_is_found_by_what_it_says_now(
    database_url: str, service: Service
) -> None:
    async with scene(database_url, service, ONE) as one:
        texts = dict(TEXTS)
        service.hold(TWO)
        await one.restart(TWO, ONE)
        rounds = 0

        async def edit() -> None:
            nonlocal rounds
            if rounds == 6:
                service.let(TWO, 1)
                return
            rounds += 1
            await one.client.create_node("g", f"new{rounds}", text=f"Written in round{rounds}.")
            texts[f"new{rounds}"] = f"Written in round{rounds}."
            for id in (f"n{rounds}", f"n{99 - rounds}"):
                await one.client.update_node("g", id, text=f"Edited {id} in round{rounds}.")
                texts[id] = f"Edited {id} in round{rounds}."
            await one.client.delete_node("g", f"n{50 + rounds}", hard=rounds % 2 == 0)
            texts.pop(f"n{50 + rounds}")

            async def embedded() -> bool:
                if (await one.state()).model == TWO.id:  # only now what is written waits for it
                    service.let(TWO)
                return (await one.client.get_graph_stats("g")).pending_embedding_count == 0

            await eventually(embedded)
            for id in ("n42", f"new{rounds}", f"n{rounds}"):
                answer = await one.search(texts[id])
                assert len(answer.hits) == min(len(texts), 100)
                assert found(answer)[0] == id
                searched_by(answer, [*texts.values()], ONE, TWO, query=texts[id])

        await batch_by_batch(one, TWO, edit)
        assert rounds > 3
        service.let(TWO)
        await settled(one.client)
        assert await one.vectors() == {TWO.id: len(texts)}
        rows = await one.sql(
            "SELECT count(*) FILTER (WHERE n.doc_no IS NULL), count(*) FILTER (WHERE e.doc_no IS NULL) "
            "FROM loci.embeddings e FULL JOIN loci.nodes n USING (graph_key, doc_no)"
        )
        assert tuple(rows[0]) == (0, 0)
        assert await one.sql("SELECT FROM loci.jobs WHERE kind IN (1, 5, 6)") == []


async def test_a_search_as_of_an_earlier_revision_compares_by_one_model_too(
    database_url: str, service: Service
) -> None:
    async with scene(database_url, service, ONE) as one:
        revision = (await one.client.get_graph("g")).revision
        for id in ("n1", "n2", "n42"):
            await one.client.update_node("g", id, text="Something else altogether.")
        await settled(one.client)
        service.hold(TWO)
        await one.restart(TWO, ONE)

        async def look() -> None:
            searching = asyncio.create_task(one.search(as_of=revision))

            async def answered() -> bool:
                if (await one.state()).model == TWO.id:
                    service.let(TWO, 1)  # the texts of then are embedded by the search
                return searching.done()

            await eventually(answered, every=0.02)
            answer = await searching
            assert (len(answer.hits), found(answer)[0]) == (100, "n42")
            searched_by(answer, [*TEXTS.values()], ONE, TWO)

        await batch_by_batch(one, TWO, look)


async def test_an_indexed_graph_is_indexed_again_before_it_is_searched_anew(
    database_url: str, service: Service
) -> None:
    wide = [Model(f"e5-small-hnsw-{number}", 384) for number in (1, 2)]
    from tests import embedders

    embedders.MODELS.update({model.name: model for model in wide})
    service.documents.update({model: [] for model in wide})
    service.asked.update(dict.fromkeys(wide, 0))
    texts = {f"n{number}": f"Entry {number} of ledger{number % 7}." for number in range(600)}
    async with (
        running_server(database_url, **settings_of(service, wide[0]), LOCI_VECTOR_INDEX_THRESHOLD="200") as server,
        new_tenant(server) as client,
    ):
        one = Scene(service, server, client, "")
        await client.create_graph("g")
        await client.import_items("g", [node(id, text=text) for id, text in texts.items()])
        await settled(client)

        async def indexed() -> bool:
            rows = await one.sql(
                "SELECT model FROM loci.vector_indexes JOIN loci.embedding_models USING (model_key) WHERE ready"
            )
            return [row[0] for row in rows] == [model.id for model in wide[:1]]

        await one.sql(
            "INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key) SELECT graph_key, 3, model_key, tenant_key "
            "FROM loci.graph_models ON CONFLICT DO NOTHING RETURNING 1"
        )
        await eventually(indexed)
        await server.stop()
        server.environment = settings_of(service, wide[1], wide[0]) | {"LOCI_VECTOR_INDEX_THRESHOLD": "200"}
        await server.start()
        await client.wait_ready()

        async def switched() -> bool:
            answer = await one.search(texts["n42"])
            assert (len(answer.hits), found(answer)[0]) == (100, "n42")
            return (await one.state()).model == wide[1].id

        await eventually(switched, within=60)
        rows = await one.sql(
            "SELECT model FROM loci.vector_indexes JOIN loci.embedding_models USING (model_key) WHERE ready"
        )
        assert wide[1].id in [row[0] for row in rows]
        await one.over(wide[1])
        assert await one.sql("SELECT model_key FROM loci.vector_indexes") == await one.sql(
            "SELECT model_key FROM loci.graph_models"
        )
        assert await one.vectors() == {wide[1].id: 600}


async def test_graphs_at_two_models_are_recalled_together_without_one_outweighing_the_other(
    database_url: str, service: Service
) -> None:
    async with scene(database_url, service, ONE) as one:
        await one.client.create_graph("h")
        await one.client.import_items("h", [node(id, text=text) for id, text in TEXTS.items()])
        await settled(one.client, "h")
        await one.client.delete_graph("h")  # which is not changed over while it is deleted
        await one.restart(TWO, previous=ONE)
        await one.over(TWO)
        service.hold(TWO)
        await one.client.undelete_graph("h")
        assert (await one.state("h")).model == ONE.id
        weights = {"lexical": 0.0, "semantic": 1.0, "graph": 0.0, "temporal": 0.0, "recency": 0.0}
        told = await one.client.recall(
            ["g", "h"],
            "quarterly ledger3 of a year2",
            limit=100,
            weights=weights,  # type: ignore[arg-type]
            explain=True,
            unrecorded=True,
        )
        best = {graph: next(m for m in told.memories if m.node.name.startswith(f"graphs/{graph}/")) for graph in "gh"}
        cosines = {
            graph: next(score.score for score in each.arm_scores if score.arm == SEARCH_ARM_SEMANTIC)
            for graph, each in best.items()
        }
        assert cosines["g"] != pytest.approx(cosines["h"], rel=0.02)  # as the models see it
        assert best["g"].score == pytest.approx(best["h"].score, rel=0.005)
