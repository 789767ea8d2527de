"""A graph as it stood at a revision: the reads of `items`, from the log."""

from collections.abc import Sequence

import asyncpg

from loci_server.domain.items import Kind
from loci_server.domain.limits import MAX_MESSAGE_BYTES
from loci_server.errors import LimitExceeded
from loci_server.store.handles import GraphHandle
from loci_server.store.log import Log
from loci_server.store.statements import statements

SQL = statements("past")


class Past:
    """Reads of open graphs. All raise GraphNotFound, RevisionCompacted."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def items(self, handle: GraphHandle, kind: Kind, ids: Sequence[str], revision: int) -> list[asyncpg.Record]:
        """Those of these nodes or edges that there were. Raises LimitExceeded if they are more than fits into one
        message."""
        rows = await self.fetch("items_at", handle, kind, ids, revision)
        size = sum(len(row["image"]) for row in rows)
        if size >= MAX_MESSAGE_BYTES:
            field = "nodes" if kind is Kind.NODE else "edges"
            raise LimitExceeded(field=field, actual=f"at least {size}", limit=MAX_MESSAGE_BYTES, unit="bytes")
        return rows

    async def fetch(self, name: str, handle: GraphHandle, *arguments: object) -> list[asyncpg.Record]:
        """The rows of a statement of past.sql that takes tenant and graph first."""
        return await self._log.read(name, SQL[name], handle, *arguments)
