-- The log of changes.

-- name: log_page
-- Changes of a graph behind a place in the log.
SELECT * FROM loci.log_page($1, $2, $3, $4, $5, $6)

-- name: history_page
-- What happened to one item, latest first.
SELECT * FROM loci.history_page($1, $2, $3, $4, $5, $6, $7)

-- name: log_heads
-- How far graphs are.
SELECT * FROM loci.log_heads($1, $2)

-- name: log_bounds
-- How far a graph is, behind which revision its log is whole, and behind which one it is younger than a time.
SELECT * FROM loci.log_bounds($1, $2, $3)

-- name: log_start
-- The same, the place where a reader begins, and when that was written.
SELECT * FROM loci.log_start($1, $2, $3, $4)

-- name: extend_log
-- Makes the parts of the months ahead.
SELECT loci.extend_log() AS made

-- name: allow_long_carry
-- For this transaction: a graph with millions of changes in a month is carried in one statement.
SELECT set_config('statement_timeout', '1h', true)

-- name: carry_log_part
-- Carries what is still valid of the oldest part into the base.
SELECT loci.carry_log_part($1, $2) AS done

-- name: drop_log_part
-- Drops the oldest part, once it is carried.
SELECT loci.drop_log_part($1) AS part

-- name: notify
-- Says on a channel what has new commits. A hint: who misses it looks for itself a little later.
SELECT pg_notify($1, $2)
