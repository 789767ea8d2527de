-- Graphs, inside a transaction that names the tenant.

-- name: open_graph
-- Keys of a live graph by its id.
SELECT * FROM loci.open_graph($1, $2)

-- name: get_graph
-- A graph by its id, deleted or not.
SELECT * FROM loci.get_graph($1, $2)

-- name: graph_with_keys
-- A graph and its content keys, deleted or not.
SELECT g.*, k.version AS key_version, k.kek_id, k.wrapped, k.sealing
FROM loci.graphs g JOIN loci.graph_keys k
    ON k.tenant_key = $1 AND k.graph_key = g.graph_key AND k.purpose = 1
WHERE g.tenant_key = $1 AND g.graph_id = $2

-- name: list_graphs
-- A page of the graphs of some spans of ids with their content keys, in order of id.
SELECT g.*, k.version AS key_version, k.kek_id, k.wrapped, k.sealing
FROM (SELECT g.* FROM unnest($5::text[], $6::text[]) s (low, high) CROSS JOIN LATERAL (
          SELECT * FROM loci.graphs
          WHERE tenant_key = $1 AND graph_id > $2 AND graph_id >= s.low AND graph_id < s.high
            AND ($3 OR delete_time IS NULL)
          ORDER BY graph_id LIMIT $4) g
      ORDER BY g.graph_id LIMIT $4) g
JOIN loci.graph_keys k ON k.tenant_key = $1 AND k.graph_key = g.graph_key AND k.purpose = 1
ORDER BY g.graph_id, k.version

-- name: insert_graph
-- A new graph; no row if the id is taken.
INSERT INTO loci.graphs (tenant_key, graph_id, display_name, create_incarnation, state_incarnation, incarnation,
    query_history)
VALUES ($1, $2, '', loci.incarnation(), loci.incarnation(), loci.incarnation(), $3)
ON CONFLICT (tenant_key, graph_id) DO NOTHING RETURNING *

-- name: insert_key
-- A wrapped data key of a graph.
INSERT INTO loci.graph_keys (tenant_key, graph_key, purpose, version, kek_id, wrapped)
VALUES ($1, $2, $3, 1, $4, $5)

-- name: set_sealed
-- The sealed fields of a graph that was just made.
UPDATE loci.graphs SET display_name = $3, search_fields = $4 WHERE tenant_key = $1 AND graph_key = $2

-- name: lock_graph
-- A graph for an update of its own fields; no row if it was erased.
SELECT * FROM loci.graphs WHERE tenant_key = $1 AND graph_id = $2 AND NOT erased FOR UPDATE

-- name: update_graph
-- Its own fields.
UPDATE loci.graphs
SET display_name = $3, search_fields = coalesce($5, search_fields),
    search_version = search_version + ($5::bytea IS NOT NULL)::integer, query_history = coalesce($6, query_history),
    query_history_time = CASE WHEN $6 <> query_history THEN clock_timestamp() ELSE query_history_time END,
    delete_time = CASE $4 WHEN 'delete' THEN now() WHEN 'undelete' THEN NULL ELSE delete_time END,
    version = version + 1, update_time = now(), xid = pg_current_xact_id(), incarnation = loci.incarnation(),
    high_xid = CASE WHEN incarnation = loci.incarnation() THEN greatest(high_xid, pg_current_xact_id())
                   ELSE pg_current_xact_id() END,
    state_xid = CASE WHEN $4 IN ('delete', 'undelete') THEN pg_current_xact_id() ELSE state_xid END,
    state_incarnation = CASE WHEN $4 IN ('delete', 'undelete') THEN loci.incarnation() ELSE state_incarnation END
WHERE tenant_key = $1 AND graph_key = $2 AND NOT erased RETURNING *

-- name: resume_jobs
-- Work that was put off while the graph was deleted.
UPDATE loci.jobs SET run_after = now() WHERE tenant_key = $1 AND graph_key = $2

-- name: claim_answer
-- A request_id for a write to the tenant; no row if it was used. Waits for a transaction that has it.
INSERT INTO loci.idempotency (graph_key, tenant_key, request_hash, fingerprint, revision, commit_time, answer)
VALUES (0, $1, $2, $3, 0, now(), '') ON CONFLICT DO NOTHING RETURNING 1

-- name: remember_answer
-- Which graph a write was about whose request_id was claimed.
UPDATE loci.idempotency SET answer = $3 WHERE tenant_key = $1 AND graph_key = 0 AND request_hash = $2

-- name: keep_answer
-- The answer to such a write, among what is kept of the graph.
INSERT INTO loci.idempotency (graph_key, tenant_key, request_hash, fingerprint, revision, commit_time, answer)
VALUES ($3, $1, $2, '', 0, now(), $4)
ON CONFLICT (graph_key, tenant_key, request_hash) DO UPDATE
SET answer = excluded.answer, commit_time = excluded.commit_time

-- name: kept_answer
-- That answer, with the content keys of its graph.
SELECT a.answer, k.version, k.kek_id, k.wrapped
FROM loci.idempotency a
JOIN loci.graph_keys k ON k.tenant_key = $1 AND k.graph_key = $3 AND k.purpose = 1
WHERE a.tenant_key = $1 AND a.graph_key = $3 AND a.request_hash = $2

-- name: find_answer
-- Which graph a first write to the tenant was about.
SELECT fingerprint, answer FROM loci.idempotency WHERE tenant_key = $1 AND graph_key = 0 AND request_hash = $2

-- name: count_pending
-- Documents that wait to be embedded.
SELECT count(*) AS pending FROM loci.jobs WHERE tenant_key = $1 AND graph_key = $2 AND kind = 1
