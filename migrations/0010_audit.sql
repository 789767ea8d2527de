-- The audit: who did what. An entry is written to the inbox in the transaction of what it tells; a job moves it from
-- there into the chain of its tenant, where each entry's mac covers the one before it (docs/security.md).
--
-- Tenant 0 is the installation: its chain holds the calls that were refused before a tenant was known.
--
-- In clear stand what the audit is searched by; `entry` is an envelope with the rest. Tokens are keyed hashes of the
-- names that were touched, under a key of the tenant.

CREATE TABLE loci.audit_inbox (
    tenant_key bigint NOT NULL,
    entry_id bigint NOT NULL,       -- the envelope is bound to it
    time timestamptz NOT NULL,
    actor bigint NOT NULL,          -- the API key; 0: none
    status smallint NOT NULL,       -- google.rpc.Code
    revision bigint NOT NULL,       -- that was written; 0: none
    method text COLLATE "C" NOT NULL,
    graph_id text COLLATE "C" NOT NULL,
    tokens bigint[] NOT NULL,
    entry bytea NOT NULL,
    PRIMARY KEY (tenant_key, time, entry_id)
);
ALTER TABLE loci.audit_inbox ALTER COLUMN entry SET STORAGE EXTERNAL;

CREATE TABLE loci.audit (
    tenant_key bigint NOT NULL,
    sequence bigint NOT NULL,       -- dense
    entry_id bigint NOT NULL,
    time timestamptz NOT NULL,
    actor bigint NOT NULL,
    status smallint NOT NULL,
    revision bigint NOT NULL,
    method text COLLATE "C" NOT NULL,
    graph_id text COLLATE "C" NOT NULL,
    tokens bigint[] NOT NULL,
    entry bytea NOT NULL,
    mac bytea NOT NULL,             -- HMAC-SHA256 over the mac before it, the sequence, and all columns above
    PRIMARY KEY (tenant_key, sequence)
);
ALTER TABLE loci.audit ALTER COLUMN entry SET STORAGE EXTERNAL;
CREATE INDEX audit_time ON loci.audit (tenant_key, time, sequence);
CREATE INDEX audit_actor ON loci.audit (tenant_key, actor, time, sequence);
CREATE INDEX audit_graph ON loci.audit (tenant_key, graph_id, time, sequence) WHERE graph_id <> '';

-- Entries by the tokens of what they name. (Under row-level security an index on the array itself would not be used.)
CREATE TABLE loci.audit_names (
    tenant_key bigint NOT NULL,
    token bigint NOT NULL,
    time timestamptz NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (tenant_key, token, time, sequence)
);

-- How far a chain is, and behind which entry retention has cut it. The seal is a mac over both.
CREATE TABLE loci.audit_heads (
    tenant_key bigint PRIMARY KEY,
    sequence bigint NOT NULL DEFAULT 0,
    mac bytea NOT NULL,
    cut_sequence bigint NOT NULL DEFAULT 0,
    cut_mac bytea NOT NULL,
    seal bytea NOT NULL,
    oldest_time timestamptz         -- of the first entry that is kept; a hint for retention
) WITH (fillfactor = 50);
CREATE INDEX audit_heads_oldest ON loci.audit_heads (oldest_time) WHERE oldest_time IS NOT NULL;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_inbox', 'audit', 'audit_names', 'audit_heads'] LOOP
        CALL loci.keep_apart(name);
        -- What was refused before a tenant was known is for operators, and for the jobs that move it.
        EXECUTE format($policy$
            CREATE POLICY installation ON loci.%I AS RESTRICTIVE
            USING (tenant_key <> 0 OR (SELECT current_setting('loci.role', true)) IN ('operator', 'worker'))$policy$,
            name);
    END LOOP;
END $$;

-- Background jobs see which chains have something to be done, and leave entries in anybody's inbox.
CREATE POLICY worker ON loci.audit_inbox FOR SELECT
    USING ((SELECT current_setting('loci.role', true)) = 'worker');
