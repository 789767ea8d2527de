"""Faults that the watches of other systems had, tried one by one against a real server: a test for each."""

import asyncio
import os
import signal
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from loci import AsyncClient, errors, names, node
from loci.v1 import watch_service_pb2 as pb
from loci.v1.change_pb2 import CHANGE_KIND_DELETED
from loci.v1.watch_service_pb2_grpc import WatchServiceStub
from tests.calls import Bare, bare_calls
from tests.robustness.compaction import compact
from tests.server import RunningServer, running_server
from tests.sharing import another_server

LIMIT = 60.0
SECOND = Duration(seconds=1)
PERSONS = pb.WatchFilter(node_types=["person"])


@pytest.fixture
async def operator(server: RunningServer) -> AsyncIterator[AsyncClient]:
    async with server.client() as client:
        yield client


@pytest.fixture
async def graph(operator: AsyncClient) -> str:
    """With an id of its own in the whole database."""
    return names.id_of((await operator.create_graph(f"k{uuid.uuid4().hex[:12]}")).name)


@asynccontextmanager
async def watching(server: RunningServer, graph: str, **fields: Any) -> AsyncIterator[AsyncIterator[pb.WatchResponse]]:
    """The messages of a watch, as they come."""
    async with bare_calls(server) as bare, stream(bare, graph, **fields) as messages:
        yield messages


@asynccontextmanager
async def stream(bare: Bare, graph: str, **fields: Any) -> AsyncIterator[AsyncIterator[pb.WatchResponse]]:
    call = WatchServiceStub(bare.channel).Watch(
        pb.WatchRequest(parent=f"graphs/{graph}", **fields), metadata=bare.metadata
    )
    try:
        yield aiter(call)
    finally:
        call.cancel()


async def up_to(messages: AsyncIterator[pb.WatchResponse], revision: int) -> list[pb.WatchResponse]:
    """The messages until one that covers this revision."""
    found: list[pb.WatchResponse] = []
    async with asyncio.timeout(LIMIT):
        while not found or found[-1].end_revision < revision:
            found.append(await anext(messages))
    return found


def revisions(messages: Iterable[pb.WatchResponse]) -> list[int]:
    return [commit.revision for message in messages for commit in message.commits]


async def refusal(server: RunningServer, graph: str, **fields: Any) -> errors.LociError:
    async with watching(server, graph, **fields) as messages:
        with pytest.raises(grpc.RpcError) as raised:
            await up_to(messages, 1 << 62)
    return errors.from_rpc(raised.value)


@pytest.mark.parametrize("filter", [pb.WatchFilter(), PERSONS])
async def test_progress_is_never_ahead_of_the_stream(
    server: RunningServer, operator: AsyncClient, graph: str, filter: pb.WatchFilter
) -> None:
    """etcd: a progress notice named a revision whose events came later. Writes go on over several notices here."""
    persons: set[int] = set()
    everything: set[int] = set()

    async def write(writer: int) -> None:
        for number in range(60):
            kind = "thing" if number % 10 else "person"
            made = await operator.create_node(graph, f"{writer}-{number}", type=kind)
            everything.add(made.revision)
            if kind == "person":
                persons.add(made.revision)
            await asyncio.sleep(0.05)

    async with watching(server, graph, filter=filter, progress_interval=SECOND) as messages:
        begun = await anext(messages)
        reading = asyncio.create_task(up_to(messages, 180))
        await asyncio.gather(*[write(writer) for writer in range(3)])
        found = [begun, *await reading]
    wanted = persons if filter.node_types else everything
    told: set[int] = set()
    for message in found:
        told |= {commit.revision for commit in message.commits}
        assert {revision for revision in wanted if revision <= message.end_revision} <= told
    assert told == wanted
    if filter.node_types:
        assert sum(not message.commits for message in found) > 1, "there was progress to look at"


