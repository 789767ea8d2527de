-- Keys of graphs and their rotation.

-- name: graph_keys_of
-- The wrapped keys of a graph, deleted or not.
SELECT * FROM loci.graph_keys_of($1, $2)

-- name: count_encryptions
-- Counts what keys have sealed.
SELECT loci.count_encryptions($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[])

-- name: hear_keys
-- A server says that it is there and up to where it knows of changes of keys, and hears what has changed since.
SELECT * FROM loci.hear_keys($1, $2, $3)

-- name: leave_keys
-- A server holds no keys any more.
DELETE FROM loci.key_holders WHERE server_id = $1

-- name: keys_known
-- Whether all servers know of all changes up to an epoch.
SELECT loci.keys_known($1, $2) AS known

-- name: doubt_keys
-- A server does not know the keys that are announced for a graph.
SELECT loci.doubt_keys($1, $2)

-- name: purge_key_changes
-- What every server has heard of.
DELETE FROM loci.key_changes WHERE time < now() - interval '1 day'

-- name: begin_key_rotation
-- Announces new versions of a graph's keys.
SELECT loci.begin_key_rotation($1, $2, $3::smallint[], $4, $5) AS begun

-- name: claim_key_rotation
-- Takes a rotation that is due, for the time of the lease.
WITH due AS MATERIALIZED (
    SELECT d.tenant_key, d.graph_key FROM loci.key_rotations d
    WHERE d.end_time IS NULL AND d.run_after <= now() ORDER BY d.run_after LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE loci.key_rotations r SET run_after = now() + $1 * interval '1 second'
FROM due d
WHERE r.tenant_key = d.tenant_key AND r.graph_key = d.graph_key
RETURNING r.*, extract(epoch FROM clock_timestamp() - r.state_time)::float8 AS age

-- name: wait_key_rotation
-- Looks at a rotation again after a while; says why, if it is a failure.
UPDATE loci.key_rotations SET run_after = now() + $4 * interval '1 second', failure = $5
WHERE tenant_key = $1 AND graph_key = $2 AND run_after = $3

-- name: note_known
-- All servers know the announced versions.
UPDATE loci.key_rotations SET state = 6, state_time = clock_timestamp()
WHERE tenant_key = $1 AND graph_key = $2 AND run_after = $3 AND state = 1

-- name: begin_sealing
-- Takes the announced versions into use.
SELECT loci.begin_sealing($1, $2, $3, $4)

-- name: old_envelopes
-- The next envelopes that are under another version.
SELECT * FROM loci.old_envelopes($1, $2, $3::smallint, $4, $5, $6)

-- name: reseal
-- Puts others in their place.
SELECT loci.reseal($1, $2, $3::smallint, $4, $5, $6, $7, $8)

-- name: old_documents
-- The next documents whose terms are by the other key.
SELECT * FROM loci.old_documents($1, $2, $3::smallint, $4, $5)

-- name: rederive_documents
-- Gives them their terms by the key in use.
SELECT loci.rederive_documents($1, $2, $3, $4::smallint, $5, $6, $7, $8, $9, $10) AS done

-- name: old_tokens
-- The next items whose tokens are by the other key.
SELECT * FROM loci.old_tokens($1, $2, $3::smallint, $4::smallint, $5, $6)

-- name: rederive_tokens
-- Gives them tokens by the key in use.
SELECT loci.rederive_tokens($1, $2, $3, $4::smallint, $5, $6, $7) AS done

-- name: old_vectors
-- The next vectors that are under the other rotation.
SELECT * FROM loci.old_vectors($1, $2, $3::smallint, $4, $5, $6::smallint, $7)

-- name: rerotate
-- Puts them under the one in use.
SELECT loci.rerotate($1, $2, $3::loci.vector_row[], $4::xid[])

-- name: clear_postings
-- Takes what is left of the terms before out of the segments.
SELECT loci.clear_postings($1, $2, $3) AS done

-- name: move_key_rotation
-- How far it has come.
UPDATE loci.key_rotations
SET stage = $4::smallint, place = $5, done_count = done_count + $6, left_count = left_count + $7,
    unreadable_count = unreadable_count + $8, failure = NULL
WHERE tenant_key = $1 AND graph_key = $2 AND run_after = $3

-- name: begin_settling
-- No commit is taken any more of who does not know the new version.
SELECT loci.begin_settling($1, $2, $3)

-- name: begin_proving
-- Begins to look at all envelopes again.
UPDATE loci.key_rotations
SET state = 4, stage = 1, place = '', left_count = 0, unreadable_count = 0, state_time = clock_timestamp()
WHERE tenant_key = $1 AND graph_key = $2 AND run_after = $3 AND state IN (3, 4)

-- name: end_key_rotation
-- Destroys the versions before.
SELECT loci.end_key_rotation($1, $2, $3)

-- name: worn_keys
-- Graphs whose content key is to be rotated.
SELECT * FROM loci.worn_keys($1, $2, $3, $4)

-- name: begin_rewrapping
-- Begins to wrap the data keys of a tenant anew.
SELECT loci.begin_rewrapping($1, $2)

-- name: old_wraps
-- The next data keys of a tenant that are wrapped by another key.
SELECT * FROM loci.old_wraps($1, $2, $3, $4::smallint, $5, $6)

-- name: count_old_wraps
-- How many data keys of a tenant are wrapped by another key.
SELECT count(*) AS found FROM loci.graph_keys WHERE tenant_key = $1 AND kek_id <> $2

-- name: keks_of_tenant
-- By which keys the data keys of a tenant are wrapped, the most used one first.
SELECT kek_id, count(*) AS key_count FROM loci.graph_keys WHERE tenant_key = $1 GROUP BY kek_id ORDER BY 2 DESC, 1

-- name: kek_uses
-- How many data keys of all tenants are wrapped by each key.
SELECT * FROM loci.kek_uses()

-- name: graphs_wrapped_by
-- The first graphs of all tenants that have data keys which are wrapped by this one.
SELECT * FROM loci.graphs_wrapped_by($1, $2)

-- name: look_again
-- Begins anew to look for data keys that are wrapped by another key.
UPDATE loci.key_rotations SET place = '', left_count = 0, unreadable_count = 0
WHERE tenant_key = $1 AND graph_key = $2 AND run_after = $3 AND state = 5

-- name: rewrap
-- Puts other wrapped keys in the place of those that were read.
SELECT loci.rewrap($1, $2, $3::smallint[], $4, $5, $6, $7)

-- name: rewrap_installation
-- The same for the installation's secret.
UPDATE loci.cluster SET kek_id = $2, wrapped_secret = $3 WHERE wrapped_secret = $1

-- name: end_rewrapping
-- All are wrapped anew.
UPDATE loci.key_rotations SET state = 0, end_time = clock_timestamp(), failure = NULL, done_count = total_count
WHERE tenant_key = $1 AND graph_key = $2 AND run_after = $3 AND state = 5

-- name: find_key_rotation
-- How a graph's keys stand.
SELECT g.graph_id, g.graph_key, k.version AS key_version, k.kek_id AS key_kek_id, k.create_time AS key_time, k.encryptions,
    r.state, r.begin_time, r.end_time, r.done_count, r.total_count, r.unreadable_count, r.failure
FROM loci.graphs g
JOIN LATERAL (SELECT x.* FROM loci.graph_keys x
              WHERE x.tenant_key = $1 AND x.graph_key = g.graph_key AND x.purpose = 1 AND x.sealing
              ORDER BY x.version DESC LIMIT 1) k ON true
LEFT JOIN loci.key_rotations r ON r.tenant_key = $1 AND r.graph_key = g.graph_key
WHERE g.tenant_key = $1 AND g.graph_id = $2 AND g.delete_time IS NULL

-- name: find_rewrapping
-- How the wrapping of a tenant's data keys stands.
SELECT r.* FROM loci.key_rotations r WHERE r.tenant_key = $1 AND r.graph_key = 0

-- name: list_key_rotations
-- Graphs of a tenant, in spans of ids that are apart, whose keys are being rotated.
SELECT g.graph_id, g.graph_key, k.version AS key_version, k.kek_id AS key_kek_id, k.create_time AS key_time, k.encryptions,
    r.state, r.begin_time, r.end_time, r.done_count, r.total_count, r.unreadable_count, r.failure
FROM loci.key_rotations r
JOIN loci.graphs g ON g.tenant_key = $1 AND g.graph_key = r.graph_key AND g.delete_time IS NULL
JOIN unnest($4::text[], $5::text[]) s (low, high) ON g.graph_id >= s.low AND g.graph_id < s.high
JOIN LATERAL (SELECT x.* FROM loci.graph_keys x
              WHERE x.tenant_key = $1 AND x.graph_key = g.graph_key AND x.purpose = 1 AND x.sealing
              ORDER BY x.version DESC LIMIT 1) k ON true
WHERE r.tenant_key = $1 AND r.end_time IS NULL AND r.graph_key > $2 ORDER BY r.graph_key LIMIT $3
