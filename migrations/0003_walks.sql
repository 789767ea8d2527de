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

-- What stands around some documents, within p_hops steps: its nodes, numbered from 1, with their documents (0: none), and
-- the links between them, those first that pass on most. A link's share is its edge's weight, at most 1, divided by the square root of how many edges of
-- this relation go the same way from its origin. Only edges that may be valid within the bounds are links, and none of a
-- node that has more than p_fan in that direction. What p_decay leaves of activation over the links decides how far it is
-- worth to go: the walk goes on from nodes that get at least p_least, in each step from the p_frontier that get most; cut
-- tells whether there were more.
CREATE FUNCTION loci.surroundings(p_tenant bigint, p_graph bigint, p_documents bigint[], p_lower timestamptz,
    p_upper timestamptz, p_hops integer, p_fan bigint, p_decay double precision, p_least double precision,
    p_frontier bigint)
RETURNS TABLE (documents bigint[], origins integer[], others integer[], shares real[], cut boolean)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    v_nodes text[] := '{}';  -- in the order of their numbers
    v_frontier text[];
    v_reach double precision[];
    v_origins integer[] := '{}';
    v_others text[] := '{}';
    v_shares real[] := '{}';
    v_links record;
    v_cut boolean := false;
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    SELECT array_agg(n.id ORDER BY d.place), array_agg(1::double precision) INTO v_frontier, v_reach
    FROM unnest(p_documents) WITH ORDINALITY d(doc_no, place)
    JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no = d.doc_no;
    FOR hop IN 1..p_hops LOOP
        EXIT WHEN coalesce(cardinality(v_frontier), 0) = 0;
        SELECT array_agg(cardinality(v_nodes) + s.place::integer) AS origins, array_agg(s.other) AS others,
            array_agg(s.share) AS shares, array_agg(s.reach * s.share * p_decay) AS reach INTO v_links
        FROM (
            SELECT f.place, f.reach, x.other,
                (least(x.weight, 1) / sqrt(count(*) OVER (PARTITION BY f.place, x.forward, x.relation)))::real AS share,
                count(*) OVER (PARTITION BY f.place, x.forward) AS fan
            FROM unnest(v_frontier, v_reach) WITH ORDINALITY f(id, reach, place)
            CROSS JOIN LATERAL (
                (SELECT e.target AS other, e.relation, e.weight, true AS forward FROM loci.edges e
                 WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.source = f.id
                   AND (p_lower IS NULL OR e.valid_upper IS NULL OR e.valid_upper > p_lower)
                   AND (p_upper IS NULL OR e.valid_lower IS NULL OR e.valid_lower < p_upper)
                 LIMIT p_fan + 1)
                UNION ALL
                (SELECT e.source, e.relation, e.weight, false FROM loci.edges e
                 WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.target = f.id
                   AND (p_lower IS NULL OR e.valid_upper IS NULL OR e.valid_upper > p_lower)
                   AND (p_upper IS NULL OR e.valid_lower IS NULL OR e.valid_lower < p_upper)
                 LIMIT p_fan + 1)) x
        ) s WHERE s.fan <= p_fan AND s.share > 0;
        v_nodes := v_nodes || v_frontier;
        EXIT WHEN v_links.origins IS NULL;
        v_origins := v_origins || v_links.origins;
        v_others := v_others || v_links.others;
        v_shares := v_shares || v_links.shares;
        EXIT WHEN hop = p_hops;
        SELECT array_agg(b.id), array_agg(b.reach) INTO v_frontier, v_reach
        FROM (
            SELECT l.other AS id, max(l.reach) AS reach FROM unnest(v_links.others, v_links.reach) l(other, reach)
            WHERE l.reach >= p_least AND l.other NOT IN (SELECT k FROM unnest(v_nodes) k)
            GROUP BY l.other ORDER BY 2 DESC, 1 LIMIT p_frontier + 1) b;
        v_cut := v_cut OR cardinality(v_frontier) > p_frontier;
        v_frontier := v_frontier[:p_frontier];
    END LOOP;
    v_nodes := v_nodes || ARRAY(SELECT DISTINCT o FROM unnest(v_others) o
                                WHERE o NOT IN (SELECT k FROM unnest(v_nodes) k) ORDER BY 1);
    documents := ARRAY(SELECT coalesce(n.doc_no, 0) FROM unnest(v_nodes) WITH ORDINALITY i(id, place)
                       LEFT JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = i.id
                       ORDER BY i.place);
    SELECT coalesce(array_agg(l.origin), '{}'), coalesce(array_agg(l.other), '{}'), coalesce(array_agg(l.share), '{}')
    INTO origins, others, shares
    FROM (
        SELECT l.origin, i.place::integer AS other, l.share FROM unnest(v_origins, v_others, v_shares) l(origin, id, share)
        JOIN unnest(v_nodes) WITH ORDINALITY i(id, place) ON i.id = l.id ORDER BY l.share DESC) l;
    cut := coalesce(v_cut, false);
    RETURN NEXT;
END $$;
