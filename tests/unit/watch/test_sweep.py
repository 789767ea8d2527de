"""A pass over all graphs goes on where a page was cut, whatever becomes of its graphs meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from loci_server.domain.items import Kind, Op
from loci_server.errors import GraphNotFound
from loci_server.store.feed import Feed, Moment, Span, State
from loci_server.store.handles import GraphHandle, Handles, locked
from loci_server.store.log import Place
from loci_server.watch.sweep import PAGE, Standing, Sweep

THEN = datetime(2026, 5, 3, tzinfo=UTC)
TENANT = 1


class Stored:
    """The log of graphs, by key, each with commits of `size` changes. `going`: is deleted once it was read."""

    def __init__(self, commits: dict[int, int], going: int | None = None, size: int = 1) -> None:
        self.commits = commits
        self._size = size
        self._going = going
        self._gone: set[int] = set()

    async def now(self, tenant_key: int) -> Moment:
        assert tenant_key == TENANT
        return Moment(1, "9:9:", THEN, None)

    async def spans(
        self, tenant_key: int, base: str | None, until: str, oldest: object, after: str, limit: int, *told: object
    ) -> Any:
        assert (tenant_key, base, until, oldest) == (TENANT, None, "9:9:", THEN)
        graphs = [Span(key, f"g{key}", Place(0), count, State.THERE) for key, count in self.commits.items()]
        return [span for span in graphs if span.graph_id > after][:limit]

    async def page(self, tenant_key: int, spans: Sequence[Span], since: datetime, *, before: bool, limit: int) -> Any:
        assert (tenant_key, before) == (TENANT, False)
        rows = [
            row(span.graph_key, revision, ordinal)
            for span in spans
            if span.graph_key not in self._gone
            for revision in range(span.behind.revision, span.target + 1)
            for ordinal in range(self._size)
            if (revision, ordinal) > span.behind
        ][:limit]
        if self._going in {row["graph_key"] for row in rows}:
            self._gone.add(cast(int, self._going))
        return rows

    async def get(self, tenant_key: int, graph_id: str) -> GraphHandle:
        key = int(graph_id[1:])
        if key in self._gone:
            raise GraphNotFound(resource=graph_id)
        return locked(tenant_key, key, graph_id)


def row(graph_key: int, revision: int, ordinal: int) -> dict[str, Any]:
    return {
        "graph_key": graph_key,
        "revision": revision,
        "ordinal": ordinal,
        "kind": Kind.NODE,
        "op": Op.DELETED,
        "id": "a",
        "other_id": None,
        "type": "node",
        "previous_type": None,
        "image": None,
        "image_no": None,
        "before_image": None,
        "note": None,
        "actor": 1,
        "commit_time": THEN,
    }


async def told(stored: Stored, standing: Standing | None = None) -> tuple[dict[str, list[int]], list[Standing]]:
    """The commits of each graph, and where the reader stood behind each."""
    found: dict[str, list[int]] = {}
    standings = []
    sweep = Sweep(cast(Feed, stored), cast(Handles, stored), TENANT, before=False, facts=False)
    async for page in sweep.run(standing or Standing(1, None, THEN, oldest=THEN)):
        for passed in page:
            if passed.entry is not None:
                found.setdefault(passed.entry.graph.removeprefix("graphs/"), []).append(passed.entry.end.revision)
                standings.append(passed.standing)
    return found, standings


async def test_a_graph_that_is_deleted_when_its_page_was_cut_hides_none_behind_it() -> None:
    stored = Stored({1: 2, 2: 3, 3: 2}, going=2, size=PAGE // 4)
    assert (await told(stored))[0] == {"g1": [1, 2], "g3": [1, 2]}


async def test_a_graph_that_is_deleted_with_its_commits_read_whole_hides_none_behind_it() -> None:
    stored = Stored({1: 2, 2: 2, 3: 2}, going=2)
    assert (await told(stored))[0] == {"g1": [1, 2], "g3": [1, 2]}


async def test_a_pass_goes_on_behind_each_place_of_a_page_that_was_cut() -> None:
    commits = {1: 3, 2: PAGE + 5, 3: 4}
    whole, standings = await told(Stored(commits))
    assert whole == {f"g{key}": list(range(1, count + 1)) for key, count in commits.items()}
    for passed in (1, 3, 4, PAGE - 1, PAGE, PAGE + 7, PAGE + 8, PAGE + 9):
        rest, _ = await told(Stored(commits), standings[passed - 1])
        flat = [(graph, revision) for graph, revisions in whole.items() for revision in revisions]
        assert [(graph, revision) for graph, revisions in rest.items() for revision in revisions] == flat[passed:]
