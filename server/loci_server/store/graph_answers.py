"""Answers to writes to graphs as wholes, kept for repeats.

A request_id is taken in the tenant, by a row that tells which graph the write was about. What the answer holds of the
graph is sealed by the graph's own key, in a row of the graph: it goes with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from loci.v1.graph_pb2 import Graph
from loci_server.crypto.envelope import Sealer, WrappedKey, graph_scope
from loci_server.crypto.installation import Installation
from loci_server.crypto.provider import KeyProvider
from loci_server.domain.names import graph_name
from loci_server.errors import GraphNotFound, RequestIdReused
from loci_server.store.handles import CONTENT, PURPOSES
from loci_server.store.places import ANSWER
from loci_server.store.pool import Transaction
from loci_server.store.statements import statements

SQL = statements("graphs")


@dataclass(frozen=True, slots=True)
class Repeat:
    """How a write is known when it comes again. `request_hash` None: it is not."""

    request_hash: bytes | None
    fingerprint: bytes

    def keyed(self, installation: Installation) -> "Repeat":
        """As it is stored: under a key, so that a dump tells nothing of requests."""
        if self.request_hash is None:
            return self
        return Repeat(installation.mark(self.request_hash), installation.mark(self.fingerprint))


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The answer to a write that was made before, as it is stored."""

    tenant_key: int
    graph_key: int
    graph_id: str
    request_hash: bytes
    rows: Sequence[asyncpg.Record]
    """The envelope, with each of the keys that may open it; none: the graph was erased."""


class MadeBefore(Exception):
    """A write with this request_id was made: the transaction is over, and here is its answer."""

    def __init__(self, first: FirstAnswer) -> None:
        super().__init__()
        self.first = first


class GraphAnswers:
    """Those of one tenant at a time. `repeat` is always keyed."""

    def __init__(self, keys: KeyProvider, installation: Installation) -> None:
        self._keys = keys
        self._sealer = installation.sealer

    async def claim(self, transaction: Transaction, tenant_key: int, repeat: Repeat) -> None:
        """Takes the request_id for this transaction; repeats wait for the first. Raises MadeBefore, RequestIdReused."""
        if repeat.request_hash is None:
            return
        taken = await transaction.fetchrow(
            "claim_answer", SQL["claim_answer"], tenant_key, repeat.request_hash, repeat.fingerprint
        )
        if taken is None and (first := await self.find(transaction, tenant_key, repeat)) is not None:
            raise MadeBefore(first)

    async def remember(
        self, transaction: Transaction, tenant_key: int, graph_key: int, repeat: Repeat, sealer: Sealer, graph: Graph
    ) -> None:
        """Keeps the answer to a write that was claimed. `sealer`: of the graph."""
        if repeat.request_hash is None:
            return
        whose = f"{graph_key} {graph.name.removeprefix('graphs/')}".encode()
        reference = self._sealer.seal(ANSWER, _identity(tenant_key, repeat.request_hash), ANSWER, whose)
        answer = sealer.seal(ANSWER, repeat.request_hash, ANSWER, graph.SerializeToString())
        request = tenant_key, repeat.request_hash
        await transaction.fetch("remember_answer", SQL["remember_answer"], *request, reference)
        await transaction.fetch("keep_answer", SQL["keep_answer"], *request, graph_key, answer)

    async def find(self, transaction: Transaction, tenant_key: int, repeat: Repeat) -> FirstAnswer | None:
        """None: no such write was made. Raises RequestIdReused."""
        if repeat.request_hash is None:
            return None
        row = await transaction.fetchrow("find_answer", SQL["find_answer"], tenant_key, repeat.request_hash)
        if row is None:
            return None
        if row["fingerprint"] != repeat.fingerprint:
            raise RequestIdReused(field="request_id")
        whose = self._sealer.open(ANSWER, _identity(tenant_key, repeat.request_hash), ANSWER, row["answer"])
        number, _, graph_id = whose.decode().partition(" ")
        graph_key = int(number)
        rows = await transaction.fetch("kept_answer", SQL["kept_answer"], tenant_key, repeat.request_hash, graph_key)
        return FirstAnswer(tenant_key, graph_key, graph_id, repeat.request_hash, rows)

    async def opened(self, first: FirstAnswer) -> Graph:
        """Outside of transactions, as the key service may be asked. Raises GraphNotFound where the graph was erased,
        KeyServiceUnavailable, ContentUnreadable."""
        if not first.rows:
            raise GraphNotFound(resource=graph_name(first.graph_id))
        keys = {}
        for row in first.rows:
            wrapped = WrappedKey(row["kek_id"], row["wrapped"])
            keys[row["version"]] = await self._keys.unwrap(first.tenant_key, PURPOSES[CONTENT], wrapped)
        sealer = Sealer(graph_scope(first.tenant_key, first.graph_key), keys)
        return Graph.FromString(sealer.open(ANSWER, first.request_hash, ANSWER, first.rows[0]["answer"]))


def _identity(tenant_key: int, request_hash: bytes) -> bytes:
    return str(tenant_key).encode() + request_hash
