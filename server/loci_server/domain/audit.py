"""What an entry of the audit is made of, and the bytes that its seal and its mac cover.

There are such bytes for whatever a row can hold, also what the server never writes there: somebody else may have.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
FIRST_MAC: Final = bytes(32)
"""Stands before the first entry of a chain."""
INSTALLATION: Final = 0
"""The tenant whose chain holds what was refused before a tenant was known."""
PLACE = struct.Struct(">qqqq")
MARKS = struct.Struct(">qqh")
LENGTHS = struct.Struct(">HH")
LONG_LENGTHS = struct.Struct(">QQ")
TOO_LONG: Final = 0xFFFF
"""Stands for a length that has no room in LENGTHS; then both follow."""
LENGTH = struct.Struct(">I")
HEAD = struct.Struct(">qq32sq32s")


class Marks(NamedTuple):
    """What the sealed part of an entry is bound to: all that stands in clear beside it, but for time and revision."""

    entry_id: int
    actor: int
    status: int
    method: str
    graph_id: str
    tokens: Sequence[object]
    """Numbers; in a row that was tampered with also None, or arrays."""

    def identity(self) -> bytes:
        method, graph = self.method.encode(), self.graph_id.encode()
        fixed = MARKS.pack(self.entry_id, self.actor, self.status)
        return b"%b%b%b%b%b" % (fixed, lengths(len(method), len(graph)), method, graph, packed(self.tokens))


class Stored(NamedTuple):
    """An entry as it is stored."""

    tenant_key: int
    time: datetime
    revision: int
    marks: Marks
    entry: bytes

    def chained(self, sequence: int) -> bytes:
        """What its mac covers at a place of the chain, beside the mac before it."""
        identity = self.marks.identity()
        place = PLACE.pack(self.tenant_key, sequence, (self.time - EPOCH) // MICROSECOND, self.revision)
        return b"%b%b%b%b" % (place, LENGTH.pack(len(identity)), identity, self.entry)


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain is, and behind which entry retention has cut it."""

    sequence: int = 0
    mac: bytes = FIRST_MAC
    cut_sequence: int = 0
    cut_mac: bytes = FIRST_MAC

    def sealed(self, tenant_key: int) -> bytes:
        """What its seal covers."""
        return HEAD.pack(tenant_key, self.sequence, self.mac, self.cut_sequence, self.cut_mac)


class Problem(IntEnum):
    """As loci.v1.AuditProblem."""

    NONE = 0
    CHANGED = 1
    MISSING = 2
    ADDED = 3
    HEAD = 4
    ANCHOR = 5


def lengths(method: int, graph: int) -> bytes:
    if method < TOO_LONG and graph < TOO_LONG:
        return LENGTHS.pack(method, graph)
    return LENGTHS.pack(TOO_LONG, TOO_LONG) + LONG_LENGTHS.pack(method, graph)


def packed(tokens: Sequence[object]) -> bytes:
    """Eight bytes for each. What is no array of numbers is spelled out, at a length that no array of numbers has."""
    try:
        return struct.pack(f">{len(tokens)}q", *tokens)
    except struct.error:
        spelled = repr([*tokens]).encode()
        return spelled + b" " * ((1 - len(spelled)) % 8)


@lru_cache(maxsize=4096)
def without_port(peer: str) -> str:
    """The address in what gRPC says of the other end: `127.0.0.1` of `ipv4:127.0.0.1:40312`."""
    kind, _, address = peer.partition(":")
    if kind not in ("ipv4", "ipv6"):
        return peer
    return unquote(address.rpartition(":")[0]).strip("[]")
