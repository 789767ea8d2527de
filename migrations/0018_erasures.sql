-- Erasure of graphs and tenants.
--
-- At once, in one transaction: the wrapped data keys go, so that nothing opens any more, and nobody finds the graph. Then a
-- job removes the rows; then the tenant's key-encryption key is rotated and its versions before are destroyed (or the key
-- itself, of a tenant), so that what dumps hold of the data keys opens nowhere either; then a receipt is signed.
--
-- An erasure belongs to who has claimed it, until the time that run_after was set to then: what a process that has lost it,
-- and does not know, still tells of it is not heard.
--
-- States. 1: callers that may still be let in are waited for (of a tenant); 2: rows are removed; 3: key-encryption keys are
-- destroyed; 0: it is over.

ALTER TABLE loci.graphs
    -- Its keys are gone. The row stays, so that watchers of all graphs are told, until a new graph takes the id.
    ADD COLUMN erased boolean NOT NULL DEFAULT false;
ALTER TABLE loci.tenants
    ADD COLUMN erased boolean NOT NULL DEFAULT false;

CREATE TABLE loci.erasures (
    erasure_id uuid PRIMARY KEY,
    tenant_key bigint NOT NULL,
    tenant_id text COLLATE "C" NOT NULL,
    graph_key bigint NOT NULL,      -- 0: the tenant
    graph_id text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    state smallint NOT NULL,
    request_hash bytea,
    fingerprint bytea,
    request_time timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Rows removed, by table.
    counts jsonb NOT NULL DEFAULT '{}',
    -- The data keys that were destroyed: graph, purpose, version, kek_id. Of a tenant only how many.
    data_keys jsonb NOT NULL DEFAULT '[]',
    data_key_count bigint NOT NULL DEFAULT 0,
    -- Key-encryption keys that were destroyed (until it is over: that are to be), and those that are left and could open
    -- data keys in dumps.
    destroyed text[] NOT NULL DEFAULT '{}',
    remaining text[] NOT NULL DEFAULT '{}',
    end_time timestamptz,
    run_after timestamptz NOT NULL DEFAULT now(),
    failure text,
    statement text,
    signature bytea,
    -- Servers that have heard of this epoch have none of its data keys any more.
    epoch bigint NOT NULL DEFAULT 0
);
CREATE INDEX erasures_due ON loci.erasures (run_after) WHERE end_time IS NULL;
CREATE INDEX erasures_tenant ON loci.erasures (tenant_key, request_time DESC, erasure_id);
-- For operators: of all tenants, and of those that had an id, though no tenant has it any more.
CREATE INDEX erasures_time ON loci.erasures (request_time, erasure_id);
CREATE INDEX erasures_tenant_id ON loci.erasures (tenant_id, request_time, erasure_id);
CREATE UNIQUE INDEX erasures_request ON loci.erasures (tenant_key, request_hash) WHERE request_hash IS NOT NULL;

ALTER TABLE loci.erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE loci.erasures FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON loci.erasures
    USING (tenant_key = (SELECT nullif(current_setting('loci.tenant', true), '')::bigint));
CREATE POLICY operator ON loci.erasures
    USING ((SELECT current_setting('loci.role', true)) IN ('operator', 'worker'));

