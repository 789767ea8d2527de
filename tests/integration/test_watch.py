"""A watch gives every change of its graph in order, once, with nothing missing."""

import asyncio
from typing import Any

import asyncpg
import pytest
from google.protobuf.duration_pb2 import Duration

from loci import AsyncClient, errors, mutations, names, node
from loci.v1 import watch_service_pb2 as pb
from tests.commits import LIMIT, messages, refusal, take, told
from tests.server import RunningServer, new_tenant
from tests.sharing import another_server


@pytest.fixture
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    return "g"


async def test_each_commit_is_told_whole_with_what_it_wrote(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a", text="first", note="because")
    written = await client.commit(
        graph, [mutations.create_node("b", label="B"), mutations.create_edge("a", "KNOWS", "b", id="e")]
    )
    await client.update_node(graph, "a", text="second", embedding=("m", [1.0, 2.0]))
    await client.rename_node(graph, "a", "z")
    await client.delete_node(graph, "b")
    commits = await take(client.watch(graph, start="oldest"), 5)
    assert [commit.revision for commit in commits] == [1, 2, 3, 4, 5]
    assert told(commits) == [
        [("created", "a")],
        [("created", "b"), ("created", "e")],
        [("updated", "a")],
        [("renamed", "z"), ("updated", "e")],
        [("deleted", "b"), ("deleted", "e")],
    ]
    assert commits[0].note == "because"
    assert commits[0].api_key
    assert commits[1].commit_time == written.commit_time
    assert commits[1].changes[0].node == await_node(written)
    assert commits[2].changes[0].node.text == "second"
    assert not commits[2].changes[0].node.HasField("embedding")
    assert names.id_of(commits[3].changes[0].previous_name) == "a"
    assert commits[3].changes[1].edge.source == "z"
    assert not commits[4].changes[0].HasField("node")


def await_node(written: Any) -> Any:
    return written.results[0].node


async def test_a_watch_begins_where_it_is_told_to(client: AsyncClient, graph: str) -> None:
    for number in range(5):
        await client.create_node(graph, f"n{number}")
    everything = await take(client.watch(graph, start="oldest"), 5)
    behind = await take(client.watch(graph, after_revision=3), 2)
    assert [commit.revision for commit in behind] == [4, 5]
    for place, commit in enumerate(everything[:-1]):
        rest = await take(client.watch(graph, resume_token=commit.resume_token), 4 - place)
        assert [other.revision for other in rest] == list(range(commit.revision + 1, 6))
    watch = client.watch(graph)
    await watch.ready()
    await client.create_node(graph, "new")
    assert [commit.revision for commit in await take(watch, 1)] == [6]


async def test_nothing_is_missing_or_doubled_under_many_writers(client: AsyncClient, graph: str) -> None:
    async def write(writer: int) -> None:
        for number in range(50):
            await client.create_node(graph, f"{writer}-{number}", text=f"text {number}")

    watches = [asyncio.create_task(take(client.watch(graph, start="oldest"), 400)) for _ in range(3)]
    await asyncio.gather(*[write(writer) for writer in range(8)])
    for commits in await asyncio.gather(*watches):
        assert [commit.revision for commit in commits] == list(range(1, 401))
        assert len({change.name for commit in commits for change in commit.changes}) == 400


async def test_a_filter_tells_what_enters_and_what_leaves_it(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "p", type="person")
    await client.create_node(graph, "q", type="company")
    await client.create_edge(graph, "p", "WORKS_AT", "q", id="e")
    await client.update_node(graph, "p", type="robot")
    await client.update_node(graph, "p", label="later")
    await client.delete_node(graph, "q")
    await client.create_node(graph, "last", type="person")
    persons = await take(client.watch(graph, start="oldest", node_types=["person"]), 3)
    assert told(persons) == [[("created", "p")], [("updated", "p")], [("created", "last")]]
    companies = await take(client.watch(graph, start="oldest", node_types=["company"], kinds=["deleted"]), 1)
    assert told(companies) == [[("deleted", "q")]]
    both = await take(client.watch(graph, start="oldest", relations=["WORKS_AT"], node_types=["company"]), 3)
    assert told(both) == [[("created", "q")], [("created", "e")], [("deleted", "q"), ("deleted", "e")]]
    named = await take(client.watch(graph, start="oldest", names=["nodes/q", "edges/e"]), 3)
    assert told(named) == told(both)


async def test_a_rename_passes_under_both_names(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a")
    await client.rename_node(graph, "a", "b")
    for name, expected in (("nodes/a", [[("created", "a")], [("renamed", "b")]]), ("nodes/b", [[("renamed", "b")]])):
        assert told(await take(client.watch(graph, start="oldest", names=[name]), len(expected))) == expected


async def test_what_was_there_before_is_told_when_asked_for(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a", text="one")
    await client.create_node(graph, "b")
    await client.create_edge(graph, "a", "R", "b", weight=2.0)
    await client.update_node(graph, "a", text="two")
    await client.rename_node(graph, "a", "c")
    await client.delete_node(graph, "c")
    commits = await take(client.watch(graph, start="oldest", include_before=True), 6)
    changes = {commit.revision: commit.changes for commit in commits}
    assert not changes[1][0].HasField("node_before")
    assert (changes[4][0].node_before.text, changes[4][0].node.text) == ("one", "two")
    assert names.id_of(changes[5][0].node_before.name) == "a"
    assert changes[6][0].node_before.text == "two"
    assert changes[6][1].edge_before.weight == 2.0
    plain = await take(client.watch(graph, start="oldest"), 6)
    assert not any(change.HasField("node_before") for commit in plain for change in commit.changes)


async def test_a_large_commit_comes_in_pieces_and_is_one(
    server: RunningServer, client: AsyncClient, graph: str
) -> None:
    items = [node(f"n{number}", type="first" if not number else "other") for number in range(2500)]
    await client.import_items(graph, items, chunk_size=2500)
    await client.create_node(graph, "after")
    commits = await take(client.watch(graph, start="oldest"), 2)
    assert [len(commit.changes) for commit in commits] == [2500, 1]
    assert told(await take(client.watch(graph, start="oldest", node_types=["first"]), 1)) == [[("created", "n0")]]
    pieces = []
    async with messages(server, client, position=pb.WATCH_START_OLDEST) as stream:
        while not pieces or pieces[-1].revision != 2:
            pieces += (await anext(stream)).commits
    assert [piece.partial for piece in pieces] == [True, True, False, False]
    for piece in pieces[:3]:
        rest = []
        async with messages(server, client, resume_token=piece.resume_token) as stream:
            while not rest or rest[-1].revision != 2:
                rest += (await anext(stream)).commits
        skipped = 2500 - sum(len(other.changes) for other in rest if other.revision == 1)
        assert skipped == sum(len(other.changes) for other in pieces[: pieces.index(piece) + 1])


async def test_large_images_before_come_in_messages_that_can_be_sent(client: AsyncClient, graph: str) -> None:
    large = [node(f"n{number}", text="x" * 250_000) for number in range(60)]
    await client.import_items(graph, large, chunk_size=20)
    done = await client.commit(graph, [mutations.update_node(item.name, text="y" * 200_000) for item in large])
    one = client.watch(graph, after_revision=done.revision - 1, include_before=True)
    everything = client.watch_all(start="oldest", include_before=True)
    for watch in (one, everything):
        async with asyncio.timeout(LIMIT):
            async for told in watch:
                if isinstance(told, pb.CommitChanges) and told.revision == done.revision:
                    break
        assert [len(change.node_before.text) for change in told.changes] == [250_000] * 60


async def test_quiet_and_filtered_streams_say_how_far_they_are(
    server: RunningServer, client: AsyncClient, graph: str
) -> None:
    second = Duration(seconds=1)
    wanted = pb.WatchFilter(node_types=["rare"])
    async with messages(server, client, filter=wanted, progress_interval=second) as stream:
        assert (await anext(stream)).end_revision == 0
        for number in range(5):
            await client.create_node(graph, f"n{number}")
        async with asyncio.timeout(LIMIT):
            covered = 0
            while covered < 5:
                response = await anext(stream)
                assert not response.commits
                assert response.after_revision == covered
                covered = response.end_revision
    await client.create_node(graph, "r", type="rare")
    async with messages(server, client, filter=wanted, resume_token=response.resume_token) as stream:
        assert (await anext(stream)).after_revision == 5
        assert [commit.revision for commit in (await anext(stream)).commits] == [6]


async def test_what_cannot_be_watched_is_refused_by_name(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a")
    token = (await take(client.watch(graph, start="oldest"), 1))[0].resume_token
    await client.create_graph("other")
    await client.create_node("other", "a")
    assert (await refusal(client, after_revision=2)).reason == "REVISION_IN_FUTURE"
    assert (await refusal(client, after_revision=-1)).reason == "INVALID_FIELD"
    for wrong in ("nonsense", token[:-4] + "AAAA", token + "A", "ä", "x" * 1000):
        assert (await refusal(client, resume_token=wrong)).reason == "INVALID_RESUME_TOKEN"
    assert (await refusal(client, resume_token=token, node_types=["node"])).reason == "INVALID_RESUME_TOKEN"
    with pytest.raises(errors.InvalidResumeToken):
        await take(client.watch("other", resume_token=token), 1)
    with pytest.raises(errors.GraphNotFound):
        await take(client.watch("nowhere"), 1)
    for seconds in (0.5, 61):
        assert (await refusal(client, progress_interval=seconds)).violations[0].field == "progress_interval"
    assert (await refusal(client, node_types=["x"] * 65)).reason == "LIMIT_EXCEEDED"


async def test_a_token_of_another_tenant_is_refused(server: RunningServer, client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a")
    token = (await take(client.watch(graph, start="oldest"), 1))[0].resume_token
    async with new_tenant(server) as stranger:
        await stranger.create_graph("g")
        with pytest.raises(errors.InvalidResumeToken):
            await take(stranger.watch("g", resume_token=token), 1)


async def test_a_token_of_a_deleted_graph_is_not_one_of_its_namesake(client: AsyncClient, graph: str) -> None:
    watching = asyncio.create_task(take(client.watch(graph), 1))
    await asyncio.sleep(0)
    await client.delete_graph(graph)
    with pytest.raises(errors.GraphNotFound):
        await watching


async def test_a_compacted_log_says_where_it_begins(server: RunningServer, client: AsyncClient, graph: str) -> None:
    for number in range(6):
        await client.create_node(graph, f"n{number}")
    await client.delete_node(graph, "n0")
    token = (await take(client.watch(graph, start="oldest"), 2))[1].resume_token
    connection = await asyncpg.connect(server.database_url)
    try:
        await connection.execute(
            "DELETE FROM loci.changes c USING loci.graphs g "
            "WHERE g.graph_id = 'g' AND g.revision = 7 AND c.graph_key = g.graph_key AND c.revision <= 4"
        )
    finally:
        await connection.close()
    for options in ({"after_revision": 3}, {"after_revision": 0}, {"resume_token": token}):
        error = await refusal(client, **options)
        assert (error.reason, error.metadata["oldest"]) == ("REVISION_COMPACTED", "4")
    for options in ({"after_revision": 4}, {"start": "oldest"}):
        assert [commit.revision for commit in await take(client.watch("g", **options), 3)] == [5, 6, 7]


async def test_a_reader_that_is_behind_the_ring_gets_everything(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "first")
    revisions: list[int] = []
    async with asyncio.timeout(LIMIT):
        async for commit in client.watch(graph, start="oldest"):
            revisions.append(commit.revision)
            if len(revisions) == 1:  # it stops reading while much more than the ring holds is written
                items = [node(f"x{number}", text="x" * 4000) for number in range(2000)]
                await client.import_items(graph, items, chunk_size=100)
            if len(revisions) == 21:
                break
    assert revisions == list(range(1, 22))


async def test_commits_through_another_server_arrive_at_once(server: RunningServer, client: AsyncClient) -> None:
    await client.create_graph("g")
    key = (await client.create_api_key(["write"])).secret
    async with another_server(server) as other, other.client(key) as writer:
        watching = asyncio.create_task(take(client.watch("g", start="oldest"), 20))
        for number in range(20):
            await writer.create_node("g", f"n{number}")
        assert [commit.revision for commit in await watching] == list(range(1, 21))
