"""Each statement with arguments, and the indexes that are meant for it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from loci_server import store
from loci_server.identity.grants import BEYOND

TENANT, GRAPH = 7, 7
LATER = "9999999:9999999:"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
HASH = b"\x01" * 16

SQL_FILES = Path(store.__path__[0]) / "sql"
FURNISH = (Path(__file__).parent / "furniture.sql").read_text()


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


NODE_FILTER, EDGE_FILTER = (None,) * 17, (None,) * 10
NOW, LATEST = datetime.now(UTC), datetime.max.replace(tzinfo=UTC)
T, G = TENANT, GRAPH
ALL, SOME = ([""], [BEYOND]), (["g6", "g80"], ["g7", "g80\x01"])
"""Spans of ids of graphs."""
ONCE = (HASH[::-1], HASH, b"")
UUID_7 = UUID("019a7b1c-0000-7000-8000-000000000000")
ERASURE = UUID("019a7b1c-0000-7000-8000-000000000001")
ERASED_BY = {
    "nodes": "nodes_pkey|nodes_type|nodes_document|nodes_event_time",
    "edges": "edges_pkey|edges_source|edges_target",
    "property_index": "property_index_pkey",
    "lexical_tail": "lexical_tail_pkey",
    "lexical_segments": "lexical_segments_pkey",
    "lexical_dead": "lexical_dead_pkey",
    "embeddings": "embeddings_pkey",
    "vector_indexes": "vector_indexes_pkey",
    "graph_models": "graph_models_pkey",
    "jobs": "jobs_pkey|jobs_changes|jobs_due",
    "idempotency": "idempotency_pkey",
    "import_chunks": "import_chunks_pkey",
    "imports": "imports_pkey",
    "node_uses": "node_uses_pkey",
    "recalculations": "recalculations_pkey",
    "queries": "queries_pkey|queries_time",
    "feedback": "feedback_pkey|feedback_time|feedback_node",
    "key_rotations": "key_rotations_pkey",
    "changes": "changes_pkey",
}
PLACES_OF_ENVELOPES = (
    (1, "graphs_pkey"),
    (2, "nodes_pkey"),
    (3, "edges_pkey"),
    (4, "changes_pkey"),
    (5, "idempotency_pkey"),
    (6, "queries_pkey"),
    (7, "feedback_pkey"),
)
PLACES_IN_THEM = ("", "n1", "e1", "1:1:202611", "00", str(UUID_7), str(UUID_7))
SPAN = (datetime.now(UTC) - timedelta(minutes=30), datetime.now(UTC))


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
    case("graphs/list_graphs", T, "g5", True, 10, *ALL, by="graphs_tenant_key_graph_id_key graph_keys_pkey"),
    case("graphs/list_graphs", T, "g5", True, 10, *SOME, by="graphs_tenant_key_graph_id_key graph_keys_pkey"),
    case("graphs/set_sealed", T, G, b"", None, by="graphs_pkey"),
    case("graphs/lock_graph", T, "g7", by="graphs_tenant_key_graph_id_key"),
    case("graphs/update_graph", T, G, b"", "", b"", None, by="graphs_pkey"),
    case("graphs/resume_jobs", T, G, by="jobs_pkey|jobs_due"),
    case("graphs/remember_answer", T, HASH, b"", by="idempotency_pkey"),
    case("graphs/find_answer", T, HASH, by="idempotency_pkey"),
    case("graphs/count_pending", T, G, by="jobs_pkey|jobs_due"),
    case(
        "feedback/give_feedback",
        T,
        G,
        *ONCE,
        UUID_7,
        NOW,
        1,
        1,
        0,
        None,
        "n7",
        None,
        None,
        by="nodes_pkey node_uses_pkey",
    ),
    case("feedback/list_feedback", *(T, G, *SPAN, LATEST, UUID_7, 10), by="feedback_time"),
    case("feedback/summarize_feedback", T, G, NOW - timedelta(minutes=30), NOW, 10, by="feedback_time"),
    case("queries/record_queries", [(T, G, UUID_7, NOW, 1, b"")], timedelta(0), by="graphs_pkey"),
    case("queries/list_queries", *(T, G, *SPAN, LATEST, UUID_7, 10), by="queries_time graphs_pkey"),
    case("queries/find_query", T, G, UUID_7, by="queries_pkey"),
    case("queries/keeps_queries", T, G, by="graphs_pkey"),
    case("queries/forget_queries", T, G, by="queries_pkey|queries_time"),
    case(
        "uses/record_uses",
        *(UUID_7, 1, [(T, G, "n7", 1, NOW, NOW), (T, G, "n8", 1, NOW, NOW)]),
        by="use_flushes_pkey nodes_pkey node_uses_pkey",
    ),
    case(
        "uses/restore_uses",
        *(T, G, ["n7", "n8"], [0.5, 0.0], [3, 0], [NOW, None], [NOW, None]),
        by="nodes_pkey node_uses_pkey",
    ),
    case("uses/node_standings", T, G, ["n7", "n8"], by="nodes_pkey node_uses_pkey"),
    case("uses/boost_node", T, G, *ONCE, "n7", 0.5, None, by="nodes_pkey node_uses_pkey"),
    case("uses/begin_recalculation", T, G, None, None, by="recalculations_pkey graphs_pkey"),
    case("uses/get_recalculation", T, G, by="recalculations_pkey"),
    case("uses/recalculation_page", T, G, 10, by="recalculations_pkey nodes_pkey node_uses_pkey"),
    case(
        "uses/store_saliences",
        *(T, G, datetime(2030, 1, 1, tzinfo=UTC), "", "n8", 2, ["n7", "n8"], [0.5, 0.5], [0.7, 0.7]),
        by="recalculations_pkey nodes_pkey node_uses_pkey",
    ),
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
    case(
        "items/list_nodes",
        *(T, G, (*NODE_FILTER[:11], [7], *NODE_FILTER[12:]), "", 10),
        by="property_index_pkey nodes_pkey",
    ),
    case("items/list_nodes", T, G, (*NODE_FILTER[:15], 0.6, None), "n5", 10, by="nodes_pkey node_uses_pkey"),
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
    case("items/claims", T, G, [7, 8], 10, by="property_index_pkey nodes_pkey"),
    case("items/session_turns", T, G, 7, ["node"], "n5", 10, by="property_index_pkey nodes_pkey edges_source"),
    case("items/session_count", T, G, 7, ["node"], by="property_index_pkey nodes_pkey"),
    case(
        "items/session_heads",
        *(T, G, 7, ["node"], LONG_AGO, LONG_AGO, "", 10),
        by="property_index_pkey nodes_pkey edges_source",
    ),
    case("items/session_chain", T, G, 7, ["node"], "n7", "n7", 10, by="edges_source"),
    case("items/expired_nodes", T, G, None, 10, by="nodes_expire_time"),
    case("items/expired_nodes", T, G, ["n7"], 10, by="nodes_expire_time|nodes_pkey"),
    case("items/traces", T, G, 1, ["n7"], by="changes_entity"),
    case("items/last_image", T, G, 1, "n7", by="changes_entity"),
    case("items/lost_sources", T, G, "n8", "R", ["node"], "", 10, by="changes_target changes_entity"),
    case("items/find_answer", T, G, HASH, by="idempotency_pkey"),
    case("items/search_lexical", T, G, [7], None, None, 10, by="lexical_segments_pkey lexical_tail_pkey"),
    case(
        "items/search_lexical",
        *(T, G, [7], [1.5], (["node"], *NODE_FILTER[1:]), 10),
        by="lexical_segments_pkey lexical_tail_pkey nodes_document",
    ),
    case("items/search_semantic", T, G, 7, [1.0, 0.0, 0.0], None, 10, True, by="embeddings_pkey graph_models_pkey"),
    case("items/search_times", T, G, [NOW - timedelta(hours=1)], [NOW], None, 10, by="nodes_event_time"),
    case("items/search_mentions", T, G, [7], None, 10, by="lexical_segments_pkey lexical_tail_pkey"),
    case("items/naming", T, G, [7], 64, by="lexical_segments_pkey lexical_tail_pkey"),
    case(
        "items/search_mentions",
        *(T, G, [7], (["node"], *NODE_FILTER[1:]), 10),
        by="lexical_segments_pkey lexical_tail_pkey nodes_document",
    ),
    case("items/head_documents", T, G, [1, 2, 3], None, by="nodes_document node_uses_pkey"),
    case("items/head_documents", T, G, [1, 2, 3], (["rare"], *NODE_FILTER[1:]), by="nodes_document"),
    case(
        "items/surroundings",
        *(T, G, [1, 2, 3], NOW, LATEST, 3, 64, 0.5, 0.06, 300),
        by="nodes_document edges_source edges_target nodes_pkey",
    ),
    case(
        "items/search_lexical", T, G, [7], None, (*NODE_FILTER[:14], [7, 8], *NODE_FILTER[15:]), 10, by="nodes_document"
    ),
    case(
        "items/search_semantic",
        *(T, G, 7, [1.0, 0.0, 0.0], (["rare"], *NODE_FILTER[1:]), 10, False),
        by="embeddings_pkey",
    ),
    case(
        "items/search_semantic",
        *(T, G, 4001, [1.0] * 384, None, 10, False),
        by="vector_indexes_pkey embeddings_hnsw_384 embeddings_waiting",
    ),
    case(
        "items/search_semantic",
        *(T, G, 4001, [1.0] * 384, (["node"], *NODE_FILTER[1:]), 10, False),
        by="vector_indexes_pkey embeddings_hnsw_384 embeddings_waiting nodes_document",
    ),
    case("items/search_holding", T, G, [7], None, None, 10, [7], by="lexical_segments_pkey lexical_tail_pkey"),
    case("items/lexical_statistics", T, G, [7], by="lexical_segments_pkey"),
    case("past/items_at", T, G, 1, ["n5", "n6"], 2000, by="changes_entity changes_pkey"),
    case("past/list_at", T, G, 1, NODE_FILTER, None, "n5", 10, 2000, by="changes_entity"),
    case("past/expired_at", T, G, ["n5", "n6"], 2000, by="changes_expire_time changes_entity"),
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
    case("feed/feed_now", 9, by="graphs_tenant_key_graph_id_key"),
    case(
        "feed/feed_graphs",
        9,
        "5:5:",
        "9999999:9999999:",
        None,
        "g5",
        10,
        "",
        0,
        *ALL,
        by="graphs_tenant_key_graph_id_key",
    ),
    case(
        "feed/feed_graphs",
        9,
        None,
        "9999999:9999999:",
        LONG_AGO,
        "g5",
        10,
        "",
        0,
        *ALL,
        by="graphs_tenant_key_graph_id_key",
    ),
    *(case("log/log_start", T, G, LONG_AGO, at, by="graphs_pkey changes_pkey") for at in (None, -1, 5)),
    case("feed/feed_holds", T, G, 5, LONG_AGO, by="changes_pkey"),
    case("feed/feed_page", T, [G], [5], [0], [50], LONG_AGO, True, 10, by="changes_pkey graphs_pkey"),
    case("models/find_model", T, "m", by="embedding_models_confirmed"),
    case("jobs/finish_claimed", T, G, 2, 0, by="jobs_pkey|jobs_due"),
    case("jobs/finish", T, G, 1, [7], by="jobs_pkey"),
    case("jobs/put_off_deleted", T, G, 1, [7], 60.0, by="jobs_pkey graphs_pkey"),
    case("jobs/postpone", T, G, 1, [7], 60.0, by="jobs_pkey"),
    case("jobs/graph_by_key", T, G, by="graphs_pkey"),
    case(
        "jobs/store_vectors",
        *(T, G, [(7, 7, 1, [1.0, 0.0, 0.0])], [7]),
        by="graphs_pkey jobs_pkey nodes_document vector_indexes_pkey "
        "embedding_models_pkey|embedding_models_tenant_key_model_dimension_key",
    ),
    case("jobs/index_vectors", T, G, 7, 10, 10, by="vector_indexes_pkey embedding_models_pkey embeddings_pkey"),
    case("jobs/index_vectors", T, G, 4001, 10, 10, by="vector_indexes_pkey embeddings_waiting embeddings_pkey"),
    case("jobs/index_vectors", T, G, 4002, 10, 10, by="vector_indexes_pkey embeddings_pkey"),
    case("jobs/await_expiry", T, G, by="jobs_pkey|jobs_due nodes_expire_time"),
    case("jobs/merge_tail", T, G, 10, by="lexical_tail_pkey lexical_segments_pkey"),
    case("jobs/lexical_burden", T, G, False, 10, by="lexical_dead_pkey graphs_pkey"),
    case("jobs/lexical_burden", T, G, True, 10, by="lexical_dead_pkey"),
    case("jobs/purge_dead", T, G, [1007], None, 10, by="lexical_segments_pkey"),
    case("jobs/purge_dead", T, G, [5007], 1500, 10, by="lexical_segments_pkey lexical_dead_pkey"),
    case("reembedding/graph_model", T, G, by="graph_models_pkey embedding_models_pkey"),
    case("reembedding/begin_model", T, G, 4002, "begun", True, by="graph_models_pkey graphs_pkey"),
    case("reembedding/next_documents", T, 11, 5, 10, by="graph_models_pkey nodes_document"),
    case("reembedding/next_documents", T, G, 5, 10, by="graph_models_pkey jobs_pkey|jobs_due"),
    case(
        "reembedding/store_next_vectors",
        *(T, 11, 4002, [(7, 4002, 1, [1.0] * 384)], [7], 0, 9, 1, [8]),
        by="graphs_pkey graph_models_pkey nodes_document vector_indexes_pkey jobs_pkey "
        "embedding_models_pkey|embedding_models_tenant_key_model_dimension_key",
    ),
    case(
        "reembedding/switch_model",
        *(T, 13, datetime(2026, 1, 1, tzinfo=UTC)),
        by="graph_models_pkey jobs_pkey|jobs_due vector_indexes_pkey",
    ),
    case("reembedding/drop_former_vectors", T, 15, 10, by="graph_models_pkey embeddings_pkey"),
    case("reembedding/note_failure", T, G, "X", by="graph_models_pkey"),
    case("reembedding/count_reembeddings", T, *ALL, by="jobs_changes graphs_pkey"),
    case("reembedding/list_reembeddings", T, 500, 10, *ALL, by="jobs_changes graphs_pkey graph_models_pkey"),
    case("reembedding/find_reembedding", T, "g7", by="graphs_tenant_key_graph_id_key graph_models_pkey"),
    case(
        "erasures/begin_graph_erasure",
        T,
        "g7",
        UUID_7,
        "t7",
        "",
        HASH,
        HASH,
        by="graphs_tenant_key_graph_id_key graph_keys_pkey",
    ),
    case("erasures/find_repeated_erasure", T, HASH, by="erasures_request"),
    case("erasures/claim_erasure", 1.0, by="erasures_due erasures_pkey", role="worker", tenant=None),
    case("erasures/wait_erasure", T, ERASURE, 1.0, None, by="erasures_pkey"),
    case("erasures/close_graphs", T, ERASURE, 10, by="graphs_tenant_key_graph_id_key|graphs_pkey erasures_pkey"),
    *(case("erasures/erase_rows", T, G, [table], 10, by=index) for table, index in ERASED_BY.items()),
    case("erasures/count_erased", T, ERASURE, '{"nodes": 1}', by="erasures_pkey"),
    case("erasures/next_closed_graph", T, by="graphs_tenant_key_graph_id_key"),
    case("erasures/settle_graph", T, G, by="graphs_pkey"),
    case("erasures/drop_graph", T, 999_999, by="graphs_pkey"),
    case("erasures/make_way", T, "g7", by="graphs_tenant_key_graph_id_key"),
    case("erasures/enter_erasure_state", T, ERASURE, 2, [], by="erasures_pkey"),
    case("erasures/end_erasure", T, ERASURE, NOW, [], [], "", b"", by="erasures_pkey"),
    case("erasures/find_erasure", ERASURE, by="erasures_pkey", role="operator", tenant=None),
    case("erasures/list_erasures", T, LATEST, UUID_7, 10, by="erasures_tenant"),
    case("erasures/list_all_erasures", LATEST, UUID_7, 10, by="erasures_time", role="operator", tenant=None),
    case(
        "erasures/list_erasures_by_id", "t7", LATEST, UUID_7, 10, by="erasures_tenant_id", role="operator", tenant=None
    ),
    case("identities/find_identity", 7, -6, by="identities_pkey"),
    case("identities/insert_identity", 7, -6, 3, b"", 100, by="identities_pkey"),
    case("identities/list_identities", 7, -6, 10, by="identities_pkey"),
    case("keys/graph_keys_of", T, G, by="graph_keys_pkey"),
    case("keys/begin_key_rotation", T, G, "kek", b"", by="graphs_pkey key_rotations_pkey graph_keys_pkey"),
    case("keys/wait_key_rotation", T, G, 1.0, None, by="key_rotations_pkey"),
    case("keys/claim_key_rotation", 1.0, by="key_rotations_due key_rotations_pkey", role="worker", tenant=None),
    case("keys/begin_sealing", T, 11, by="graph_keys_pkey key_rotations_pkey changes_pkey"),
    *(case("keys/old_envelopes", T, G, stage, b"1234", "", 10, by=index) for stage, index in PLACES_OF_ENVELOPES),
    *(
        case("keys/reseal", T, G, stage, [place], [b"1"], [b"2"], [None], [None], by=index)
        for (stage, index), place in zip(PLACES_OF_ENVELOPES, PLACES_IN_THEM, strict=True)
    ),
    case("keys/move_key_rotation", T, G, 1, "", 1, 1, 1, by="key_rotations_pkey"),
    case("keys/begin_settling", T, G, by="graphs_pkey key_rotations_pkey"),
    case("keys/begin_proving", T, G, by="key_rotations_pkey"),
    case("keys/end_key_rotation", T, G, by="key_rotations_pkey graph_keys_pkey"),
    case("keys/rewrap", T, [G], [1], [1], [b""], ["kek"], [b""], by="graph_keys_pkey"),
    case("keys/end_rewrapping", T, by="key_rotations_pkey"),
    case("keys/find_key_rotation", T, "g7", by="graphs_tenant_key_graph_id_key graph_keys_pkey key_rotations_pkey"),
    case("keys/find_rewrapping", T, by="key_rotations_pkey"),
    case(
        "keys/list_key_rotations", T, 5, 10, *ALL, by="key_rotations_pkey|key_rotations_due graphs_pkey graph_keys_pkey"
    ),
    case("keys/count_encryptions", [T], [G], [1], [1], by="graph_keys_pkey"),
    case("quotas/tenant_quota", T, by="tenants_pkey"),
    case("quotas/tenant_usage", 9, tenant=9, by="graphs_tenant_key_graph_id_key"),
    case("tenants/lock_tenant", "t7", by="tenants_tenant_id_key", role="operator", tenant=None),
    case(
        "tenants/update_tenant",
        *("t7", b"", 1, 1, 1, 1, 1),
        by="tenants_tenant_id_key",
        role="operator",
        tenant=None,
    ),
    case("tenants/find_tenant", "t7", by="tenants_tenant_id_key", role="operator", tenant=None),
    case("tenants/list_tenants", "t5", True, 10, by="tenants_tenant_id_key", role="operator", tenant=None),
    case("tenants/set_tenant_deleted", "t7", False, by="tenants_tenant_id_key", role="operator", tenant=None),
    case("tenants/find_api_key", 7, 6, by="api_keys_pkey tenants_pkey"),
    case("tenants/list_api_keys", 7, 0, 10, by="api_keys_pkey"),
    case("tenants/note_key_uses", [(7, 6, NOW)], by="api_keys_pkey", tenant=None),
    case("tenants/lock_api_key", 7, 6, by="api_keys_pkey"),
    case("tenants/end_api_key", 7, 6, timedelta(hours=1), by="api_keys_pkey"),
    case("tenants/revoke_api_key", 7, 6, by="api_keys_pkey"),
]
WITHOUT_A_PLAN = {
    "graphs/insert_graph graphs/insert_key graphs/claim_answer": "they only insert",
    "imports/begin_import imports/remember_chunk items/remember_answer": "they only insert",
    "tenants/insert_cluster tenants/insert_tenant tenants/insert_api_key": "they only insert",
    "tenants/find_cluster": "the table has one row",
    "jobs/backlog jobs/purge_answers jobs/purge_imports": "they look at everything, seldom and in the background",
    "reembedding/announce_server reembedding/leave_server": "the tables have a row or a few",
    "reembedding/queue_anew": "it only inserts",
    "reembedding/queue_changes reembedding/find_changes": "it looks at all graphs, seldom and in the background",
    "reembedding/progress": "it looks at all graphs, in the background",
    "queries/purge_queries uses/purge_use_flushes": "it looks at whatever is old, seldom and in the background",
    "erasures/begin_tenant_erasure erasures/drop_tenant": "once in the life of a tenant",
    "erasures/erase_tenant_rows": "it looks at all that a tenant has, once in its life",
    "keys/hear_keys keys/leave_keys keys/keys_known": "the tables have a row for each server, or are read by the key",
    "keys/purge_key_changes keys/worn_keys": "it looks at all graphs, seldom and in the background",
    "keys/begin_rewrapping keys/old_wraps": "they look at all graphs of a tenant, when its key is rotated",
    "keys/rewrap_installation": "the table has one row",
    "items/commit audit/append_audit": "tested below",
    "audit/record_audit audit/begin_audit": "they only insert",
    "uses/share_uses queries/clock": "it reads nothing",
    "jobs/hold_graph": "a lock of one row, tested with jobs",
    "log/notify log/allow_long_carry": "they read nothing",
    "log/extend_log log/carry_log_part log/drop_log_part": "they look at whole parts, seldom and in the background",
    "tenants/begin_incarnation": "the table has one row",
    "models/register_model": "it inserts, or meets its own unique key",
}