-- Takes the keys of graphs away, which are locked: from now on nobody opens them, and nobody finds them. The keys that they
-- had, as JSON.
CREATE FUNCTION loci.close_held(p_tenant bigint, p_graphs bigint[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_keys jsonb := '[]';
    v_closed record;
BEGIN
    PERFORM FROM loci.graph_keys k WHERE k.tenant_key = p_tenant AND k.graph_key = ANY (p_graphs)
    ORDER BY k.graph_key, k.purpose, k.version FOR UPDATE;
    PERFORM FROM loci.key_rotations r WHERE r.tenant_key = p_tenant AND r.graph_key = ANY (p_graphs)
    ORDER BY r.graph_key FOR UPDATE;
    DELETE FROM loci.key_rotations r WHERE r.tenant_key = p_tenant AND r.graph_key = ANY (p_graphs);
    UPDATE loci.graphs g
    SET erased = true, delete_time = coalesce(g.delete_time, now()), display_name = '', search_fields = NULL,
        version = g.version + 1, update_time = now(), xid = pg_current_xact_id(), incarnation = loci.incarnation(),
        high_xid = CASE WHEN g.incarnation = loci.incarnation() THEN greatest(g.high_xid, pg_current_xact_id())
                   ELSE pg_current_xact_id() END,
        state_xid = CASE WHEN g.delete_time IS NULL THEN pg_current_xact_id() ELSE g.state_xid END,
        state_incarnation = CASE WHEN g.delete_time IS NULL THEN loci.incarnation() ELSE g.state_incarnation END
    WHERE g.tenant_key = p_tenant AND g.graph_key = ANY (p_graphs);
    FOR v_closed IN
        WITH gone AS (
            DELETE FROM loci.graph_keys k WHERE k.tenant_key = p_tenant AND k.graph_key = ANY (p_graphs) RETURNING k.*
        )
        SELECT c.graph_key, coalesce(array_agg(sha256(g.wrapped)) FILTER (WHERE g.wrapped IS NOT NULL), '{}') AS gone,
            coalesce(jsonb_agg(jsonb_build_object('purpose', g.purpose, 'version', g.version, 'kek_id', g.kek_id)
                               ORDER BY g.purpose, g.version) FILTER (WHERE g.wrapped IS NOT NULL), '[]') AS keys
        FROM unnest(p_graphs) c (graph_key) LEFT JOIN gone g USING (graph_key) GROUP BY c.graph_key
    LOOP
        PERFORM loci.change_keys(p_tenant, v_closed.graph_key, v_closed.gone);
        v_keys := v_keys || v_closed.keys;
    END LOOP;
    RETURN v_keys;
END $$;

-- Until the end of the transaction nobody else uses this request_id for an erasure.
CREATE FUNCTION loci.hold_erasure(p_tenant bigint, p_request_hash bytea) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(encode(p_request_hash, 'hex'), p_tenant))
$$;

-- Begins to erase a graph, deleted or not. Null: there is none. An id that was used for the same before gives that one.
CREATE FUNCTION loci.begin_graph_erasure(p_tenant bigint, p_graph_id text, p_erasure uuid, p_tenant_id text, p_actor text,
    p_request_hash bytea, p_fingerprint bytea) RETURNS SETOF loci.erasures LANGUAGE plpgsql AS $$
DECLARE
    v_graph bigint;
    v_keys jsonb;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM loci.hold_erasure(p_tenant, p_request_hash);
    SELECT g.graph_key INTO v_graph FROM loci.graphs g
    WHERE g.tenant_key = p_tenant AND g.graph_id = p_graph_id AND NOT g.erased FOR UPDATE;
    RETURN QUERY
    SELECT e.* FROM loci.erasures e WHERE e.tenant_key = p_tenant AND e.request_hash = p_request_hash;
    IF FOUND OR v_graph IS NULL THEN
        RETURN;
    END IF;
    v_keys := loci.close_held(p_tenant, ARRAY[v_graph]);
    RETURN QUERY
    INSERT INTO loci.erasures (erasure_id, tenant_key, tenant_id, graph_key, graph_id, actor, state, request_hash,
        fingerprint, data_keys, data_key_count, epoch)
    VALUES (p_erasure, p_tenant, p_tenant_id, v_graph, p_graph_id, p_actor, 2, p_request_hash, p_fingerprint, v_keys,
        jsonb_array_length(v_keys), (SELECT c.key_epoch FROM loci.cluster c))
    RETURNING *;
END $$;

-- Begins to erase a tenant: its credentials are refused, and it cannot be brought back. Null: there is none.
CREATE FUNCTION loci.begin_tenant_erasure(p_tenant bigint, p_erasure uuid, p_actor text, p_request_hash bytea,
    p_fingerprint bytea) RETURNS SETOF loci.erasures LANGUAGE plpgsql AS $$
DECLARE
    v_id text;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true), set_config('loci.role', 'operator', true);
    PERFORM loci.hold_erasure(p_tenant, p_request_hash);
    SELECT t.tenant_id INTO v_id FROM loci.tenants t WHERE t.tenant_key = p_tenant AND NOT t.erased FOR UPDATE;
    RETURN QUERY
    SELECT e.* FROM loci.erasures e WHERE e.tenant_key = p_tenant AND e.request_hash = p_request_hash;
    IF FOUND OR v_id IS NULL THEN
        RETURN;
    END IF;
    UPDATE loci.tenants t SET erased = true, delete_time = coalesce(t.delete_time, now()) WHERE t.tenant_key = p_tenant;
    RETURN QUERY
    INSERT INTO loci.erasures (erasure_id, tenant_key, tenant_id, graph_key, graph_id, actor, state, request_hash,
        fingerprint)
    VALUES (p_erasure, p_tenant, v_id, 0, '', p_actor, 1, p_request_hash, p_fingerprint)
    RETURNING *;
END $$;

