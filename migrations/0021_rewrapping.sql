-- Data keys are wrapped anew by another key-encryption key of their tenant.

-- Begins to wrap a tenant's data keys anew, by this key-encryption key. One that is under way goes on, by this key.
CREATE FUNCTION loci.begin_rewrapping(p_tenant bigint, p_kek text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true), set_config('loci.role', 'worker', true);
    INSERT INTO loci.key_rotations AS r (tenant_key, graph_key, state, kek_id, total_count)
    SELECT p_tenant, 0, 5, p_kek, CASE p_tenant WHEN 0 THEN 1 ELSE (
        SELECT count(*) FROM loci.graph_keys k WHERE k.tenant_key = p_tenant AND k.kek_id <> p_kek) END
    ON CONFLICT (tenant_key, graph_key) DO UPDATE
    SET state = 5, kek_id = excluded.kek_id, total_count = excluded.total_count, done_count = 0,
        begin_time = CASE WHEN r.end_time IS NULL THEN r.begin_time ELSE now() END,
        place = '', left_count = 0, unreadable_count = 0, state_time = now(), end_time = NULL, run_after = now(),
        failure = NULL;
END $$;

-- The next data keys of a tenant behind a place that are wrapped by another key-encryption key.
CREATE FUNCTION loci.old_wraps(p_tenant bigint, p_kek text, p_graph bigint, p_purpose smallint, p_version integer,
    p_limit bigint) RETURNS SETOF loci.graph_keys LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT k.* FROM loci.graph_keys k
    WHERE k.tenant_key = p_tenant AND (k.graph_key, k.purpose, k.version) > (p_graph, p_purpose, p_version)
      AND k.kek_id <> p_kek
    ORDER BY k.graph_key, k.purpose, k.version LIMIT p_limit;
END $$;

-- How many data keys of all tenants are wrapped by each key-encryption key.
CREATE FUNCTION loci.kek_uses() RETURNS TABLE (kek_id text, key_count bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.role', 'keeper', true);
    RETURN QUERY SELECT k.kek_id, count(*) FROM loci.graph_keys k GROUP BY k.kek_id ORDER BY k.kek_id;
END $$;

-- The first graphs of all tenants that have data keys which are wrapped by this one.
CREATE FUNCTION loci.graphs_wrapped_by(p_kek text, p_limit bigint) RETURNS TABLE (tenant_id text, graph_id text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_tenant bigint;
    v_graph bigint;
BEGIN
    PERFORM set_config('loci.role', 'keeper', true);
    FOR v_tenant, v_graph IN
        SELECT DISTINCT k.tenant_key, k.graph_key FROM loci.graph_keys k
        WHERE k.kek_id = p_kek ORDER BY k.graph_key LIMIT p_limit
    LOOP
        PERFORM set_config('loci.tenant', v_tenant::text, true);
        RETURN QUERY
        SELECT t.tenant_id, g.graph_id FROM loci.tenants t, loci.graphs g
        WHERE t.tenant_key = v_tenant AND g.tenant_key = v_tenant AND g.graph_key = v_graph;
    END LOOP;
END $$;

-- Puts other wrapped keys in the place of those that were read, where these still stand, and waits for none that somebody
-- else has hold of: it is found again later. Servers forget what they have by wrapped keys that are stored no more: the
-- erasure of a graph can name only those that are.
CREATE FUNCTION loci.rewrap(p_tenant bigint, p_graphs bigint[], p_purposes smallint[], p_versions integer[], p_old bytea[],
    p_keks text[], p_new bytea[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_stored bytea[];
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM FROM loci.cluster FOR NO KEY UPDATE;  -- before any key: who has one may wait for this
    WITH held AS (
        SELECT k.graph_key, k.purpose, k.version, u.kek_id, u.new
        FROM unnest(p_graphs, p_purposes, p_versions, p_old, p_keks, p_new)
            u (graph_key, purpose, version, old, kek_id, new)
        JOIN loci.graph_keys k ON k.graph_key = u.graph_key AND k.purpose = u.purpose AND k.version = u.version
        WHERE k.tenant_key = p_tenant AND k.wrapped = u.old FOR NO KEY UPDATE OF k SKIP LOCKED
    ), stored AS (
        UPDATE loci.graph_keys k SET kek_id = h.kek_id, wrapped = h.new FROM held h
        WHERE k.tenant_key = p_tenant AND k.graph_key = h.graph_key AND k.purpose = h.purpose AND k.version = h.version
        RETURNING k.wrapped
    )
    SELECT coalesce(array_agg(s.wrapped), '{}') INTO v_stored FROM stored s;
    PERFORM loci.change_keys(p_tenant, 0, ARRAY(
        SELECT sha256(w) FROM unnest(p_old || p_new) w WHERE w <> ALL (v_stored)));
END $$;
