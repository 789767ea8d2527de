"""What reading leaves behind is written together, bounded, and waits where it cannot be written."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loci.v1.query_history_pb2 import QueryRecord
from loci_server.crypto.envelope import Sealer, graph_scope
from loci_server.crypto.rotation import Rotation
from loci_server.crypto.tokens import Marks, Tokenizer
from loci_server.memory import query_log, use_counts
from loci_server.memory.query_log import QueryLog, opened
from loci_server.memory.traces import Traces
from loci_server.memory.use_counts import UseCounts
from loci_server.store.handles import GraphHandle
from loci_server.store.queries import QueryRow
from loci_server.store.uses import UseRow

NOW = datetime(2024, 1, 1, tzinfo=UTC)
KEY = bytes(32)


class Away(Exception):
    """The database does not answer."""


@dataclass
class Shelf:
    """Where rows are written: a list of them for each statement."""

    batches: list[list[UseRow] | list[QueryRow]] = field(default_factory=list)
    busy: set[int] = field(default_factory=set)
    fails: int = 0
    loses: int = 0
    """Answers that do not arrive."""
    last: int = 0

    async def record(self, *arguments: Any) -> set[int]:
        await asyncio.sleep(0)
        if self.fails:
            self.fails -= 1
            raise Away
        rows = arguments[-1]
        if len(arguments) > 1:
            number = arguments[1]
            assert self.last <= number <= self.last + 1
            if number == self.last:
                return self.busy & {row.graph_key for row in rows}
            self.last = number
        self.batches.append([row for row in rows if row.graph_key not in self.busy])  # type: ignore[arg-type]
        if self.loses:
            self.loses -= 1
            raise Away
        return self.busy & {row.graph_key for row in rows}

    @property
    def rows(self) -> list[UseRow | QueryRow]:
        return [row for batch in self.batches for row in batch]


def handle(graph_key: int = 1, tenant_key: int = 1) -> GraphHandle:
    sealer = Sealer(graph_scope(tenant_key, graph_key), {1: KEY})
    return GraphHandle(tenant_key, graph_key, "g", sealer, [Tokenizer(KEY)], [Rotation(KEY)], Marks(KEY))


def counts(shelf: Shelf) -> UseCounts:
    return UseCounts(shelf)  # type: ignore[arg-type]


def found(rows: Iterable[UseRow | QueryRow]) -> dict[tuple[int, str], int]:
    counted: Counter[tuple[int, str]] = Counter()
    for row in rows:
        if isinstance(row, UseRow):
            counted[row.graph_key, row.id] += row.uses
    return counted


async def test_a_thousand_reads_are_one_write() -> None:
    shelf = Shelf()
    uses = counts(shelf)
    for second in range(1000):
        uses.add(handle(), ["a", "b"], NOW + timedelta(seconds=second))
    uses.add(handle(2), ["a"], NOW)
    assert shelf.batches == []
    await uses.flush()
    assert len(shelf.batches) == 1
    assert found(shelf.rows) == {(1, "a"): 1000, (1, "b"): 1000, (2, "a"): 1}
    first = shelf.rows[0]
    assert isinstance(first, UseRow)
    assert (first.first_use_time, first.last_use_time) == (NOW, NOW + timedelta(seconds=999))
    await uses.flush()
    assert len(shelf.batches) == 1, "nothing is written twice"


async def test_what_cannot_be_written_waits_and_is_joined_by_what_comes() -> None:
    shelf = Shelf(fails=1)
    uses = counts(shelf)
    uses.add(handle(), ["a"], NOW)
    with pytest.raises(Away):
        await uses.flush()
    uses.add(handle(), ["a"], NOW)
    await uses.flush()
    assert found(shelf.rows) == {(1, "a"): 2}


async def test_what_was_written_though_the_answer_was_lost_is_not_counted_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(use_counts, "BATCH", 2)
    shelf = Shelf(loses=1, busy={2})
    uses = counts(shelf)
    for graph in (1, 2, 3):
        uses.add(handle(graph), ["a"], NOW)
    with pytest.raises(Away):
        await uses.flush()
    assert found(shelf.rows) == {(1, "a"): 1}
    uses.add(handle(1), ["a"], NOW)
    shelf.fails = 1
    with pytest.raises(Away):
        await uses.flush()
    await uses.flush()
    assert found(shelf.rows) == {(1, "a"): 2, (3, "a"): 1}, "and what is busy goes on waiting"
    shelf.busy.clear()
    await uses.flush()
    assert found(shelf.rows) == {(1, "a"): 2, (2, "a"): 1, (3, "a"): 1}


async def test_graphs_of_which_nodes_are_being_removed_are_tried_again() -> None:
    shelf = Shelf(busy={1})
    uses = counts(shelf)
    uses.add(handle(1), ["a"], NOW)
    uses.add(handle(2), ["a"], NOW)
    await uses.flush()
    assert found(shelf.rows) == {(2, "a"): 1}
    shelf.busy.clear()
    await uses.flush()
    assert found(shelf.rows) == {(1, "a"): 1, (2, "a"): 1}


async def test_a_statement_takes_so_many_memories_and_graphs_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_counts, "BATCH", 4)
    monkeypatch.setattr(use_counts, "BATCH_GRAPHS", 2)
    shelf = Shelf()
    uses = counts(shelf)
    for graph, count in ((3, 1), (1, 9), (5, 1), (2, 2), (4, 1)):
        uses.add(handle(graph), [f"n{number}" for number in range(count)], NOW)
    await uses.flush()
    assert [[row.graph_key for row in batch] for batch in shelf.batches] == [
        [1, 1, 1, 1],
        [1, 1, 1, 1],
        [1, 2, 2],
        [3, 4],
        [5],
    ]


async def test_an_outage_fills_no_memory_and_one_tenant_not_all_of_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(use_counts, "MAX_WAITING", 10)
    monkeypatch.setattr(use_counts, "MAX_OF_TENANT", 6)
    shelf = Shelf()
    uses = counts(shelf)
    uses.add(handle(tenant_key=1), [f"n{number}" for number in range(100)], NOW)
    uses.add(handle(tenant_key=2), [f"n{number}" for number in range(100)], NOW)
    uses.add(handle(tenant_key=1), ["n0"], NOW)
    with caplog.at_level(logging.WARNING):
        await uses.flush()
    assert len(shelf.rows) == 10
    assert sum(found(row for row in shelf.rows if row.tenant_key == 1).values()) == 7
    assert "190 recalls were not counted" in caplog.text


async def test_queries_are_sealed_before_they_wait_and_opened_from_there() -> None:
    shelf = Shelf()
    log = QueryLog(shelf)  # type: ignore[arg-type]
    log.add(handle(), "one", NOW, 7, QueryRecord(query="a secret"))
    found = await log.find(handle(), "one")
    assert found is not None
    assert found.query == "a secret"
    await log.flush()
    (row,) = shelf.rows
    assert isinstance(row, QueryRow)
    assert b"secret" not in row.content
    assert (row.query_id, row.time, row.actor) == ("one", NOW, 7)
    assert opened(handle(), "one", row.content).query == "a secret"


async def test_queries_wait_up_to_a_bound(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(query_log, "MAX_BYTES_OF_TENANT", 2000)
    monkeypatch.setattr(query_log, "MAX_WAITING_BYTES", 3000)
    shelf = Shelf(fails=1)
    log = QueryLog(shelf)  # type: ignore[arg-type]
    for tenant in (1, 2):
        for number in range(10):
            log.add(handle(tenant_key=tenant), f"{tenant}-{number}", NOW, 7, QueryRecord(query="x" * 400))
    with pytest.raises(Away), caplog.at_level(logging.WARNING):
        await log.flush()
    assert "16 queries are not in the history" in caplog.text
    await log.flush()
    assert [row.tenant_key for row in shelf.rows] == [1, 1, 1, 2]


async def test_one_buffer_that_fails_keeps_no_other_from_being_written() -> None:
    uses, queries = Shelf(fails=1), Shelf()
    log = QueryLog(queries)  # type: ignore[arg-type]
    traces = Traces(counts(uses), log)
    traces.used(handle(), ["a"])
    traces.asked(handle(), "one", 7, QueryRecord(query="x"))
    with pytest.raises(Away):
        await traces.flush()
    assert (len(uses.rows), len(queries.rows)) == (0, 1)
    await traces.flush()
    assert (len(uses.rows), len(queries.rows)) == (1, 1)
