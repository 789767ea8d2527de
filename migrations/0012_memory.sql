-- What memories need: what claims the same or fills the same slot, and what has expired.

-- The nodes that have any of these tokens, the last written first, at most p_limit of each and as many as fit into a page,
-- and how many have each.
CREATE FUNCTION loci.claims(p_tenant bigint, p_graph bigint, p_tokens bigint[], p_limit bigint)
RETURNS TABLE (token bigint, holders bigint, node loci.nodes)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT t.token, h.holders, f.node
    FROM unnest(p_tokens) t(token)
    CROSS JOIN LATERAL (
        SELECT count(*) AS holders FROM loci.property_index x
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1 AND x.token = t.token) h
    LEFT JOIN LATERAL (
        SELECT s.node FROM (
            SELECT n AS node, n.revision, n.id, sum(octet_length(n.content)) OVER (ORDER BY n.revision DESC, n.id) AS total
            FROM loci.property_index x
            JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = x.id
            WHERE h.holders > 0 AND x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1
              AND x.token = t.token
            ORDER BY n.revision DESC, n.id LIMIT p_limit) s
        WHERE s.total - octet_length((s.node).content) < loci.page_bytes()) f ON true;
END $$;

-- Nodes that have expired: of these ids, or any; at most p_limit.
CREATE FUNCTION loci.expired_nodes(p_tenant bigint, p_graph bigint, p_ids text[], p_limit bigint) RETURNS SETOF loci.nodes
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    PERFORM set_config('loci.expired', 'seen', true);
    RETURN QUERY
    SELECT n.* FROM loci.nodes n
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.expire_time <= now()
      AND (p_ids IS NULL OR n.id = ANY (p_ids))
    ORDER BY n.expire_time, n.id LIMIT p_limit;
END $$;

-- Puts the job that removes what has expired off to when the next node expires; without one the job goes. The job is
-- locked before it is looked for one: who commits a node that expires waits, or has been waited for.
CREATE FUNCTION loci.await_expiry(p_tenant bigint, p_graph bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_next timestamptz;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true), set_config('loci.expired', 'seen', true);
    PERFORM FROM loci.jobs j
    WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 4 AND j.subject = 0 FOR UPDATE;
    SELECT min(n.expire_time) INTO v_next FROM loci.nodes n
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.expire_time IS NOT NULL;
    IF v_next IS NULL THEN
        DELETE FROM loci.jobs j
        WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 4 AND j.subject = 0;
    ELSE
        UPDATE loci.jobs j SET run_after = v_next, attempts = 0
        WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 4 AND j.subject = 0;
    END IF;
END $$;

-- Sessions. What was said in one are nodes of some types with the token of its property. Each has at most one after it,
-- to which its first NEXT edge leads, and one before it: the earliest of those whose first NEXT edge leads to it.

CREATE FUNCTION loci.next_turn(p_tenant bigint, p_graph bigint, p_id text) RETURNS text
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT e.target FROM loci.edges e
            WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.source = p_id AND e.relation = 'NEXT'
            ORDER BY e.weight DESC, e.id LIMIT 1);
END $$;

-- Plans may be made while the tables are empty. So the steps are fixed: the edges to a turn, then where they come from, and
-- what those lead to last.
CREATE FUNCTION loci.turn_before(p_tenant bigint, p_graph bigint, p_tokens bigint[], p_types text[], p_id text) RETURNS text
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT t.id
            FROM (SELECT s.id, s.said, s.create_time
                  FROM (SELECT DISTINCT e.source FROM loci.edges e
                        WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.target = p_id
                          AND e.relation = 'NEXT' OFFSET 0) b
                  CROSS JOIN LATERAL (
                      SELECT n.id, coalesce(n.event_time, '-infinity') AS said, n.create_time FROM loci.nodes n
                      WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = b.source
                        AND n.type = ANY (p_types) AND n.property_tokens && p_tokens OFFSET 0) s
                  ORDER BY 2, 3, 1 OFFSET 0) t
            WHERE loci.next_turn(p_tenant, p_graph, t.id) = p_id LIMIT 1);
END $$;

