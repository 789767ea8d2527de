"""The log as it must have been: which write made which revision, and what the model says that it did.

A commit is known by its note, which is the key of its write. Acknowledgements say the same of the writes that got one.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1.change_pb2 import Change
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci.v1.watch_service_pb2 import CommitChanges
from tests.robustness.history import History, Watcher, Write
from tests.robustness.model import Model, Refused
from tests.robustness.verdicts import Broken, Violation

Image = Node | Edge | None
Key = tuple[int, str]
"""Kind and name of a change."""


@dataclass(slots=True)
class Commit:
    """One revision, as it must be told."""

    revision: int
    write: Write
    time: Timestamp
    changes: list[Change]


@dataclass(slots=True)
class Truth:
    """All revisions up to `known`, and the versions of each node and edge."""

    commits: dict[int, Commit] = field(default_factory=dict)
    known: int = 0
    """Up to here the model follows the log."""
    versions: dict[str, list[tuple[int, Image]]] = field(default_factory=dict)
    """By name: since which revision it is so; None: it is not there."""
    erasures: dict[str, list[Commit]] = field(default_factory=dict)
    """By name: the commits that hard-deleted it."""
    violations: list[Violation] = field(default_factory=list)

    def at(self, name: str, revision: int) -> Image:
        """A node or edge at a revision."""
        versions = self.versions.get(name, [])
        place = bisect_right(versions, revision, key=lambda version: version[0])
        return versions[place - 1][1] if place else None

    def erased(self, name: str, revision: int) -> Commit | None:
        """The commit that hard-deleted what this node or edge was at a revision."""
        later = (commit for commit in self.erasures.get(name, ()) if commit.revision > revision)
        return next(later, None)

    def blame(self, broken: Broken, where: str, what: str) -> None:
        self.violations.append(Violation(broken, where, what))


def truth_of(history: History) -> Truth:
    """Puts the log together, and notes where tellings and acknowledgements contradict each other."""
    truth = Truth()
    whole = [(watcher, commit) for watcher in history.watchers for commit in told(watcher)]
    writes = {write.key: write for write in history.writes}
    authors = _authors(truth, history, whole, writes)
    times = {write.revision: item.update_time for write in history.writes for item in write.answers}
    pieces = (piece for watcher in history.watchers for piece in watcher.commits())
    times |= {piece.revision: piece.commit_time for piece in pieces if piece.HasField("commit_time")}
    orders = _orders(history)
    model = Model(history.graph)
    for revision in range(1, history.head + 1):
        write = authors.get(revision)
        if write is None:
            truth.blame(
                Broken.RELIABLE, f"revision {revision}", "nobody was told of it, no write was acknowledged at it"
            )
            break
        time = times.get(revision, Timestamp())
        try:
            changes = model.apply(revision, time, write.mutations)
        except Refused as error:
            truth.blame(
                Broken.CONSISTENT, f"revision {revision}", f"the write {write.key} cannot be done here: {error}"
            )
            break
        order = _order(orders[revision], {key_of(change) for change in changes})
        changes.sort(key=lambda change: order.get(key_of(change), len(order)))
        truth.commits[revision] = commit = Commit(revision, write, time, changes)
        for change in changes:
            if change.hard:
                truth.erasures.setdefault(change.name, []).append(commit)
        _note_versions(truth, revision, changes)
        truth.known = revision
    return truth


def told(watcher: Watcher, *, torn: bool = False) -> Iterator[CommitChanges]:
    """The commits that came whole on a stream, pieces put together; and, if they may be `torn`, those that came first
    behind a token, too."""
    for stream in watcher.streams:
        pieces: CommitChanges | None = None
        from_its_start = not stream.token  # the first commit behind a token may be the rest of one
        for received in stream.received:
            for piece in received.message.commits:
                if pieces is not None and pieces.revision == piece.revision:
                    pieces.changes.extend(piece.changes)
                else:
                    pieces = CommitChanges()
                    pieces.CopyFrom(piece)
                if not piece.partial:
                    if from_its_start or torn:
                        yield pieces
                    from_its_start, pieces = True, None


def key_of(change: Change) -> Key:
    return change.kind, change.name


def _authors(
    truth: Truth, history: History, whole: Sequence[tuple[Watcher, CommitChanges]], writes: dict[str, Write]
) -> dict[int, Write]:
    """The write of each revision."""
    authors = {write.revision: write for write in history.writes if write.revision}
    revisions: dict[str, set[int]] = defaultdict(set)
    for write in history.writes:
        if write.revision:
            revisions[write.key].add(write.revision)
            if write.revision > history.head:
                truth.blame(
                    Broken.DURABLE, write.key, f"acknowledged at {write.revision}, the graph is at {history.head}"
                )
    for watcher, commit in whole:
        if not commit.note and any(change.erased for change in commit.changes):
            continue  # the answer to its write says whose it was
        where = f"{watcher.name}, revision {commit.revision}"
        writer = writes.get(commit.note)
        if writer is None:
            truth.blame(Broken.CONSISTENT, where, f"nobody wrote {commit.note!r}")
            continue
        if writer.refusal:
            truth.blame(Broken.CONSISTENT, where, f"{writer.key} was refused with {writer.refusal}")
        author = authors.setdefault(commit.revision, writer)
        if author is not writer and author.revision:
            truth.blame(Broken.DURABLE, where, f"told as {writer.key}, but acknowledged to {author.key}")
        elif author is not writer:
            truth.blame(Broken.ATOMIC, where, f"told as {writer.key}, and as {author.key} to others")
        revisions[writer.key].add(commit.revision)
    for key, found in revisions.items():
        if len(found) > 1:
            truth.blame(Broken.ONCE, key, f"it has the revisions {sorted(found)}")
    return authors


def _orders(history: History) -> dict[int, Counter[tuple[Key, ...]]]:
    """How often those who saw all were told the changes of each commit in which order."""
    found: dict[int, Counter[tuple[Key, ...]]] = defaultdict(Counter)
    for watcher in history.watchers:
        if watcher.sees_all:
            for commit in told(watcher, torn=True):
                found[commit.revision][tuple(map(key_of, commit.changes))] += 1
    return found


def _order(told: Counter[tuple[Key, ...]], wanted: set[Key]) -> dict[Key, int]:
    """The place of each change, as most were told."""
    for order, _ in told.most_common():
        if set(order) == wanted:
            return {key: place for place, key in enumerate(order)}
    return {}


def _note_versions(truth: Truth, revision: int, changes: Sequence[Change]) -> None:
    after: dict[str, Image] = {}
    for change in changes:
        if change.previous_name:
            after.setdefault(change.previous_name, None)
        if change.HasField("node"):
            after[change.name] = change.node
        elif change.HasField("edge"):
            after[change.name] = change.edge
        else:
            after.setdefault(change.name, None)
    for name, image in after.items():
        truth.versions.setdefault(name, []).append((revision, image))
