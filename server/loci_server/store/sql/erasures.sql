-- Erasure of graphs and tenants.

-- name: begin_graph_erasure
-- Takes a graph's keys away and queues the rest; no row if there is none.
SELECT * FROM loci.begin_graph_erasure($1, $2, $3, $4, $5, $6, $7)

-- name: begin_tenant_erasure
-- Refuses a tenant's credentials and queues the rest; no row if there is none.
SELECT * FROM loci.begin_tenant_erasure($1, $2, $3, $4, $5)

-- name: find_repeated_erasure
-- The erasure of a tenant that a request_id was lately used for, though another tenant may have the id now.
SELECT * FROM loci.erasures
WHERE tenant_id = $1 AND graph_key = 0 AND request_hash = $2 AND request_time > now() - interval '24 hours'

-- name: claim_erasure
-- Takes an erasure that is due, for the time of the lease.
WITH due AS MATERIALIZED (
    SELECT d.erasure_id FROM loci.erasures d
    WHERE d.end_time IS NULL AND d.run_after <= now() ORDER BY d.run_after LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE loci.erasures e SET run_after = now() + $1 * interval '1 second'
FROM due d
WHERE e.erasure_id = d.erasure_id
RETURNING e.*, extract(epoch FROM clock_timestamp() - e.request_time)::float8 AS age

-- name: wait_erasure
-- Looks at it again after a while; says why, if it is a failure.
UPDATE loci.erasures SET run_after = now() + $4 * interval '1 second', failure = $5
WHERE tenant_key = $1 AND erasure_id = $2 AND run_after = $3

-- name: close_graphs
-- Takes away the keys of some of a tenant's graphs.
SELECT loci.close_graphs($1, $2, $3) AS closed

-- name: erase_rows
-- Removes rows of a graph.
SELECT loci.erase_rows($1, $2, $3, $4) AS counts

-- name: erase_tenant_rows
-- Removes rows of a tenant that are of no graph.
SELECT loci.erase_tenant_rows($1, $2, $3) AS counts

-- name: count_erased
-- Adds to what was removed.
SELECT loci.count_erased($1, $2, $3)

-- name: next_closed_graph
-- A graph of a tenant whose rows are still to be removed.
SELECT loci.next_closed_graph($1) AS graph_key

-- name: settle_graph
-- What the row of an erased graph still tells.
UPDATE loci.graphs SET node_count = 0, edge_count = 0, document_count = 0, document_length = 0, byte_count = 0
WHERE tenant_key = $1 AND graph_key = $2

-- name: drop_graph
-- The row of an erased graph, whose tenant goes, too.
DELETE FROM loci.graphs WHERE tenant_key = $1 AND graph_key = $2

-- name: make_way
-- The row of an erased graph, whose id a new one takes.
DELETE FROM loci.graphs g
WHERE g.tenant_key = $1 AND g.graph_id = $2 AND g.erased
  AND NOT EXISTS (SELECT FROM loci.erasures e WHERE e.tenant_key = $1 AND e.graph_key = g.graph_key AND e.state = 2)

-- name: tenant_state
-- Whether a tenant is there, and is being erased.
SELECT erased FROM loci.tenants WHERE tenant_key = $1

-- name: take_tenant
-- Until the end nothing of a tenant is made any more.
SELECT FROM loci.tenants WHERE tenant_key = $1 FOR UPDATE

-- name: drop_tenant
-- The row of an erased tenant.
DELETE FROM loci.tenants WHERE tenant_key = $1

-- name: enter_erasure_state
-- The next step.
UPDATE loci.erasures SET state = $4::smallint, failure = NULL
WHERE tenant_key = $1 AND erasure_id = $2 AND run_after = $3

-- name: note_keys
-- The key-encryption keys that are to be destroyed.
UPDATE loci.erasures SET destroyed = ARRAY(SELECT DISTINCT unnest(destroyed || $3::text[]) ORDER BY 1)
WHERE tenant_key = $1 AND erasure_id = $2

-- name: end_erasure
-- It is over, and here is its receipt.
UPDATE loci.erasures
SET state = 0, end_time = $4, destroyed = $5, remaining = $6, statement = $7, signature = $8, failure = NULL
WHERE tenant_key = $1 AND erasure_id = $2 AND run_after = $3

-- name: find_erasure
-- One erasure, whosesoever: the caller sees to it.
SELECT * FROM loci.erasures WHERE erasure_id = $1

-- name: list_erasures
-- Erasures of a tenant, latest first.
SELECT * FROM loci.erasures
WHERE tenant_key = $1 AND (request_time, erasure_id) < ($2, $3) ORDER BY request_time DESC, erasure_id DESC LIMIT $4

-- name: list_all_erasures
-- Erasures of all tenants, latest first.
SELECT * FROM loci.erasures
WHERE (request_time, erasure_id) < ($1, $2) ORDER BY request_time DESC, erasure_id DESC LIMIT $3

-- name: list_erasures_by_id
-- Erasures of all tenants that have or had an id, latest first.
SELECT * FROM loci.erasures
WHERE tenant_id = $1 AND (request_time, erasure_id) < ($2, $3) ORDER BY request_time DESC, erasure_id DESC LIMIT $4
