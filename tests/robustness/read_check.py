"""Judges what was read and answered: each read must fit the graph at one revision of the time in which it ran."""

from bisect import bisect_right
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from tests.robustness.history import HeadRead, History, Listing, Read
from tests.robustness.truth import Truth
from tests.robustness.verdicts import Broken, Violation


@dataclass(frozen=True, slots=True)
class Window:
    """The revisions at which a read may have happened, and why it cannot be earlier."""

    first: int
    last: int
    own: int
    """The client's own latest acknowledged write before it."""
    seen: int
    """The latest revision that the client is known to have seen before it."""

    def broken(self, revision: int) -> Broken:
        """What a read at this revision, which is too early, breaks."""
        if revision < self.own:
            return Broken.OWN_WRITES
        return Broken.MONOTONIC if revision < self.seen else Broken.STALE


class ReadCheck:
    """All reads of a record, in the order of their times."""

    def __init__(self, truth: Truth, history: History) -> None:
        self._truth = truth
        self._history = history
        self._acknowledged = sorted((write.ended, write.revision) for write in history.writes if write.revision)
        latest = 0
        self._heads: list[int] = []
        for _, revision in self._acknowledged:
            self._heads.append(latest := max(latest, revision))
        self._starts = [truth.commits[revision].write.started for revision in range(1, truth.known + 1)]
        self._seen: dict[str, tuple[float, int]] = {}

    def run(self) -> Iterator[Violation]:
        yield from self._answers()
        reads: list[Read | Listing | HeadRead] = [
            *self._history.reads,
            *self._history.listings,
            *self._history.heads,
        ]
        for read in sorted(reads, key=lambda read: read.started):
            window = self._window(read)
            match read:
                case HeadRead():
                    yield from self._head(read, window)
                case Read():
                    yield from self._read(read, window)
                case Listing():
                    yield from self._listing(read, window)

    def _window(self, read: Read | Listing | HeadRead) -> Window:
        place = bisect_right(self._acknowledged, read.started, key=lambda write: write[0])
        first = self._heads[place - 1] if place else 0
        own = (w.revision for w in self._history.writes if w.client == read.client and w.ended < read.started)
        at, seen = self._seen.get(read.client, (0.0, 0))
        seen = seen if at < read.started else 0
        last = self._truth.known
        while last and self._starts[last - 1] > read.ended:
            last -= 1
        return Window(max(first, seen), last, max(own, default=0), seen)

    def _saw(self, read: Read | Listing | HeadRead, revision: int) -> None:
        _, before = self._seen.get(read.client, (0.0, 0))
        self._seen[read.client] = (read.ended, max(before, revision))

    def _head(self, read: HeadRead, window: Window) -> Iterator[Violation]:
        where = f"{read.client}, revision of the graph"
        if read.revision < window.first:
            what = f"{read.revision}, though {window.first} was there"
            yield Violation(window.broken(read.revision), where, what)
        if read.revision > max(window.last, self._history.head if self._truth.known < self._history.head else 0):
            yield Violation(Broken.INVENTED, where, f"{read.revision}, though only {window.last} had been asked for")
        self._saw(read, read.revision)

    def _read(self, read: Read, window: Window) -> Iterator[Violation]:
        where = f"{read.client}, {read.name}"
        versions = [(0, None), *self._truth.versions.get(read.name, [])]
        matching = [place for place, (_, image) in enumerate(versions) if _same(image, read.found)]
        if not matching:
            if self._truth.known == self._history.head:
                yield Violation(Broken.INVENTED, where, "it was never so")
            return
        place = matching[-1] if read.found is not None else _fitting(versions, matching, window)
        revision = versions[place][0]
        end = versions[place + 1][0] if place + 1 < len(versions) else self._truth.known + 1
        if end <= window.first:
            what = f"as it was up to {end - 1}, though {window.first} was there"
            yield Violation(window.broken(end - 1), where, what)
        if revision > window.last:
            yield Violation(Broken.INVENTED, where, f"as of {revision}, which nobody had asked for")
        self._saw(read, revision)

    def _listing(self, read: Listing, window: Window) -> Iterator[Violation]:
        where = f"{read.client}, list of {read.kind}"
        found = {item.name: item for item in read.found}
        for revision in range(window.last, window.first - 1, -1):
            if self._is(found, read.kind, revision):
                return
        if self._truth.known < self._history.head:
            return
        for revision in range(window.first - 1, -1, -1):
            if self._is(found, read.kind, revision):
                yield Violation(window.broken(revision), where, f"as of {revision}, though {window.first} was there")
                return
        yield Violation(Broken.INVENTED, where, f"as at no revision from {window.first} to {window.last}")

    def _is(self, found: dict[str, Node | Edge], kind: str, revision: int) -> bool:
        names = [name for name in self._truth.versions if f"/{kind}/" in name]
        return all(_same(self._truth.at(name, revision), found.get(name)) for name in names) and set(found) <= set(
            names
        )

    def _answers(self) -> Iterator[Violation]:
        """What acknowledgements told of the items."""
        for write in self._history.writes:
            commit = self._truth.commits.get(write.revision)
            if commit is None or commit.write is not write:
                continue
            for item in write.answers:
                if not _same(self._truth.at(item.name, write.revision), item):
                    yield Violation(Broken.CONSISTENT, write.key, f"the answer tells {item.name} otherwise")


def _fitting(versions: list[tuple[int, Node | Edge | None]], matching: list[int], window: Window) -> int:
    """The place, of several, that is best for the one who answered."""
    for place in matching:
        end = versions[place + 1][0] if place + 1 < len(versions) else window.last + 1
        if versions[place][0] <= window.last and end > window.first:
            return place
    return matching[-1]


def _same(image: Node | Edge | None, found: Node | Edge | None) -> bool:
    """Compared by all that the model knows; the etag follows from the revision."""
    if image is None or found is None:
        return image is found
    if image.revision != found.revision:
        return False
    copy = deepcopy(found)
    copy.ClearField("etag")
    return copy == image
