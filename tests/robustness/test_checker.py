"""The checker finds each kind of fault in a record, by its right name, and nothing in a record without."""

import copy
from collections.abc import Iterator
from dataclasses import replace

import pytest

from loci.v1.node_pb2 import Node
from loci.v1.watch_service_pb2 import CommitChanges, WatchResponse
from tests.robustness.checker import judge
from tests.robustness.floors import Floors
from tests.robustness.history import HeadRead, History, Listing, Received, Watcher
from tests.robustness.recording import small_history
from tests.robustness.verdicts import Broken, Status, Verdict
from tests.server import RunningServer

FLOORS = Floors(acknowledged=14, reads=50, commits_told=14, filtered=3, resumed=1, kinds=1, multiple=2)


@pytest.fixture(scope="module")
async def recorded(server: RunningServer) -> History:
    return await small_history(server)


@pytest.fixture
def history(recorded: History) -> History:
    return copy.deepcopy(recorded)


def verdict(history: History) -> Verdict:
    return judge(history, FLOORS)


def watcher(history: History, name: str) -> Watcher:
    return next(found for found in history.watchers if found.name == name)


def places(history: History, name: str, revision: int) -> Iterator[tuple[WatchResponse, int]]:
    """Each message that tells a revision to a watcher, and where in it."""
    for message in watcher(history, name).messages():
        for place, commit in enumerate(message.commits):
            if commit.revision == revision:
                yield message, place


def commit(history: History, name: str, revision: int) -> CommitChanges:
    message, place = next(places(history, name, revision))
    return message.commits[place]


def one_by_one(history: History, name: str) -> None:
    """Puts each commit of the watcher's first stream into a message of its own, as a server might have."""
    stream = watcher(history, name).streams[0]
    result: list[Received] = []
    for received in stream.received:
        after = received.message.after_revision
        for told in received.message.commits:
            single = WatchResponse(
                resume_token=told.resume_token, after_revision=after, end_revision=told.revision, commits=[told]
            )
            result.append(Received(received.at, single))
            after = told.revision
        if received.message.end_revision > after or not received.message.commits:
            rest = WatchResponse(
                resume_token=received.message.resume_token,
                after_revision=after,
                end_revision=received.message.end_revision,
            )
            result.append(Received(received.at, rest))
    stream.received = result


def test_a_true_record_passes(history: History) -> None:
    found = verdict(history)
    assert found.status is Status.PASSED, str(found)
    for name in ("all", "before", "persons", "mixed"):
        one_by_one(history, name)
    assert verdict(history).status is Status.PASSED, str(verdict(history))


def test_a_quiet_record_is_invalid_and_not_passed(history: History) -> None:
    found = judge(history, Floors(acknowledged=15))
    assert found.status is Status.INVALID
    assert found.shortfalls == ["acknowledged writes: 14, at least 15 are needed"]
    for floors in (Floors(reads=72), Floors(commits_told=15), Floors(filtered=15), Floors(resumed=2), Floors(kinds=9)):
        assert judge(history, floors).status is Status.INVALID
    assert judge(History("g"), Floors()).status is Status.INVALID


@pytest.mark.parametrize("name", ["all", "before"])
def test_a_dropped_commit_is_found(history: History, name: str) -> None:
    one_by_one(history, name)
    message, place = next(places(history, name, 5))
    del message.commits[place]
    assert verdict(history).broken == {Broken.BOOKMARKABLE}, "a message without it claims to be behind it"


def test_a_commit_dropped_from_among_others_is_found(history: History) -> None:
    (whole, *_) = watcher(history, "restless").streams
    message = next(received.message for received in whole.received if len(received.message.commits) > 3)
    del message.commits[2]
    assert verdict(history).broken == {Broken.RELIABLE}


def test_a_dropped_message_is_found(history: History) -> None:
    one_by_one(history, "all")
    stream = watcher(history, "all").streams[0]
    gone = next(place for place, received in enumerate(stream.received) if received.message.end_revision == 5)
    del stream.received[gone]
    assert verdict(history).broken == {Broken.DENSE}


def test_a_doubled_commit_is_found(history: History) -> None:
    message, place = next(places(history, "all", 5))
    message.commits.insert(place, message.commits[place])
    assert verdict(history).broken == {Broken.UNIQUE}


def test_a_commit_told_again_later_is_found(history: History) -> None:
    one_by_one(history, "all")
    doubled = commit(history, "all", 5)
    message, _ = next(places(history, "all", 7))
    message.commits.insert(0, doubled)
    assert verdict(history).broken == {Broken.UNIQUE}


