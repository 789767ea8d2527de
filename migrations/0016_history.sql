-- What was asked, and how it was judged.

CREATE TYPE loci.query_row AS (
    tenant_key bigint,
    graph_key bigint,
    query_id uuid,
    time timestamptz,
    actor bigint,
    content bytea
);

-- Writes what was asked of graphs that are there and keep a history, since they do. Their rows are held: who switches a
-- history off waits for what is being written of it, and removes it; what comes later finds it off. p_behind: how
-- far the clock of the process is behind that of the database, by which it is switched.
CREATE FUNCTION loci.record_queries(p_rows loci.query_row[], p_behind interval) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_tenant bigint;
    v_kept bigint[];
    v_since timestamptz[];
BEGIN
    FOR v_tenant IN SELECT DISTINCT r.tenant_key FROM unnest(p_rows) r ORDER BY 1 LOOP
        PERFORM set_config('loci.tenant', v_tenant::text, true);
        -- Shared with commits, which change no key.
        WITH kept AS (
            SELECT g.graph_key, g.query_history_time FROM loci.graphs g
            WHERE g.tenant_key = v_tenant AND g.query_history AND g.delete_time IS NULL
              AND g.graph_key = ANY (ARRAY(SELECT r.graph_key FROM unnest(p_rows) r WHERE r.tenant_key = v_tenant))
            ORDER BY g.graph_key FOR KEY SHARE
        )
        SELECT array_agg(k.graph_key), array_agg(k.query_history_time) INTO v_kept, v_since FROM kept k;
        INSERT INTO loci.queries (graph_key, query_id, tenant_key, time, actor, content)
        SELECT r.graph_key, r.query_id, v_tenant, r.time, r.actor, r.content
        FROM unnest(p_rows) r
        JOIN unnest(v_kept, v_since) k (graph_key, since) ON k.graph_key = r.graph_key
        WHERE r.tenant_key = v_tenant AND (k.since IS NULL OR r.time + p_behind >= k.since)
        ON CONFLICT DO NOTHING;
    END LOOP;
END $$;

-- What was asked, latest first, before a place. Nothing of a graph that keeps no history.
CREATE FUNCTION loci.list_queries(p_tenant bigint, p_graph bigint, p_start timestamptz, p_end timestamptz,
    p_time timestamptz, p_query uuid, p_limit bigint) RETURNS SETOF loci.queries
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT (x.query).* FROM (
        SELECT q AS query, sum(octet_length(q.content)) OVER (ORDER BY q.time DESC, q.query_id DESC)
            - octet_length(q.content) AS before
        FROM (SELECT c.* FROM loci.queries c
              WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.time >= p_start AND c.time < p_end
                AND (c.time, c.query_id) < (p_time, p_query)
                AND EXISTS (SELECT FROM loci.graphs g
                            WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.query_history)
              ORDER BY c.time DESC, c.query_id DESC LIMIT p_limit) q) x
    WHERE x.before < loci.page_bytes()
    ORDER BY (x.query).time DESC, (x.query).query_id DESC;
END $$;

CREATE FUNCTION loci.list_feedback(p_tenant bigint, p_graph bigint, p_start timestamptz, p_end timestamptz,
    p_time timestamptz, p_feedback uuid, p_limit bigint) RETURNS SETOF loci.feedback
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT f.* FROM loci.feedback f
    WHERE f.tenant_key = p_tenant AND f.graph_key = p_graph AND f.time >= p_start AND f.time < p_end
      AND (f.time, f.feedback_id) < (p_time, p_feedback)
    ORDER BY f.time DESC, f.feedback_id DESC LIMIT p_limit;
END $$;

-- Counts of feedback by kind and profile (place null), and of each kind the nodes that got most of it, in their order.
CREATE FUNCTION loci.summarize_feedback(p_tenant bigint, p_graph bigint, p_start timestamptz, p_end timestamptz,
    p_limit bigint)
RETURNS TABLE (kind smallint, profile smallint, place bigint, node text, helpful bigint, unhelpful bigint, missed bigint)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT f.kind, f.profile, f.node FROM loci.feedback f
        WHERE f.tenant_key = p_tenant AND f.graph_key = p_graph AND f.time >= p_start AND f.time < p_end
    ), nodes AS (
        SELECT g.node, count(*) FILTER (WHERE g.kind = 1) AS helpful, count(*) FILTER (WHERE g.kind = 2) AS unhelpful,
            count(*) FILTER (WHERE g.kind = 3) AS missed
        FROM given g WHERE g.node IS NOT NULL GROUP BY g.node
    ), ranked AS (
        SELECT k.kind, n.*, row_number() OVER (PARTITION BY k.kind ORDER BY k.count DESC, n.node) AS place
        FROM nodes n CROSS JOIN LATERAL (VALUES (1::smallint, n.helpful), (2::smallint, n.unhelpful),
                                         (3::smallint, n.missed)) k (kind, count)
        WHERE k.count > 0
    )
    SELECT NULL::smallint, g.profile, NULL::bigint, NULL::text, count(*) FILTER (WHERE g.kind = 1),
        count(*) FILTER (WHERE g.kind = 2), count(*) FILTER (WHERE g.kind = 3)
    FROM given g GROUP BY g.profile
    UNION ALL
    SELECT r.kind, NULL, r.place, r.node::text, r.helpful, r.unhelpful, r.missed FROM ranked r WHERE r.place <= p_limit
    ORDER BY 1 NULLS FIRST, 2, 3;
END $$;
