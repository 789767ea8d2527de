"""A watch gives out what its server told whole and in order, and says so when something is missing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import count
from typing import Any

import grpc
import pytest

from loci import AsyncClient, Client, errors
from loci.v1.change_pb2 import Change
from loci.v1.watch_service_pb2 import CommitChanges, GraphEvent, GraphEventKind, WatchRequest, WatchResponse
from tests.stand_in import StandIn, abort, failure

WATCH = "WatchService/Watch"
CREATED = GraphEventKind.GRAPH_EVENT_KIND_CREATED
DELETED = GraphEventKind.GRAPH_EVENT_KIND_DELETED
RESTORED = GraphEventKind.GRAPH_EVENT_KIND_RESTORED
Message = WatchResponse | grpc.StatusCode


def commit(revision: int, *, partial: bool = False, graph: str = "") -> CommitChanges:
    """With one change."""
    token = f"behind {graph}{revision}"
    change = Change(name="graphs/g/nodes/n")
    return CommitChanges(revision=revision, partial=partial, graph=graph, resume_token=token, changes=[change])


def piece(revision: int, graph: str = "") -> CommitChanges:
    """The next one goes on with it."""
    return commit(revision, partial=True, graph=graph)


def window(after: int, end: int, *commits: CommitChanges) -> WatchResponse:
    """A message of a watch of one graph."""
    return WatchResponse(after_revision=after, end_revision=end, commits=commits, resume_token=f"behind {end}")


def news(*told: CommitChanges | GraphEvent) -> WatchResponse:
    """A message of a watch of all graphs."""
    events = [one for one in told if isinstance(one, GraphEvent)]
    commits = [one for one in told if isinstance(one, CommitChanges)]
    return WatchResponse(graph_events=events, commits=commits, resume_token="behind all")


def event(graph: str, kind: GraphEventKind.ValueType, revision: int = 0) -> GraphEvent:
    return GraphEvent(graph=graph, kind=kind, revision=revision)


def tells(server: StandIn, *streams: Sequence[Message]) -> list[WatchRequest]:
    """Each stream ends with its last message; the one behind them all, with NODE_NOT_FOUND. What was asked for."""
    asked: list[WatchRequest] = []
    numbers = count()

    async def stream(request: WatchRequest, context: grpc.aio.ServicerContext[Any, Any]) -> AsyncIterator[Any]:
        asked.append(request)
        number = next(numbers)
        for message in streams[number] if number < len(streams) else ():
            yield message
        if number < len(streams) - 1:
            await abort(context, failure(grpc.StatusCode.UNAVAILABLE, "DRAINING"))
        await abort(context, failure(grpc.StatusCode.NOT_FOUND, "GRAPH_NOT_FOUND"))

    server.streams[WATCH] = stream
    return asked


async def taken(watch: Any) -> list[CommitChanges]:
    """What is given out to the end. Raises WatchGap."""
    return [told async for told in to_the_end(watch)]


async def to_the_end(watch: Any) -> AsyncIterator[Any]:
    try:
        async for told in watch:
            yield told
    except errors.GraphNotFound:
        return
    raise AssertionError("the watch ended")


def revisions(commits: Sequence[CommitChanges]) -> list[int]:
    return [one.revision for one in commits if isinstance(one, CommitChanges)]


RIGHT = {
    "one by one": [window(10, 10), window(10, 11, commit(11)), window(11, 13, commit(12), commit(13))],
    "quiet": [window(10, 10), window(10, 10), window(10, 11, commit(11))],
    "pieces in one message": [window(10, 12, piece(11), piece(11), commit(11), commit(12))],
    "pieces over messages": [window(10, 11, commit(11), piece(12)), window(11, 11), window(11, 12, commit(12))],
}
WRONG = {
    "not where it was asked to begin": [window(50, 54, *map(commit, range(51, 55)))],
    "another place than before": [window(10, 11, commit(11)), window(12, 13, commit(13))],
    "an earlier place than before": [window(10, 11, commit(11)), window(10, 11, commit(11))],
    "doubled": [window(10, 12, commit(11), commit(11), commit(12))],
    "out of order": [window(10, 12, commit(12), commit(11))],
    "before its window": [window(10, 11, commit(10), commit(11))],
    "behind its window": [window(10, 11, commit(11), commit(12))],
    "an end before the beginning": [window(10, 9)],
    "rest of another commit": [window(10, 10, piece(11)), window(10, 12, commit(12))],
    "rest that never comes": [window(10, 11, piece(11))],
    "a piece within": [window(10, 13, piece(11), commit(13))],
    "a piece of something later": [window(10, 10, piece(12))],
}
WITHOUT_A_FILTER = {
    "left out at the beginning": [window(10, 12, commit(12))],
    "left out in the middle": [window(10, 13, commit(11), commit(13))],
    "left out at the end": [window(10, 12, commit(11))],
    "left out altogether": [window(10, 12)],
    "left out before a piece": [window(10, 12, commit(11), piece(13))],
}


@pytest.mark.parametrize("messages", RIGHT.values(), ids=RIGHT)
@pytest.mark.parametrize("types", [(), ("t",)])
async def test_what_is_whole_is_given_out(
    server: StandIn, client: AsyncClient, messages: list[Message], types: tuple[str, ...]
) -> None:
    tells(server, messages)
    watch = client.watch("g", after_revision=10, node_types=types)
    commits = await taken(watch)
    assert revisions(commits) == list(range(11, commits[-1].revision + 1))
    assert not any(one.partial for one in commits)
    assert (watch.revision, watch.resume_token) == (commits[-1].revision, f"behind {commits[-1].revision}")


@pytest.mark.parametrize("messages", [*WRONG.values(), *WITHOUT_A_FILTER.values()], ids=[*WRONG, *WITHOUT_A_FILTER])
async def test_what_is_not_is_a_gap(server: StandIn, client: AsyncClient, messages: list[Message]) -> None:
    tells(server, messages)
    with pytest.raises(errors.WatchGap):
        await taken(client.watch("g", after_revision=10))


@pytest.mark.parametrize("messages", WRONG.values(), ids=WRONG)
async def test_it_is_one_under_a_filter_too(server: StandIn, client: AsyncClient, messages: list[Message]) -> None:
    tells(server, messages)
    with pytest.raises(errors.WatchGap):
        await taken(client.watch("g", after_revision=10, node_types=["t"]))


@pytest.mark.parametrize("messages", WITHOUT_A_FILTER.values(), ids=WITHOUT_A_FILTER)
async def test_a_filter_may_leave_revisions_out(
    server: StandIn, client: AsyncClient, messages: list[WatchResponse]
) -> None:
    if messages[0].commits and messages[0].commits[-1].partial:
        messages = [*messages, window(12, 13, commit(13))]
    tells(server, messages)
    await taken(client.watch("g", after_revision=10, node_types=["t"]))


async def test_the_blocking_client_checks_it_too(server: StandIn, blocking: Callable[..., Any]) -> None:
    tells(server, [window(50, 54, commit(51), commit(53), commit(53), commit(52))])

    def work(client: Client) -> None:
        with pytest.raises(errors.WatchGap):
            next(iter(client.watch("g", after_revision=10)))

    await blocking(work)


async def test_after_a_cut_it_goes_on_behind_what_was_given_out(server: StandIn, client: AsyncClient) -> None:
    first = [window(10, 10), window(10, 12, commit(11), commit(12), piece(13))]
    asked = tells(server, first, [window(12, 12, piece(13)), window(12, 14, commit(13), commit(14))])
    commits = await taken(client.watch("g", after_revision=10))
    assert revisions(commits) == [11, 12, 13, 14]
    assert [len(one.changes) for one in commits] == [1, 1, 2, 1]
    assert (asked[0].after_revision, asked[1].resume_token) == (10, "behind 12")


@pytest.mark.parametrize("first", [[], [window(10, 12, commit(11), commit(12))]])
async def test_a_cut_hides_no_gap(server: StandIn, client: AsyncClient, first: list[Message]) -> None:
    tells(server, first, [window(13, 14, commit(14))])
    with pytest.raises(errors.WatchGap):
        await taken(client.watch("g", after_revision=10))


async def test_a_token_tells_its_revision_with_the_first_message(server: StandIn, client: AsyncClient) -> None:
    tells(server, [window(50, 51, commit(51))], [window(51, 52, commit(52))])
    assert revisions(await taken(client.watch("g", resume_token="behind 50", after_revision=10))) == [51, 52]
    tells(server, [window(50, 51, commit(51))], [window(52, 53, commit(53))])
    with pytest.raises(errors.WatchGap):
        await taken(client.watch("g", resume_token="behind 50"))


FEED_WRONG = {
    "doubled": [news(commit(5, graph="a"), commit(5, graph="a"))],
    "out of order": [news(commit(5, graph="a")), news(commit(4, graph="a"))],
    "not behind its event": [news(event("a", RESTORED, 7), commit(7, graph="a"))],
    "rest of another commit": [news(piece(5, "a")), news(commit(6, graph="a"))],
    "rest that never comes": [news(piece(5, "a")), news(commit(1, graph="b")), news(commit(9, graph="a"))],
    "rest that comes late": [news(piece(5, "a"), piece(1, "b"), commit(1, graph="b"), commit(5, graph="a"))],
}


@pytest.mark.parametrize("types", [(), ("t",)])
@pytest.mark.parametrize("messages", FEED_WRONG.values(), ids=FEED_WRONG)
async def test_a_gap_in_any_graph_is_one(
    server: StandIn, client: AsyncClient, messages: list[Message], types: tuple[str, ...]
) -> None:
    tells(server, messages)
    with pytest.raises(errors.WatchGap):
        await taken(client.watch_all(node_types=types))


async def test_revisions_of_all_graphs_are_dense_without_a_filter(server: StandIn, client: AsyncClient) -> None:
    tells(server, [news(commit(5, graph="a"), commit(9, graph="b"), commit(7, graph="a"))])
    assert revisions(await taken(client.watch_all(node_types=["t"]))) == [5, 9, 7]
    tells(server, [news(commit(5, graph="a"), commit(9, graph="b"), commit(7, graph="a"))])
    with pytest.raises(errors.WatchGap):
        await taken(client.watch_all())


@pytest.mark.parametrize("kind", [CREATED, DELETED, RESTORED])
async def test_a_commit_may_end_with_its_graph(
    server: StandIn, client: AsyncClient, kind: GraphEventKind.ValueType
) -> None:
    late = [commit(1, graph="a")] if kind == CREATED else []
    tells(server, [news(piece(5, "a")), news(commit(1, graph="b")), news(event("a", kind, 0), *late)])
    assert revisions(await taken(client.watch_all())) == [1, *revisions(late)]
    tells(server, [news(piece(5, "a")), news(event("a", kind, 0), *late)])
    assert revisions(await taken(client.watch_all())) == revisions(late)


async def test_all_graphs_go_on_after_a_cut(server: StandIn, client: AsyncClient) -> None:
    asked = tells(
        server,
        [news(commit(5, graph="a"), piece(6, "a"))],
        [news(piece(6, "a")), news(commit(6, graph="a"), commit(1, graph="b"))],
    )
    assert revisions(await taken(client.watch_all())) == [5, 6, 1]
    assert asked[1].resume_token == "behind a5"


@pytest.mark.parametrize("first", [window(3, 3), window(3, 4, commit(4))], ids=["quiet", "with a commit"])
async def test_a_watch_that_is_ready_has_begun_and_loses_nothing(
    server: StandIn, client: AsyncClient, first: WatchResponse
) -> None:
    last = first.end_revision
    asked = tells(server, [first, window(last, last + 1, commit(last + 1))])
    watch = client.watch("g")
    await watch.ready()
    await watch.ready()
    assert len(asked) == 1
    assert watch.resume_token == ("" if first.commits else "behind 3")
    assert revisions(await taken(watch)) == [*revisions(first.commits), last + 1]
    assert len(asked) == 1


async def test_it_is_not_ready_while_the_server_refuses_or_is_away(server: StandIn, client: AsyncClient) -> None:
    asked = tells(server, [], [window(3, 3)])
    watch = client.watch("g")
    await watch.ready()
    assert (len(asked), watch.revision) == (2, 3)
    tells(server, [])
    with pytest.raises(errors.GraphNotFound):
        await client.watch("g").ready()


async def test_the_blocking_client_knows_when_it_is_ready(server: StandIn, blocking: Callable[..., Any]) -> None:
    asked = tells(server, [news(event("a", CREATED)), news(commit(1, graph="a"))])

    def work(client: Client) -> list[Any]:
        watch = client.watch_all()
        watch.ready()
        told = iter(watch)
        return [next(told), next(told)]

    made, written = await blocking(work)
    assert (made.kind, written.revision, len(asked)) == (CREATED, 1, 1)


def test_what_cannot_be_meant_is_refused_before_anything_is_sent() -> None:
    with Client("127.0.0.1:1", api_key="k") as client:
        with pytest.raises(TypeError, match="node_types must be a list"):
            client.watch("g", node_types="person")
        with pytest.raises(TypeError, match="names must be a list"):
            client.watch("g", names="nodes/a")
        with pytest.raises(ValueError, match="watch_all"):
            client.watch("-")
    with pytest.raises(ValueError, match="API key is empty"):
        Client("127.0.0.1:1", api_key="")


def test_a_watch_without_a_connection_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with Client("127.0.0.1:1", api_key="k") as client, pytest.raises(errors.Unavailable):
        next(iter(client.watch("g", timeout=3)))
    assert "no connection" in caplog.text


async def test_what_a_reader_does_between_messages_does_not_use_up_the_patience_of_a_watch(server: StandIn) -> None:
    tells(server, [window(0, 1, commit(1))], [window(1, 2, commit(2))])
    async with AsyncClient(server.address, api_key="key") as client:
        told = aiter(client.watch("g", timeout=1.0))
        assert (await anext(told)).revision == 1
        await asyncio.sleep(1.5)  # the reader's work
        assert (await anext(told)).revision == 2


async def test_a_watch_that_is_being_read_is_ready_and_opens_no_second_stream(server: StandIn) -> None:
    asked = tells(server, [window(0, 1, commit(1)), window(1, 2, commit(2))])
    async with AsyncClient(server.address, api_key="key") as client:
        watch = client.watch("g")
        told = aiter(watch)
        assert (await anext(told)).revision == 1
        await watch.ready()
        assert (await anext(told)).revision == 2
    assert len(asked) == 1
