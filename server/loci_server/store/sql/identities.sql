-- Who acts without an API key.

-- name: find_identity
-- One identity.
SELECT * FROM loci.identities WHERE tenant_key = $1 AND actor = $2

-- name: insert_identity
-- Notes an identity, unless it is known or the tenant has as many as it may. Whether it is known afterwards.
WITH known AS (
    SELECT FROM loci.identities WHERE tenant_key = $1 AND actor = $2
), noted AS (
    INSERT INTO loci.identities (tenant_key, actor, kind, subject)
    SELECT $1, $2, $3, $4
    WHERE NOT EXISTS (SELECT FROM known)
      AND (SELECT count(*) FROM (SELECT FROM loci.identities WHERE tenant_key = $1 LIMIT $5) i) < $5
    ON CONFLICT (tenant_key, actor) DO UPDATE SET actor = EXCLUDED.actor RETURNING actor
)
SELECT EXISTS (SELECT FROM known) OR EXISTS (SELECT FROM noted) AS known

-- name: list_identities
-- A page of a tenant's identities, in order of their numbers.
SELECT * FROM loci.identities WHERE tenant_key = $1 AND actor < $2 ORDER BY actor DESC LIMIT $3
