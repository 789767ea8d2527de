"""A graph is embedded anew when somebody asks, what callers gave stays, and how far it is can be seen."""

import asyncio
import urllib.request

import pytest

from loci import names, node
from loci.v1 import admin_service_pb2 as pb
from tests.embedders import ONE, TWO, WIDE, Service, settings_of
from tests.integration.reembedding.scene import (
    EMBEDDING,
    TEXTS,
    Scene,
    batch_by_batch,
    found,
    scene,
    searched_by,
)
from tests.server import new_tenant, running_server
from tests.waiting import eventually


async def test_a_change_can_be_given_up_for_the_model_before_or_a_third_one(
    database_url: str, service: Service
) -> None:
    async with scene(database_url, service, ONE) as one:
        service.hold(TWO)
        for model in (ONE, WIDE):
            await one.restart(TWO, ONE)
            service.let(TWO, 3)

            async def under_way() -> bool:
                return (await one.vectors()).get(TWO.id, 0) > 0

            await eventually(under_way)
            await one.restart(model, ONE)
            await one.sql("UPDATE loci.jobs SET run_after = now() RETURNING 1")
            await one.over(model)
            assert searched_by(await one.search(), [*TEXTS.values()], model) == model
            assert await one.vectors() == {model.id: 100}


async def test_vectors_that_callers_gave_stay_as_they_are(database_url: str, service: Service) -> None:
    async with scene(database_url, service, ONE) as one:
        own, same = [0.6, 0.8, 0.0], ONE.vector("Anything.").tolist()
        await one.client.create_node("g", "own", text="It has a vector of another model.", embedding=("mine", own))
        await one.client.create_node("g", "same", text="It has a vector of that model.", embedding=(ONE.id, same))
        await one.client.create_graph("h")
        await one.client.create_node("h", "n", text="Nothing.", embedding=("mine", own))
        await one.client.create_node("h", "only", text="Only.", embedding=(ONE.id, ONE.vector("Only.").tolist()))
        assert found(await one.client.search("h", "Only.", mode="semantic")) == ["only"]
        await one.restart(TWO, ONE)
        await one.over(TWO)
        await one.over(TWO, "h")
        assert found(await one.client.search("h", "Only.", mode="semantic")) == ["only"]
        assert await one.vectors() == {TWO.id: 102, ONE.id: 2, "mine": 2}
        for model, vector, id in (("mine", own, "own"), (ONE.id, same, "same")):
            answer = await one.client.search("g", mode="semantic", query_embedding=(model, vector), explain=True)
            assert found(answer) == [id]
            assert answer.hits[0].arm_scores[0].score == pytest.approx(1.0, abs=1e-3)
        exported = [item.node async for item in one.client.export_items("g", include_embeddings=True)]
        assert {names.id_of(n.name): n.embedding.model for n in exported if n.HasField("embedding")} == {
            "own": "mine",
            "same": ONE.id,
        }
        texts = [*TEXTS.values(), "It has a vector of that model."]
        assert searched_by(await one.search(), texts, TWO) == TWO, "what was found by that model is found by the next"


async def test_a_graph_is_embedded_anew_when_asked_and_is_searched_whole_meanwhile(
    database_url: str, service: Service
) -> None:
    async with scene(database_url, service, ONE) as one:
        service.hold(ONE)
        asked = await one.client.reembed_graph("g")
        assert asked.state in (pb.REEMBEDDING_STATE_QUEUED, EMBEDDING)

        async def look() -> None:
            answer = await one.search()
            assert len(answer.hits) == 100
            assert searched_by(answer, [*TEXTS.values()], ONE) == ONE

        await batch_by_batch(one, ONE, look)
        assert (await one.state()).HasField("end_time")
        assert len(service.documents[ONE]) == 200, "each once more"
        assert await one.vectors() == {ONE.id: 100}


async def test_texts_from_a_time_without_an_embedder_are_embedded_when_asked(
    database_url: str, service: Service
) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        one = Scene(service, server, client, "")
        await client.create_graph("g")
        await client.import_items("g", [node(id, text=text) for id, text in TEXTS.items()])
        assert (await client.reembed_graph("g")).state == pb.REEMBEDDING_STATE_QUEUED
        await one.restart(ONE)
        await one.over(ONE)
        assert searched_by(await one.search(), [*TEXTS.values()], ONE) == ONE


async def test_metrics_tell_how_far_it_is_and_what_failed(database_url: str, service: Service, port: int) -> None:
    async def metrics() -> dict[str, float]:
        def read() -> str:
            answer: bytes = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read()
            return answer.decode()

        lines = [line for line in (await asyncio.to_thread(read)).splitlines() if line.startswith("loci_")]
        found: dict[str, float] = {}
        for line in lines:
            name, value = line.split("{")[0].split(" ")[0], float(line.rpartition(" ")[2])
            if name.startswith("loci_reembedding"):
                found[name.removeprefix("loci_reembedding_")] = value
            if name == "loci_jobs_duration_seconds_count" and 'kind="reembed"' in line:
                found["runs"] = found.get("runs", 0) + value
        return found

    async with scene(database_url, service, ONE) as one:
        service.hold(TWO)
        await one.server.stop()
        one.server.environment = {**settings_of(service, TWO, ONE), "LOCI_METRICS_PORT": str(port)}
        await one.server.start()
        await one.client.wait_ready()
        service.let(TWO, 2)  # what shows its dimension, and one batch

        async def half() -> bool:
            told = await metrics()
            return told.get("graphs") == 1 and 0 < told.get("documents_done", 0) < told["documents_total"] == len(TEXTS)

        await eventually(half, within=40)
        service.refused[TWO] = "ledger3"
        service.let(TWO)

        async def over() -> bool:
            told = await metrics()
            return told["graphs"] == told["documents_total"] == 0

        await eventually(over, within=60)
        told = await metrics()
        assert told["refused_total"] > 0
        assert told["runs"] > 0
        assert told["failing"] == 0
