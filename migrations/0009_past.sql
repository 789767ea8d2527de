-- A graph as it stood at a revision, read from the log: of each item the last change up to then, if it left something.
-- LC004, with the oldest revision that can be read: what stood then is compacted.

-- Enters a graph, and proves that its state at a revision is there. Returns the floor of its log: of what was before it the
-- base tells, of what came after it the months.
CREATE FUNCTION loci.enter_at(p_tenant bigint, p_graph bigint, p_revision bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_floor bigint;
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    v_floor := loci.log_floor(p_tenant, p_graph);
    IF p_revision < v_floor THEN
        RAISE EXCEPTION '%', v_floor USING ERRCODE = 'LC004';
    END IF;
    RETURN v_floor;
END $$;

CREATE TYPE loci.state_row AS (
    id text, revision bigint, image_no bigint, image bytea, create_time timestamptz, update_time timestamptz
);

-- Nodes or edges by id. Cut as loci.get_nodes is.
CREATE FUNCTION loci.items_at(p_tenant bigint, p_graph bigint, p_kind smallint, p_ids text[], p_revision bigint)
RETURNS SETOF loci.state_row LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM loci.enter_at(p_tenant, p_graph, p_revision);
    RETURN QUERY
    SELECT x.id, x.revision, x.image_no, x.image, coalesce(x.create_time, x.commit_time),
        coalesce(x.update_time, x.commit_time)
    FROM (
        SELECT c.*, sum(octet_length(c.image)) OVER (ROWS UNBOUNDED PRECEDING) - octet_length(c.image) AS before
        FROM unnest(p_ids) i
        CROSS JOIN LATERAL (
            SELECT y.* FROM loci.changes y
            WHERE y.tenant_key = p_tenant AND y.graph_key = p_graph AND y.kind = p_kind AND y.id = i
              AND y.revision <= p_revision
            ORDER BY y.part DESC, y.revision DESC, y.ordinal DESC LIMIT 1) c
        WHERE c.image IS NOT NULL) x
    WHERE x.before < 2 * loci.page_bytes();
END $$;

-- Of these nodes those that stood at a revision and have expired since.
CREATE FUNCTION loci.expired_at(p_tenant bigint, p_graph bigint, p_ids text[], p_revision bigint) RETURNS TABLE (id text)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter_at(p_tenant, p_graph, p_revision);
    -- In most graphs nothing ever expires.
    PERFORM FROM loci.changes c
    WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.expire_time <= now() LIMIT 1;
    IF FOUND THEN
        RETURN QUERY
        SELECT i FROM unnest(p_ids) i
        CROSS JOIN LATERAL (
            SELECT y.expire_time FROM loci.changes y
            WHERE y.tenant_key = p_tenant AND y.graph_key = p_graph AND y.kind = 1 AND y.id = i
              AND y.revision <= p_revision
            ORDER BY y.part DESC, y.revision DESC, y.ordinal DESC LIMIT 1) c
        WHERE c.expire_time <= now();
    END IF;
END $$;

-- Nodes (kind 1) or edges (kind 2) behind p_after, in order of id, that pass the filter of their kind, but for properties,
-- which are sealed, and max_revision; null passes all. Nodes that have expired are not among them.
CREATE FUNCTION loci.list_at(p_tenant bigint, p_graph bigint, p_kind smallint, p_nodes loci.node_filter,
    p_edges loci.edge_filter, p_after text, p_limit bigint, p_revision bigint)
RETURNS SETOF loci.state_row LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM loci.enter_at(p_tenant, p_graph, p_revision);
    RETURN QUERY
    WITH page AS (
        SELECT s.id, s.revision, s.ordinal, s.part, octet_length(s.image) AS size
        FROM (SELECT DISTINCT ON (c.id) c.* FROM loci.changes c
              WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = p_kind AND c.id > p_after
                AND c.revision <= p_revision
              ORDER BY c.id, c.part DESC, c.revision DESC, c.ordinal DESC) s
        WHERE s.image IS NOT NULL
          AND (s.expire_time IS NULL OR s.expire_time > now())
          AND (p_nodes IS NULL
               OR (p_nodes.types IS NULL OR s.type = ANY (p_nodes.types))
              AND (p_nodes.event_start IS NULL OR s.event_time >= p_nodes.event_start)
              AND (p_nodes.event_end IS NULL OR s.event_time < p_nodes.event_end)
              AND (p_nodes.create_start IS NULL OR coalesce(s.create_time, s.commit_time) >= p_nodes.create_start)
              AND (p_nodes.create_end IS NULL OR coalesce(s.create_time, s.commit_time) < p_nodes.create_end)
              AND (p_nodes.update_start IS NULL OR coalesce(s.update_time, s.commit_time) >= p_nodes.update_start)
              AND (p_nodes.update_end IS NULL OR coalesce(s.update_time, s.commit_time) < p_nodes.update_end)
              AND (p_nodes.min_salience IS NULL OR s.weight >= p_nodes.min_salience)
              AND (p_nodes.max_salience IS NULL OR s.weight <= p_nodes.max_salience)
              AND (p_nodes.valid_lower IS NULL OR s.valid_upper IS NULL OR s.valid_upper > p_nodes.valid_lower)
              AND (p_nodes.valid_upper IS NULL OR s.valid_lower IS NULL OR s.valid_lower < p_nodes.valid_upper))
          AND (p_edges IS NULL
               OR (p_edges.relations IS NULL OR s.type = ANY (p_edges.relations))
              AND (p_edges.source IS NULL OR s.source = p_edges.source)
              AND (p_edges.target IS NULL OR s.target = p_edges.target)
              AND (p_edges.create_start IS NULL OR coalesce(s.create_time, s.commit_time) >= p_edges.create_start)
              AND (p_edges.create_end IS NULL OR coalesce(s.create_time, s.commit_time) < p_edges.create_end)
              AND (p_edges.update_start IS NULL OR coalesce(s.update_time, s.commit_time) >= p_edges.update_start)
              AND (p_edges.update_end IS NULL OR coalesce(s.update_time, s.commit_time) < p_edges.update_end)
              AND (p_edges.valid_lower IS NULL OR s.valid_upper IS NULL OR s.valid_upper > p_edges.valid_lower)
              AND (p_edges.valid_upper IS NULL OR s.valid_lower IS NULL OR s.valid_lower < p_edges.valid_upper))
        ORDER BY s.id LIMIT p_limit
    ), sized AS (SELECT p.*, sum(p.size) OVER (ORDER BY p.id) AS total FROM page p)
    SELECT c.id, c.revision, c.image_no, c.image, coalesce(c.create_time, c.commit_time),
        coalesce(c.update_time, c.commit_time)
    FROM sized s
    JOIN loci.changes c ON c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.revision = s.revision
        AND c.ordinal = s.ordinal AND c.part = s.part
    WHERE s.total - s.size < loci.page_bytes() ORDER BY c.id;
END $$;

-- loci.expand as of a revision.
CREATE FUNCTION loci.expand_at(p_tenant bigint, p_graph bigint, p_frontier text[], p_direction integer,
    p_relations text[], p_types text[], p_lower timestamptz, p_upper timestamptz, p_admitted text[],
    p_known_nodes text[], p_known_edges text[], p_per_node bigint, p_limit bigint, p_weight double precision,
    p_after_id text, p_revision bigint)
RETURNS TABLE (origin text, other text, edge text, weight double precision, place bigint)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    v_floor bigint := loci.enter_at(p_tenant, p_graph, p_revision);
BEGIN
    RETURN QUERY
    SELECT f.id, s.other, s.id, s.weight, s.place
    FROM unnest(p_frontier) f(id)
    CROSS JOIN LATERAL (
        SELECT u.other, u.id, u.weight, row_number() OVER (ORDER BY u.weight DESC, u.id) AS place FROM (
            SELECT e.target AS other, e.* FROM loci.changes e
            WHERE p_direction IN (1, 3) AND e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.source = f.id
              AND e.revision <= p_revision
            UNION ALL
            SELECT e.source AS other, e.* FROM loci.changes e
            WHERE p_direction IN (2, 3) AND e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.target = f.id
              AND e.revision <= p_revision
        ) u
        WHERE (u.part = 0 OR u.revision > v_floor) AND u.image IS NOT NULL
          AND (p_weight IS NULL OR u.weight < p_weight OR p_after_id IS NOT NULL AND u.weight = p_weight
               AND u.id > p_after_id)
          AND (p_relations IS NULL OR u.type = ANY (p_relations))
          AND (p_lower IS NULL OR u.valid_upper IS NULL OR u.valid_upper > p_lower)
          AND (p_upper IS NULL OR u.valid_lower IS NULL OR u.valid_lower < p_upper)
          AND (p_known_nodes IS NULL OR u.other <> ALL (p_known_nodes))
          AND (p_known_edges IS NULL OR u.id <> ALL (p_known_edges))
          AND NOT EXISTS (
              SELECT FROM loci.changes l
              WHERE l.tenant_key = p_tenant AND l.graph_key = p_graph AND l.kind = 2 AND l.id = u.id AND l.part >= u.part
                AND l.revision > u.revision AND l.revision <= p_revision)
          AND (p_types IS NULL AND p_lower IS NULL AND p_upper IS NULL OR u.other = ANY (p_admitted) OR EXISTS (
               SELECT FROM (SELECT n.* FROM loci.changes n
                            WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.kind = 1 AND n.id = u.other
                              AND n.revision <= p_revision
                            ORDER BY n.part DESC, n.revision DESC, n.ordinal DESC LIMIT 1) n
               WHERE (p_types IS NULL OR n.type = ANY (p_types))
                 AND (p_lower IS NULL OR n.valid_upper IS NULL OR n.valid_upper > p_lower)
                 AND (p_upper IS NULL OR n.valid_lower IS NULL OR n.valid_lower < p_upper)))
        ORDER BY u.weight DESC, u.id LIMIT p_per_node
    ) s
    LIMIT p_limit;
END $$;

-- loci.induced_edges as of a revision.
CREATE FUNCTION loci.induced_edges_at(p_tenant bigint, p_graph bigint, p_ids text[], p_relations text[],
    p_lower timestamptz, p_upper timestamptz, p_limit bigint, p_revision bigint) RETURNS SETOF loci.state_row
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_floor bigint := loci.enter_at(p_tenant, p_graph, p_revision);
BEGIN
    RETURN QUERY
    SELECT e.id, e.revision, e.image_no, e.image, coalesce(e.create_time, e.commit_time),
        coalesce(e.update_time, e.commit_time)
    FROM loci.changes e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.source = ANY (p_ids) AND e.target = ANY (p_ids)
      AND e.revision <= p_revision AND (e.part = 0 OR e.revision > v_floor) AND e.image IS NOT NULL
      AND (p_relations IS NULL OR e.type = ANY (p_relations))
      AND (p_lower IS NULL OR e.valid_upper IS NULL OR e.valid_upper > p_lower)
      AND (p_upper IS NULL OR e.valid_lower IS NULL OR e.valid_lower < p_upper)
      AND NOT EXISTS (
          SELECT FROM loci.changes l
          WHERE l.tenant_key = p_tenant AND l.graph_key = p_graph AND l.kind = 2 AND l.id = e.id AND l.part >= e.part
            AND l.revision > e.revision AND l.revision <= p_revision)
    ORDER BY e.weight DESC, e.id LIMIT p_limit;
END $$;

-- Nodes that stood at a revision and were changed or removed since, at most p_limit, in order of id.
CREATE FUNCTION loci.nodes_changed_since(p_tenant bigint, p_graph bigint, p_filter loci.node_filter, p_limit bigint,
    p_revision bigint) RETURNS SETOF loci.state_row
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM loci.enter_at(p_tenant, p_graph, p_revision);
    RETURN QUERY
    SELECT s.id, s.revision, s.image_no, s.image, coalesce(s.create_time, s.commit_time),
        coalesce(s.update_time, s.commit_time)
    FROM (SELECT DISTINCT c.id FROM loci.changes c
          WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = 1 AND c.part > 0
            AND c.revision > p_revision) i
    CROSS JOIN LATERAL (
        SELECT y.* FROM loci.changes y
        WHERE y.tenant_key = p_tenant AND y.graph_key = p_graph AND y.kind = 1 AND y.id = i.id
          AND y.revision <= p_revision
        ORDER BY y.part DESC, y.revision DESC, y.ordinal DESC LIMIT 1) s
    WHERE s.image IS NOT NULL
          AND (p_filter IS NULL
               OR (p_filter.types IS NULL OR s.type = ANY (p_filter.types))
              AND (p_filter.event_start IS NULL OR s.event_time >= p_filter.event_start)
              AND (p_filter.event_end IS NULL OR s.event_time < p_filter.event_end)
              AND (p_filter.create_start IS NULL OR coalesce(s.create_time, s.commit_time) >= p_filter.create_start)
              AND (p_filter.create_end IS NULL OR coalesce(s.create_time, s.commit_time) < p_filter.create_end)
              AND (p_filter.update_start IS NULL OR coalesce(s.update_time, s.commit_time) >= p_filter.update_start)
              AND (p_filter.update_end IS NULL OR coalesce(s.update_time, s.commit_time) < p_filter.update_end)
              AND (p_filter.min_salience IS NULL OR s.weight >= p_filter.min_salience)
              AND (p_filter.max_salience IS NULL OR s.weight <= p_filter.max_salience)
              AND (p_filter.valid_lower IS NULL OR s.valid_upper IS NULL OR s.valid_upper > p_filter.valid_lower)
              AND (p_filter.valid_upper IS NULL OR s.valid_lower IS NULL OR s.valid_lower < p_filter.valid_upper))
    ORDER BY s.id LIMIT p_limit;
END $$;
