-- What is made of memories. The work is in functions of the schema (0014_uses), which name the tenant themselves.

-- name: record_uses
-- Adds recalls of nodes of many graphs, once.
SELECT * FROM loci.record_uses($1, $2, $3::loci.use_row[])

-- name: purge_use_flushes
-- What processes wrote last that are gone.
WITH gone AS (
    DELETE FROM loci.use_flushes WHERE ctid IN (
        SELECT ctid FROM loci.use_flushes WHERE time < now() - interval '1 day' LIMIT $1) RETURNING 1)
SELECT count(*) AS removed FROM gone

-- name: share_uses
-- Keeps the nodes of a graph for what is written of them.
SELECT loci.share_uses($1, $2)

-- name: restore_uses
-- What an import brings of nodes besides what they say.
SELECT loci.restore_uses($1, $2, $3, $4, $5, $6, $7)

-- name: node_standings
-- Nodes by id, with what is known of them.
SELECT * FROM loci.node_standings($1, $2, $3)

-- name: boost_node
-- Sets the boost of a node.
SELECT loci.boost_node($1, $2, $3, $4, $5, $6, $7, $8::loci.audit_row)

-- name: begin_recalculation
-- Begins a recalculation of a graph, or finds the one that is under way.
SELECT * FROM loci.begin_recalculation($1, $2, $3, $4::loci.audit_row)

-- name: get_recalculation
-- The last recalculation of a graph.
SELECT * FROM loci.get_recalculation($1, $2)

-- name: recalculation_page
-- The next nodes of a recalculation.
SELECT r.moment AS time, r.after_id, (r.node).* FROM loci.recalculation_page($1, $2, $3) r

-- name: store_saliences
-- Stores what a step of a recalculation came to.
SELECT loci.store_saliences($1, $2, $3, $4, $5, $6, $7, $8, $9) AS stored
