"""Messages of watches, whose commits are serialized already."""

from loci.v1.watch_service_pb2 import WatchResponse
from loci_server.services.call import Encoded
from loci_server.watch.wire import COMMIT, TOKEN, framed


class Response:
    """A WatchResponse: `head` with all but its commits, and these."""

    def __init__(self, head: WatchResponse | None = None) -> None:
        self.head = head or WatchResponse()
        self.size = 0
        """Bytes of the commits."""
        self._commits: list[bytes] = []

    def add(self, commit: bytes, token: str) -> None:
        """A serialized CommitChanges, and the token that goes on behind it."""
        made = framed(COMMIT, commit + framed(TOKEN, token.encode()))
        self._commits.append(made)
        self.size += len(made)

    def encoded(self) -> Encoded:
        return Encoded(b"".join((self.head.SerializeToString(), *self._commits)))
