-- Nodes and edges. Most of the work is in functions of the schema (migrations), which name the tenant themselves.

-- name: get_node
-- One node of a live graph.
SELECT * FROM loci.get_node($1, $2, $3)

-- name: get_nodes
-- Nodes of a live graph by id.
SELECT * FROM loci.get_nodes($1, $2, $3)

-- name: get_documents
-- Nodes by the number of their document.
SELECT * FROM loci.get_documents($1, $2, $3)

-- name: get_edges
-- Edges of a live graph by id.
SELECT * FROM loci.get_edges($1, $2, $3)

-- name: node_versions
-- Nodes by id, without their content.
SELECT * FROM loci.node_versions($1, $2, $3)

-- name: edge_versions
-- Edges by id, without their content.
SELECT * FROM loci.edge_versions($1, $2, $3)

-- name: get_incident_edges
-- Edges that leave or enter any of these nodes.
SELECT * FROM loci.get_incident_edges($1, $2, $3, $4)

-- name: list_nodes
-- A page of nodes in order of id.
SELECT * FROM loci.list_nodes($1, $2, $3::loci.node_filter, $4, $5)

-- name: list_edges
-- A page of edges in order of id.
SELECT * FROM loci.list_edges($1, $2, $3::loci.edge_filter, $4, $5)

-- name: expand
-- One step of a walk from many nodes.
SELECT * FROM loci.expand($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, NULL)

-- name: page_neighbors
-- The edges of one node behind one of them: the rest of the same weight, then the lighter ones.
SELECT * FROM loci.expand($1, $2, ARRAY[$3], $4, $5, $6, $7, $8, NULL, NULL, NULL, $9, $9, $10, $11)
UNION ALL
SELECT * FROM loci.expand($1, $2, ARRAY[$3], $4, $5, $6, $7, $8, NULL, NULL, NULL, $9, $9, $10, NULL)

-- name: induced_edges
-- The edges among a set of nodes.
SELECT * FROM loci.induced_edges($1, $2, $3, $4, $5, $6, $7)

-- name: commit
-- Writes nodes and edges under one revision.
SELECT * FROM loci.commit($1, $2, $3, $4, $5, $6, $7, $8::loci.node_change[], $9::loci.edge_change[],
    $10::loci.vector_row[], $11::loci.expectation[], $12, $13::loci.commit_traits, $14::loci.audit_row)

-- name: claims
-- Nodes that have any of these tokens of claims, and how many have each.
SELECT c.token, c.holders, (c.node).* FROM loci.claims($1, $2, $3, $4) c

-- name: session_chain
-- What was said in a session behind one turn, along its edges.
SELECT * FROM loci.session_chain($1, $2, $3, $4, $5, $6, $7)

-- name: session_heads
-- The turns of a session that nothing leads to, in order of time.
SELECT * FROM loci.session_heads($1, $2, $3, $4, $5, $6, $7, $8)

-- name: session_count
-- How much was said in a session.
SELECT loci.session_count($1, $2, $3, $4) AS turns

-- name: session_turns
-- What was said in a session, in order of id.
SELECT * FROM loci.session_turns($1, $2, $3, $4, $5, $6)

-- name: expired_nodes
-- Nodes that have expired.
SELECT * FROM loci.expired_nodes($1, $2, $3, $4)

-- name: traces
-- Items that are gone but not from the log.
SELECT * FROM loci.traces($1, $2, $3, $4)

-- name: last_image
-- The last that the log holds of an item that is gone.
SELECT * FROM loci.last_image($1, $2, $3, $4)

-- name: lost_sources
-- Nodes that are gone but not from the log, and were the sources of edges to a node.
SELECT * FROM loci.lost_sources($1, $2, $3, $4, $5, $6, $7)

-- name: find_answer
-- The first answer to a call with this request_id.
SELECT revision, commit_time, fingerprint, answer FROM loci.idempotency
WHERE tenant_key = $1 AND graph_key = $2 AND request_hash = $3

-- name: remember_answer
-- The answer to a call that led to no commit; no row if the request_id was used.
INSERT INTO loci.idempotency (graph_key, tenant_key, request_hash, fingerprint, revision, commit_time, answer)
VALUES ($2, $1, $3, $4, 0, now(), $5) ON CONFLICT DO NOTHING RETURNING 1

-- name: search_lexical
-- The lexical arm: documents by BM25.
SELECT * FROM loci.search_lexical($1, $2, $3, $4, $5::loci.node_filter, $6)

-- name: search_holding
-- The same of documents that hold all terms of a phrase.
SELECT * FROM loci.search_lexical($1, $2, $3, $4, $5::loci.node_filter, $6, $7)

-- name: lexical_statistics
-- What terms weigh.
SELECT * FROM loci.lexical_statistics($1, $2, $3)

-- name: search_semantic
-- The semantic arm: documents by cosine similarity.
SELECT * FROM loci.search_semantic($1, $2, $3, $4, $5::loci.node_filter, $6, $7, $8::smallint)

-- name: search_times
-- The temporal arm: documents that were said in some times.
SELECT * FROM loci.search_times($1, $2, $3, $4, $5::loci.node_filter, $6)

-- name: search_mentions
-- Documents that name some times.
SELECT * FROM loci.search_mentions($1, $2, $3, $4::loci.node_filter, $5)

-- name: naming
-- Which documents name the same things.
SELECT * FROM loci.naming($1, $2, $3, $4, $5)

-- name: head_documents
-- The first candidates of a search that pass its filter.
SELECT * FROM loci.head_documents($1, $2, $3, $4::loci.node_filter)

-- name: surroundings
-- What stands around some documents.
SELECT * FROM loci.surroundings($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- name: existing_nodes
-- Which of these nodes there are.
SELECT * FROM loci.existing_nodes($1, $2, $3)

-- name: existing_edges
-- Which of these edges there are.
SELECT * FROM loci.existing_edges($1, $2, $3)

-- name: count_pending
-- Documents that wait to be embedded.
SELECT loci.count_pending($1, $2) AS pending
