"""Judgements on answers and memories: given once, listed, summarised."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from loci.v1 import feedback_pb2 as pb
from loci.v1.search_service_pb2 import SEARCH_PROFILE_UNSPECIFIED, SearchProfile
from loci_server.domain.ids import uuid7
from loci_server.domain.names import graph_name, node_name
from loci_server.domain.row import Row
from loci_server.errors import ContentUnreadable, QueryNotFound, TooManyAwaited
from loci_server.memory.asked import AskedQueries
from loci_server.memory.notes import repeated, write_once
from loci_server.store.feedback import FeedbackStore, Judgement
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.places import COMMENT, FEEDBACK
from loci_server.store.times import write_timestamp
from loci_server.writing.writer import WriteContext

log = logging.getLogger(__name__)


class Given(NamedTuple):
    """What a caller says. One of `query_id` and `node` may be empty."""

    kind: pb.FeedbackKind.ValueType
    query_id: str
    node: str
    comment: str


class FeedbackBook:
    """The judgements of open graphs. `queries` None: the server keeps no history, so that every query may be meant."""

    def __init__(self, items: Items, store: FeedbackStore, queries: AskedQueries | None) -> None:
        self._items = items
        self._store = store
        self._queries = queries

    async def give(self, handle: GraphHandle, given: Given, context: WriteContext, deadline: float) -> pb.Feedback:
        """`deadline`: loop.time() at which the call ends. Raises GraphNotFound, NodeNotFound, QueryNotFound,
        TooManyAwaited, DeadlineExceeded, RequestIdReused."""
        identity, given_at = uuid7(), datetime.now(UTC)
        try:
            profile = await self._profile(handle, given.query_id, deadline)
        except (QueryNotFound, TooManyAwaited):
            if await repeated(self._items, handle, context) is None:
                raise
            profile = SEARCH_PROFILE_UNSPECIFIED  # it was there when this was said first, and that answer is given
        judgement = Judgement(
            identity,
            given_at,
            context.actor,
            given.kind,
            profile,
            given.query_id or None,
            given.node or None,
            handle.sealer.seal(FEEDBACK, identity.encode(), COMMENT, given.comment.encode()) if given.comment else None,
        )
        # A repeat says the same anew: only what the server added is kept of the answer, and nothing of the comment.
        kept = pb.Feedback(name=feedback_name(handle, identity), profile=profile)
        write_timestamp(kept.create_time, given_at)
        names = [handle.name, *([node_name(handle.graph_id, given.node)] if given.node else [])]
        first = await write_once(
            self._items,
            handle,
            context,
            names,
            kept.SerializeToString(),
            lambda note: self._store.give(handle, judgement, note),
        )
        answer = kept if first is None else pb.Feedback.FromString(first.answer)
        answer.kind, answer.query_id, answer.comment = given.kind, given.query_id, given.comment
        if given.node:
            answer.node_name = node_name(handle.graph_id, given.node)
        return answer

    async def page(
        self, handle: GraphHandle, start: datetime, end: datetime, before: datetime, id: UUID, limit: int
    ) -> tuple[list[Row], list[pb.Feedback]]:
        """Rows and their messages, latest first, behind a place. Raises GraphNotFound."""
        rows = await self._store.page(handle, start, end, before, id, limit)
        return list(rows), [message(handle, row) for row in rows]

    async def summary(
        self, handle: GraphHandle, start: datetime, end: datetime, nodes: int
    ) -> pb.SummarizeFeedbackResponse:
        """Raises GraphNotFound."""
        return summarised(handle, await self._store.summary(handle, start, end, nodes))

    async def _profile(self, handle: GraphHandle, query_id: str, deadline: float) -> SearchProfile.ValueType:
        """That of a query, as far as it is known. Raises QueryNotFound, TooManyAwaited, DeadlineExceeded."""
        if not query_id or self._queries is None:
            return SEARCH_PROFILE_UNSPECIFIED
        try:
            query = await self._queries.find(handle, query_id, deadline)
        except ContentUnreadable:
            log.warning("a query does not open; its profile is not known")
            return SEARCH_PROFILE_UNSPECIFIED
        return SEARCH_PROFILE_UNSPECIFIED if query is None else query.profile


def feedback_name(handle: GraphHandle, identity: str) -> str:
    return f"{graph_name(handle.graph_id)}/feedback/{identity}"


def message(handle: GraphHandle, row: Row) -> pb.Feedback:
    """The message of a row of loci.feedback, but for who gave it."""
    identity = str(row["feedback_id"])
    told = pb.Feedback(name=feedback_name(handle, identity), kind=row["kind"], profile=row["profile"])
    write_timestamp(told.create_time, row["time"])
    if row["query_id"] is not None:
        told.query_id = str(row["query_id"])
    if row["node"] is not None:
        told.node_name = node_name(handle.graph_id, row["node"])
    if row["comment"] is not None:
        try:
            told.comment = handle.sealer.open(FEEDBACK, identity.encode(), COMMENT, row["comment"]).decode()
        except ContentUnreadable:
            told.unreadable = True
    return told


def summarised(handle: GraphHandle, rows: Sequence[Row]) -> pb.SummarizeFeedbackResponse:
    """Of the rows of loci.summarize_feedback, which are in order."""
    summary = pb.SummarizeFeedbackResponse()
    summary.counts.SetInParent()
    lists = {
        pb.FEEDBACK_KIND_HELPFUL: summary.most_helpful,
        pb.FEEDBACK_KIND_UNHELPFUL: summary.most_unhelpful,
        pb.FEEDBACK_KIND_MISSED: summary.most_missed,
    }
    for row in rows:
        counts = pb.FeedbackCounts(
            helpful_count=row["helpful"], unhelpful_count=row["unhelpful"], missed_count=row["missed"]
        )
        if row["kind"] is not None:
            lists[row["kind"]].add(node_name=node_name(handle.graph_id, row["node"]), counts=counts)
            continue
        summary.profiles.add(profile=row["profile"], counts=counts)
        summary.counts.helpful_count += counts.helpful_count
        summary.counts.unhelpful_count += counts.unhelpful_count
        summary.counts.missed_count += counts.missed_count
    return summary
