"""Judgements on answers and memories."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from loci_server.store.handles import GraphHandle
from loci_server.store.notes import Note, Notes
from loci_server.store.statements import statements

SQL = statements("feedback")


class Judgement(NamedTuple):
    """One, as it is stored."""

    feedback_id: str
    time: datetime
    actor: int
    kind: int
    profile: int
    query_id: str | None
    node: str | None
    comment: bytes | None


class FeedbackStore:
    """Those of open graphs."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def give(self, handle: GraphHandle, judgement: Judgement, note: Note) -> None:
        """Raises GraphNotFound, NodeNotFound, Repeated."""
        arguments = (*note.once, *judgement, note.audit)
        await self._notes.fetch("give_feedback", SQL["give_feedback"], handle, *arguments, node=judgement.node or "")

    async def page(
        self, handle: GraphHandle, start: datetime, end: datetime, time: datetime, feedback_id: UUID, limit: int
    ) -> list[asyncpg.Record]:
        """What was given from `start` until before `end`, latest first, behind a place. Raises GraphNotFound."""
        return await self._notes.fetch(
            "list_feedback", SQL["list_feedback"], handle, start, end, time, feedback_id, limit
        )

    async def summary(self, handle: GraphHandle, start: datetime, end: datetime, nodes: int) -> list[asyncpg.Record]:
        """Rows of loci.summarize_feedback. Raises GraphNotFound."""
        return await self._notes.fetch("summarize_feedback", SQL["summarize_feedback"], handle, start, end, nodes)
