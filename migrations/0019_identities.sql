-- Who acts without an API key: what a token or a client certificate names, noted when it first acts in a tenant.

CREATE TABLE loci.identities (
    tenant_key bigint NOT NULL REFERENCES loci.tenants,
    -- Below 0: in one space with API keys, whose ids are above. A keyed hash of tenant, kind, issuer and subject.
    actor bigint NOT NULL CHECK (actor < 0),
    kind smallint NOT NULL,
    -- Issuer and subject, sealed.
    subject bytea NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_key, actor)
);

ALTER TABLE loci.identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE loci.identities FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON loci.identities
    USING (tenant_key = (SELECT nullif(current_setting('loci.tenant', true), '')::bigint));

CREATE TYPE loci.key_use AS (tenant_key bigint, key_id bigint, time timestamptz);

-- Notes when keys were last used, each in its tenant. Never an earlier time than is known.
CREATE FUNCTION loci.note_key_uses(p_uses loci.key_use[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_tenant bigint;
BEGIN
    FOR v_tenant IN SELECT DISTINCT u.tenant_key FROM unnest(p_uses) u ORDER BY 1 LOOP
        PERFORM set_config('loci.tenant', v_tenant::text, true);
        UPDATE loci.api_keys k SET last_use_time = u.time FROM unnest(p_uses) u
        WHERE k.tenant_key = v_tenant AND u.tenant_key = v_tenant AND k.key_id = u.key_id
          AND (k.last_use_time IS NULL OR k.last_use_time < u.time);
    END LOOP;
END $$;
