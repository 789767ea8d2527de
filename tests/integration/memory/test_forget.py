"""Forget takes what it is asked to, says what it took, and never takes everything by mistake."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from loci import AsyncClient, errors, node, slot
from loci.v1.change_pb2 import Change
from loci.v1.filter_pb2 import NodeFilter, TimeRange
from loci.v1.memory_service_pb2 import ForgetResponse, Slot
from tests.postgres import DatabaseFactory
from tests.server import RunningServer, new_tenant, running_server


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.import_items("g", [node(f"n{number}", type="note", text=f"note {number}") for number in range(4)])
    await client.import_items("g", [node("fact", type="fact", text="a fact"), node("bare", type="note", label="bare")])


async def left(client: AsyncClient) -> list[str]:
    return [found.name.rsplit("/", 1)[1] async for found in client.list_nodes("g")]


def ids(answer: ForgetResponse) -> list[str]:
    return [name.rsplit("/", 1)[1] for name in answer.names]


async def test_memories_are_forgotten_by_name(client: AsyncClient) -> None:
    await client.create_edge("g", "n0", "R", "fact")
    answer = await client.forget("g", ["n0", "nobody", "n1", "n0"])
    assert (ids(answer), answer.deleted_edge_count, answer.more) == (["n0", "n1"], 1, False)
    assert list(answer.missing) == ["graphs/g/nodes/nobody"]
    assert await left(client) == ["bare", "fact", "n2", "n3"]
    nothing = await client.forget("g", ["n0"])
    assert (ids(nothing), list(nothing.missing), nothing.revision) == ([], ["graphs/g/nodes/n0"], 0)


async def test_memories_are_forgotten_by_filter(client: AsyncClient) -> None:
    dry = await client.forget("g", filter={"types": ["note"]}, dry_run=True)
    assert ids(dry) == ["n0", "n1", "n2", "n3"]
    assert dry.revision == 0
    assert len(await left(client)) == 6
    done = await client.forget("g", filter={"types": ["note"]})
    assert ids(done) == ids(dry)
    assert done.revision > 0
    assert not done.more
    assert await left(client) == ["bare", "fact"]  # what has no text is no memory


async def test_properties_and_sessions_select(client: AsyncClient) -> None:
    for session in ("s1", "s2"):
        await client.start_session("g", session)
    await client.remember("g", "Likes tea", id="a", session="s1", metadata={"topic": "tea"})
    await client.remember("g", "Likes jazz", id="b", session="s2", metadata={"topic": "music"})
    assert ids(await client.forget("g", filter={"session": "s1"})) == ["a"]
    assert ids(await client.forget("g", filter={"properties": {"topic": "music"}})) == ["b"]


@pytest.mark.parametrize("hard", [False, True])
async def test_a_session_goes_with_its_turns(client: AsyncClient, hard: bool) -> None:
    for session in ("s", "other"):
        await client.start_session("g", session)
        await client.append_turns("g", session, [("Ann", "Hello"), ("Bob", "Hi")])
    await client.remember("g", "Ann greets Bob", id="told", session="s")
    turns = [turn.name async for turn in client.transcript("g", "s")]
    dry = await client.forget("g", ["n0", "session:s", "nobody"], dry_run=True, hard=hard)
    assert list(dry.names) == ["graphs/g/nodes/n0", *turns, "graphs/g/nodes/session:s"]
    assert (list(dry.missing), dry.more) == (["graphs/g/nodes/nobody"], False)
    assert "session:s" in await left(client)
    done = await client.forget("g", ["n0", "session:s", "nobody"], hard=hard)
    assert (list(done.names), list(done.missing), done.more) == (list(dry.names), list(dry.missing), False)
    assert done.deleted_edge_count == 5, "to the session and the speakers, and from one to the next"
    there = await left(client)
    assert {"told", "session:other"} <= set(there), "what was learned from it, and other sessions, stay"
    assert [turn.text async for turn in client.transcript("g", "other")] == ["Hello", "Hi"]
    assert not set(there) & {name.rsplit("/", 1)[1] for name in dry.names}
    assert (await client.recall("g", "who greets?", filter={"session": "s"})).memories[0].node.text == "Ann greets Bob"


async def test_of_a_long_session_the_node_goes_last_and_the_rest_is_told(client: AsyncClient) -> None:
    await client.start_session("g", "long")
    for _ in range(6):
        await client.append_turns("g", "long", ["x"] * 200)
    dry = await client.forget("g", ["session:long"], dry_run=True)
    assert (len(dry.names), dry.more) == (1000, True)
    first = await client.forget("g", ["session:long"], request_id="r")
    assert (len(first.names), list(first.missing), first.more) == (1000, [], True)
    assert len([turn async for turn in client.transcript("g", "long")]) == 200
    assert list((await client.forget("g", ["session:long"], request_id="r")).names) == list(first.names)
    second = await client.forget("g", ["session:long"])
    assert (len(second.names), second.more) == (201, False)
    assert second.names[-1] == "graphs/g/nodes/session:long"
    with pytest.raises(errors.NodeNotFound):
        await client.get_node("g", "session:long")


async def test_to_delete_the_node_of_a_session_leaves_its_turns(client: AsyncClient) -> None:
    await client.start_session("g", "s")
    turns = (await client.append_turns("g", "s", ["Hello"])).nodes
    await client.delete_node("g", "session:s")
    assert (await client.get_node("g", turns[0].name)).text == "Hello"


@pytest.mark.parametrize("before", ["session", "node", "turn"])
async def test_a_session_forgotten_hard_takes_along_what_was_softly_forgotten_of_it(
    client: AsyncClient, server: RunningServer, before: str
) -> None:
    graph = f"hard-{before}"
    await client.create_graph(graph)
    for session in ("s", "other"):
        await client.start_session(graph, session)
    turns = (await client.append_turns(graph, "s", ["secret one", "secret two"])).nodes
    kept = (await client.append_turns(graph, "other", ["kept"])).nodes
    match before:
        case "session":
            await client.forget(graph, ["session:s"])
        case "node":
            await client.forget(graph, [turns[0].name])
            await client.delete_node(graph, "session:s")
        case "turn":
            await client.forget(graph, [turns[0].name])
    expected = {*(one.name for one in turns), f"graphs/{graph}/nodes/session:s"}
    dry = await client.forget(graph, ["session:s"], hard=True, dry_run=True)
    done = await client.forget(graph, ["session:s"], hard=True)
    assert list(done.names) == list(dry.names)
    assert set(done.names) == expected
    assert done.names[-1].endswith("session:s")
    assert (list(done.missing), done.more) == ([], False)
    connection = await asyncpg.connect(server.database_url)
    try:
        held = await connection.fetch(
            "SELECT DISTINCT c.id FROM loci.changes c JOIN loci.graphs g USING (graph_key) "
            "WHERE g.graph_id = $1 AND c.kind = 1 AND c.image IS NOT NULL",
            graph,
        )
    finally:
        await connection.close()
    assert {row["id"] for row in held} == {"session:other", kept[0].name.rsplit("/", 1)[1]}
    again = await client.forget(graph, ["session:s"], hard=True)
    assert (list(again.names), list(again.missing)) == ([], [f"graphs/{graph}/nodes/session:s"])


async def test_of_many_sessions_turns_are_looked_for_until_there_are_enough(fresh_database: DatabaseFactory) -> None:
    url = await fresh_database()
    connection = await asyncpg.connect(url)
    try:
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f"ALTER DATABASE {name} SET track_functions = 'pl'")
        async with running_server(url) as server, new_tenant(server) as client:
            await client.create_graph("g")
            sessions = [f"s{number:02}" for number in range(20)]
            named = [f"session:{session}" for session in sessions]
            for session in sessions:
                await client.start_session("g", session)
                await client.append_turns("g", session, ["x"] * 100)
            done = await client.forget("g", named)
            assert (len(done.names), done.more) == (1000, True)
            assert [one.name.rsplit("/", 1)[1] async for one in client.list_sessions("g")] == named[9:]
        # What a connection counts is there when it has ended.
        calls = "SELECT calls FROM pg_stat_user_functions WHERE funcname = 'session_turns'"
        assert await connection.fetchval(calls) == 10
    finally:
        await connection.close()


@pytest.mark.parametrize("hard", [False, True])
async def test_a_repeated_call_tells_what_the_first_one_did(client: AsyncClient, hard: bool) -> None:
    first = await client.forget("g", ["n0", "nobody", "n1"], hard=hard, request_id="r")
    assert list(first.missing) == ["graphs/g/nodes/nobody"]
    assert not first.more
    await client.create_node("g", "nobody", type="note", text="here now")
    again = await client.forget("g", ["n0", "nobody", "n1"], hard=hard, request_id="r")
    assert again == first
    none = await client.forget("g", ["nowhere"], hard=hard, request_id="q")
    await client.create_node("g", "nowhere", type="note", text="here now")
    assert await client.forget("g", ["nowhere"], hard=hard, request_id="q") == none
    assert (list(none.names), list(none.missing), none.more) == ([], ["graphs/g/nodes/nowhere"], False)
    assert {"nobody", "nowhere"} <= set(await left(client))


async def test_nothing_is_forgotten_without_being_named(client: AsyncClient) -> None:
    for given in ({}, {"filter": {}}, {"ids": ["n0"], "filter": {"types": ["note"]}}):
        with pytest.raises(errors.InvalidArgument):
            await client.forget("g", **given)  # type: ignore[arg-type]
    for filter in (NodeFilter(event_time=TimeRange()), NodeFilter(min_salience=0.0), NodeFilter(max_salience=1.0)):
        with pytest.raises(errors.InvalidArgument):
            await client.forget("g", filter=filter)
    with pytest.raises(TypeError):
        await client.forget("g", "n0")
    with pytest.raises(errors.LimitExceeded):
        await client.forget("g", [f"x{number}" for number in range(1001)])
    with pytest.raises(errors.InvalidArgument):
        await client.forget("g", ["graphs/other/nodes/n0"])
    assert len(await left(client)) == 6


async def test_a_thousand_go_at_once_and_more_is_told(client: AsyncClient) -> None:
    await client.import_items(
        "g", [node(f"m{number:04}", type="many", text=f"of many {number}") for number in range(1005)]
    )
    first = await client.forget("g", filter={"types": ["many"]})
    assert (len(first.names), first.more) == (1000, True)
    second = await client.forget("g", filter={"types": ["many"]})
    assert (len(second.names), second.more) == (5, False)
    assert second.revision == first.revision + 1


async def test_a_repeated_call_forgets_nothing_more(client: AsyncClient) -> None:
    first = await client.forget("g", ["n0"], request_id="r")
    await client.create_node("g", "n0", text="another")
    assert await client.forget("g", ["n0"], request_id="r") == first
    assert "n0" in await left(client)


async def test_what_was_forgotten_softly_comes_back(client: AsyncClient) -> None:
    before = await client.get_node("g", "n0")
    gone = await client.forget("g", ["n0"])
    restored = await client.restore_node("g", "n0", gone.revision - 1)
    assert restored.text == before.text
    assert (await client.recall("g", "note 0")).memories[0].node.text == "note 0"


async def test_what_others_were_is_told_with_who_contradicted_them_and_with_nothing_of_what_was_forgotten_hard(
    client: AsyncClient,
) -> None:
    """Earlier versions of other memories name the source of a forgotten one, how far it was trusted, and when."""

    def home(city: str) -> Slot:
        return slot("lives_in", value=city, subject="Ann")

    await client.remember("g", "Ann lives in Austin", id="austin", slot=home("Austin"), source="bob", valid_from="2020")
    await client.start_session("g", "quince-session")
    told = await client.remember(
        "g",
        "Ann lives in Quincetown",
        id="quince-id",
        slot=home("Quincetown"),
        source="a letter",
        confidence=0.6,
        valid_from="2020",
        metadata={"quince": "Quince street"},
        speaker="Quincey",
        session="quince-session",
    )
    assert told.node.claim.contested
    await client.forget("g", ["quince-id", "session:quince-session"], hard=True)

    versions = [one async for one in client.list_node_revisions("g", "austin")]
    assert len(versions) == 3
    assert all("quince" not in str(one).lower() for one in versions)
    contested = versions[1].change.node.claim
    (left,) = [piece for piece in contested.evidence if piece.source == "a letter"]
    assert {field.name for field, _ in left.ListFields()} == {"source", "confidence", "time", "against"}
    assert "a letter" not in str(versions[0])
    assert "a letter" not in str(await client.get_node("g", "austin"))
    changes = [change async for change in log_of(client, "g")]
    named = {change.name for change in changes if "quince" in str(change).lower()}
    assert named <= {told.node.name, *(change.name for change in changes if change.erased or change.hard)}
    for change in changes:
        if change.name == told.node.name or change.name in named:
            assert change.erased or change.hard, "the id of what was there, and nothing of it"


async def log_of(client: AsyncClient, graph: str) -> AsyncIterator[Change]:
    """All changes of a graph, from the first one on."""
    head = (await client.get_graph(graph)).revision
    async for commit in client.watch(graph, start="oldest"):
        for change in commit.changes:
            yield change
        if commit.revision >= head:
            return


async def test_nothing_is_left_of_what_was_forgotten_hard(client: AsyncClient, server: RunningServer) -> None:
    graph = "hard-forgotten"
    await client.create_graph(graph)
    await client.start_session(graph, "s")
    told = await client.remember(graph, "Likes quinces", id="gone", session="s", metadata={"p": "q"}, slot="likes")
    await client.update_node(graph, "gone", embedding=("m", [1.0, 2.0]))
    await client.forget(graph, ["gone"])
    answer = await client.forget(graph, ["gone", "session:s"], hard=True)  # gone already, but not from the log
    assert answer.names[0] == told.node.name
    connection = await asyncpg.connect(server.database_url)
    try:
        key = await connection.fetchval("SELECT graph_key FROM loci.graphs WHERE graph_id = $1", graph)
        tables = ("nodes", "edges", "property_index", "lexical_tail", "lexical_segments", "embeddings", "jobs")
        for table in tables:
            count = await connection.fetchval(f"SELECT count(*) FROM loci.{table} WHERE graph_key = $1", key)
            assert count == 0, table
        kept = "SELECT count(image) + count(note) FROM loci.changes WHERE graph_key = $1"
        assert await connection.fetchval(kept, key) == 0
        answers = "SELECT count(*) FROM loci.idempotency WHERE graph_key = $1 AND answer <> ''"
        # The answer to Forget itself names the node, as the caller did.
        assert await connection.fetchval(answers, key) <= 2
    finally:
        await connection.close()
