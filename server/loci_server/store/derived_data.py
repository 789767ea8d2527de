"""What is derived from content by keys, to be made anew by others: migrations/0020_search_keys.sql."""

from collections.abc import Sequence

import asyncpg

from loci_server.store.handles import GraphHandle
from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL = statements("keys")


class DerivedData:
    """The terms of documents, tokens and vectors of graphs. A generation is the last bit of a key's version."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def old_documents(self, handle: GraphHandle, generation: int, after: int, limit: int) -> list[asyncpg.Record]:
        """The next ones behind a number whose terms are of the other generation."""
        return await self._fetch("old_documents", handle, generation, after, limit)

    async def store_documents(self, handle: GraphHandle, generation: int, rows: Sequence[tuple[object, ...]]) -> bool:
        """Terms of documents: number, revision of the node, length, and terms, frequencies and mentions as PostgreSQL
        writes arrays. False if they were made by another choice of fields than that of the graph."""
        columns = map(list, zip(*rows, strict=True))
        return await self._done("rederive_documents", handle, handle.fields_version, generation, *columns)

    async def old_tokens(
        self, handle: GraphHandle, kind: int, generation: int, after: str, limit: int
    ) -> list[asyncpg.Record]:
        """The next nodes or edges behind an id with tokens of the other generation."""
        return await self._fetch("old_tokens", handle, kind, generation, after, limit)

    async def store_tokens(self, handle: GraphHandle, kind: int, rows: Sequence[tuple[object, ...]]) -> bool:
        """Ids, revisions, and tokens as PostgreSQL writes arrays. False as above."""
        columns = map(list, zip(*rows, strict=True))
        return await self._done("rederive_tokens", handle, handle.fields_version, kind, *columns)

    async def old_vectors(
        self, handle: GraphHandle, generation: int, after: Sequence[int], limit: int
    ) -> list[asyncpg.Record]:
        """The next ones behind a model, document and passage that are of the other generation."""
        return await self._fetch("old_vectors", handle, generation, *after, limit)

    async def store_vectors(
        self, handle: GraphHandle, rows: Sequence[tuple[object, ...]], versions: Sequence[int]
    ) -> None:
        """loci.vector_row's in the place of these versions of rows, where they still stand."""
        await self._fetch("rerotate", handle, rows, versions)

    async def postings_cleared(self, handle: GraphHandle, *, ask: bool) -> bool:
        """Whether no postings are left of what is not there any more, after it was asked for."""
        return await self._done("clear_postings", handle, ask)

    async def _fetch(self, name: str, handle: GraphHandle, *arguments: object) -> list[asyncpg.Record]:
        async with self._database.transaction(handle.tenant_key) as transaction:
            return await transaction.fetch(name, SQL[name], handle.tenant_key, handle.graph_key, *arguments)

    async def _done(self, name: str, handle: GraphHandle, *arguments: object) -> bool:
        done: bool = (await self._fetch(name, handle, *arguments))[0]["done"]
        return done