-- The turns that follow one, up to the one with which its chain began; at most p_limit.
CREATE FUNCTION loci.session_chain(p_tenant bigint, p_graph bigint, p_tokens bigint[], p_types text[], p_after text,
    p_first text, p_limit bigint) RETURNS TABLE (id text, said timestamptz, create_time timestamptz)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    v_at text := p_after;
    v_next text;
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    FOR v_turn IN 1..p_limit LOOP
        v_next := loci.next_turn(p_tenant, p_graph, v_at);
        EXIT WHEN v_next IS NULL OR v_next = p_first
            OR loci.turn_before(p_tenant, p_graph, p_tokens, p_types, v_next) IS DISTINCT FROM v_at;
        RETURN QUERY
        SELECT n.id::text, coalesce(n.event_time, '-infinity'), n.create_time FROM loci.nodes n
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = v_next
          AND n.type = ANY (p_types) AND n.property_tokens && p_tokens;
        EXIT WHEN NOT FOUND;
        v_at := v_next;
    END LOOP;
END $$;

-- The turns with which chains begin, in their order, behind one; at most p_limit. Each turn of the session is looked at
-- once, with what follows it: what nothing leads to begins a chain.
CREATE FUNCTION loci.session_heads(p_tenant bigint, p_graph bigint, p_tokens bigint[], p_types text[], p_said timestamptz,
    p_created timestamptz, p_id text, p_limit bigint)
RETURNS TABLE (id text, said timestamptz, create_time timestamptz)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    WITH turns AS MATERIALIZED (
        SELECT n.id, n.said, n.create_time, f.target
        FROM (SELECT x.id FROM loci.property_index x
              WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1 AND x.token = ANY (p_tokens) OFFSET 0) x
        CROSS JOIN LATERAL (
            SELECT n.id, coalesce(n.event_time, '-infinity') AS said, n.create_time FROM loci.nodes n
            WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = x.id AND n.type = ANY (p_types) OFFSET 0) n
        LEFT JOIN LATERAL (
            SELECT e.target FROM loci.edges e
            WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.source = n.id AND e.relation = 'NEXT'
            ORDER BY e.weight DESC, e.id LIMIT 1) f ON true
    )
    SELECT t.id::text, min(t.said), min(t.create_time)
    FROM (SELECT t.id, t.said, t.create_time FROM turns t
          UNION ALL
          SELECT t.target, NULL, NULL FROM turns t WHERE t.target IS NOT NULL) t
    GROUP BY t.id
    HAVING count(*) = 1 AND (min(t.said), min(t.create_time), t.id) > (p_said, p_created, p_id)
    ORDER BY 2, 3, t.id LIMIT p_limit;
END $$;

-- How many turns a session has.
CREATE FUNCTION loci.session_count(p_tenant bigint, p_graph bigint, p_tokens bigint[], p_types text[]) RETURNS bigint
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN (SELECT count(*)
            FROM (SELECT x.id FROM loci.property_index x
                  WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1 AND x.token = ANY (p_tokens) OFFSET 0) x
            CROSS JOIN LATERAL (
                SELECT FROM loci.nodes n
                WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = x.id AND n.type = ANY (p_types)
                OFFSET 0) n);
END $$;

-- The turns of a session in order of id, behind one, each with the node after it. At most p_limit.
CREATE FUNCTION loci.session_turns(p_tenant bigint, p_graph bigint, p_tokens bigint[], p_types text[], p_after text,
    p_limit bigint) RETURNS TABLE (id text, said timestamptz, create_time timestamptz, next text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT n.id::text, n.said, n.create_time, loci.next_turn(p_tenant, p_graph, n.id)
    FROM (SELECT x.id FROM loci.property_index x
          WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1 AND x.token = ANY (p_tokens) AND x.id > p_after
          ORDER BY x.id OFFSET 0) x
    CROSS JOIN LATERAL (
        SELECT n.id, coalesce(n.event_time, '-infinity') AS said, n.create_time FROM loci.nodes n
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = x.id AND n.type = ANY (p_types) OFFSET 0) n
    ORDER BY x.id LIMIT p_limit;
END $$;
