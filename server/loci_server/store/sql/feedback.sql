-- Judgements on answers and memories.

-- name: give_feedback
-- Writes one.
SELECT loci.give_feedback($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::loci.audit_row)

-- name: list_feedback
-- A page of the feedback of a graph, latest first.
SELECT * FROM loci.list_feedback($1, $2, $3, $4, $5, $6, $7)

-- name: summarize_feedback
-- Counts of feedback, and the nodes that got most of it.
SELECT * FROM loci.summarize_feedback($1, $2, $3, $4, $5)