CREATE POLICY recorder ON loci.audit_inbox FOR INSERT
    WITH CHECK ((SELECT current_setting('loci.role', true)) = 'worker');
CREATE POLICY worker ON loci.audit_heads FOR SELECT
    USING ((SELECT current_setting('loci.role', true)) = 'worker');

-- Leaves entries in the inboxes of their tenants, whichever tenant the transaction has named.
CREATE FUNCTION loci.audit_record(p_rows loci.audit_row[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_role text := coalesce(current_setting('loci.role', true), '');
BEGIN
    PERFORM set_config('loci.role', 'worker', true);
    INSERT INTO loci.audit_inbox (tenant_key, entry_id, time, actor, status, revision, method, graph_id, tokens, entry)
    SELECT r.tenant_key, r.entry_id, coalesce(r.time, clock_timestamp()), r.actor, r.status, coalesce(r.revision, 0),
        r.method, r.graph_id, r.tokens, r.entry
    FROM unnest(p_rows) r;
    PERFORM set_config('loci.role', v_role, true);
END $$;

-- The same for calls that are over, and whose tenant may be gone meanwhile: of that one nothing is left. A tenant that is
-- there stays until the end.
CREATE FUNCTION loci.audit_record_late(p_rows loci.audit_row[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_there bigint[];
BEGIN
    PERFORM set_config('loci.role', 'operator', true);
    WITH there AS (
        SELECT t.tenant_key FROM (SELECT DISTINCT r.tenant_key FROM unnest(p_rows) r) r
        JOIN loci.tenants t USING (tenant_key) FOR KEY SHARE OF t
    )
    SELECT array_agg(t.tenant_key) INTO v_there FROM there t;
    PERFORM loci.audit_record(ARRAY(
        SELECT r FROM unnest(p_rows) r JOIN unnest(0::bigint || v_there) t (tenant_key) USING (tenant_key)));
END $$;

-- The oldest entries of an inbox. How many there are changes from one second to the next, so that what the planner knows
-- of it is always wrong: it is told to go along the key.
CREATE FUNCTION loci.audit_waiting(p_tenant bigint, p_limit bigint) RETURNS SETOF loci.audit_inbox LANGUAGE plpgsql
SET enable_bitmapscan = off SET enable_sort = off SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT i.* FROM loci.audit_inbox i
    WHERE i.tenant_key = p_tenant ORDER BY i.time, i.entry_id LIMIT p_limit;
END $$;

-- Moves entries of a tenant from the inbox to the end of its chain, in the order given. The head must be locked.
CREATE FUNCTION loci.audit_append(p_tenant bigint, p_after bigint, p_times timestamptz[], p_ids bigint[], p_macs bytea[],
    p_seal bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_moved bigint;
BEGIN
    WITH moved AS (
        DELETE FROM loci.audit_inbox i USING unnest(p_times, p_ids) u(time, entry_id)
        WHERE i.tenant_key = p_tenant AND i.time = u.time AND i.entry_id = u.entry_id
        RETURNING i.*
    )
    INSERT INTO loci.audit (tenant_key, sequence, entry_id, time, actor, status, revision, method, graph_id, tokens,
        entry, mac)
    SELECT p_tenant, p_after + u.place, m.entry_id, m.time, m.actor, m.status, m.revision, m.method, m.graph_id,
        m.tokens, m.entry, u.mac
    FROM unnest(p_times, p_ids, p_macs) WITH ORDINALITY u(time, entry_id, mac, place)
    JOIN moved m ON m.time = u.time AND m.entry_id = u.entry_id
    ORDER BY u.place;
    GET DIAGNOSTICS v_moved = ROW_COUNT;
    INSERT INTO loci.audit_names (tenant_key, token, time, sequence)
    SELECT p_tenant, t, a.time, a.sequence FROM loci.audit a, unnest(a.tokens) t
    WHERE a.tenant_key = p_tenant AND a.sequence > p_after AND t IS NOT NULL
    ON CONFLICT DO NOTHING;
    IF v_moved <> cardinality(p_ids) THEN
        RAISE EXCEPTION 'the inbox has changed' USING ERRCODE = '40001';
    END IF;
    UPDATE loci.audit_heads h
    SET sequence = p_after + v_moved, mac = p_macs[cardinality(p_macs)], seal = p_seal,
        oldest_time = coalesce(h.oldest_time, p_times[1])
    WHERE h.tenant_key = p_tenant;
END $$;

-- What a page of the audit is to hold. Null: anything.
CREATE TYPE loci.audit_filter AS (
    actor bigint,
    graph_id text,
    token bigint,
    method text,
    start_time timestamptz,
    end_time timestamptz,
    refused boolean
);

-- A page of a chain in order of time, behind (p_time, p_sequence).
CREATE FUNCTION loci.audit_page(p_tenant bigint, p_filter loci.audit_filter, p_newest_first boolean, p_time timestamptz,
    p_sequence bigint, p_limit bigint) RETURNS SETOF loci.audit
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_token bigint := p_filter.token;
    v_actor bigint := p_filter.actor;
    v_graph text := p_filter.graph_id;
    v_method text := p_filter.method;
    v_refused boolean := p_filter.refused;
    v_start timestamptz := coalesce(p_filter.start_time, '-infinity');
    v_end timestamptz := coalesce(p_filter.end_time, 'infinity');
BEGIN
    IF v_token IS NOT NULL AND p_newest_first THEN
        RETURN QUERY SELECT a.* FROM loci.audit_names n
        JOIN loci.audit a ON a.tenant_key = p_tenant AND a.sequence = n.sequence AND v_token = ANY (a.tokens)
        WHERE n.tenant_key = p_tenant AND n.token = v_token AND (v_actor IS NULL OR a.actor = v_actor)
          AND (v_method IS NULL OR a.method = v_method) AND (v_refused IS NULL OR (a.status <> 0) = v_refused)
          AND n.time >= v_start AND n.time < v_end AND (n.time, n.sequence) < (p_time, p_sequence)
        ORDER BY n.time DESC, n.sequence DESC LIMIT p_limit;
    ELSIF v_token IS NOT NULL THEN
        RETURN QUERY SELECT a.* FROM loci.audit_names n
        JOIN loci.audit a ON a.tenant_key = p_tenant AND a.sequence = n.sequence AND v_token = ANY (a.tokens)
        WHERE n.tenant_key = p_tenant AND n.token = v_token AND (v_actor IS NULL OR a.actor = v_actor)
          AND (v_method IS NULL OR a.method = v_method) AND (v_refused IS NULL OR (a.status <> 0) = v_refused)
          AND n.time >= v_start AND n.time < v_end AND (n.time, n.sequence) > (p_time, p_sequence)
        ORDER BY n.time, n.sequence LIMIT p_limit;
    ELSIF p_newest_first THEN
        RETURN QUERY SELECT a.* FROM loci.audit a
        WHERE a.tenant_key = p_tenant AND (v_actor IS NULL OR a.actor = v_actor)
          AND (v_graph IS NULL OR (a.graph_id = v_graph AND a.graph_id <> ''))
          AND (v_method IS NULL OR a.method = v_method) AND (v_refused IS NULL OR (a.status <> 0) = v_refused)
          AND a.time >= v_start AND a.time < v_end AND (a.time, a.sequence) < (p_time, p_sequence)
        ORDER BY a.time DESC, a.sequence DESC LIMIT p_limit;
    ELSE
        RETURN QUERY SELECT a.* FROM loci.audit a
        WHERE a.tenant_key = p_tenant AND (v_actor IS NULL OR a.actor = v_actor)
          AND (v_graph IS NULL OR (a.graph_id = v_graph AND a.graph_id <> ''))
          AND (v_method IS NULL OR a.method = v_method) AND (v_refused IS NULL OR (a.status <> 0) = v_refused)
          AND a.time >= v_start AND a.time < v_end AND (a.time, a.sequence) > (p_time, p_sequence)
        ORDER BY a.time, a.sequence LIMIT p_limit;
    END IF;
END $$;
