"""What a watch keeps between messages: how far it is, and the pieces of a large commit. No I/O."""

from collections.abc import Iterator
from typing import Literal

from loci.v1.watch_service_pb2 import CommitChanges, WatchResponse

from .errors import WatchGap

Start = Literal["now", "oldest"]
Kind = Literal["created", "updated", "deleted", "renamed"]


class WatchBook:
    """Checks that nothing is missing, and puts the pieces of commits together."""

    def __init__(self, resume_token: str) -> None:
        self.resume_token = resume_token
        self.revision = 0
        self._covered: int | None = None
        self._pieces: CommitChanges | None = None
        self._begun = False

    def connect(self) -> None:
        """A new stream begins, behind `resume_token`: pieces of a commit come again."""
        self._pieces = None
        self._covered = self.revision if self.resume_token and self._begun else None

    def take(self, response: WatchResponse) -> Iterator[CommitChanges]:
        """The whole commits of a message, each after `resume_token` and `revision` were moved behind it. Raises
        WatchGap."""
        if self._covered is not None and response.after_revision != self._covered:
            raise WatchGap(f"a message goes on behind revision {response.after_revision}, not {self._covered}")
        for piece in response.commits:
            if self._pieces is not None and self._pieces.revision == piece.revision:
                self._pieces.changes.extend(piece.changes)
                commit = self._pieces
            else:
                commit = piece
            if piece.partial:
                self._pieces = commit
                continue
            self._pieces = None
            commit.partial = False
            commit.resume_token = piece.resume_token
            self.resume_token, self.revision = piece.resume_token, piece.revision
            if commit.changes:
                yield commit

    def passed(self, response: WatchResponse) -> None:
        """The message is done with."""
        self._covered = response.end_revision
        self._begun = True
        if self._pieces is None:
            self.resume_token, self.revision = response.resume_token, response.end_revision
