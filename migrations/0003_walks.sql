-- Walks along edges.

-- One step of a walk: the heaviest edges of each node of the frontier, at most p_per_node of each and p_limit in all, in
-- the order of the frontier (nothing here reorders it, so the limit ends the work). direction 1: outgoing, 2: incoming,
-- 3: both. Nodes that are entered have one of the types and may be valid within the bounds, unless p_admitted names them;
-- edges to p_known_nodes and p_known_edges themselves are passed over. p_weight alone: edges lighter than it; with
-- p_after_id: edges of just this weight behind that id (two calls are a page).
CREATE FUNCTION loci.expand(p_tenant bigint, p_graph bigint, p_frontier text[], p_direction integer,
    p_relations text[], p_types text[], p_lower timestamptz, p_upper timestamptz, p_admitted text[],
    p_known_nodes text[], p_known_edges text[], p_per_node bigint, p_limit bigint, p_weight double precision,
    p_after_id text)
RETURNS TABLE (origin text, other text, edge text, weight double precision, place bigint)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT f.id, s.other, s.id, s.weight, s.place
    FROM unnest(p_frontier) f(id)
    CROSS JOIN LATERAL (
        SELECT u.other, u.id, u.weight, row_number() OVER (ORDER BY u.weight DESC, u.id) AS place FROM (
            (SELECT e.target AS other, e.id, e.weight FROM loci.edges e
             WHERE p_direction IN (1, 3) AND e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.source = f.id
               AND (p_weight IS NULL OR p_after_id IS NOT NULL OR e.weight < p_weight)
               AND (p_after_id IS NULL OR e.weight = p_weight AND e.id > p_after_id)
               AND (p_relations IS NULL OR e.relation = ANY (p_relations))
               AND (p_lower IS NULL OR e.valid_upper IS NULL OR e.valid_upper > p_lower)
               AND (p_upper IS NULL OR e.valid_lower IS NULL OR e.valid_lower < p_upper)
               AND (p_known_nodes IS NULL OR e.target <> ALL (p_known_nodes))
               AND (p_known_edges IS NULL OR e.id <> ALL (p_known_edges))
               AND (p_types IS NULL AND p_lower IS NULL AND p_upper IS NULL OR e.target = ANY (p_admitted) OR EXISTS (
                    SELECT FROM loci.nodes n
                    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = e.target
                      AND (p_types IS NULL OR n.type = ANY (p_types))
                      AND (p_lower IS NULL OR n.valid_upper IS NULL OR n.valid_upper > p_lower)
                      AND (p_upper IS NULL OR n.valid_lower IS NULL OR n.valid_lower < p_upper)))
             ORDER BY e.weight DESC, e.id LIMIT p_per_node)
            UNION ALL
            (SELECT e.source AS other, e.id, e.weight FROM loci.edges e
             WHERE p_direction IN (2, 3) AND e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.target = f.id
               AND (p_weight IS NULL OR p_after_id IS NOT NULL OR e.weight < p_weight)
               AND (p_after_id IS NULL OR e.weight = p_weight AND e.id > p_after_id)
               AND (p_relations IS NULL OR e.relation = ANY (p_relations))
               AND (p_lower IS NULL OR e.valid_upper IS NULL OR e.valid_upper > p_lower)
               AND (p_upper IS NULL OR e.valid_lower IS NULL OR e.valid_lower < p_upper)
               AND (p_known_nodes IS NULL OR e.source <> ALL (p_known_nodes))
               AND (p_known_edges IS NULL OR e.id <> ALL (p_known_edges))
               AND (p_types IS NULL AND p_lower IS NULL AND p_upper IS NULL OR e.source = ANY (p_admitted) OR EXISTS (
                    SELECT FROM loci.nodes n
                    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = e.source
                      AND (p_types IS NULL OR n.type = ANY (p_types))
                      AND (p_lower IS NULL OR n.valid_upper IS NULL OR n.valid_upper > p_lower)
                      AND (p_upper IS NULL OR n.valid_lower IS NULL OR n.valid_lower < p_upper)))
             ORDER BY e.weight DESC, e.id LIMIT p_per_node)
        ) u ORDER BY u.weight DESC, u.id LIMIT p_per_node
    ) s
    LIMIT p_limit;
END $$;

-- Every edge with both ends among these nodes, heaviest first.
CREATE FUNCTION loci.induced_edges(p_tenant bigint, p_graph bigint, p_ids text[], p_relations text[],
    p_lower timestamptz, p_upper timestamptz, p_limit bigint) RETURNS SETOF loci.edges
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT e.* FROM loci.edges e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.source = ANY (p_ids) AND e.target = ANY (p_ids)
      AND (p_relations IS NULL OR e.relation = ANY (p_relations))
      AND (p_lower IS NULL OR e.valid_upper IS NULL OR e.valid_upper > p_lower)
      AND (p_upper IS NULL OR e.valid_lower IS NULL OR e.valid_lower < p_upper)
    ORDER BY e.weight DESC, e.id LIMIT p_limit;
END $$;