async def test_a_reader_that_moves_to_another_server_never_goes_back_in_time(
    database_url: str,
) -> None:
    """Kubernetes: after a partition, a client was served older state by another API server. Here the one that is left
    behind is stopped, and then resumed upon with what the other one told."""
    async with running_server(database_url) as first, another_server(first) as second, first.client() as client:
        await client.create_graph("g")
        for number in range(5):
            await client.create_node("g", f"n{number}")
        async with watching(first, "g", position=pb.WATCH_START_OLDEST) as messages:
            before = await up_to(messages, 5)
        assert first.process is not None
        os.kill(first.process.pid, signal.SIGSTOP)
        try:
            async with second.client(first.operator_key) as writer:
                for number in range(5, 10):
                    await writer.create_node("g", f"n{number}")
            token = before[-1].resume_token
            async with (
                bare_calls(second, first.operator_key) as bare,
                stream(bare, "g", resume_token=token) as messages,
            ):
                meanwhile = await up_to(messages, 10)
        finally:
            os.kill(first.process.pid, signal.SIGCONT)
        assert meanwhile[0].after_revision == 5
        assert revisions(meanwhile) == [6, 7, 8, 9, 10]
        async with watching(first, "g", resume_token=meanwhile[-1].resume_token, progress_interval=SECOND) as messages:
            opening = [await anext(messages), await anext(messages)]
            await client.create_node("g", "last")
            behind = [*opening, *await up_to(messages, 11)]
        assert all(message.after_revision >= 10 for message in behind)
        assert revisions(behind) == [11]


async def test_a_starved_stream_among_many_loses_nothing(database_url: str) -> None:
    """etcd: events of a slow watcher were dropped while others were served."""
    async with running_server(database_url, LOCI_WATCH_STALL_TIMEOUT="1") as server, server.client() as client:
        await client.create_graph("g")
        items = [node(f"n{number}", text="x" * 100_000) for number in range(300)]
        oldest = {"position": pb.WATCH_START_OLDEST}
        async with AsyncExitStack() as stack, watching(server, "g", **oldest) as starved:
            await anext(starved)
            others = [await stack.enter_async_context(watching(server, "g", **oldest)) for _ in range(8)]
            readings = [asyncio.create_task(up_to(other, 30)) for other in others]
            await client.import_items("g", items, chunk_size=10)
            for reading in readings:
                assert revisions(await reading) == list(range(1, 31))
            await asyncio.sleep(3)
            told, failure = await until_it_ends(starved, 30)
        assert failure is not None, "it was starved"
        assert failure.reason == "WATCH_TOO_SLOW"
        async with watching(server, "g", resume_token=failure.metadata["resume_token"]) as messages:
            told += revisions(await up_to(messages, 30))
        assert told == list(range(1, 31))


async def until_it_ends(
    messages: AsyncIterator[pb.WatchResponse], revision: int
) -> tuple[list[int], errors.LociError | None]:
    told: list[int] = []
    try:
        async with asyncio.timeout(LIMIT):
            async for message in messages:
                told += revisions([message])
                if message.end_revision >= revision:
                    return told, None
    except grpc.RpcError as error:
        return told, errors.from_rpc(error)
    raise AssertionError("the stream ended without an error")


@pytest.mark.parametrize("filter", [pb.WatchFilter(), PERSONS])
async def test_nothing_is_told_twice_on_resume(
    server: RunningServer, operator: AsyncClient, graph: str, filter: pb.WatchFilter
) -> None:
    """From the token of each message and of each commit, also in the midst of a message."""
    for number in range(24):
        await operator.create_node(graph, f"n{number}", type="thing" if number % 3 else "person")
    async with watching(server, graph, filter=filter, position=pb.WATCH_START_OLDEST) as messages:
        found = await up_to(messages, 24)
    whole = revisions(found)
    places: list[tuple[str, int]] = [(message.resume_token, message.end_revision) for message in found]
    places += [(commit.resume_token, commit.revision) for message in found for commit in message.commits]
    assert len(places) > len(found) + 7
    for token, revision in places:
        async with watching(server, graph, filter=filter, resume_token=token, progress_interval=SECOND) as messages:
            rest = await up_to(messages, 24)
        assert rest[0].after_revision == revision
        assert revisions(rest) == [other for other in whole if other > revision]


async def life_of_a_node(operator: AsyncClient, graph: str) -> Sequence[str]:
    """Created, updated, deleted at revision 3, another at 4. The tokens behind each."""
    await operator.create_node(graph, "n", type="person", text="one")
    await operator.update_node(graph, "n", text="two")
    await operator.delete_node(graph, "n")
    await operator.create_node(graph, "next", type="person")
    watch = operator.watch(graph, start="oldest")
    tokens: list[str] = []
    async for commit in watch:
        tokens.append(commit.resume_token)
        if commit.revision == 4:
            break
    return tokens