def test_commits_in_another_order_are_found(history: History) -> None:
    (whole, *_) = watcher(history, "restless").streams
    message = next(received.message for received in whole.received if len(received.message.commits) > 3)
    swapped = [message.commits[1], message.commits[0], *message.commits[2:]]
    fresh = WatchResponse(commits=swapped)
    del message.commits[:]
    message.commits.extend(fresh.commits)
    assert verdict(history).broken == {Broken.ORDERED}


def test_progress_ahead_of_the_stream_is_found(history: History) -> None:
    one_by_one(history, "persons")
    stream = watcher(history, "persons").streams[0]
    place = next(p for p, received in enumerate(stream.received) if received.message.commits)
    told = stream.received[place].message
    early = WatchResponse(after_revision=told.after_revision, end_revision=told.end_revision, resume_token="early")
    stream.received.insert(place, Received(stream.received[place].at, early))
    assert Broken.BOOKMARKABLE in verdict(history).broken


def test_progress_behind_the_head_of_the_graph_is_found(history: History) -> None:
    stream = watcher(history, "all").streams[0]
    last = stream.received[-1]
    beyond = WatchResponse(after_revision=history.head, end_revision=history.head + 1, resume_token="beyond")
    stream.received.append(Received(last.at, beyond))
    assert verdict(history).broken == {Broken.BOOKMARKABLE}


def test_progress_to_what_nobody_had_asked_for_is_found(history: History) -> None:
    one_by_one(history, "gone")
    stream = watcher(history, "gone").streams[0]
    stream.received[-1].at = history.writes[0].started - 1
    assert verdict(history).broken == {Broken.BOOKMARKABLE}


@pytest.mark.parametrize(("name", "broken"), [("all", Broken.ATOMIC), ("mixed", Broken.FILTERED)])
def test_a_torn_commit_is_found(history: History, name: str, broken: Broken) -> None:
    del commit(history, name, 2).changes[-1]
    assert verdict(history).broken == {broken}


def test_a_commit_told_otherwise_to_one_is_found(history: History) -> None:
    changes = commit(history, "all", 8).changes
    swapped = [changes[1], changes[0], *changes[2:]]
    fresh = CommitChanges(changes=swapped)
    del changes[:]
    changes.extend(fresh.changes)
    assert verdict(history).broken == {Broken.ATOMIC}


def test_a_commit_that_is_never_finished_is_found(history: History) -> None:
    torn = commit(history, "all", 8)
    torn.partial = True
    del torn.changes[1:]
    assert Broken.ATOMIC in verdict(history).broken


def test_a_wrong_image_before_is_found(history: History) -> None:
    commit(history, "before", 10).changes[0].node_before.text = "something else"
    assert verdict(history).broken == {Broken.BEFORE_IMAGE}


def test_a_missing_image_before_is_found(history: History) -> None:
    commit(history, "before", 10).changes[0].ClearField("node_before")
    assert verdict(history).broken == {Broken.BEFORE_IMAGE}


def test_an_image_before_of_an_older_revision_is_found(history: History) -> None:
    older = commit(history, "before", 4).changes[0].node
    commit(history, "before", 10).changes[0].node_before.CopyFrom(older)
    assert verdict(history).broken == {Broken.BEFORE_IMAGE}


def test_a_wrong_image_after_is_found(history: History) -> None:
    commit(history, "all", 4).changes[0].node.text = "something else"
    assert verdict(history).broken == {Broken.CONSISTENT}


@pytest.mark.parametrize(("name", "revision"), [("persons", 6), ("persons", 13), ("gone", 11)])
def test_a_filter_that_says_nothing_of_what_leaves_it_is_found(history: History, name: str, revision: int) -> None:
    message, place = next(places(history, name, revision))
    del message.commits[place]
    assert verdict(history).broken <= {Broken.FILTERED, Broken.BOOKMARKABLE}
    assert verdict(history).status is Status.VIOLATED


def test_a_filter_that_lets_too_much_through_is_found(history: History) -> None:
    extra = commit(history, "all", 8).changes[0]
    commit(history, "persons", 8).changes.insert(0, extra)
    assert verdict(history).broken == {Broken.FILTERED}


def test_a_stream_that_goes_back_on_resume_is_found(history: History) -> None:
    whole, rest = watcher(history, "restless").streams
    rest.received = whole.received
    assert Broken.RESUMABLE in verdict(history).broken


