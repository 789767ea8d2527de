"""Every statement goes through the index that is meant for it, in functions too.

Each runs as the service runs it, over tables with many tenants and graphs; the database's own counters then tell which
indexes were used and whether a table was read from end to end.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from loci_server import store
from loci_server.store.statements import statements
from tests.postgres import create_database, drop_database

TENANT, GRAPH = 7, 7
LATER = "9999999:9999999:"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
HASH = b"\x01" * 16

SQL_FILES = Path(store.__path__[0]) / "sql"
FURNISH = """
INSERT INTO loci.cluster (kek_id, wrapped_secret) VALUES ('k', '');
INSERT INTO loci.tenants (tenant_key, tenant_id, display_name) SELECT n, 't' || n, '' FROM generate_series(1, 3000) n;
INSERT INTO loci.api_keys (tenant_key, key_id, secret_hash, scopes, display_name)
SELECT n % 300 + 1, n, '', '{1}', '' FROM generate_series(1, 6000) n;
INSERT INTO loci.graphs (graph_key, tenant_key, graph_id, display_name, revision, create_incarnation, state_incarnation,
    incarnation)
OVERRIDING SYSTEM VALUE
SELECT n, CASE WHEN n % 2 = 0 THEN n % 3000 + 1 ELSE 7 END, 'g' || n, '', 5000, 1, 1, 1 FROM generate_series(1, 6000) n;
INSERT INTO loci.graph_keys (graph_key, purpose, version, tenant_key, kek_id, wrapped)
SELECT graph_key, p, 1, tenant_key, 'k', '' FROM loci.graphs, generate_series(1, 2) p;
CREATE TEMP TABLE g AS SELECT graph_key, tenant_key FROM loci.graphs WHERE graph_key <= 20;
INSERT INTO loci.nodes (graph_key, tenant_key, doc_no, length, revision, event_time, create_time, update_time, salience,
    id, type, property_tokens, content)
SELECT graph_key, tenant_key, n, 5, n, now() - n * interval '1 hour', now(), now(), 0.5, 'n' || n,
    CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'node' END, ARRAY[n % 100], '' FROM g, generate_series(1, 3000) n;
INSERT INTO loci.edges (graph_key, tenant_key, revision, create_time, update_time, weight, id, source, relation, target,
    property_tokens, content)
SELECT graph_key, tenant_key, n, now(), now(), 1, 'e' || n, 'n' || n, 'R', 'n' || (n * 7 % 3000 + 1), ARRAY[n % 100], ''
FROM g, generate_series(1, 3000) n;
INSERT INTO loci.edges (graph_key, tenant_key, revision, create_time, update_time, weight, id, source, relation, target,
    property_tokens, content)
SELECT 7, 7, 1, now(), now(), 1, 'x' || n, 'n' || (n % 2900 + 100), 'S', 'n' || (n * 7 % 2900 + 100), '{}', ''
FROM generate_series(1, 40000) n;
INSERT INTO loci.property_index (graph_key, token, kind, tenant_key, id)
SELECT graph_key, n % 100, k, tenant_key, CASE k WHEN 1 THEN 'n' ELSE 'e' END || n
FROM g, generate_series(1, 3000) n, generate_series(1, 2) k;
INSERT INTO loci.changes (graph_key, revision, ordinal, part, kind, op, incarnation, tenant_key, xid, image_no,
    commit_time, actor, id, type, image)
SELECT graph_key, n, 100001, loci.log_part(now()), 1, 1, 1, tenant_key, '1', n, now() - (3000 - n) * interval '1 s', 1,
    'n' || n, 'node', '' FROM g, generate_series(1, 3000) n;
INSERT INTO loci.changes (graph_key, revision, ordinal, part, kind, op, incarnation, tenant_key, xid, image_no,
    commit_time, actor, id, type, source, target, weight, image)
SELECT graph_key, 3000 + n, 200001, loci.log_part(now()), 2, 1, 1, tenant_key, '1', n, now() + n * interval '1 ms', 1,
    'e' || n, 'R', 'n' || n, 'n' || (n * 7 % 3000 + 1), 1, '' FROM g, generate_series(1, 2000) n;
