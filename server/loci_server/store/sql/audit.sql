-- The audit: inboxes, chains and their heads, inside a transaction that names the tenant unless said otherwise.

-- name: record_audit
-- Leaves entries in the inboxes of their tenants.
SELECT loci.audit_record($1::loci.audit_row[])

-- name: record_late_audit
-- The same for calls that are over; of a tenant that is gone nothing is left.
SELECT loci.audit_record_late($1::loci.audit_row[])

-- name: find_audit_inboxes
-- Tenants behind one whose inboxes hold something. It walks from tenant to tenant.
WITH RECURSIVE walk AS (
    SELECT (SELECT min(i.tenant_key) FROM loci.audit_inbox i WHERE i.tenant_key > $1) AS tenant_key, 1 AS place
    UNION ALL
    SELECT (SELECT min(i.tenant_key) FROM loci.audit_inbox i WHERE i.tenant_key > w.tenant_key), w.place + 1
    FROM walk w WHERE w.tenant_key IS NOT NULL AND w.place < $2
)
SELECT tenant_key FROM walk WHERE tenant_key IS NOT NULL

-- name: begin_audit
-- The head of a chain that has no entry yet. One that was removed is not made anew.
INSERT INTO loci.audit_heads (tenant_key, mac, cut_mac, seal)
SELECT $1, $2, $2, $3 WHERE NOT EXISTS (SELECT FROM loci.audit a WHERE a.tenant_key = $1) ON CONFLICT DO NOTHING
RETURNING true AS made

-- name: drop_audit_head
-- The head of a chain that was begun, and got no entry.
DELETE FROM loci.audit_heads WHERE tenant_key = $1 AND sequence = 0

-- name: lock_audit_head
-- The head of a chain; waits for whoever has it.
SELECT sequence, mac, cut_sequence, cut_mac, seal FROM loci.audit_heads WHERE tenant_key = $1 FOR UPDATE

-- name: try_audit_head
-- The head of a chain, unless somebody else has it.
SELECT sequence, mac, cut_sequence, cut_mac, seal FROM loci.audit_heads WHERE tenant_key = $1 FOR UPDATE SKIP LOCKED

-- name: read_audit_inbox
-- The oldest entries of an inbox. What no server wrote and no chain can hold stays there: a time that is not one of
-- Python's, or a graph that is too long for an index.
SELECT * FROM loci.audit_waiting($1, $2)
WHERE octet_length(graph_id) <= 1000 AND (time IN ('-infinity', 'infinity')
    OR (time > '0001-01-01 00:00:00+00' AND time < '9999-12-31 23:59:59.999999+00'))

-- name: append_audit
-- Moves entries from the inbox to the end of the chain.
SELECT loci.audit_append($1, $2, $3, $4, $5, $6)

-- name: list_audit
-- A page of a chain in order of time.
SELECT * FROM loci.audit_page($1, $2, $3, $4, $5, $6)

-- name: audit_from
-- Entries of a chain from a sequence on, each with the head as it stands at the same moment, and by how many of its
-- names it is found. A time that is none of Python's is told as the nearest.
SELECT h.sequence AS head_sequence, h.mac AS head_mac, h.cut_sequence, h.cut_mac, h.seal, n.found,
    a.sequence, a.entry_id, a.actor, a.status, a.revision, a.method, a.graph_id, a.tokens, a.entry, a.mac,
    greatest(least(a.time, '9999-12-31 23:59:59.999999+00'), '0001-01-01 00:00:00+00') AS time
FROM (SELECT 1) one
LEFT JOIN loci.audit_heads h ON h.tenant_key = $1
LEFT JOIN LATERAL (
    SELECT * FROM loci.audit x WHERE x.tenant_key = $1 AND x.sequence >= $2 ORDER BY x.sequence LIMIT $3) a ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS found FROM loci.audit_names y
    WHERE y.tenant_key = $1 AND y.token = ANY (a.tokens) AND y.time = a.time AND y.sequence = a.sequence) n ON true

-- name: old_audits
-- Tenants whose chains begin before a time.
SELECT tenant_key FROM loci.audit_heads WHERE oldest_time < $1 ORDER BY oldest_time LIMIT $2

-- name: audit_front
-- The first entries of a chain. A time that is none of Python's is told as the nearest.
SELECT sequence, greatest(least(time, '9999-12-31 23:59:59.999999+00'), '0001-01-01 00:00:00+00') AS time, mac
FROM loci.audit WHERE tenant_key = $1 ORDER BY sequence LIMIT $2

-- name: cut_audit_names
-- Removes the names of the entries up to one.
DELETE FROM loci.audit_names n USING loci.audit a, unnest(a.tokens) t
WHERE a.tenant_key = $1 AND a.sequence <= $2
  AND n.tenant_key = $1 AND n.token = t AND n.time = a.time AND n.sequence = a.sequence

-- name: cut_audit
-- Removes the entries up to one.
DELETE FROM loci.audit WHERE tenant_key = $1 AND sequence <= $2

-- name: note_audit_cut
-- Behind which entry a chain was cut, and how old the next one is.
UPDATE loci.audit_heads
SET cut_sequence = $2, cut_mac = $3, seal = $4,
    oldest_time = (SELECT a.time FROM loci.audit a WHERE a.tenant_key = $1 ORDER BY a.sequence LIMIT 1)
WHERE tenant_key = $1
