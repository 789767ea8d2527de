-- The installation, tenants and API keys. Statements on tenants run in the role `operator`.

-- name: find_cluster
-- The installation's wrapped secret.
SELECT cluster_id, kek_id, wrapped_secret FROM loci.cluster

-- name: insert_cluster
-- A new installation, unless another process was first.
INSERT INTO loci.cluster (kek_id, wrapped_secret) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- name: insert_tenant
-- A new tenant; no row if the id is taken.
INSERT INTO loci.tenants (tenant_key, tenant_id, display_name, requests_per_second, request_burst, max_graphs, max_nodes,
    max_bytes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id) DO NOTHING RETURNING *

-- name: find_tenant
-- A tenant by id.
SELECT * FROM loci.tenants WHERE tenant_id = $1

-- name: list_tenants
-- A page of tenants in order of id.
SELECT * FROM loci.tenants WHERE tenant_id > $1 AND ($2 OR delete_time IS NULL) ORDER BY tenant_id LIMIT $3

-- name: set_tenant_deleted
-- Refuses or accepts a tenant's keys.
UPDATE loci.tenants SET delete_time = CASE WHEN $2 THEN coalesce(delete_time, now()) END
WHERE tenant_id = $1 AND NOT erased RETURNING *

-- name: lock_tenant
-- A tenant that is to be changed.
SELECT * FROM loci.tenants WHERE tenant_id = $1 FOR UPDATE

-- name: update_tenant
-- Its name and its quota.
UPDATE loci.tenants SET display_name = $2, requests_per_second = $3, request_burst = $4, max_graphs = $5, max_nodes = $6,
    max_bytes = $7
WHERE tenant_id = $1 RETURNING *

-- name: hold_tenant
-- A tenant of which something is made: until the end nobody begins to erase it.
SELECT erased FROM loci.tenants WHERE tenant_key = $1 FOR KEY SHARE

-- name: find_api_key
-- A key and whether its tenant is live.
SELECT k.*, t.tenant_id, t.delete_time AS tenant_delete_time
FROM loci.api_keys k JOIN loci.tenants t ON t.tenant_key = k.tenant_key
WHERE k.tenant_key = $1 AND k.key_id = $2

-- name: insert_api_key
-- A new key.
INSERT INTO loci.api_keys (tenant_key, key_id, secret_hash, scopes, display_name, expire_time, planned_expire_time, graphs)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING *

-- name: list_api_keys
-- A page of a tenant's keys.
SELECT * FROM loci.api_keys WHERE tenant_key = $1 AND key_id > $2 ORDER BY key_id LIMIT $3

-- name: note_key_uses
-- When keys of any tenants were last used.
SELECT loci.note_key_uses($1::loci.key_use[])

-- name: lock_api_key
-- A key that is to be rotated, and whether it is good.
SELECT *, revoke_time IS NULL AND coalesce(expire_time > now(), true) AS good, now() AS read_time FROM loci.api_keys
WHERE tenant_key = $1 AND key_id = $2 FOR UPDATE

-- name: end_api_key
-- Lets a key end after a while, if it does not earlier.
UPDATE loci.api_keys SET expire_time = least(expire_time, now() + $3::interval)
WHERE tenant_key = $1 AND key_id = $2 RETURNING *

-- name: lock_operator_keys
-- A tenant's keys that are good and have a scope: of two that are revoked at once one is looked at after the other.
SELECT key_id FROM loci.api_keys
WHERE tenant_key = $1 AND $2 = ANY (scopes) AND revoke_time IS NULL AND coalesce(expire_time > now(), true)
ORDER BY key_id FOR UPDATE

-- name: revoke_api_key
-- Refuses a key from now on.
UPDATE loci.api_keys SET revoke_time = coalesce(revoke_time, now())
WHERE tenant_key = $1 AND key_id = $2 RETURNING *

-- name: begin_incarnation
-- Notes the PostgreSQL cluster that the database is in. In another one than before, transaction ids begin anew.
UPDATE loci.cluster c
SET incarnation = c.incarnation + (c.system_identifier IS NOT NULL)::integer, system_identifier = s.system_identifier
FROM pg_control_system() s WHERE c.system_identifier IS DISTINCT FROM s.system_identifier
