"""Every statement goes through the index that is meant for it, in functions too.

Each runs as the service runs it, over tables with many tenants and graphs; the database's own counters then tell which
indexes were used and whether a table was read from end to end.
"""

from typing import Any

import asyncpg
import pytest

from loci_server.store.statements import statements
from tests.integration.plans.case import GRAPH, HASH, TENANT, Case, G, T
from tests.integration.plans.cases import CASES, SQL_FILES, WITHOUT_A_PLAN


async def counters(connection: "asyncpg.Connection[Any]") -> tuple[dict[str, int], dict[str, int]]:
    """Scans so far of each index, and of each table from end to end.

    Indexes of a partition are counted with those of its table, and a partition counts as read if it has any rows. The
    table `cluster` has one row.
    """
    await connection.execute("SELECT pg_stat_force_next_flush()")
    await connection.execute("SELECT pg_stat_clear_snapshot()")
    indexes = await connection.fetch(
        "SELECT coalesce(inhparent::regclass::text, 'loci.' || indexrelname), sum(idx_scan)::bigint "
        "FROM pg_stat_user_indexes LEFT JOIN pg_inherits ON inhrelid = indexrelid WHERE schemaname = 'loci' GROUP BY 1"
    )
    indexes = [(name.removeprefix("loci."), count) for name, count in indexes]
    tables = await connection.fetch(
        "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = 'loci' "
        "AND (relname !~ '^changes_' OR n_live_tup > 0) AND relname NOT IN ('cluster', 'log_compaction', 'log_floors')"
    )
    return dict(map(tuple, indexes)), dict(map(tuple, tables))


async def scanned(
    url: str, sql: str, arguments: tuple[Any, ...], *, tenant: int | None = TENANT, role: str = ""
) -> tuple[set[str], set[str]]:
    """The indexes that the statement used, and the tables that it read from end to end."""
    connection = await asyncpg.connect(url)
    try:
        prepared = await connection.prepare(sql)  # what the client library looks up is not counted
        indexes, tables = await counters(connection)
        await connection.execute("SET ROLE loci_app; SET jit = off")
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("SELECT set_config('loci.tenant', $1, true)", "" if tenant is None else str(tenant))
        await connection.execute("SELECT set_config('loci.role', $1, true)", role)
        await prepared.fetch(*arguments)
        await transaction.rollback()
        await connection.execute("RESET ROLE")
        after, tables_after = await counters(connection)
    finally:
        await connection.close()
    return (
        {name for name, count in after.items() if count > indexes[name]},
        {name for name, count in tables_after.items() if count > tables[name]},
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}-{'-'.join(sorted(case.indexes))}")
async def test_a_statement_uses_the_index_that_is_meant_for_it(full_database: str, case: Case) -> None:
    sql = statements(case.file)[case.name]
    used, read = await scanned(full_database, sql, case.arguments, tenant=case.tenant, role=case.role)
    for wanted in case.indexes:
        assert used & set(wanted.split("|")), f"{wanted} is not used, but {sorted(used)}; read whole: {sorted(read)}"
    assert read <= case.scans


def test_every_statement_is_tested() -> None:
    exempt = {place for places in WITHOUT_A_PLAN for place in places.split()}
    covered = {f"{case.file}/{case.name}" for case in CASES} | exempt
    there = {f"{file.stem}/{name}" for file in SQL_FILES.glob("*.sql") for name in statements(file.stem)}
    assert covered == there


async def composite(connection: "asyncpg.Connection[Any]", name: str, **fields: Any) -> tuple[Any, ...]:
    """A value of a composite type: the fields that are named, null for the others."""
    rows = await connection.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum", f"loci.{name}"
    )
    return tuple(fields.get(row["attname"]) for row in rows)


async def test_a_commit_touches_only_what_it_names(full_database: str) -> None:
    connection = await asyncpg.connect(full_database)
    try:
        node = await composite(
            connection,
            "node_change",
            **{"op": 4, "id": "renamed", "previous_id": "n7", "previous_revision": 7, "type": "node", "doc_no": 7},
            **{"salience": 0.5, "property_tokens": [7], "length": 5, "embed": False},
            **{"content": b"", "image_no": 1, "image": b"", "superseded": False},
        )
        edges = [
            await composite(
                connection,
                "edge_change",
                **{"op": 2, "id": row["id"], "previous_revision": row["revision"], "relation": "R", "weight": 1.0},
                **{"source": row["source"].replace("n7", "renamed"), "target": row["target"].replace("n7", "renamed")},
                **{"property_tokens": [7]},
                **{"content": b"", "image_no": 1, "image": b""},
            )
            for row in await connection.fetch(
                "SELECT * FROM loci.edges WHERE graph_key = $1 AND 'n7' IN (source, target)", GRAPH
            )
        ]
        assert edges
        traits = await composite(
            connection,
            "commit_traits",
            **{"nodes": 0, "edges": 0, "bytes": 0, "documents": 0, "length": 0, "serial": 0},
            **{"embeds": False, "replaces": True, "moves": True, "properties": True},
            **{"tokens": [8], "holders": [30]},
        )
    finally:
        await connection.close()
    expectations = [(1, "n7", 7), (2, "e7", 7)]
    arguments = (T, G, 1, HASH, HASH, b"", None, [node], edges, [], expectations, None, traits, None)
    used, read = await scanned(full_database, statements("items")["commit"], arguments)
    assert {"graphs_pkey", "nodes_pkey", "edges_pkey", "property_index_pkey", "edges_source", "edges_target"} <= used
    assert {"node_uses_pkey", "feedback_node"} <= used
    assert read == set()


async def test_entries_are_moved_without_reading_others(full_database: str) -> None:
    connection = await asyncpg.connect(full_database)
    try:
        sql = "SELECT time, entry_id FROM loci.audit_inbox WHERE tenant_key = $1 ORDER BY time, entry_id LIMIT 10"
        rows = await connection.fetch(sql, T)
    finally:
        await connection.close()
    times, ids = [row["time"] for row in rows], [row["entry_id"] for row in rows]
    arguments = (T, 3000, times, ids, [b"mac"] * len(ids), b"seal")
    used, read = await scanned(full_database, statements("audit")["append_audit"], arguments)
    assert {"audit_inbox_pkey", "audit_heads_pkey", "audit_pkey"} <= used
    assert read == set()