INSERT INTO loci.lexical_tail (graph_key, doc_no, tenant_key, length, terms, frequencies)
SELECT graph_key, n, tenant_key, 5, ARRAY[n, n % 10], '{1,1}' FROM g, generate_series(1, 800) n;
INSERT INTO loci.lexical_segments (graph_key, term, first_doc_no, tenant_key, doc_nos, frequencies, lengths)
SELECT graph_key, n, 1000, tenant_key, ARRAY[1000 + n], '{1}', '{5}' FROM g, generate_series(1, 1500) n;
INSERT INTO loci.lexical_dead (graph_key, doc_no, tenant_key)
SELECT graph_key, 5000 + n, tenant_key FROM g, generate_series(1, 1000) n;
INSERT INTO loci.embedding_models (tenant_key, model, dimension, confirmed)
SELECT n, 'm', 3, true FROM generate_series(1, 3000) n;
INSERT INTO loci.embeddings (graph_key, doc_no, tenant_key, model_key, chunk, embedding)
SELECT graph_key, n, tenant_key, 7, 0, '[1,0,0]'::public.halfvec FROM g, generate_series(1, 1000) n;
INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key, run_after)
SELECT graph_key, 1, n, tenant_key, now() + interval '1 hour' FROM g, generate_series(1, 1000) n;
INSERT INTO loci.idempotency (graph_key, tenant_key, request_hash, fingerprint, revision, commit_time, answer)
SELECT graph_key, tenant_key, decode(md5(n::text), 'hex'), '', 1, now(), '' FROM g, generate_series(1, 1000) n;
INSERT INTO loci.imports (graph_key, import_id, tenant_key, options)
SELECT graph_key, 'i' || n, tenant_key, '' FROM g, generate_series(1, 500) n;
INSERT INTO loci.import_chunks (graph_key, import_id, sequence, tenant_key, fingerprint, result)
SELECT graph_key, 'i' || n, 1, tenant_key, '', '' FROM g, generate_series(1, 500) n;
INSERT INTO loci.audit (tenant_key, sequence, entry_id, time, actor, status, revision, method, graph_id, tokens, entry,
    mac)
