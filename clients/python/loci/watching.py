"""What a watch keeps between messages: how far it is, and the pieces of a large commit. No I/O."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from loci.v1.watch_service_pb2 import CommitChanges, GraphEvent, GraphEventKind, WatchResponse

from .errors import WatchGap

Start = Literal["now", "oldest"]
Kind = Literal["created", "updated", "deleted", "renamed"]
FeedItem: TypeAlias = CommitChanges | GraphEvent


class Pieces:
    """Puts the pieces of a large commit together."""

    def __init__(self) -> None:
        self.pending: CommitChanges | None = None
        """A commit of which the rest is still to come."""

    def drop(self) -> None:
        """They will come again, or never."""
        self.pending = None

    def add(self, piece: CommitChanges) -> CommitChanges | None:
        """The commit, if this was its last piece. Raises WatchGap if another one of the same graph is pending."""
        begun = self.pending
        if begun is None or begun.graph != piece.graph:
            begun = piece
        elif begun.revision == piece.revision:
            begun.changes.extend(piece.changes)
        else:
            raise WatchGap(f"revision {piece.revision} comes before the rest of {begun.revision}")
        if piece.partial:
            self.pending = begun
            return None
        self.pending = None
        begun.partial = False
        begun.resume_token = piece.resume_token
        return begun


class WatchBook:
    """Of a watch of one graph: checks that nothing is missing. `dense`: it has no filter, and each revision has its
    commit."""

    def __init__(self, resume_token: str, after_revision: int | None = None, *, dense: bool) -> None:
        self.resume_token = resume_token
        self.revision = after_revision or 0
        self._dense = dense
        self._asked = None if resume_token else after_revision
        self._known = False
        self._covered: int | None = None
        self._pieces = Pieces()

    def connect(self) -> None:
        """A new stream begins, behind `resume_token`."""
        self._pieces.drop()
        if self.resume_token:
            self._covered = self.revision if self._known else None
        else:
            self._covered = self._asked

    def take(self, response: WatchResponse) -> Iterator[CommitChanges]:
        """The whole commits of a message, each after `resume_token` and `revision` were moved behind it. Raises
        WatchGap, then before any of them."""
        if self._covered is not None and response.after_revision != self._covered:
            raise WatchGap(f"a message goes on behind revision {response.after_revision}, not {self._covered}")
        pending = self._pieces.pending
        check(response, pending.revision if pending is not None else None, dense=self._dense)
        if self._covered is None:
            self.revision = response.after_revision
        self._known = True
        for piece in response.commits:
            if (commit := self._pieces.add(piece)) is not None:
                self.resume_token, self.revision = commit.resume_token, commit.revision
                if commit.changes:
                    yield commit

    def passed(self, response: WatchResponse) -> None:
        """The message is done with."""
        self._covered = response.end_revision
        if self._pieces.pending is None:
            self.resume_token, self.revision = response.resume_token, response.end_revision


def check(response: WatchResponse, pending: int | None, *, dense: bool) -> None:
    """Raises WatchGap unless the commits of a message are what its revisions can have. `pending`: the revision that
    pieces went before of; they follow each other to the last one, which says that there are no more."""
    last = response.after_revision
    for piece in response.commits:
        if pending is not None and piece.revision != pending:
            raise WatchGap(f"revision {piece.revision} comes before the rest of {pending}")
        if piece.revision <= last or (dense and piece.revision != last + 1):
            raise WatchGap(f"revision {piece.revision} comes behind {last}")
        if piece.partial:
            pending = piece.revision
        else:
            pending, last = None, piece.revision
    if pending is not None:
        last = pending - 1  # that much of it is told, not more
    if last > response.end_revision or (last < response.end_revision and (dense or pending is not None)):
        raise WatchGap(f"a message ends with revision {response.end_revision}, its commits with {last}")


class FeedBook:
    """Of a watch of all graphs: `dense` if it has no filter, and the revisions of each graph follow each other."""

    def __init__(self, resume_token: str, *, dense: bool) -> None:
        self.resume_token = resume_token
        self._dense = dense
        self._revisions: dict[str, int] = {}
        self._pieces = Pieces()
        self._torn: set[str] = set()
        """Graphs with a commit that was left before its last piece: they are deleted, or something is missing."""

    def connect(self) -> None:
        """A new stream begins, behind `resume_token`."""
        self._pieces.drop()
        self._torn.clear()

    def take(self, response: WatchResponse) -> Iterator[FeedItem]:
        """What became of graphs, and whole commits, each of these after `resume_token` was moved behind it. Raises
        WatchGap."""
        for event in response.graph_events:
            self._note(event)
            yield event
        for piece in response.commits:
            self._leave_for(piece.graph)
            if (commit := self._pieces.add(piece)) is not None:
                self._check(commit)
                self.resume_token = commit.resume_token
                if commit.changes:
                    yield commit

    def passed(self, response: WatchResponse) -> None:
        """The message is done with."""
        if self._pieces.pending is None:
            self.resume_token = response.resume_token

    def _note(self, event: GraphEvent) -> None:
        if (pending := self._pieces.pending) is not None and pending.graph == event.graph:
            self._pieces.drop()
        self._torn.discard(event.graph)
        if event.kind == GraphEventKind.GRAPH_EVENT_KIND_DELETED:
            self._revisions.pop(event.graph, None)
        else:
            self._revisions[event.graph] = event.revision

    def _leave_for(self, graph: str) -> None:
        """A piece of a graph comes next."""
        if graph in self._torn:
            raise WatchGap(f"{graph} goes on, but the rest of a commit never came")
        if (pending := self._pieces.pending) is not None and pending.graph != graph:
            self._torn.add(pending.graph)

    def _check(self, commit: CommitChanges) -> None:
        before = self._revisions.get(commit.graph, commit.revision - 1)
        if commit.revision <= before or (self._dense and commit.revision != before + 1):
            raise WatchGap(f"{commit.graph} goes on with revision {commit.revision} behind {before}")
        self._revisions[commit.graph] = commit.revision
