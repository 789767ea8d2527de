-- The history of what was asked.

-- name: clock
-- That of the database.
SELECT clock_timestamp() AS now

-- name: record_queries
-- Writes queries of many graphs.
SELECT loci.record_queries($1::loci.query_row[], $2)

-- name: list_queries
-- A page of what was asked of a graph, latest first.
SELECT * FROM loci.list_queries($1, $2, $3, $4, $5, $6, $7)

-- name: find_query
-- One query of a graph.
SELECT query_id, content FROM loci.queries WHERE tenant_key = $1 AND graph_key = $2 AND query_id = $3

-- name: keeps_queries
-- Whether what is asked of a graph is kept.
SELECT query_history FROM loci.graphs WHERE tenant_key = $1 AND graph_key = $2

-- name: purge_queries
-- Queries that are past their time, whosesoever.
WITH gone AS (
    DELETE FROM loci.queries WHERE ctid IN (
        SELECT ctid FROM loci.queries WHERE time < $1 LIMIT $2) RETURNING 1)
SELECT count(*) AS removed FROM gone

-- name: forget_queries
-- All that was asked of a graph.
DELETE FROM loci.queries WHERE tenant_key = $1 AND graph_key = $2