SELECT t, n, n, now() - n * interval '1 s', n % 300, 0, n, 'm', 'g' || n % 300, ARRAY[n], '', ''
FROM generate_series(1, 20) t, generate_series(1, 3000) n;
INSERT INTO loci.audit_names (tenant_key, token, time, sequence)
SELECT tenant_key, t, time, sequence FROM loci.audit, unnest(tokens) t;
INSERT INTO loci.audit_inbox (tenant_key, entry_id, time, actor, status, revision, method, graph_id, tokens, entry)
SELECT t, n, now(), 1, 0, n, 'm', 'g', '{}', '' FROM generate_series(1, 20) t, generate_series(1, 1000) n;
INSERT INTO loci.audit_heads (tenant_key, mac, cut_mac, seal, oldest_time)
SELECT n, '', '', '', now() - n * interval '1 s' FROM generate_series(1, 3000) n;
"""


@dataclass(frozen=True)
class Case:
    """A statement with arguments, and the indexes that must serve it."""

    file: str
    name: str
    arguments: tuple[Any, ...]
    indexes: frozenset[str]
    role: str = ""
    tenant: int | None = TENANT
    scans: frozenset[str] = frozenset()
    """Tables that may be read from end to end."""


def case(place: str, *arguments: Any, by: str = "", **more: Any) -> Case:
    file, name = place.split("/")
    return Case(file, name, arguments, frozenset(by.split()), **more)


NODE_FILTER, EDGE_FILTER = (None,) * 13, (None,) * 10
NOW, LATEST = datetime.now(UTC), datetime.max.replace(tzinfo=UTC)
T, G = TENANT, GRAPH


def entries(newest_first: bool = True, **filter: Any) -> tuple[Any, ...]:
    """The arguments of list_audit."""
    names = ("actor", "graph_id", "token", "method", "start_time", "end_time", "refused")
    place = (LATEST, 2**62) if newest_first else (LONG_AGO, 0)
    return T, tuple(filter.get(name) for name in names), newest_first, *place, 10


CASES = [
    case("audit/find_audit_inboxes", 0, 10, by="audit_inbox_pkey", role="worker", tenant=None),
    case("audit/lock_audit_head", T, by="audit_heads_pkey"),
    case("audit/try_audit_head", T, by="audit_heads_pkey"),
    case("audit/read_audit_inbox", T, 10, by="audit_inbox_pkey"),
    case("audit/list_audit", *entries(), by="audit_time"),
    case("audit/list_audit", *entries(False), by="audit_time"),
    case("audit/list_audit", *entries(end_time=NOW - timedelta(minutes=40)), by="audit_time"),
    case("audit/list_audit", *entries(actor=7), by="audit_actor"),
    case("audit/list_audit", *entries(graph_id="g7"), by="audit_graph"),
    case("audit/list_audit", *entries(graph_id="g7", token=7), by="audit_names_pkey audit_pkey"),
    case("audit/list_audit", *entries(False, graph_id="g7", token=7), by="audit_names_pkey audit_pkey"),
    case("audit/audit_from", T, 2900, 10, by="audit_pkey audit_heads_pkey audit_names_pkey"),
    case("audit/old_audits", NOW - timedelta(minutes=40), 10, by="audit_heads_oldest", role="worker", tenant=None),
    case("audit/audit_front", T, 10, by="audit_pkey"),
    case("audit/cut_audit_names", T, 10, by="audit_pkey audit_names_pkey"),
    case("audit/cut_audit", T, 10, by="audit_pkey"),
    case("audit/note_audit_cut", T, 10, b"", b"", by="audit_heads_pkey audit_pkey"),
    case("graphs/open_graph", T, "g7", by="graphs_tenant_key_graph_id_key graph_keys_pkey"),
    case("graphs/get_graph", T, "g7", by="graphs_tenant_key_graph_id_key"),
    case("graphs/graph_with_keys", T, "g7", by="graphs_tenant_key_graph_id_key graph_keys_pkey"),
    case("graphs/list_graphs", T, "g5", True, 10, by="graphs_tenant_key_graph_id_key graph_keys_pkey"),
    case("graphs/set_display_name", T, G, b"", by="graphs_pkey"),
    case("graphs/lock_graph", T, "g7", by="graphs_tenant_key_graph_id_key"),
    case("graphs/update_graph", T, G, b"", "", by="graphs_pkey"),
    case("graphs/resume_jobs", T, G, by="jobs_pkey|jobs_due"),
    case("graphs/remember_answer", T, HASH, b"", by="idempotency_pkey"),
    case("graphs/find_answer", T, HASH, by="idempotency_pkey"),
    case("graphs/count_pending", T, G, by="jobs_pkey|jobs_due"),
    case("imports/find_import", T, G, "i7", by="imports_pkey graphs_pkey"),
    case("imports/lock_import", T, G, "i7", by="imports_pkey"),
    case("imports/find_chunk", T, G, "i7", 1, by="import_chunks_pkey"),
    case("imports/advance_import", T, G, "i7", 1, 1, 1, by="imports_pkey"),
    case("items/get_node", T, G, "n7", by="nodes_pkey graphs_pkey"),
    case("items/get_nodes", T, G, ["n7", "n8"], by="nodes_pkey"),
    case("items/get_documents", T, G, [7, 8], by="nodes_document"),
    case("items/get_edges", T, G, ["e7", "e8"], by="edges_pkey"),
    case("items/get_incident_edges", T, G, ["n7"], 100, by="edges_source edges_target"),
    case("items/list_nodes", T, G, NODE_FILTER, "n5", 10, by="nodes_pkey"),
    case("items/list_nodes", T, G, (["rare"], *NODE_FILTER[1:]), "", 10, by="nodes_type"),
    case("items/list_nodes", T, G, (*NODE_FILTER[:11], [7], None), "", 10, by="property_index_pkey nodes_pkey"),
    case("items/list_edges", T, G, EDGE_FILTER, "e5", 10, by="edges_pkey"),
    case("items/list_edges", T, G, (None, "n7", *EDGE_FILTER[2:]), "", 10, by="edges_source"),
    case("items/list_edges", T, G, (None, None, "n8", *EDGE_FILTER[3:]), "", 10, by="edges_target"),
    case("items/list_edges", T, G, (*EDGE_FILTER[:9], [7]), "", 10, by="property_index_pkey edges_pkey"),
    case(
        "items/expand",
        *(T, G, ["n7", "n8"], 3, None, ["node"], None, None, [], [], [], 10, 100),
        by="edges_source edges_target nodes_pkey",
    ),
    case("items/page_neighbors", T, G, "n7", 3, None, None, None, None, 10, 1.0, "e1", by="edges_source edges_target"),
    case("items/induced_edges", T, G, ["n7", "n50"], None, None, None, 10, by="edges_source|edges_target"),
    case("items/traces", T, G, 1, ["n7"], by="changes_entity"),
    case("items/find_answer", T, G, HASH, by="idempotency_pkey"),
    case("items/search_lexical", T, G, [7], None, 10, by="lexical_segments_pkey lexical_tail_pkey"),
    case(
        "items/search_lexical",
        *(T, G, [7], (["node"], *NODE_FILTER[1:]), 10),
        by="lexical_segments_pkey lexical_tail_pkey nodes_document",
    ),
    case("items/search_semantic", T, G, 7, [1.0, 0.0, 0.0], None, 10, by="embeddings_pkey"),
    case("items/search_semantic", T, G, 7, [1.0, 0.0, 0.0], (["rare"], *NODE_FILTER[1:]), 10, by="embeddings_pkey"),
    case("items/lexical_statistics", T, G, [7], by="lexical_segments_pkey"),
    case("past/items_at", T, G, 1, ["n5", "n6"], 2000, by="changes_entity changes_pkey"),
    case("past/list_at", T, G, 1, NODE_FILTER, None, "n5", 10, 2000, by="changes_entity"),
    case("past/list_at", T, G, 2, None, EDGE_FILTER, "n5", 10, 2000, by="changes_entity"),
    case(
        "past/expand_at",
        *(T, G, ["n7", "n8"], 3, None, ["node"], None, None, [], [], [], 10, 100, 5000),
        by="changes_source changes_target changes_entity",
    ),
    case(
        "past/page_neighbors_at",
        *(T, G, "n7", 3, None, None, None, None, 10, 1.0, "e1", 5000),
        by="changes_source changes_target",
    ),
    case("past/induced_edges_at", T, G, ["n7", "n50"], None, None, None, 10, 5000, by="changes_source|changes_target"),
    case("past/nodes_changed_since", T, G, None, 10, 2990, by="changes_pkey changes_entity"),
    case("items/existing_nodes", T, G, ["n7"], by="nodes_pkey"),
    case("items/existing_edges", T, G, ["e7"], by="edges_pkey"),
    case("items/count_pending", T, G, by="jobs_pkey|jobs_due"),
    case("jobs/claim", 1, 60.0, 4, 10, 0, by="jobs_due", role="worker", tenant=None),
    case("items/node_versions", T, G, ["n7"], by="nodes_pkey"),
    case("items/edge_versions", T, G, ["e7"], by="edges_pkey"),
    case("log/log_page", T, G, 5, 2**31 - 1, False, 10, by="changes_pkey"),
    case("log/log_page", T, G, 5, 2**31 - 1, True, 10, by="changes_pkey changes_entity"),
    case("log/history_page", T, G, 1, "n7", 2**62, 0, 10, by="changes_entity changes_pkey"),
    case("log/log_heads", T, [G], by="graphs_pkey"),
    case("log/log_bounds", T, G, LONG_AGO, by="graphs_pkey changes_pkey"),
    case("log/log_bounds", T, G, datetime.now(UTC) - timedelta(minutes=10), by="graphs_pkey changes_pkey"),
    case("feed/feed_graphs", 9, "5:5:", "9999999:9999999:", None, "g5", 10, "", 0, by="graphs_tenant_key_graph_id_key"),
    case(
        "feed/feed_graphs", 9, None, "9999999:9999999:", LONG_AGO, "g5", 10, "", 0, by="graphs_tenant_key_graph_id_key"
    ),
    case("log/log_written", T, G, 5, by="changes_pkey"),
    case("feed/feed_holds", T, G, 5, LONG_AGO, by="changes_pkey"),
    case("feed/feed_page", T, [G], [5], [0], [50], LONG_AGO, True, 10, by="changes_pkey graphs_pkey"),
    case("models/find_model", T, "m", by="embedding_models_confirmed"),
    case(
        "jobs/confirm_models",
        T,
        [(7, 7, 1, [1.0, 0.0, 0.0])],
        by="embedding_models_tenant_key_model_dimension_key",
    ),
    case("jobs/finish_merge", T, G, 2, by="jobs_pkey|jobs_due"),
    case("jobs/finish", T, G, 1, [7], by="jobs_pkey"),
    case("jobs/put_off_deleted", T, G, 1, [7], 60.0, by="jobs_pkey graphs_pkey"),
    case("jobs/postpone", T, G, 1, [7], 60.0, by="jobs_pkey"),
    case("jobs/graph_by_key", T, G, by="graphs_pkey"),
    case("jobs/insert_embeddings", T, G, [(7, 7, 1, [1.0, 0.0, 0.0])], by="nodes_document"),
    case("jobs/merge_tail", T, G, 10, by="lexical_tail_pkey"),
    case("tenants/find_tenant", "t7", by="tenants_tenant_id_key", role="operator", tenant=None),
    case("tenants/list_tenants", "t5", True, 10, by="tenants_tenant_id_key", role="operator", tenant=None),
    case("tenants/set_tenant_deleted", "t7", False, by="tenants_tenant_id_key", role="operator", tenant=None),
    case("tenants/find_api_key", 7, 6, by="api_keys_pkey tenants_pkey"),
    case("tenants/list_api_keys", 7, 0, 10, by="api_keys_pkey"),
    case("tenants/revoke_api_key", 7, 6, by="api_keys_pkey"),
]
WITHOUT_A_PLAN = {
    "graphs/insert_graph graphs/insert_key graphs/claim_answer": "they only insert",
    "imports/begin_import imports/remember_chunk items/remember_answer": "they only insert",
    "tenants/insert_cluster tenants/insert_tenant tenants/insert_api_key": "they only insert",
    "tenants/find_cluster": "the table has one row",
    "jobs/backlog jobs/purge_answers jobs/purge_imports": "they look at everything, seldom and in the background",
    "items/commit audit/append_audit": "tested below",
    "audit/record_audit audit/begin_audit": "they only insert",
    "jobs/hold_graph": "a lock of one row, tested with jobs",
    "log/notify feed/feed_now": "they read nothing",
    "log/allow_long_carry": "it reads nothing",
    "log/extend_log log/carry_log_part log/drop_log_part": "they look at whole parts, seldom and in the background",
    "tenants/begin_incarnation": "the table has one row",
    "models/register_model": "it inserts, or meets its own unique key",
}


@pytest.fixture(scope="module")
async def full_database(postgres_url: str, migrated_template: str) -> AsyncIterator[str]:
    url = await create_database(postgres_url, migrated_template)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(FURNISH)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
    yield url
    await drop_database(url)


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
            **{"salience": 0.5, "property_tokens": [7], "previous_property_tokens": [7], "length": 5, "embed": False},
            **{"content": b"", "image_no": 1, "image": b""},
        )
        edges = [
            await composite(
                connection,
                "edge_change",
                **{"op": 2, "id": row["id"], "previous_revision": row["revision"], "relation": "R", "weight": 1.0},
                **{"source": row["source"].replace("n7", "renamed"), "target": row["target"].replace("n7", "renamed")},
                **{"property_tokens": [7], "previous_property_tokens": row["property_tokens"]},
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
            **{"nodes": 0, "edges": 0, "documents": 0, "length": 0, "serial": 0},
            **{"embeds": False, "replaces": True, "moves": True, "properties": True},
        )
    finally:
        await connection.close()
    expectations = [(1, "n7", 7), (2, "e7", 7)]
    arguments = (T, G, 1, HASH, HASH, b"", None, [node], edges, [], expectations, None, traits, None)
    used, read = await scanned(full_database, statements("items")["commit"], arguments)
    assert {"graphs_pkey", "nodes_pkey", "edges_pkey", "property_index_pkey", "edges_source", "edges_target"} <= used
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
