"""Every read can look at a graph as it stood at a revision or a time, and at what held at a date; also both at once."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from loci import AsyncClient, as_of, errors, moment, mutations, names, node
from loci.v1.as_of_pb2 import AsOf
from loci.v1.node_service_pb2 import GetNodeRequest
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from loci.v1.search_service_pb2 import ARM_STATE_OK, SearchResponse
from tests.calls import bare_calls, collect
from tests.embedders import ONE, Service, embedding_service, settings_of
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually


@pytest.fixture
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    return "g"


async def ids(found: Any) -> list[str]:
    return [names.id_of(item.name) async for item in found]


async def refusal(call: Any) -> errors.LociError:
    try:
        await call
    except errors.LociError as error:
        return error
    except grpc.RpcError as error:
        return errors.from_rpc(error)
    raise AssertionError("it was not refused")


async def test_reads_see_the_graph_as_it_stood(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a", text="one", type="person")
    await client.create_node(graph, "b", type="place")
    await client.create_edge(graph, "a", "LIVES_IN", "b", id="e", weight=2.0)
    before = await client.get_node(graph, "a")
    await client.update_node(graph, "a", text="two", type="robot")
    await client.delete_node(graph, "b")
    await client.rename_node(graph, "a", "c")
    assert await client.get_node(graph, "a", as_of=3) == before
    assert (await client.get_node(graph, "a", as_of=4)).text == "two"
    assert (await client.get_edge(graph, "e", as_of=4)).weight == 2.0
    assert (await client.get_edges(graph, ["e", "f"], as_of=3)).missing == ["graphs/g/edges/f"]
    for revision, name in ((0, "a"), (6, "a"), (5, "b"), (5, "c")):
        with pytest.raises(errors.NodeNotFound):
            await client.get_node(graph, name, as_of=revision)
    with pytest.raises(errors.EdgeNotFound):
        await client.get_edge(graph, "e", as_of=5)
    lists = {revision: await ids(client.list_nodes(graph, as_of=revision)) for revision in range(7)}
    assert lists == {0: [], 1: ["a"], 2: ["a", "b"], 3: ["a", "b"], 4: ["a", "b"], 5: ["a"], 6: ["c"]}
    assert await ids(client.list_nodes(graph, filter={"types": ["person"]}, as_of=3)) == ["a"]
    assert await ids(client.list_nodes(graph, filter={"types": ["person"]}, as_of=4)) == []
    assert await ids(client.list_edges(graph, filter={"source": "a"}, as_of=4)) == ["e"]
    assert await ids(client.list_edges(graph, filter={"target": "b"}, as_of=5)) == []
    near = await collect(client.neighbors(graph, "a", as_of=4))
    assert [(names.id_of(one.edge.name), names.id_of(one.node.name)) for one in near] == [("e", "b")]
    assert await collect(client.neighbors(graph, "a", as_of=5)) == []
    with pytest.raises(errors.NodeNotFound):
        await collect(client.neighbors(graph, "b", as_of=5))
    walked = await client.traverse(graph, ["b"], as_of=3)
    assert [names.id_of(one.node.name) for one in walked.nodes] == ["b", "a"]
    paths = await client.find_paths(graph, "a", "b", as_of=4)
    assert [names.id_of(one.name) for one in paths.paths[0].edges] == ["e"]
    context = await client.get_context(graph, ["a"], as_of=3)
    assert (len(context.nodes), len(context.edges)) == (2, 1)


async def test_a_time_means_the_last_commit_before_it(client: AsyncClient, graph: str) -> None:
    done = [await client.commit(graph, [mutations.create_node(f"n{number}")]) for number in range(40)]
    times = [moment(one.commit_time) for one in done]
    tick = timedelta(microseconds=1)
    for place in (0, 1, 17, 38, 39):
        at = times[place]
        assert len(await ids(client.list_nodes(graph, as_of=at))) == place + 1
        assert len(await ids(client.list_nodes(graph, as_of=at - tick))) == place
    assert await ids(client.list_nodes(graph, as_of=datetime(2000, 1, 1, tzinfo=UTC))) == []
    assert len(await ids(client.list_nodes(graph, as_of=datetime.now(UTC) + timedelta(days=400)))) == 40


async def test_what_we_believed_then_about_another_time(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "ann", valid_from="1985")
    await client.create_node(graph, "acme")
    await client.create_node(graph, "best")
    await client.create_edge(graph, "ann", "WORKS_AT", "acme", id="e", valid_from="2020", valid_to="2022")
    then = (await client.get_graph(graph)).revision
    await client.update_edge(graph, "e", valid_to="2020-06")  # we learned better
    await client.create_edge(graph, "ann", "WORKS_AT", "best", id="f", valid_from="2020-07")

    async def at_work(**when: Any) -> list[str]:
        walked = await client.traverse(graph, ["ann"], max_depth=1, as_of=as_of(**when))
        listed = await ids(client.list_edges(graph, as_of=as_of(**when)))
        assert sorted(names.id_of(edge.name) for edge in walked.edges) == listed
        return listed

    assert await at_work(valid_at="2021") == ["f"]
    assert await at_work(revision=then, valid_at="2021") == ["e"]
    assert await at_work(revision=then) == ["e"]
    assert await at_work(valid_at="2020-03") == ["e"]
    assert await at_work() == ["e", "f"]
    assert (await client.get_edge(graph, "e", as_of=as_of(revision=then, valid_at="2021"))).valid_to == "2022"
    with pytest.raises(errors.EdgeNotFound):
        await client.get_edge(graph, "e", as_of=as_of(valid_at="2021"))
    with pytest.raises(errors.NodeNotFound):
        await client.get_node(graph, "ann", as_of=as_of(valid_at="1984"))
    assert (await client.get_nodes(graph, ["ann", "acme"], as_of=as_of(valid_at="1984"))).missing == [
        "graphs/g/nodes/ann"
    ]


async def test_search_finds_what_was_said_then(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "kept", text="the cello stands in the hall")
    await client.create_node(graph, "changed", text="Ann plays the cello")
    await client.create_node(graph, "gone", text="a cello was sold")
    await client.create_node(graph, "touched", text="cello strings", salience=0.1)
    then = 4
    await client.update_node(graph, "changed", text="Ann plays the flute")
    await client.delete_node(graph, "gone")
    await client.update_node(graph, "touched", salience=0.9)
    await client.create_node(graph, "later", text="a new cello")

    async def found(query: str, **options: Any) -> list[str]:
        answer = await client.search(graph, query, mode="lexical", **options)
        return sorted(names.id_of(hit.node.name) for hit in answer.hits)

    assert await found("cello") == ["kept", "later", "touched"]
    assert await found("cello", as_of=then) == ["changed", "gone", "kept", "touched"]
    assert await found("flute", as_of=then) == []
    assert await found("flute", as_of=5) == ["changed"]
    assert await found("cello", as_of=0) == []
    assert await found("cello", as_of=then, filter={"max_salience": 0.2}) == ["touched"]
    assert await found("cello", as_of=8) == await found("cello")
    answer = await client.search(graph, "cello", mode="lexical", as_of=then, limit=1)
    pages = [answer.hits[0].node.name]
    while answer.next_page_token:
        answer = await client.search(
            graph, "cello", mode="lexical", as_of=then, limit=1, page_token=answer.next_page_token
        )
        pages += [hit.node.name for hit in answer.hits]
    whole = await client.search(graph, "cello", mode="lexical", as_of=then)
    assert pages == [hit.node.name for hit in whole.hits]
    assert next(hit.node.text for hit in whole.hits if hit.node.name.endswith("changed")) == "Ann plays the cello"


async def test_search_by_vector_finds_what_was_near_then(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a", text="x", embedding=("m", [1.0, 0.0]))
    await client.create_node(graph, "b", text="y", embedding=("m", [0.6, 0.8]))
    await client.update_node(graph, "a", text="z", embedding=("m", [0.0, 1.0]))
    for revision, expected in ((2, ["a", "b"]), (3, ["b", "a"])):
        answer = await client.search(graph, mode="semantic", query_embedding=("m", [1.0, 0.0]), as_of=revision)
        assert [names.id_of(hit.node.name) for hit in answer.hits] == expected
        assert not answer.hits[0].node.HasField("embedding")


async def test_search_by_meaning_finds_what_was_said_then(database_url: str) -> None:
    async with running_server(database_url, LOCI_EMBEDDER="minilm") as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.create_node("g", "a", text="Ann plays the cello in an orchestra")
        await client.create_node("g", "b", text="The tax office opens at nine")
        await client.update_node("g", "a", text="The parcel arrives on Tuesday")

        async def whole() -> SearchResponse | None:
            answer = await client.search("g", "Who makes music?", mode="semantic", as_of=2)
            return None if answer.arms[0].pending_count else answer  # a slow model is not waited for, which is told

        answer = await eventually(whole)
        assert answer.hits[0].node.text == "Ann plays the cello in an orchestra"


@asynccontextmanager
async def changed_since(database_url: str) -> AsyncIterator[tuple[Service, AsyncClient]]:
    """A graph g of two texts, of which one was changed after revision 2; all is embedded."""
    async with (
        embedding_service() as service,
        running_server(database_url, **settings_of(service, ONE)) as server,
        new_tenant(server) as client,
    ):
        await client.create_graph("g")
        await client.create_node("g", "a", text="the cello")
        await client.create_node("g", "b", text="a drum")
        await client.update_node("g", "a", text="a parcel")

        async def embedded() -> bool:
            return (await client.get_graph_stats("g")).pending_embedding_count == 0

        await eventually(embedded)
        yield service, client


async def test_the_query_is_embedded_once_however_many_versions_are_compared(database_url: str) -> None:
    async with changed_since(database_url) as (service, client):
        answer = await client.search("g", "cello music", mode="semantic", as_of=2)
        assert [hit.node.text for hit in answer.hits] == ["the cello", "a drum"]
        assert service.queries == ["cello music"]


async def test_texts_of_then_that_are_not_embedded_in_time_are_told_of(database_url: str) -> None:
    async with changed_since(database_url) as (service, client):
        service.hold(ONE)
        answer = await client.search("g", "cello music", mode="semantic", as_of=2)
        assert [hit.node.text for hit in answer.hits] == ["a drum"]
        assert (answer.arms[0].state, answer.arms[0].pending_count) == (ARM_STATE_OK, 1)
        service.let(ONE)
        answer = await client.search("g", "cello music", mode="semantic", as_of=2)
        assert [hit.node.text for hit in answer.hits] == ["the cello", "a drum"]
        assert answer.arms[0].pending_count == 0


async def test_what_cannot_be_asked_is_refused_by_name(client: AsyncClient, graph: str, server: RunningServer) -> None:
    await client.create_node(graph, "a")
    assert (await refusal(client.get_node(graph, "a", as_of=2))).reason == "REVISION_IN_FUTURE"
    assert (await refusal(client.get_node(graph, "a", as_of=-1))).violations[0].field == "as_of.revision"
    assert (await refusal(client.get_node(graph, "a", as_of=as_of(valid_at="soon")))).reason == "INVALID_DATE"
    both = client.search(graph, "x", filter={"valid_at": "2020"}, as_of=as_of(valid_at="2020"))
    assert (await refusal(both)).violations[0].field == "as_of.valid_at"
    walk = client.traverse(graph, ["a"], valid_at="2020", as_of=as_of(valid_at="2020"))
    assert (await refusal(walk)).violations[0].field == "as_of.valid_at"
    key = (await client.create_api_key(["read"])).secret
    async with bare_calls(server, key) as bare:
        request = GetNodeRequest(name="graphs/g/nodes/a", as_of=AsOf(time=Timestamp(seconds=-(10**15))))
        call = NodeServiceStub(bare.channel).GetNode(request, metadata=bare.metadata)
        assert (await refusal(call)).violations[0].field == "as_of.time"
    with pytest.raises(TypeError):
        as_of(revision=1, time=datetime.now(UTC))
    with pytest.raises(TypeError):
        await client.get_node(graph, "a", as_of="yesterday")  # type: ignore[arg-type]


@dataclass
class State:
    """A graph in memory: text by node, ends by edge."""

    nodes: dict[str, str] = field(default_factory=dict)
    edges: dict[str, tuple[str, str]] = field(default_factory=dict)

    def copy(self) -> "State":
        return State(dict(self.nodes), dict(self.edges))


@pytest.mark.parametrize("seed", range(3))
async def test_every_state_of_a_random_history_can_be_read(client: AsyncClient, graph: str, seed: int) -> None:
    chance = random.Random(seed)
    state, states = State(), [State()]
    for step in range(60):
        match chance.choice(["create", "create", "update", "delete", "rename", "edge", "edge", "cut"]):
            case "create":
                id = f"n{chance.randrange(12)}"
                if id in state.nodes:
                    continue
                await client.create_node(graph, id, text=str(step))
                state.nodes[id] = str(step)
            case "update" if state.nodes:
                id = chance.choice(sorted(state.nodes))
                await client.update_node(graph, id, text=str(step))
                state.nodes[id] = str(step)
            case "delete" if state.nodes:
                id = chance.choice(sorted(state.nodes))
                await client.delete_node(graph, id)
                del state.nodes[id]
                state.edges = {name: ends for name, ends in state.edges.items() if id not in ends}
            case "rename" if state.nodes:
                id, new = chance.choice(sorted(state.nodes)), f"n{chance.randrange(12)}"
                if new in state.nodes:
                    continue
                await client.rename_node(graph, id, new)
                state.nodes[new] = state.nodes.pop(id)
                state.edges = {
                    name: tuple(new if end == id else end for end in ends)  # type: ignore[misc]
                    for name, ends in state.edges.items()
                }
            case "edge" if len(state.nodes) > 1:
                source, target = chance.sample(sorted(state.nodes), 2)
                name = f"e{chance.randrange(20)}"
                if name in state.edges:
                    continue
                await client.create_edge(graph, source, "R", target, id=name)
                state.edges[name] = (source, target)
            case "cut" if state.edges:
                name = chance.choice(sorted(state.edges))
                await client.delete_edge(graph, name)
                del state.edges[name]
            case _:
                continue
        states.append(state.copy())
    for revision, then in enumerate(states):
        listed = {names.id_of(one.name): one.text async for one in client.list_nodes(graph, as_of=revision)}
        assert listed == then.nodes
        edges = {
            names.id_of(one.name): (one.source, one.target) async for one in client.list_edges(graph, as_of=revision)
        }
        assert edges == then.edges
        if not then.nodes:
            continue
        start = chance.choice(sorted(then.nodes))
        near = await collect(client.neighbors(graph, start, page_size=2, as_of=revision))
        assert sorted(names.id_of(one.edge.name) for one in near) == sorted(
            name for name, ends in then.edges.items() if start in ends
        )
        context = await client.get_context(graph, sorted(then.nodes), max_depth=0, as_of=revision)
        assert {names.id_of(one.name) for one in context.edges} == set(then.edges)
        walked = await client.traverse(graph, [start], max_depth=10, as_of=revision)
        assert {names.id_of(one.node.name) for one in walked.nodes} == reached(start, then)


def reached(start: str, state: State) -> set[str]:
    found, frontier = {start}, {start}
    while frontier:
        frontier = {end for ends in state.edges.values() if frontier & set(ends) for end in ends if end not in found}
        found |= frontier
    return found


async def test_pages_of_an_earlier_state_hold_while_writers_go_on(client: AsyncClient, graph: str) -> None:
    await client.import_items(graph, [node(f"n{number:03}", text="old") for number in range(50)])
    then = (await client.get_graph(graph)).revision
    seen = []
    async for one in client.list_nodes(graph, as_of=then, page_size=5):
        seen.append((names.id_of(one.name), one.text))
        if len(seen) % 10 == 1:
            await client.update_node(graph, f"n{49 - len(seen):03}", text="new")
            await client.create_node(graph, f"n{len(seen):03}x")
    assert seen == [(f"n{number:03}", "old") for number in range(50)]
