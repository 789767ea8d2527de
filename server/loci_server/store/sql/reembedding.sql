-- Which model a graph is searched by, and its change to another one.

-- name: announce_server
-- A server is up; which model graphs are brought to.
SELECT loci.announce_server($1, $2, $3) AS target

-- name: leave_server
-- A server is going.
DELETE FROM loci.servers WHERE server_id = $1

-- name: graph_model
-- The models of a graph.
SELECT * FROM loci.graph_model($1, $2)

-- name: queue_changes
-- Work for graphs that have another model than they are to have, or are between two.
INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key)
SELECT g.graph_key, 5, 0, g.tenant_key FROM loci.graph_models g
WHERE (g.model <> $1 OR g.next_key IS NOT NULL OR g.former <> '{}')
  AND NOT EXISTS (SELECT FROM loci.jobs j WHERE j.graph_key = g.graph_key AND j.kind = 5)
LIMIT $2 ON CONFLICT DO NOTHING

-- name: begin_model
-- Begins to bring a graph to a model.
SELECT loci.begin_model($1, $2, $3, $4, $5) AS begun

-- name: next_documents
-- Documents that are to be embedded by the next model.
SELECT * FROM loci.next_documents($1, $2, $3, $4)

-- name: store_next_vectors
-- What the next model made of some documents.
SELECT loci.store_next_vectors($1, $2, $3, $4, $5::loci.vector_row[], $6, $7, $8, $9, $10) AS stored

-- name: switch_model
-- Searches a graph by its next model, if that is complete.
SELECT loci.switch_model($1, $2, $3) AS switched

-- name: drop_former_vectors
-- Removes some vectors of a model that is not searched any more.
SELECT loci.drop_former_vectors($1, $2, $3)

-- name: note_failure
-- Why a change does not go on.
UPDATE loci.graph_models SET failure = $3 WHERE tenant_key = $1 AND graph_key = $2 AND failure IS DISTINCT FROM $3

-- name: queue_anew
-- The vectors of a graph are to be made anew.
INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key) VALUES ($2, 5, 1, $1) ON CONFLICT DO NOTHING

-- name: count_reembeddings
-- How many live graphs of the tenant, in spans of ids that are apart, are being changed.
SELECT count(*) AS graphs
FROM (SELECT DISTINCT j.graph_key FROM loci.jobs j WHERE j.tenant_key = $1 AND j.kind = 5) j
JOIN loci.graphs g ON g.tenant_key = $1 AND g.graph_key = j.graph_key AND g.delete_time IS NULL
JOIN unnest($2::text[], $3::text[]) s (low, high) ON g.graph_id >= s.low AND g.graph_id < s.high

-- name: find_changes
-- The model that graphs are brought to, and the tenants that have graphs on their way, deleted ones included.
SELECT (SELECT embedding_model FROM loci.cluster) AS target, array_agg(DISTINCT tenant_key) AS tenants
FROM loci.jobs WHERE kind = 5

-- name: progress
-- How far the changes of all tenants are.
SELECT (SELECT count(DISTINCT graph_key) FROM loci.jobs WHERE kind = 5) AS graphs,
    count(*) FILTER (WHERE failure IS NOT NULL) AS failing, coalesce(sum(done_count), 0)::bigint AS done,
    coalesce(sum(total_count), 0)::bigint AS total
FROM loci.graph_models WHERE next_key IS NOT NULL

-- name: list_reembeddings
-- A page of live graphs, in spans of ids that are apart, that are being changed, in the order of their numbers.
SELECT g.graph_key, g.graph_id, true AS going, m.model, m.next_model, m.model_key = m.next_key AS anew, m.former, m.filled,
    m.done_count, m.total_count, m.begin_time, m.end_time, m.failure,
    (SELECT count(*) FROM loci.jobs l
     WHERE l.tenant_key = $1 AND l.graph_key = g.graph_key AND l.kind = 6 AND l.attempts > 0) AS refused
FROM (SELECT DISTINCT j.graph_key FROM loci.jobs j
      WHERE j.tenant_key = $1 AND j.kind = 5 AND j.graph_key > $2) j
JOIN loci.graphs g ON g.tenant_key = $1 AND g.graph_key = j.graph_key AND g.delete_time IS NULL
JOIN unnest($4::text[], $5::text[]) s (low, high) ON g.graph_id >= s.low AND g.graph_id < s.high
LEFT JOIN loci.graph_models m ON m.tenant_key = $1 AND m.graph_key = g.graph_key
ORDER BY g.graph_key LIMIT $3

-- name: find_reembedding
-- How a live graph stands, being changed or not.
SELECT g.graph_key, g.graph_id, m.model, m.next_model, m.model_key = m.next_key AS anew, m.former, m.filled,
    m.done_count, m.total_count, m.begin_time, m.end_time, m.failure,
    EXISTS (SELECT FROM loci.jobs j WHERE j.tenant_key = $1 AND j.graph_key = g.graph_key AND j.kind = 5) AS going,
    (SELECT count(*) FROM loci.jobs l
     WHERE l.tenant_key = $1 AND l.graph_key = g.graph_key AND l.kind = 6 AND l.attempts > 0) AS refused
FROM loci.graphs g
LEFT JOIN loci.graph_models m ON m.tenant_key = $1 AND m.graph_key = g.graph_key
WHERE g.tenant_key = $1 AND g.graph_id = $2 AND g.delete_time IS NULL
