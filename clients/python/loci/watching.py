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
        self._begun: CommitChanges | None = None

    @property
    def pending(self) -> bool:
        """The rest of a commit is still to come."""
        return self._begun is not None

    def drop(self) -> None:
        """They will come again."""
        self._begun = None

    def add(self, piece: CommitChanges) -> CommitChanges | None:
        """The commit, if this was its last piece."""
        begun = self._begun
        if begun is not None and (begun.graph, begun.revision) == (piece.graph, piece.revision):
            begun.changes.extend(piece.changes)
        else:
            begun = piece
        if piece.partial:
            self._begun = begun
            return None
        self._begun = None
        begun.partial = False
        begun.resume_token = piece.resume_token
        return begun


class WatchBook:
    """Of a watch of one graph: checks that nothing is missing."""

    def __init__(self, resume_token: str) -> None:
        self.resume_token = resume_token
        self.revision = 0
        self._covered: int | None = None
        self._pieces = Pieces()
        self._begun = False

    def connect(self) -> None:
        """A new stream begins, behind `resume_token`."""
        self._pieces.drop()
        self._covered = self.revision if self.resume_token and self._begun else None

    def take(self, response: WatchResponse) -> Iterator[CommitChanges]:
        """The whole commits of a message, each after `resume_token` and `revision` were moved behind it. Raises
        WatchGap."""
        if self._covered is not None and response.after_revision != self._covered:
            raise WatchGap(f"a message goes on behind revision {response.after_revision}, not {self._covered}")
        for piece in response.commits:
            if (commit := self._pieces.add(piece)) is not None:
                self.resume_token, self.revision = commit.resume_token, commit.revision
                if commit.changes:
                    yield commit

    def passed(self, response: WatchResponse) -> None:
        """The message is done with."""
        self._covered = response.end_revision
        self._begun = True
        if not self._pieces.pending:
            self.resume_token, self.revision = response.resume_token, response.end_revision


class FeedBook:
    """Of a watch of all graphs: `dense` if it has no filter, and the revisions of each graph follow each other."""

    def __init__(self, resume_token: str, *, dense: bool) -> None:
        self.resume_token = resume_token
        self._dense = dense
        self._revisions: dict[str, int] = {}
        self._pieces = Pieces()

    def connect(self) -> None:
        """A new stream begins, behind `resume_token`."""
        self._pieces.drop()

    def take(self, response: WatchResponse) -> Iterator[FeedItem]:
        """What became of graphs, and whole commits, each of these after `resume_token` was moved behind it. Raises
        WatchGap."""
        for event in response.graph_events:
            if event.kind == GraphEventKind.GRAPH_EVENT_KIND_DELETED:
                self._revisions.pop(event.graph, None)
            else:
                self._revisions[event.graph] = event.revision
            yield event
        for piece in response.commits:
            if (commit := self._pieces.add(piece)) is not None:
                self._check(commit)
                self.resume_token = commit.resume_token
                if commit.changes:
                    yield commit

    def passed(self, response: WatchResponse) -> None:
        """The message is done with."""
        if not self._pieces.pending:
            self.resume_token = response.resume_token

    def _check(self, commit: CommitChanges) -> None:
        before = self._revisions.get(commit.graph, commit.revision - 1)
        if self._dense and commit.revision != before + 1:
            raise WatchGap(f"{commit.graph} goes on with revision {commit.revision} behind {before}")
        self._revisions[commit.graph] = commit.revision
