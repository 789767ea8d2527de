"""The checker finds what is wrong with watches over all graphs, and with what is told after a hard delete."""

import asyncio
import copy
import uuid
from collections.abc import Callable, Sequence

import pytest

from loci import mutations as m
from loci.v1.watch_service_pb2 import CommitChanges, GraphEvent, WatchResponse
from tests.robustness.checker import judge
from tests.robustness.floors import Floors
from tests.robustness.history import History, Received, Stream, Watcher
from tests.robustness.recorder import Client, Feeding, Watching, now
from tests.robustness.verdicts import Broken, Status, Verdict
from tests.robustness.watch_check import FORGETTING
from tests.robustness.workload import Belief, Writer, watcher
from tests.server import RunningServer
from tests.waiting import eventually

FLOORS = Floors(reads=0, filtered=0, progress=0, resumed=0, kinds=0, multiple=0)
MAIN = (
    [m.create_node("n0", type="person", label="first")],
    [m.create_node("n1"), m.create_edge("n0", "KNOWS", "n1")],
    [m.create_node("secret", text="secret")],
    [m.update_node("secret", text="another secret")],
    [m.update_node("n0", label="second")],
    [m.delete_node("secret", hard=True)],
    [m.create_node("secret", text="third")],
    [m.update_node("n1", label="last")],
)
BESIDE = ([m.create_node("a")], [m.update_node("a", label="x")], [m.delete_node("a")])


@pytest.fixture(scope="module")
async def recorded(server: RunningServer) -> History:
    """Watchers of one graph and of all, before and after a hard delete; one of each resumes in the midst."""
    graph = f"f{uuid.uuid4().hex[:12]}"
    history = History(graph, beside=[History(f"{graph}-beside")])
    made: list[Client] = []

    def client(name: str, of: History = history) -> Client:
        made.append(Client(name, of, server.address, server.operator_key))
        return made[-1]

    async with server.client() as operator, asyncio.TaskGroup() as group:
        for one in (history, *history.beside):
            await operator.create_graph(one.graph)
        early = [Watching(client("all"), watcher("all")), Watching(client("before"), watcher("before", before=True))]
        feed = Feeding(client("feed"), watcher("feed", before=True))
        tasks = [group.create_task(watching.forever(Stream(now()))) for watching in (*early, feed)]
        writer, other = Writer(client("writer"), Belief(), ""), Writer(client("o", history.beside[0]), Belief(), "")
        for number, steps in enumerate(MAIN):
            assert (await writer.once(steps)).revision == number + 1
            await covered(early, number + 1)
            if number < len(BESIDE):
                assert (await other.once(BESIDE[number])).revision == number + 1
        for one, writes in ((history, MAIN), (history.beside[0], BESIDE)):
            one.head = len(writes)
        ends = {f"graphs/{one.graph}": one.head for one in (history, *history.beside)}
        await until(lambda: all(feed.told.get(name) == end for name, end in ends.items()))
        late = Feeding(client("late"), watcher("late"))
        await late.follow(Stream(now()), until=lambda: late.told.items() >= ends.items())
        middle = next(c for c in late.watcher.commits() if c.graph == f"graphs/{graph}" and c.revision == 2)
        rest = Stream(now(), token=middle.resume_token)
        await late.follow(rest, until=lambda: late.told.items() >= ends.items())
        for task in tasks:
            task.cancel()
    for done in made:
        await done.close()
    return history


async def covered(watchers: Sequence[Watching], revision: int) -> None:
    """Returns once all of them were told of a revision."""
    await until(lambda: all(one.covered >= revision for one in watchers))


async def until(so: Callable[[], bool]) -> None:
    async def holds() -> bool:
        return so()

    await eventually(holds)


@pytest.fixture
def history(recorded: History) -> History:
    return copy.deepcopy(recorded)


def verdict(history: History) -> Verdict:
    return judge(history, FLOORS)


def feed(history: History, name: str = "feed") -> Watcher:
    return next(found for found in (*history.feeds, *history.watchers) if found.name == name)


def piece(history: History, name: str, revision: int, graph: str = "") -> tuple[WatchResponse, CommitChanges]:
    """A commit as it was told first, and its message."""
    wanted = f"graphs/{graph or history.graph}"
    return next(
        (message, told)
        for message in feed(history, name).messages()
        for told in message.commits
        if told.revision == revision and told.graph in ("", wanted)
    )


