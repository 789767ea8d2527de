"""The statements of erasures and of the rotation of keys."""

from datetime import UTC, datetime
from uuid import UUID

from tests.integration.plans.case import ALL, HASH, LATEST, NOW, UUID_7, G, T, case

LEASE = datetime(2020, 1, 1, tzinfo=UTC)
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

CASES = [
    case(
        "erasures/begin_graph_erasure",
        T,
        "g7",
        UUID_7,
        "t7",
        "",
        HASH,
        HASH,
        by="graphs_tenant_key_graph_id_key graph_keys_pkey|graph_keys_tenant",
    ),
    case(
        "erasures/find_repeated_erasure",
        *("t7", HASH),
        by="erasures_tenant_id|erasures_request",
        role="operator",
        tenant=None,
    ),
    case("erasures/claim_erasure", 1.0, by="erasures_due erasures_pkey", role="worker", tenant=None),
    case("erasures/wait_erasure", T, ERASURE, LEASE, 1.0, None, by="erasures_pkey"),
    case("erasures/close_graphs", T, ERASURE, 10, by="graphs_tenant_key_graph_id_key|graphs_pkey erasures_pkey"),
    *(case("erasures/erase_rows", T, G, [table], 10, by=index) for table, index in ERASED_BY.items()),
    case("erasures/count_erased", T, ERASURE, '{"nodes": 1}', by="erasures_pkey"),
    case("erasures/next_closed_graph", T, by="graphs_tenant_key_graph_id_key"),
    case("erasures/settle_graph", T, G, by="graphs_pkey"),
    case("erasures/drop_graph", T, 999_999, by="graphs_pkey"),
    case("erasures/make_way", T, "g7", by="graphs_tenant_key_graph_id_key"),
    case("erasures/tenant_state", T, by="tenants_pkey"),
    case("erasures/enter_erasure_state", T, ERASURE, LEASE, 2, by="erasures_pkey"),
    case("erasures/note_keys", T, ERASURE, ["kek"], by="erasures_pkey"),
    case("erasures/end_erasure", T, ERASURE, LEASE, NOW, [], [], "", b"", by="erasures_pkey"),
    case("erasures/find_erasure", ERASURE, by="erasures_pkey", role="operator", tenant=None),
    case("erasures/list_erasures", T, LATEST, UUID_7, 10, by="erasures_tenant"),
    case("erasures/list_all_erasures", LATEST, UUID_7, 10, by="erasures_time", role="operator", tenant=None),
    case(
        "erasures/list_erasures_by_id", "t7", LATEST, UUID_7, 10, by="erasures_tenant_id", role="operator", tenant=None
    ),
    case("keys/graph_keys_of", T, G, by="graph_keys_pkey|graph_keys_tenant"),
    case(
        "keys/begin_key_rotation",
        T,
        G,
        [1, 2],
        ["k", "k"],
        [b"", b""],
        by="graphs_pkey key_rotations_pkey graph_keys_pkey|graph_keys_tenant",
    ),
    case("keys/old_documents", T, G, 0, 5, 10, by="nodes_document"),
    case(
        "keys/rederive_documents",
        *(T, G, 0, 0, [7], [7], [5], ["{7}"], ["{1}"], [None]),
        by="graphs_pkey nodes_document lexical_tail_pkey nodes_pkey",
    ),
    *(
        case("keys/old_tokens", T, G, kind, 0, "", 10, by=f"{table}_pkey")
        for kind, table in ((1, "nodes"), (2, "edges"))
    ),
    case("keys/rederive_tokens", T, G, 0, 1, ["n7"], [7], ["{8}"], by="graphs_pkey nodes_pkey property_index_pkey"),
    case("keys/rederive_tokens", T, G, 0, 2, ["e7"], [7], ["{8}"], by="graphs_pkey edges_pkey property_index_pkey"),
    case("keys/old_vectors", T, G, 0, 7, 5, 0, 10, by="embeddings_pkey"),
    case("keys/rerotate", T, G, [(7, 7, 0, [1.0, 0.0, 0.0], 0)], [3], by="embeddings_pkey"),
    case("keys/clear_postings", T, G, False, by="jobs_pkey|jobs_due"),
    case("keys/note_known", T, 13, LEASE, by="key_rotations_pkey"),
    case("keys/look_again", T, 0, LEASE, by="key_rotations_pkey"),
    case("keys/old_wraps", T, "kek", 7, 1, 0, 10, by="graph_keys_pkey|graph_keys_tenant"),
    case("keys/count_old_wraps", T, "kek", by="graph_keys_tenant|graph_keys_pkey"),
    case("keys/keks_of_tenant", T, by="graph_keys_tenant|graph_keys_pkey"),
    case("keys/wait_key_rotation", T, G, LEASE, 1.0, None, by="key_rotations_pkey"),
    case("keys/claim_key_rotation", 1.0, by="key_rotations_due key_rotations_pkey", role="worker", tenant=None),
    case(
        "keys/begin_sealing",
        *(T, 11, LEASE, 0.0),
        by="graph_keys_pkey|graph_keys_tenant key_rotations_pkey changes_pkey",
        scans=frozenset({"key_holders"}),
    ),
    *(case("keys/old_envelopes", T, G, stage, b"1234", "", 10, by=index) for stage, index in PLACES_OF_ENVELOPES),
    *(
        case("keys/reseal", T, G, stage, [place], [b"1"], [b"2"], [None], [None], by=index)
        for (stage, index), place in zip(PLACES_OF_ENVELOPES, PLACES_IN_THEM, strict=True)
    ),
    case("keys/doubt_keys", T, 11, by="key_rotations_pkey|key_rotations_due"),
    case("keys/move_key_rotation", T, G, LEASE, 1, "", 1, 1, 1, by="key_rotations_pkey"),
    case("keys/begin_settling", T, 15, LEASE, by="graphs_pkey key_rotations_pkey"),
    case("keys/begin_proving", T, G, LEASE, by="key_rotations_pkey"),
    case("keys/end_key_rotation", T, G, LEASE, by="key_rotations_pkey graph_keys_pkey|graph_keys_tenant"),
    case("keys/rewrap", T, [G], [1], [1], [b""], ["kek"], [b""], by="graph_keys_pkey|graph_keys_tenant"),
    case("keys/end_rewrapping", T, 0, LEASE, by="key_rotations_pkey"),
    case(
        "keys/find_key_rotation",
        T,
        "g7",
        by="graphs_tenant_key_graph_id_key graph_keys_pkey|graph_keys_tenant key_rotations_pkey",
    ),
    case("keys/find_rewrapping", T, by="key_rotations_pkey"),
    case(
        "keys/list_key_rotations",
        T,
        5,
        10,
        *ALL,
        by="key_rotations_pkey|key_rotations_due graphs_pkey graph_keys_pkey|graph_keys_tenant",
    ),
    case("keys/count_encryptions", [T], [G], [1], [1], by="graph_keys_pkey|graph_keys_tenant"),
]
