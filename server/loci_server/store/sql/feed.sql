-- The log of all graphs of a tenant.

-- name: feed_now
-- What a feed that begins now has seen.
SELECT * FROM loci.feed_now($1)

-- name: feed_holds
-- Whether the log still has a commit, or nothing from its time.
SELECT loci.feed_holds($1, $2, $3, $4) AS holds

-- name: feed_graphs
-- Graphs with something to tell.
SELECT * FROM loci.feed_graphs($1, $2::text::pg_snapshot, $3::text::pg_snapshot, $4, $5, $6, $7, $8, $9, $10)

-- name: feed_page
-- What is to be told of some of them.
SELECT * FROM loci.feed_page($1, $2, $3, $4, $5, loci.log_part($6), $7, $8)
