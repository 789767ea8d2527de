"""One watch over all graphs of a tenant tells every commit of each in order, once, behind one short token."""

import asyncio
import random
from collections import defaultdict
from contextlib import aclosing
from typing import Any

import asyncpg
import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from loci import AsyncClient, errors, node
from loci.v1 import watch_service_pb2 as pb
from loci.v1.watch_service_pb2_grpc import WatchServiceStub
from tests.calls import bare_calls
from tests.server import RunningServer, new_tenant, running_server
from tests.sharing import another_server
from tests.waiting import eventually
from tests.watching import CREATED, DELETED, LIMIT, RESTORED, Seen, begun, take


async def test_every_commit_of_every_graph_is_told_in_order_and_once(client: AsyncClient) -> None:
    for number in range(5):
        await client.create_graph(f"g{number}")
        for revision in range(number):
            await client.create_node(f"g{number}", f"n{revision}", text="x")
    watch = client.watch_all(start="oldest")
    first = asyncio.create_task(take(watch, 60))
    await begun(watch)

    async def write(graph: int) -> None:
        for number in range(10):
            await client.create_node(f"g{graph}", f"m{number}")

    await asyncio.gather(*[write(graph) for graph in range(5)])
    seen = await first
    assert seen.commits == {f"g{number}": list(range(1, number + 11)) for number in range(5)}
    assert sorted(seen.events) == [(f"g{number}", CREATED) for number in range(5)]


async def test_from_now_on_only_what_is_new_is_told(client: AsyncClient) -> None:
    await client.create_graph("old")
    await client.create_node("old", "a")
    watch = client.watch_all()
    await watch.ready()
    await client.create_node("old", "b", text="one")
    await client.create_graph("new")
    await client.create_node("new", "a", text="two")
    seen = await take(watch, 2)
    assert seen.commits == {"old": [2], "new": [1]}
    assert seen.events == [("new", CREATED)]


async def test_a_watch_goes_on_behind_each_of_its_tokens(client: AsyncClient) -> None:
    for number in range(4):
        await client.create_graph(f"g{number}")
        for revision in range(5):
            await client.create_node(f"g{number}", f"n{revision}")
    everything = await take(client.watch_all(start="oldest"), 20)
    assert len({len(token) < 1000 for token in everything.tokens}) == 1
    await client.create_node("g0", "late")  # behind the pass that the tokens are of
    for place in range(20):
        rest = await take(client.watch_all(resume_token=everything.tokens[place]), 20 - place)
        assert sum(map(len, rest.commits.values())) == 20 - place
        told = {graph: [*before_of(everything, place, graph), *rest.commits[graph]] for graph in rest.commits}
        assert all(revisions == list(range(1, len(revisions) + 1)) for revisions in told.values())
        assert 6 in rest.commits["g0"]


def before_of(seen: Seen, place: int, graph: str) -> list[int]:
    """The commits of a graph among the first that were told, which come graph by graph."""
    told = [(name, revision) for name in sorted(seen.commits) for revision in seen.commits[name]]
    return [revision for name, revision in told[: place + 1] if name == graph]


async def test_large_commits_come_in_pieces_and_are_one(client: AsyncClient) -> None:
    for name in ("a", "b"):
        await client.create_graph(name)
        await client.import_items(name, [node(f"n{number}") for number in range(2500)], chunk_size=2500)
        await client.create_node(name, "after")
    sizes: dict[str, list[int]] = defaultdict(list)
    async with asyncio.timeout(LIMIT):
        async for told in client.watch_all(start="oldest"):
            if isinstance(told, pb.CommitChanges):
                sizes[told.graph].append(len(told.changes))
            if sum(map(len, sizes.values())) == 4:
                break
    assert sizes == {"graphs/a": [2500, 1], "graphs/b": [2500, 1]}