def test_a_stream_that_skips_on_resume_is_found(history: History) -> None:
    _, rest = watcher(history, "restless").streams
    for received in rest.received:
        if received.message.commits:
            del received.message.commits[0]
        received.message.after_revision = max(received.message.after_revision, 7)
        received.message.end_revision = max(received.message.end_revision, 7)
    assert verdict(history).broken == {Broken.RESUMABLE}


def test_a_stream_that_stays_silent_after_resuming_is_found(history: History) -> None:
    _, rest = watcher(history, "restless").streams
    rest.received = rest.received[:1]
    assert verdict(history).broken == {Broken.RELIABLE}


def test_a_lost_acknowledged_write_is_found(history: History) -> None:
    history.head -= 1
    for one in history.watchers:
        for message in one.messages():
            kept = [told for told in message.commits if told.revision <= history.head]
            fresh = WatchResponse(commits=kept)
            del message.commits[:]
            message.commits.extend(fresh.commits)
            message.end_revision = min(message.end_revision, history.head)
    history.heads.clear()
    assert Broken.DURABLE in verdict(history).broken


def test_an_acknowledged_write_whose_revision_went_to_another_is_found(history: History) -> None:
    lost = history.writes[9]
    other = copy.deepcopy(lost)
    other.key, other.revision = "other", 0
    history.writes.append(other)
    for one in history.watchers:
        for told in one.commits():
            if told.note == lost.key:
                told.note = other.key
    assert Broken.DURABLE in verdict(history).broken


def test_a_write_that_happened_twice_is_found(history: History) -> None:
    for one in history.watchers:
        for told in one.commits():
            if told.revision == 10:
                told.note = history.writes[3].key
    assert Broken.ONCE in verdict(history).broken


def test_a_refused_write_that_happened_is_found(history: History) -> None:
    history.writes[9].revision, history.writes[9].refusal = 0, "NODE_NOT_FOUND"
    assert verdict(history).broken == {Broken.CONSISTENT}


def test_an_unanswered_write_may_have_happened(history: History) -> None:
    history.writes[9].revision, history.writes[9].answers = 0, []
    assert judge(history, Floors()).status is Status.PASSED


def test_a_wrong_answer_is_found(history: History) -> None:
    answer = history.writes[3].answers[0]
    assert isinstance(answer, Node)
    answer.text = "something else"
    assert verdict(history).broken == {Broken.CONSISTENT}


@pytest.mark.parametrize(
    ("client", "broken"), [("writer1", Broken.OWN_WRITES), ("reader", Broken.MONOTONIC), ("another", Broken.STALE)]
)
def test_a_stale_read_is_found(history: History, client: str, broken: Broken) -> None:
    read = next(read for read in history.reads if read.found is not None and read.found.revision == 10)
    old = next(read for read in history.reads if read.found is not None and read.found.revision == 4)
    history.reads.append(replace(read, client=client, found=old.found))
    assert verdict(history).broken == {broken}


def test_a_stale_list_is_found(history: History) -> None:
    lists = [found for found in history.listings if found.kind == "nodes"]
    last = lists[-1]
    history.listings.append(Listing("another", last.started, last.ended, "nodes", lists[2].found))
    assert verdict(history).broken == {Broken.STALE}


def test_a_list_of_no_revision_is_found(history: History) -> None:
    last = [found for found in history.listings if found.kind == "nodes"][-1]
    del last.found[0]
    assert verdict(history).broken == {Broken.INVENTED}


def test_a_value_that_was_never_written_is_found(history: History) -> None:
    read = next(read for read in history.reads if read.found is not None)
    assert read.found is not None
    read.found.text = "nobody wrote this"
    assert verdict(history).broken == {Broken.INVENTED}


def test_a_revision_that_goes_back_is_found(history: History) -> None:
    last = history.heads[-1]
    history.heads.append(HeadRead("another", last.started + 1, last.ended + 1, last.revision - 1))
    assert verdict(history).broken == {Broken.STALE}


def test_a_token_that_is_refused_is_found(history: History) -> None:
    watcher(history, "restless").streams[0].error = "REVISION_IN_FUTURE"
    assert verdict(history).broken == {Broken.RESUMABLE}


def test_a_stream_refused_as_compacted_without_a_compaction_is_found(history: History) -> None:
    watcher(history, "restless").streams[0].error = "REVISION_COMPACTED"
    assert verdict(history).broken == {Broken.RELIABLE}
