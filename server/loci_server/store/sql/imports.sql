-- Imports and their chunks, inside a transaction that names the tenant.

-- name: find_import
-- An import into a live graph.
SELECT i.* FROM loci.imports i
JOIN loci.graphs g ON g.tenant_key = $1 AND g.graph_key = i.graph_key AND g.delete_time IS NULL
WHERE i.tenant_key = $1 AND i.graph_key = $2 AND i.import_id = $3

-- name: begin_import
-- A new import, unless it was begun before.
INSERT INTO loci.imports (tenant_key, graph_key, import_id, options) VALUES ($1, $2, $3, $4)
ON CONFLICT (graph_key, import_id) DO NOTHING

-- name: lock_import
-- An import, for one chunk at a time.
SELECT * FROM loci.imports WHERE tenant_key = $1 AND graph_key = $2 AND import_id = $3 FOR UPDATE

-- name: find_chunk
-- The answer to a chunk that was applied.
SELECT fingerprint, result FROM loci.import_chunks
WHERE tenant_key = $1 AND graph_key = $2 AND import_id = $3 AND sequence = $4

-- name: remember_chunk
-- The answer to a chunk.
INSERT INTO loci.import_chunks (tenant_key, graph_key, import_id, sequence, fingerprint, result)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: advance_import
-- How far the import has come.
UPDATE loci.imports
SET next_sequence = next_sequence + 1, node_count = node_count + $4, edge_count = edge_count + $5,
    failed_count = failed_count + $6, update_time = now()
WHERE tenant_key = $1 AND graph_key = $2 AND import_id = $3