async def test_compaction_at_a_delete_drops_nothing_in_silence(
    server: RunningServer, operator: AsyncClient, graph: str
) -> None:
    """etcd: a compaction at the very revision of a delete dropped that event for those who still needed it."""
    tokens = await life_of_a_node(operator, graph)
    assert server.database_url is not None
    await compact(server.database_url, graph, 3)
    for start in ({"after_revision": 3}, {"resume_token": tokens[2]}, {"position": pb.WATCH_START_OLDEST}):
        async with watching(server, graph, **start) as messages:
            found = await up_to(messages, 4)
        assert (found[0].after_revision, revisions(found)) == (3, [4])
    for start in ({"after_revision": 2}, {"resume_token": tokens[1]}, {"after_revision": 0}):
        failure = await refusal(server, graph, **start)
        assert (failure.reason, failure.metadata["oldest"]) == ("REVISION_COMPACTED", "3")


async def test_a_delete_is_told_to_who_begins_at_the_compacted_revision(
    server: RunningServer, operator: AsyncClient, graph: str
) -> None:
    """A delete right behind the compaction is told, though all that came before it is gone; through filters, too."""
    await life_of_a_node(operator, graph)
    assert server.database_url is not None
    await compact(server.database_url, graph, 2)
    kinds = pb.WatchFilter(kinds=[CHANGE_KIND_DELETED])
    named = pb.WatchFilter(names=[f"graphs/{graph}/nodes/n"])
    for filter in (pb.WatchFilter(), PERSONS, kinds, named):
        for start in ({"after_revision": 2}, {"position": pb.WATCH_START_OLDEST}):
            for before in (False, True):
                async with watching(
                    server, graph, filter=filter, include_before=before, progress_interval=SECOND, **start
                ) as messages:
                    found = await up_to(messages, 4)
                first = next(commit for message in found for commit in message.commits)
                assert (first.revision, first.changes[0].kind) == (3, CHANGE_KIND_DELETED)
                assert first.changes[0].node_before.text in (("two", "") if before else ("",))


async def test_a_future_revision_gives_no_old_events(server: RunningServer, operator: AsyncClient, graph: str) -> None:
    """etcd: a watch from a revision that was not yet reached was told of older ones."""
    tokens = await life_of_a_node(operator, graph)
    for revision in (5, 1000, (1 << 63) - 1):
        for filter in (pb.WatchFilter(), PERSONS):
            failure = await refusal(server, graph, after_revision=revision, filter=filter)
            assert failure.reason == "REVISION_IN_FUTURE"
    async with watching(server, graph, after_revision=4) as messages:
        assert (await anext(messages)).after_revision == 4
        await operator.create_node(graph, "more")
        assert revisions(await up_to(messages, 5)) == [5]
    async with watching(server, graph, resume_token=tokens[-1]) as messages:
        assert revisions(await up_to(messages, 5)) == [5]


@pytest.mark.parametrize("meanwhile", [0, 3])
async def test_a_token_still_works_after_a_restart(database_url: str, meanwhile: int) -> None:
    """A token from before a restart that was taken, and then told of nothing new for ever."""
    async with running_server(database_url) as server, server.client() as client:
        await client.create_graph("g")
        for number in range(3):
            await client.create_node("g", f"n{number}")
        async with watching(server, "g", position=pb.WATCH_START_OLDEST) as messages:
            token = (await up_to(messages, 3))[-1].resume_token
        for number in range(meanwhile):
            await client.create_node("g", f"meanwhile{number}")
        await server.kill()
        await server.start()
        await client.wait_ready()
        async with watching(server, "g", resume_token=token, progress_interval=SECOND) as messages:
            assert (await anext(messages)).after_revision == 3
            await client.create_node("g", "behind")
            found = await up_to(messages, 4 + meanwhile)
            assert revisions(found) == list(range(4, 5 + meanwhile))
            await client.create_node("g", "further")
            assert revisions(await up_to(messages, 5 + meanwhile)) == [5 + meanwhile]
