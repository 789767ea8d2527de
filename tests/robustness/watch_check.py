"""Judges what one watcher received, message by message, against the log as it must have been."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import NamedTuple

from loci.v1.change_pb2 import Change
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci.v1.watch_service_pb2 import CommitChanges, WatchResponse
from tests.robustness.filtering import passing
from tests.robustness.history import LEFT, History, Received, Stream, Watcher
from tests.robustness.truth import Truth, key_of
from tests.robustness.verdicts import Broken, Violation

FORGETTING = 15.0
"""Seconds after the answer to a hard delete in which a watcher may still be told what was deleted, under faults."""
BROKEN_CONNECTION = {"grpc UNAVAILABLE", "grpc INTERNAL", "grpc CANCELLED"}
"""As gRPC itself says it, without a reason of the server: a process was killed, or a proxy cut the line."""
BRIDGED = {LEFT, "", "CANCELLED", "DRAINING", "WATCH_TOO_SLOW", "DATABASE_UNAVAILABLE"} | BROKEN_CONNECTION
"""Ends of a stream behind which a watcher goes on by its last token."""


class Place(NamedTuple):
    """Behind a revision, and behind so many of the changes of the next one."""

    revision: int
    taken: int = 0


class WatchCheck:
    """One watcher. `run` gives the violations; `place` is how far it came."""

    def __init__(self, truth: Truth, history: History, watcher: Watcher) -> None:
        self.place = Place(0)
        self.message_count = 0
        self.commit_count = 0
        self._truth = truth
        self._history = history
        self._watcher = watcher
        self._tokens: dict[str, Place] = {}
        self._wanted: dict[int, list[Change]] = {}

    def run(self) -> Iterator[Violation]:
        compacted = {compaction.revision for compaction in self._history.compactions}
        for number, stream in enumerate(self._watcher.streams):
            where = f"{self._watcher.name}, stream {number}"
            if number and stream.after is not None and stream.after not in compacted:
                yield Violation(Broken.RELIABLE, where, f"it was sent to {stream.after}, where no compaction was")
            yield from self._stream(stream, where)
        if self.place.revision < min(self._history.head, self._truth.known):
            what = f"it came to revision {self.place.revision} of {self._history.head}"
            yield Violation(Broken.RELIABLE, self._watcher.name, what)

    def _stream(self, stream: Stream, where: str) -> Iterator[Violation]:
        start = self._start(stream)
        if stream.token and start is None:
            yield Violation(Broken.CONSISTENT, where, "its token was on no message before it")
        if start is not None:
            self.place = start
        told: set[int] = set()
        for number, received in enumerate(stream.received):
            at = f"{where}, message {number}"
            message = received.message
            if number or start is not None:
                broken = Broken.DENSE if number else Broken.RESUMABLE
                if message.after_revision != self.place.revision:
                    what = f"goes on behind {message.after_revision}, not {self.place.revision}"
                    yield Violation(broken, at, what)
                    self.place = Place(message.after_revision)
            else:
                yield from self._beginning(stream, received, at)
                self.place = Place(message.after_revision)
            yield from self._message(received, stream.opened, told, at)
        yield from self._ending(stream, where)

    def _start(self, stream: Stream) -> Place | None:
        if stream.token:
            return self._tokens.get(stream.token)
        return None if stream.after is None else Place(stream.after)

    def _beginning(self, stream: Stream, received: Received, where: str) -> Iterator[Violation]:
        """A stream from the oldest or from now on: from the first revision, or from one that was the last one then."""
        after = received.message.after_revision
        if stream.position == "oldest":
            compacted = [0, *(c.revision for c in self._history.compactions if c.started < received.at)]
            if after not in compacted:
                yield Violation(Broken.RELIABLE, where, f"oldest is {after}, the log begins behind one of {compacted}")
            return
        before = [w.revision for w in self._history.writes if w.revision and w.ended < stream.opened]
        if after < max(before, default=0):
            yield Violation(Broken.RELIABLE, where, f"now is {after}, but {max(before)} was acknowledged before")
        yield from self._decided(after, received.at, where)

    def _message(self, received: Received, opened: float, told: set[int], where: str) -> Iterator[Violation]:
        message = received.message
        self.message_count += 1
        yield from self._decided(message.end_revision, received.at, where)
        commits, disorder = in_order(message, told, self.place.revision, where)
        yield from disorder
        for piece in commits:
            yield from self._skipped(piece.revision - 1, bool(message.commits), where)
            if piece.revision > message.end_revision and not piece.partial:
                what = f"revision {piece.revision} in a message up to {message.end_revision}"
                yield Violation(Broken.DENSE, where, what)
            yield from self._piece(piece, opened, received.at, where)
            told.add(piece.revision)
            self.commit_count += not piece.partial
        yield from self._skipped(message.end_revision, bool(message.commits), where)
        if message.end_revision < self.place.revision:
            what = f"it ends at {message.end_revision}, behind {self.place.revision}"
            yield Violation(Broken.BOOKMARKABLE, where, what)
        self._tokens[message.resume_token] = self.place

    def _skipped(self, end: int, has_commits: bool, where: str) -> Iterator[Violation]:
        """What should have been told up to `end` and was not. Moves the place there."""
        for revision in range(self.place.revision + 1, end + 1):
            left = self.wanted(revision)[self.place.taken :]
            if left and self.place.taken:
                yield Violation(Broken.ATOMIC, where, f"{len(left)} changes of revision {revision} were not told")
            elif left and not has_commits:
                what = f"it claims revision {end}, but revision {revision} was not delivered"
                yield Violation(Broken.BOOKMARKABLE, where, what)
            elif left:
                broken = Broken.RELIABLE if self._watcher.sees_all else Broken.FILTERED
                yield Violation(broken, where, f"revision {revision} was not told")
            self.place = Place(revision)
        if end > self.place.revision:
            self.place = Place(end)

    def _piece(self, piece: CommitChanges, opened: float, received: float, where: str) -> Iterator[Violation]:
        commit = self._truth.commits.get(piece.revision)
        if commit is None:
            if piece.revision > self._history.head:
                yield Violation(
                    Broken.DURABLE, where, f"revision {piece.revision}, the graph is at {self._history.head}"
                )
            self._pass(piece, piece.resume_token, len(piece.changes))
            return
        at = f"{where}, revision {piece.revision}"
        erasure = next(filter(None, (self._truth.erased(c.name, piece.revision) for c in commit.changes)), None)
        forgotten = not piece.note and erasure is not None and erasure.write.started < received
        if piece.note != commit.write.key and not self.place.taken and not forgotten:
            yield Violation(Broken.CONSISTENT, at, f"it is {commit.write.key}, told as {piece.note}")
        if piece.commit_time != commit.time and piece.HasField("commit_time"):
            yield Violation(Broken.ATOMIC, at, "told with another time than to others")
        wanted = self.wanted(piece.revision)[self.place.taken :]
        if piece.partial:
            wanted = wanted[: len(piece.changes)]
        yield from self._compare(piece, wanted, opened, received, at)
        self._pass(piece, piece.resume_token, len(piece.changes))

    def _compare(
        self, piece: CommitChanges, wanted: Sequence[Change], opened: float, received: float, where: str
    ) -> Iterator[Violation]:
        found = piece.changes
        broken = Broken.ATOMIC if self._watcher.sees_all else Broken.FILTERED
        if [key_of(change) for change in found] != [key_of(change) for change in wanted]:
            lacking = {key_of(change) for change in wanted} - {key_of(change) for change in found}
            extra = {key_of(change) for change in found} - {key_of(change) for change in wanted}
            what = f"lacking {sorted(lacking)[:3]}, beyond {sorted(extra)[:3]}, or in another order"
            yield Violation(broken, where, what)
            return
        for change, expected in zip(found, wanted, strict=True):
            erasure = self._truth.erased(change.name, piece.revision)
            if change.erased:
                if erasure is None or erasure.write.started > received:
                    yield Violation(Broken.ERASED, where, f"{change.name} was not hard-deleted")
                if after(change) is not None or before(change) is not None:
                    yield Violation(Broken.ERASED, where, f"{change.name} is said to be erased, and told")
                continue
            if after(change) is not None and erasure is not None and opened > erasure.write.ended + FORGETTING:
                yield Violation(Broken.ERASED, where, f"{change.name} was hard-deleted long ago")
            if change.unreadable or after(change) != after(expected) or change.hard != expected.hard:
                yield Violation(Broken.CONSISTENT, where, f"{change.name} is not what was written")
            if not self._watcher.before or expected.hard:
                fitting = before(change) is None
            else:
                fitting = before(change) == before(expected)
            if not fitting:
                yield Violation(Broken.BEFORE_IMAGE, where, f"{change.name} was not so before")

    def _pass(self, piece: CommitChanges, token: str, count: int) -> None:
        if piece.partial:
            self.place = Place(piece.revision - 1, self.place.taken + count)
        else:
            self.place = Place(piece.revision)
        self._tokens[token] = self.place

    def _decided(self, revision: int, at: float, where: str) -> Iterator[Violation]:
        """Nothing is claimed that was not even asked for."""
        commit = self._truth.commits.get(revision)
        if revision > self._history.head:
            yield Violation(Broken.BOOKMARKABLE, where, f"it claims {revision}, the graph is at {self._history.head}")
        elif commit is not None and commit.write.started > at:
            yield Violation(Broken.BOOKMARKABLE, where, f"it claims {revision} before anybody asked for it")

    def _ending(self, stream: Stream, where: str) -> Iterator[Violation]:
        if stream.error == "REVISION_COMPACTED":
            yield from self._refused(stream, where)
        elif stream.error not in BRIDGED:
            yield Violation(Broken.RESUMABLE, where, f"it ended with {stream.error}: {stream.message}")

    def _refused(self, stream: Stream, where: str) -> Iterator[Violation]:
        """As compacted. Of who was told nothing yet only this is known: it may stand before what was compacted, unless
        it began when that was over."""
        compactions = self._history.compactions
        if stream.received or self._start(stream) is not None:
            if not any(compaction.revision > self.place.revision for compaction in compactions):
                what = f"refused as compacted, which {self.place.revision} is not: {stream.message}"
                yield Violation(Broken.RELIABLE, where, what)
            return
        begun = stream.opened if stream.begun is None else stream.begun
        if not any(compaction.ended > begun for compaction in compactions):
            what = f"refused as compacted, but it began after all compactions: {stream.message}"
            yield Violation(Broken.RELIABLE, where, what)

    def wanted(self, revision: int) -> list[Change]:
        """What of a revision this watcher is to be told."""
        if revision not in self._wanted:
            commit = self._truth.commits.get(revision)
            self._wanted[revision] = [] if commit is None else passing(commit.changes, self._watcher.filter)
        return self._wanted[revision]


def in_order(
    message: WatchResponse, told: set[int], place: int, where: str
) -> tuple[list[CommitChanges], list[Violation]]:
    """The pieces of a message in the order that they should have, none of them twice."""
    found: list[CommitChanges] = []
    violations: list[Violation] = []
    whole: set[int] = set()
    for piece in message.commits:
        latest = found[-1].revision if found else 0
        if piece.revision in whole:
            violations.append(Violation(Broken.UNIQUE, where, f"revision {piece.revision} twice"))
            continue
        if piece.revision <= place:
            broken = Broken.UNIQUE if piece.revision in told else Broken.ORDERED
            violations.append(Violation(broken, where, f"revision {piece.revision} behind {place}"))
            continue
        if piece.revision < latest:
            violations.append(Violation(Broken.ORDERED, where, f"revision {piece.revision} behind {latest}"))
        found.append(piece)
        if not piece.partial:
            whole.add(piece.revision)
    return sorted(found, key=lambda piece: piece.revision), violations


def after(change: Change) -> Node | Edge | None:
    return _bare(change.node if change.HasField("node") else change.edge if change.HasField("edge") else None)


def before(change: Change) -> Node | Edge | None:
    has_node, has_edge = change.HasField("node_before"), change.HasField("edge_before")
    return _bare(change.node_before if has_node else change.edge_before if has_edge else None)


def _bare(image: Node | Edge | None) -> Node | Edge | None:
    """Without the etag, which is opaque."""
    if image is None:
        return None
    copy = deepcopy(image)
    copy.ClearField("etag")
    return copy
