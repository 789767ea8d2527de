-- The log of changes.

-- name: log_page
-- Changes of a graph behind a place in the log.
SELECT * FROM loci.log_page($1, $2, $3, $4, $5, $6)

-- name: history_page
-- What happened to one item, latest first.
SELECT * FROM loci.history_page($1, $2, $3, $4, $5, $6)

-- name: log_heads
-- How far graphs are.
SELECT * FROM loci.log_heads($1, $2)

-- name: notify
-- Says on a channel what has new commits. A hint: who misses it looks for itself a little later.
SELECT pg_notify($1, $2)
