"""One pass over all graphs of a tenant: from what one snapshot of the database sees to what a later one does.

A pass goes through the graphs in order of id, so where it stands is said by the two snapshots and one place. Passes
that follow each other tell every commit of every graph once, and those of a graph in their order.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from loci.v1.watch_service_pb2 import GraphEvent, GraphEventKind
from loci_server.domain.limits import LOG_PAGE_BYTES
from loci_server.domain.names import graph_name
from loci_server.domain.row import Row
from loci_server.errors import ContentUnreadable, GraphNotFound
from loci_server.identity.grants import ALL_GRAPHS, Grants
from loci_server.store.feed import Feed, Moment, Span, State, Witness
from loci_server.store.handles import GraphHandle, Handles, locked
from loci_server.store.log import END, Place
from loci_server.watch.entries import Entry, content, entries

GRAPHS = 500
"""Graphs that are looked up at once."""
PAGE = 1000
"""Changes that are read at once."""
SLACK = timedelta(days=1)
"""How much earlier than a snapshot a commit may be dated that it does not see."""
EVENTS: dict[State, GraphEventKind.ValueType] = {
    State.CREATED: GraphEventKind.GRAPH_EVENT_KIND_CREATED,
    State.DELETED: GraphEventKind.GRAPH_EVENT_KIND_DELETED,
    State.RESTORED: GraphEventKind.GRAPH_EVENT_KIND_RESTORED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a reader of all graphs stands. `base` None: it began at `oldest`, and its first pass is not over."""

    incarnation: int
    base: str | None
    base_time: datetime
    """When it was at `base`, or began."""
    oldest: datetime | None = None
    until: str | None = None
    """A pass to this snapshot is under way …"""
    until_time: datetime | None = None
    after: str = ""
    """… and is done with the graphs up to this id …"""
    place: Place | None = None
    """… and with this much of the next one, `graph`."""
    graph: str = ""
    witness: Witness | None = None
    """Of the latest of its snapshots."""

    @property
    def since(self) -> datetime:
        """No commit that is still to be told is of a month before this."""
        return (self.oldest or self.base_time) - SLACK

    @property
    def told(self) -> int:
        """All up to this revision of `graph` was told."""
        if self.place is None:
            return 0
        return self.place.revision if self.place.ordinal == END else self.place.revision - 1

    def bound_for(self, moment: Moment) -> "Standing":
        """Set out for a snapshot."""
        return replace(
            self, until=moment.snapshot, until_time=moment.time, after="", place=None, graph="", witness=moment.witness
        )

    def within(self, graph: str, place: Place) -> "Standing":
        return replace(self, graph=graph, place=place)

    def behind(self, graph: str) -> "Standing":
        return replace(self, after=graph, place=None, graph="")

    def arrived(self) -> "Standing":
        """At the end of a pass."""
        assert self.until is not None
        assert self.until_time is not None
        return Standing(self.incarnation, self.until, self.until_time, witness=self.witness)


@dataclass(frozen=True, slots=True)
class Passed:
    """A commit, or what became of a graph, and where the reader stands behind it."""

    standing: Standing
    entry: Entry | None = None
    event: GraphEvent | None = None


