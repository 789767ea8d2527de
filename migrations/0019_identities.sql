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