async def test_graphs_that_are_deleted_and_come_back_are_told_of(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.create_node("g", "a")
    seen = Seen()

    async def until(count: int, event: tuple[str, int]) -> None:
        async with asyncio.timeout(LIMIT):
            while seen.count < count or event not in seen.events:
                seen.add(await anext(stream))

    async with aclosing(aiter(client.watch_all(start="oldest"))) as stream:
        await until(1, ("g", CREATED))
        await client.delete_graph("g")
        await until(1, ("g", DELETED))
        await client.undelete_graph("g")
        await until(1, ("g", RESTORED))
        await client.create_node("g", "b")
        await until(2, ("g", RESTORED))
    assert (seen.commits, [kind for _, kind in seen.events]) == ({"g": [1, 2]}, [CREATED, DELETED, RESTORED])


async def test_a_graph_that_was_away_meanwhile_is_to_be_read_anew(client: AsyncClient) -> None:
    await client.create_graph("g")
    watch = client.watch_all()
    told = asyncio.create_task(take(watch, 0, events=1))
    await begun(watch)
    token = watch.resume_token
    await client.create_graph("other")  # ends the watch
    await told
    await client.create_node("g", "a")
    await client.delete_graph("g")
    await client.undelete_graph("g")
    stream = aiter(client.watch_all(resume_token=token))
    async with asyncio.timeout(LIMIT), aclosing(stream):
        event = await anext(stream)
        assert (event.graph, event.kind, event.revision) == ("graphs/g", RESTORED, 1)
        await client.create_node("g", "b")
        while not isinstance(event, pb.CommitChanges):
            event = await anext(stream)
    assert (event.graph, event.revision) == ("graphs/g", 2)


async def test_a_filter_holds_over_all_graphs(client: AsyncClient) -> None:
    for name in ("a", "b"):
        await client.create_graph(name)
        await client.create_node(name, "p", type="person")
        await client.create_node(name, "q", type="place")
    persons = await take(client.watch_all(start="oldest", node_types=["person"]), 2)
    assert persons.commits == {"a": [1], "b": [1]}
    named = await take(client.watch_all(start="oldest", names=["graphs/b/nodes/q"]), 1)
    assert named.commits == {"b": [2]}


async def test_quiet_streams_say_how_far_they_are(server: RunningServer, client: AsyncClient) -> None:
    await client.create_graph("g")
    key = (await client.create_api_key(["read"])).secret
    async with bare_calls(server, key) as bare:
        second = Duration(seconds=1)
        wanted = pb.WatchFilter(node_types=["rare"])
        request = pb.WatchRequest(parent="graphs/-", filter=wanted, progress_interval=second)
        call = WatchServiceStub(bare.channel).Watch(request, metadata=bare.metadata)
        stream = aiter(call)
        first = await anext(stream)
        await client.create_node("g", "a")
        async with asyncio.timeout(LIMIT):
            later = await anext(stream)
        assert not later.commits
        assert later.resume_token not in ("", first.resume_token)
        call.cancel()
    await client.create_node("g", "r", type="rare")
    seen = await take(client.watch_all(resume_token=later.resume_token, node_types=["rare"]), 1)
    assert seen.commits == {"g": [2]}


async def test_what_cannot_be_watched_is_refused_by_name(client: AsyncClient, server: RunningServer) -> None:
    await client.create_graph("g")
    await client.create_node("g", "a")
    seen = await take(client.watch_all(start="oldest"), 1)
    single = client.watch("g", start="oldest")
    async with aclosing(aiter(single)) as commits:
        await anext(commits)

    async def refusal(**options: Any) -> errors.LociError:
        with pytest.raises(errors.LociError) as raised:
            await take(client.watch_all(**options), 1)
        return raised.value

    for wrong in ("nonsense", seen.tokens[0][:-4] + "AAAA", single.resume_token, "ä", "x" * 70_000):
        assert (await refusal(resume_token=wrong)).reason == "INVALID_RESUME_TOKEN"
    assert (await refusal(resume_token=seen.tokens[0], node_types=["node"])).reason == "INVALID_RESUME_TOKEN"
    with pytest.raises(errors.InvalidResumeToken):
        await take(client.watch("g", resume_token=seen.tokens[0]), 1)
    assert (await refusal(names=["nonsense"])).reason == "INVALID_NAME"
    async with new_tenant(server) as stranger:
        with pytest.raises(errors.InvalidResumeToken):
            await take(stranger.watch_all(resume_token=seen.tokens[0]), 1)
    key = (await client.create_api_key(["read"])).secret
    async with bare_calls(server, key) as bare:
        request = pb.WatchRequest(parent="graphs/-", after_revision=0)
        with pytest.raises(grpc.RpcError) as raised:
            await anext(aiter(WatchServiceStub(bare.channel).Watch(request, metadata=bare.metadata)))
        assert errors.from_rpc(raised.value).violations[0].field == "after_revision"


async def test_tenants_see_only_their_own_graphs(client: AsyncClient, server: RunningServer) -> None:
    async with new_tenant(server) as stranger:
        await stranger.create_graph("theirs")
        await stranger.create_node("theirs", "a", text="secret")
    await client.create_graph("mine")
    await client.create_node("mine", "a")
    seen = await take(client.watch_all(start="oldest"), 1)
    assert (seen.commits, seen.events) == ({"mine": [1]}, [("mine", CREATED)])


async def test_a_token_of_another_installation_or_of_the_future_is_refused(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.create_node("g", "a")
        token = (await take(client.watch_all(start="oldest"), 1)).tokens[0]
        connection = await asyncpg.connect(database_url)
        try:  # as a dump finds itself that was restored into another cluster
            await connection.execute("UPDATE loci.cluster SET system_identifier = 1")
        finally:
            await connection.close()
        await server.stop()
        await server.start()
        await client.wait_ready()
        with pytest.raises(errors.InvalidResumeToken):
            await take(client.watch_all(resume_token=token), 1)
        watch = client.watch_all(start="oldest")
        told = asyncio.create_task(take(watch, 2))
        await begun(watch)
        await client.create_node("g", "b")
        assert (await told).commits == {"g": [1, 2]}


async def test_a_token_that_is_older_than_the_window_is_refused(database_url: str) -> None:
    window = {"LOCI_WATCH_WINDOW_DAYS": str(1 / 86400)}
    async with running_server(database_url, **window) as server, new_tenant(server) as client:
        await client.create_graph("g")
        watch = client.watch_all()
        told = asyncio.create_task(take(watch, 1))
        await begun(watch)
        token = watch.resume_token
        await client.create_node("g", "a")
        await told

        async def refused() -> bool:
            try:
                await take(client.watch_all(resume_token=token), 1)
            except errors.RevisionCompacted:
                return True
            return False

        await eventually(refused)


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_is_missing_or_doubled_under_writers_restarts_and_resumption(
    database_url: str, seed: int
) -> None:
    chance = random.Random(seed)
    graphs = [f"g{number}" for number in range(12)]
    async with running_server(database_url) as server, new_tenant(server) as client:
        key = (await client.create_api_key(["admin"])).secret
        written: dict[str, int] = dict.fromkeys(graphs, 0)
        for graph in graphs:
            await client.create_graph(graph)
        done = asyncio.Event()

        async def write(worker: int) -> None:
            for number in range(120):
                graph = chance.choice(graphs)
                await second.create_node(graph, f"{worker}-{number}", timeout=60)
                written[graph] += 1

        async def watch() -> dict[str, list[int]]:
            """Goes on in new streams, as other processes would, behind tokens that it keeps."""
            found: dict[str, list[int]] = defaultdict(list)
            token = ""
            while True:
                stream = client.watch_all(start="oldest", resume_token=token, progress_interval=1)
                left = chance.randrange(1, 150)
                async for told in stream:
                    if isinstance(told, pb.CommitChanges):
                        found[told.graph.removeprefix("graphs/")].append(told.revision)
                        token = told.resume_token
                        left -= 1
                    if done.is_set() and sum(map(len, found.values())) >= sum(written.values()):
                        return found
                    if left == 0:
                        break

        async with another_server(server) as other, other.client(key) as second, asyncio.timeout(120):
            watching = [asyncio.create_task(watch()) for _ in range(2)]
            async with asyncio.TaskGroup() as group:
                for worker in range(6):
                    group.create_task(write(worker))
                await asyncio.sleep(0.5)
                await server.kill()
                await server.start()
            done.set()
            for found in await asyncio.gather(*watching):
                assert found == {graph: list(range(1, count + 1)) for graph, count in written.items() if count}


async def test_a_token_stays_short_with_many_graphs(client: AsyncClient) -> None:
    for start in range(0, 200, 20):
        await asyncio.gather(*[client.create_graph(f"g{number}") for number in range(start, start + 20)])
        await asyncio.gather(*[client.create_node(f"g{number}", "a") for number in range(start, start + 20)])
    seen = await take(client.watch_all(start="oldest"), 200)
    assert seen.commits == {f"g{number}": [1] for number in range(200)}
    assert max(map(len, seen.tokens)) < 400
