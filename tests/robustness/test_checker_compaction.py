"""The checker knows whom a compaction may refuse of those who watch all graphs, and where it may send them on."""

import copy
import uuid

import pytest

from loci import mutations as m
from tests.robustness.checker import judge
from tests.robustness.compaction import compact
from tests.robustness.floors import Floors
from tests.robustness.history import Compaction, History, Stream, Watcher
from tests.robustness.recorder import Client, Feeding, Watching, now
from tests.robustness.verdicts import Broken, Status, Verdict
from tests.robustness.workload import Belief, Writer, watcher
from tests.server import RunningServer

FLOORS = Floors(reads=0, filtered=0, progress=0, resumed=0, kinds=0, multiple=0)
EARLY, COMPACTED, HEAD = 2, 3, 5
"""Revisions: seen by a watcher that begins early, where the log is cut, and the last one."""


@pytest.fixture(scope="module")
async def recorded(server: RunningServer) -> History:
    """A watcher of all graphs that comes and goes: one of the graphs is compacted, and the watcher goes on where it had
    been told nothing of that, and behind the token of a stream that had told all."""
    name = f"c{uuid.uuid4().hex[:12]}"
    history = History(f"{name}-second", beside=[History(f"{name}-first")])
    (first,) = history.beside
    made: list[Client] = []

    def client(name: str, of: History = history) -> Client:
        made.append(Client(name, of, server.address, server.operator_key))
        return made[-1]

    async with server.client() as operator:
        for one in (history, first):
            await operator.create_graph(one.graph)
    writer, big = Writer(client("writer"), Belief(), ""), Writer(client("big", first), Belief(), "")
    await big.vast()  # a page of its own
    await written(writer, EARLY)
    feed = Feeding(client("feed"), watcher("feed"))

    def has_some_of_the_first() -> bool:
        told = last(feed.watcher).received[-1].message.commits
        return any(commit.graph == f"graphs/{first.graph}" for commit in told)

    def is_told_all() -> bool:
        return feed.told.get(f"graphs/{history.graph}", 0) == writer_head(history)

    await feed.follow(Stream(now()), until=has_some_of_the_first)
    before_its_turn = feed.token
    await feed.follow(Stream(now()), until=is_told_all)
    at_the_oldest = last(feed.watcher).received[0].message.resume_token
    await written(writer, HEAD)
    await told_to_one(client("all"), HEAD)
    compaction = Compaction(now(), COMPACTED)
    history.compactions.append(compaction)
    await compact(str(server.database_url), history.graph, COMPACTED)
    compaction.ended = now()
    await feed.follow(Stream(now()), until=is_told_all)
    await feed.follow(Stream(now(), token=before_its_turn), until=is_told_all)
    await feed.follow(Stream(now(), token=at_the_oldest), until=is_told_all)
    history.head, first.head = HEAD, 1
    for done in made:
        await done.close()
    return history


async def written(writer: Writer, head: int) -> None:
    """Goes on up to this revision."""
    for number in range(writer_head(writer.client.history) + 1, head + 1):
        assert (await writer.once([m.create_node(f"n{number}")])).revision == number


def writer_head(history: History) -> int:
    return max((write.revision for write in history.writes), default=0)


async def told_to_one(client: Client, head: int) -> None:
    watching = Watching(client, watcher("all"))
    await watching.follow(Stream(now()), until=lambda: watching.covered == head)


def last(watcher: Watcher) -> Stream:
    return watcher.streams[-1]


@pytest.fixture
def history(recorded: History) -> History:
    return copy.deepcopy(recorded)


def verdict(history: History) -> Verdict:
    return judge(history, FLOORS)


def revisions(history: History, number: int) -> list[int]:
    """Of the compacted graph, as a stream told them."""
    messages = (received.message for received in history.feeds[0].streams[number].received)
    return [c.revision for message in messages for c in message.commits if c.graph == f"graphs/{history.graph}"]


def test_who_was_told_nothing_of_a_graph_may_be_refused_and_sent_on_behind_its_compaction(history: History) -> None:
    streams = history.feeds[0].streams
    assert [stream.error for stream in streams] == ["LEFT", "LEFT", "LEFT", "REVISION_COMPACTED", "LEFT"]
    whole, rest = [*range(1, EARLY + 1)], [*range(COMPACTED + 1, HEAD + 1)]
    assert [revisions(history, number) for number in range(5)] == [[], whole, rest, [], rest]
    found = verdict(history)
    assert found.status is Status.PASSED, str(found)


def test_a_refusal_of_who_began_behind_the_compaction_is_found(history: History) -> None:
    history.compactions[0].ended = history.feeds[0].streams[0].opened - 1
    assert verdict(history).broken == {Broken.RELIABLE}


def test_a_refusal_of_who_was_told_all_that_is_compacted_is_found(history: History) -> None:
    history.feeds[0].streams[2].error = "REVISION_COMPACTED"
    assert verdict(history).broken == {Broken.RELIABLE}


def test_a_refusal_without_a_compaction_is_found(history: History) -> None:
    history.feeds[0].streams[0].error = "REVISION_COMPACTED"
    history.compactions[0].ended = 0.0
    assert Broken.RELIABLE in verdict(history).broken


def test_who_was_told_some_and_is_sent_on_behind_the_compaction_is_found(history: History) -> None:
    _, whole, _, _, rest = history.feeds[0].streams
    rest.token = whole.received[-1].message.resume_token
    assert Broken.RELIABLE in verdict(history).broken