def test_a_true_record_passes(history: History) -> None:
    found = verdict(history)
    assert found.status is Status.PASSED, str(found)
    assert found.counts["revisions"] == len(MAIN) + len(BESIDE)
    erased = [change.erased for told in feed(history, "late").commits() for change in told.changes if change.erased]
    assert len(erased) == 4, "both images, on each of its streams"


@pytest.mark.parametrize("beside", [False, True])
def test_a_dropped_commit_is_found(history: History, beside: bool) -> None:
    message, told = piece(history, "feed", 2, history.beside[0].graph if beside else "")
    message.commits.remove(told)
    assert verdict(history).broken & {Broken.RELIABLE, Broken.DENSE, Broken.BOOKMARKABLE}


def test_a_doubled_commit_is_found(history: History) -> None:
    message, told = piece(history, "feed", 3)
    message.commits.append(told)
    assert Broken.UNIQUE in verdict(history).broken


def test_commits_of_a_graph_in_another_order_are_found(history: History) -> None:
    message, told = piece(history, "late", 4)
    again = WatchResponse(commits=[told, *[one for one in message.commits if one != told]])
    del message.commits[:]
    message.commits.extend(again.commits)
    assert verdict(history).status is Status.VIOLATED


def test_a_token_that_skips_is_found(history: History) -> None:
    stream = feed(history, "late").streams[1]
    for received in stream.received:
        kept = [told for told in received.message.commits if told.revision != 3]
        fresh = WatchResponse(commits=kept)
        del received.message.commits[:]
        received.message.commits.extend(fresh.commits)
    assert verdict(history).broken & {Broken.RELIABLE, Broken.BOOKMARKABLE, Broken.DENSE}


def test_a_stream_that_goes_back_on_resume_is_found(history: History) -> None:
    whole, rest = feed(history, "late").streams
    rest.received = whole.received
    assert Broken.ORDERED in verdict(history).broken


def test_a_feed_that_stays_silent_is_found(history: History) -> None:
    _, rest = feed(history, "late").streams
    rest.received = rest.received[:1]
    assert verdict(history).broken == {Broken.RELIABLE}


def test_a_token_that_was_on_no_message_is_found(history: History) -> None:
    feed(history, "late").streams[1].token = "invented"
    assert Broken.CONSISTENT in verdict(history).broken


def test_a_graph_that_nobody_said_was_made_is_found(history: History) -> None:
    for message in feed(history).messages():
        del message.graph_events[:]
    assert verdict(history).broken == {Broken.RELIABLE}


def test_a_graph_that_is_told_as_deleted_and_is_not_is_found(history: History) -> None:
    message, _ = piece(history, "feed", 5)
    message.graph_events.append(GraphEvent(graph=f"graphs/{history.graph}", kind="GRAPH_EVENT_KIND_DELETED"))
    assert verdict(history).broken == {Broken.CONSISTENT}


def test_what_was_hard_deleted_and_is_told_long_after_is_found(history: History) -> None:
    secret = piece(history, "all", 3)[1].changes[0]
    for told in feed(history, "late").commits():
        for change in told.changes:
            if change.erased and told.revision == 3:
                change.CopyFrom(secret)
                told.note = history.writes[2].key
    assert verdict(history).status is Status.PASSED, "soon after it, it may be on its way still"
    for stream in feed(history, "late").streams:
        stream.opened += 2 * FORGETTING
    assert verdict(history).broken == {Broken.ERASED}


def test_what_is_kept_back_and_was_not_hard_deleted_is_found(history: History) -> None:
    told = piece(history, "all", 5)[1]
    told.changes[0].ClearField("node")
    told.changes[0].erased = True
    assert verdict(history).broken == {Broken.ERASED}


def test_what_is_kept_back_before_its_hard_delete_was_asked_for_is_found(history: History) -> None:
    told = piece(history, "all", 3)[1]
    told.changes[0].ClearField("node")
    told.changes[0].erased = True
    assert verdict(history).broken == {Broken.ERASED}


def test_a_hard_delete_told_as_another_is_found(history: History) -> None:
    piece(history, "all", 6)[1].changes[0].hard = False
    assert verdict(history).broken == {Broken.CONSISTENT}


def test_a_message_that_tells_beyond_the_graph_is_found(history: History) -> None:
    last = feed(history).streams[0].received[-1]
    invented = CommitChanges(graph=f"graphs/{history.graph}", revision=history.head + 1, resume_token="t")
    feed(history).streams[0].received.append(
        Received(last.at, WatchResponse(commits=[invented], resume_token="beyond"))
    )
    assert Broken.DURABLE in verdict(history).broken or Broken.CONSISTENT in verdict(history).broken
