-- A graph as it stood at a revision.

-- name: items_at
-- Nodes or edges by id.
SELECT * FROM loci.items_at($1, $2, $3, $4, $5)

-- name: list_at
-- A page of nodes or edges.
SELECT * FROM loci.list_at($1, $2, $3, $4::loci.node_filter, $5::loci.edge_filter, $6, $7, $8)

-- name: expired_at
-- Of some nodes those that have expired since.
SELECT * FROM loci.expired_at($1, $2, $3, $4)

-- name: expand_at
-- One step of a walk.
SELECT * FROM loci.expand_at($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, NULL, $14)

-- name: page_neighbors_at
-- The edges of one node behind a place in the order of weight and id.
SELECT * FROM loci.expand_at($1, $2, ARRAY[$3], $4, $5, $6, $7, $8, '{}', NULL, NULL, $9, $9, $10, $11, $12)

-- name: induced_edges_at
-- Every edge with both ends among some nodes.
SELECT * FROM loci.induced_edges_at($1, $2, $3, $4, $5, $6, $7, $8)

-- name: nodes_changed_since
-- Nodes that stood then and do not stand as they did.
SELECT * FROM loci.nodes_changed_since($1, $2, $3::loci.node_filter, $4, $5)