class Sweep:
    """Passes for one reader."""

    def __init__(
        self,
        feed: Feed,
        handles: Handles,
        tenant_key: int,
        grants: Grants = ALL_GRAPHS,
        *,
        before: bool,
        facts: bool,
    ) -> None:
        """Of the graphs that are granted."""
        self._feed = feed
        self._handles = handles
        self._tenant_key = tenant_key
        self._grants = grants
        self._before = before
        self._facts = facts

    async def run(self, standing: Standing) -> AsyncGenerator[Sequence[Passed], None]:
        """A whole pass, or the rest of one that is under way: commits as they are read, page by page. The last standing
        is that at its end. Raises RevisionCompacted."""
        if standing.until is None:
            moment = await self._feed.now(self._tenant_key)
            standing = standing.bound_for(moment)
            if standing.until == standing.base:  # nothing was committed since
                yield [Passed(standing.arrived())]
                return
        assert standing.until is not None
        while True:
            spans = await self._feed.spans(
                self._tenant_key,
                standing.base,
                standing.until,
                standing.oldest,
                standing.after,
                GRAPHS,
                standing.graph,
                standing.told,
                self._grants,
            )
            pending = begun(spans, standing)
            while pending:
                passed, standing, pending = await self._page(pending, standing)
                if passed:
                    yield passed
            if len(spans) < GRAPHS:
                break
            standing = standing.behind(spans[-1].graph_id)
        yield [Passed(standing.arrived())]

    async def _page(self, pending: list[Span], standing: Standing) -> tuple[list[Passed], Standing, list[Span]]:
        """What the next page tells, where the reader stands then, and what is left."""
        now, later = within_a_page(pending)
        rows = await self._feed.page(self._tenant_key, now, standing.since, before=self._before, limit=PAGE)
        cut = len(rows) == PAGE or content(rows) >= LOG_PAGE_BYTES
        by_graph = {key: list(group) for key, group in groupby(rows, key=lambda row: row["graph_key"])}
        last = rows[-1]["graph_key"] if cut else None
        passed: list[Passed] = []
        for index, span in enumerate(now):
            if span.state in EVENTS and span.behind == start_of(span):
                kind = EVENTS[span.state]
                event = GraphEvent(graph=graph_name(span.graph_id), kind=kind, revision=span.behind.revision)
                passed.append(Passed(standing, event=event))
            found = by_graph.get(span.graph_key)
            unfinished = span.behind.ordinal != END
            handle = await self._handle(span) if found or unfinished else None
            is_cut = span.graph_key == last
            if handle is None and is_cut:  # deleted meanwhile; the spans behind it were not read
                return passed, standing.behind(span.graph_id), [*now[index + 1 :], *later]
            if handle is not None:
                for entry in self._entries(handle, found or (), span, cut=is_cut):
                    standing = standing.within(span.graph_id, entry.end)
                    passed.append(Passed(standing, entry=entry))
                if is_cut:
                    rest = replace_behind(span, standing.place or span.behind)
                    return passed, standing, [rest, *now[index + 1 :], *later]
            standing = standing.behind(span.graph_id)
        return passed, standing, later

    def _entries(self, handle: GraphHandle, rows: Sequence[Row], span: Span, *, cut: bool) -> Sequence[Entry]:
        told = entries(handle, rows, span.behind, before=self._before, cut=cut, facts=self._facts, named=True)
        return list(told)

    async def _handle(self, span: Span) -> GraphHandle | None:
        """None: the graph was deleted meanwhile, which the next pass tells. Raises KeyServiceUnavailable."""
        try:
            handle = await self._handles.get(self._tenant_key, span.graph_id)
        except GraphNotFound:
            return None
        except ContentUnreadable:  # what is in it is told as unreadable: the feed of all other graphs goes on
            return locked(self._tenant_key, span.graph_key, span.graph_id)
        return handle if handle.graph_key == span.graph_key else None


def begun(spans: Sequence[Span], standing: Standing) -> list[Span]:
    """The spans, of which the first may be told in part."""
    if standing.place is None:
        return list(spans)
    place = standing.place
    return [replace_behind(span, place) if span.graph_id == standing.graph else span for span in spans]


def replace_behind(span: Span, place: Place) -> Span:
    return span._replace(behind=place)


def start_of(span: Span) -> Place:
    """Where the telling of a graph begins about which there is something to say."""
    return Place(span.target) if span.state is State.RESTORED else Place(0)


def within_a_page(spans: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """As many spans as fill a page, if each revision had one change; and the rest."""
    revisions = 0
    for count, span in enumerate(spans, start=1):
        revisions += max(0, span.target - span.behind.revision)
        if revisions >= PAGE:
            return [*spans[:count]], [*spans[count:]]
    return [*spans], []
