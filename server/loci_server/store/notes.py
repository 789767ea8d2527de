"""Writes to a graph beside its log: judgements, boosts and the like. Each is one statement, which also takes the
request_id and leaves the entry of the audit."""

from dataclasses import dataclass

import asyncpg

from loci_server.domain.names import node_name
from loci_server.errors import GraphNotFound, NodeNotFound, WriteContention
from loci_server.store.audit import AuditRow
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.items import GRAPH_GONE, REPEATED, SERIALIZATION, Repeated
from loci_server.store.pool import Database

NODE_GONE = "LC005"


@dataclass(frozen=True, slots=True)
class Note:
    """How such a write is known when it comes again (None: it is not), the sealed answer that it then gets, and its
    entry in the audit."""

    request_hash: bytes | None
    fingerprint: bytes | None
    answer: bytes | None
    audit: AuditRow | None

    @property
    def once(self) -> tuple[bytes | None, bytes | None, bytes | None]:
        return self.request_hash, self.fingerprint, self.answer


class Notes:
    """Statements that take tenant and graph first."""

    def __init__(self, database: Database, handles: Handles) -> None:
        self._database = database
        self._handles = handles

    async def fetch(
        self, name: str, sql: str, handle: GraphHandle, *arguments: object, node: str = ""
    ) -> list[asyncpg.Record]:
        """Raises GraphNotFound, NodeNotFound of the `node` that is meant, Repeated, WriteContention."""
        try:
            return await self._database.fetch(name, sql, handle.tenant_key, handle.graph_key, *arguments)
        except asyncpg.PostgresError as error:
            match error.sqlstate:
                case code if code == GRAPH_GONE:
                    self._handles.forget(handle)
                    raise GraphNotFound(resource=handle.name) from None
                case code if code == NODE_GONE:
                    raise NodeNotFound(resource=node_name(handle.graph_id, node)) from None
                case code if code == REPEATED:
                    raise Repeated from None
                case code if code in SERIALIZATION:
                    raise WriteContention(retry_after=0.1) from None
            raise
