-- What tenants may have, and what they have, inside a transaction that names the tenant.

-- name: tenant_quota
-- What was set for a tenant.
SELECT requests_per_second, request_burst, max_graphs, max_nodes, max_bytes FROM loci.tenants WHERE tenant_key = $1

-- name: tenant_usage
-- What is in the live graphs of a tenant.
SELECT count(*) AS graphs, coalesce(sum(node_count), 0)::bigint AS nodes, coalesce(sum(edge_count), 0)::bigint AS edges,
    coalesce(sum(byte_count), 0)::bigint AS bytes
FROM loci.graphs WHERE tenant_key = $1 AND delete_time IS NULL