-- Closes graphs of a tenant, at most p_limit. How many it found; the erasure counts their keys.
CREATE FUNCTION loci.close_graphs(p_tenant bigint, p_erasure uuid, p_limit bigint) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    v_found bigint[];
    v_held bigint[];
    v_keys bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    v_found := ARRAY(SELECT g.graph_key FROM loci.graphs g WHERE g.tenant_key = p_tenant AND NOT g.erased LIMIT p_limit);
    v_held := ARRAY(
        SELECT g.graph_key FROM loci.graphs g
        WHERE g.tenant_key = p_tenant AND g.graph_key = ANY (v_found) AND NOT g.erased ORDER BY g.graph_key FOR UPDATE);
    v_keys := jsonb_array_length(loci.close_held(p_tenant, v_held));
    UPDATE loci.erasures e
    SET data_key_count = e.data_key_count + v_keys, epoch = (SELECT c.key_epoch FROM loci.cluster c)
    WHERE e.tenant_key = p_tenant AND e.erasure_id = p_erasure;
    RETURN cardinality(v_found);
END $$;

-- Removes rows of a graph from tables, one after the other, at most p_limit in all. How many, by table. Whatever the
-- statistics say: when there are no more, that must not be seen by reading a table whole.
CREATE FUNCTION loci.erase_rows(p_tenant bigint, p_graph bigint, p_tables text[], p_limit bigint) RETURNS jsonb
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    v_table text;
    v_found bigint;
    v_left bigint := p_limit;
    v_counts jsonb := '{}';
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true), set_config('loci.expired', 'seen', true);
    FOREACH v_table IN ARRAY p_tables LOOP
        IF v_table = 'changes' THEN
            PERFORM loci.hold_log(p_graph);
            DELETE FROM loci.changes c
            WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND (c.revision, c.ordinal, c.part) IN (
                SELECT x.revision, x.ordinal, x.part FROM loci.changes x
                WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph ORDER BY x.revision LIMIT v_left);
        ELSE
            EXECUTE format('DELETE FROM loci.%1$I x WHERE x.tenant_key = $1 AND x.graph_key = $2 AND x.ctid = ANY (ARRAY('
                           'SELECT y.ctid FROM loci.%1$I y WHERE y.tenant_key = $1 AND y.graph_key = $2 LIMIT $3))', v_table)
            USING p_tenant, p_graph, v_left;
        END IF;
        GET DIAGNOSTICS v_found = ROW_COUNT;
        IF v_found > 0 THEN
            v_counts := v_counts || jsonb_build_object(v_table, v_found);
            v_left := v_left - v_found;
            EXIT WHEN v_left <= 0;
        END IF;
    END LOOP;
    RETURN v_counts;
END $$;

-- The same for tables that know no graph: what they hold of a tenant.
CREATE FUNCTION loci.erase_tenant_rows(p_tenant bigint, p_tables text[], p_limit bigint) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_table text;
    v_found bigint;
    v_counts jsonb := '{}';
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    FOREACH v_table IN ARRAY p_tables LOOP
        EXECUTE format('DELETE FROM loci.%1$I x WHERE x.tenant_key = $1 AND x.ctid = ANY (ARRAY('
                       'SELECT y.ctid FROM loci.%1$I y WHERE y.tenant_key = $1 LIMIT $2))', v_table)
        USING p_tenant, p_limit;
        GET DIAGNOSTICS v_found = ROW_COUNT;
        IF v_found > 0 THEN
            v_counts := v_counts || jsonb_build_object(v_table, v_found);
        END IF;
        EXIT WHEN v_found >= p_limit;
    END LOOP;
    RETURN v_counts;
END $$;

-- Adds to what an erasure has removed.
CREATE FUNCTION loci.count_erased(p_tenant bigint, p_erasure uuid, p_counts jsonb) RETURNS void LANGUAGE sql AS $$
    UPDATE loci.erasures e
    SET counts = (SELECT jsonb_object_agg(k.key, coalesce((e.counts ->> k.key)::bigint, 0)
                                                 + coalesce((p_counts ->> k.key)::bigint, 0))
                  FROM (SELECT jsonb_object_keys(e.counts) AS key UNION SELECT jsonb_object_keys(p_counts)) k),
        failure = NULL
    WHERE e.tenant_key = p_tenant AND e.erasure_id = p_erasure AND p_counts <> '{}'
$$;

-- The next graph of a tenant that is being erased; null if there is none.
CREATE FUNCTION loci.next_closed_graph(p_tenant bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN (SELECT g.graph_key FROM loci.graphs g WHERE g.tenant_key = p_tenant ORDER BY g.graph_id LIMIT 1);
END $$;
