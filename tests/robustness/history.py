"""The record of a run: what each client asked and was answered, and when; what each watcher received, as it came.

Times are those of one monotonic clock. Nothing is judged here.
"""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from loci.v1.commit_service_pb2 import Mutation
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci.v1.watch_service_pb2 import CommitChanges, WatchFilter, WatchResponse

LEFT = "LEFT"
"""The end of a stream that the watcher itself ended."""


@dataclass(slots=True)
class Write:
    """One write, with all of its tries."""

    client: str
    key: str
    """Its own among all writes. It goes along as the note, so that the log tells whose commit it is."""
    mutations: list[Mutation]
    started: float
    ended: float = inf
    revision: int = 0
    """Of the acknowledgement; 0: none."""
    refusal: str = ""
    """The reason of a definite refusal."""
    tries: int = 0
    answers: list[Node | Edge] = field(default_factory=list)
    """The items that the acknowledgement told."""


@dataclass(slots=True)
class Read:
    """A node that was asked for by name."""

    client: str
    started: float
    ended: float
    name: str
    found: Node | None


@dataclass(slots=True)
class Listing:
    """All nodes, or all edges, of one page that held them all."""

    client: str
    started: float
    ended: float
    kind: str
    """`nodes` or `edges`."""
    found: list[Node] | list[Edge]


@dataclass(slots=True)
class HeadRead:
    """The revision of the graph, as it was told."""

    client: str
    started: float
    ended: float
    revision: int


@dataclass(slots=True)
class Received:
    """A message of a watch."""

    at: float
    message: WatchResponse


@dataclass(slots=True)
class Stream:
    """One connection of a watcher. It begins behind `token`, else behind `after`, else at `position`."""

    opened: float
    token: str = ""
    after: int | None = None
    position: str = "oldest"
    received: list[Received] = field(default_factory=list)
    error: str = ""
    """Why it ended: a reason, a code of gRPC, or LEFT."""
    message: str = ""
    """What the error said."""
    begun: float | None = None
    """When its watcher began, if it had been told nothing at `token`; None: it began with this stream."""


@dataclass(slots=True)
class Watcher:
    """One watcher, over all of its streams."""

    name: str
    filter: WatchFilter
    before: bool
    streams: list[Stream] = field(default_factory=list)

    @property
    def sees_all(self) -> bool:
        return not self.filter.ByteSize()

    def messages(self) -> Iterator[WatchResponse]:
        return (received.message for stream in self.streams for received in stream.received)

    def commits(self) -> Iterator[CommitChanges]:
        return (commit for message in self.messages() for commit in message.commits)


@dataclass(slots=True)
class Compaction:
    """The log began behind this revision from some time between `started` and `ended` on."""

    started: float
    revision: int
    ended: float = inf


@dataclass(slots=True)
class History:
    """One graph, from its making to its end."""

    graph: str
    writes: list[Write] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    heads: list[HeadRead] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)
    feeds: list[Watcher] = field(default_factory=list)
    """Watchers over all graphs."""
    beside: list["History"] = field(default_factory=list)
    """Of other graphs, which none but the feeds watch."""
    compactions: list[Compaction] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    head: int = 0
    """The revision of the graph at the end."""

    @property
    def acknowledged(self) -> int:
        return sum(bool(write.revision) for write in self.writes)

    def save(self, path: Path) -> None:
        """Keeps it for a later look."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(self))
