-- Reads. Each function of these files names the tenant first and then works, in one round trip. None is SECURITY DEFINER.

-- Names the tenant and proves that the graph is there (LC002 if it is not).
CREATE FUNCTION loci.enter(p_tenant bigint, p_graph bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    IF NOT EXISTS (SELECT FROM loci.graphs g
                   WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.delete_time IS NULL) THEN
        RAISE EXCEPTION 'graph is gone' USING ERRCODE = 'LC002';
    END IF;
END $$;

-- Nodes by id. More than fit into one message are cut: the caller counts, and refuses.
CREATE FUNCTION loci.get_nodes(p_tenant bigint, p_graph bigint, p_ids text[]) RETURNS SETOF loci.nodes
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT (x.item).* FROM (
        SELECT n AS item,
            sum(octet_length(n.content)) OVER (ROWS UNBOUNDED PRECEDING) - octet_length(n.content) AS before
        FROM loci.nodes n
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = ANY (p_ids)) x
    WHERE x.before < 2 * loci.page_bytes();
END $$;

CREATE FUNCTION loci.get_node(p_tenant bigint, p_graph bigint, p_id text) RETURNS SETOF loci.nodes
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT n.* FROM loci.nodes n, loci.graphs g
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = p_id
      AND g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.delete_time IS NULL;
END $$;

CREATE FUNCTION loci.get_edges(p_tenant bigint, p_graph bigint, p_ids text[]) RETURNS SETOF loci.edges
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT (x.item).* FROM (
        SELECT e AS item,
            sum(octet_length(e.content)) OVER (ROWS UNBOUNDED PRECEDING) - octet_length(e.content) AS before
        FROM loci.edges e
        WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = ANY (p_ids)) x
    WHERE x.before < 2 * loci.page_bytes();
END $$;

-- What a write over an item must know of it.
CREATE FUNCTION loci.node_versions(p_tenant bigint, p_graph bigint, p_ids text[])
RETURNS TABLE (id text, type text, revision bigint, doc_no bigint, length integer,
    create_time timestamptz, size integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT n.id, n.type, n.revision, n.doc_no, n.length, n.create_time, octet_length(n.content) FROM loci.nodes n
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = ANY (p_ids);
END $$;

CREATE FUNCTION loci.edge_versions(p_tenant bigint, p_graph bigint, p_ids text[])
RETURNS TABLE (id text, relation text, revision bigint, create_time timestamptz, size integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT e.id, e.relation, e.revision, e.create_time, octet_length(e.content) FROM loci.edges e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = ANY (p_ids);
END $$;

-- Which of these nodes there are.
CREATE FUNCTION loci.existing_nodes(p_tenant bigint, p_graph bigint, p_ids text[]) RETURNS TABLE (id text)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT n.id FROM loci.nodes n
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = ANY (p_ids);
END $$;

CREATE FUNCTION loci.existing_edges(p_tenant bigint, p_graph bigint, p_ids text[]) RETURNS TABLE (id text)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT e.id FROM loci.edges e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = ANY (p_ids);
END $$;

-- Documents that wait to be embedded.
CREATE FUNCTION loci.count_pending(p_tenant bigint, p_graph bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN (SELECT count(*) FROM loci.jobs j
            WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 1);
END $$;

CREATE FUNCTION loci.get_documents(p_tenant bigint, p_graph bigint, p_doc_nos bigint[]) RETURNS SETOF loci.nodes
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT n.* FROM loci.nodes n
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no = ANY (p_doc_nos);
END $$;

-- Edges that touch any of these nodes, for removal and renaming.
CREATE FUNCTION loci.get_incident_edges(p_tenant bigint, p_graph bigint, p_ids text[], p_limit bigint)
RETURNS SETOF loci.edges LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT e.* FROM loci.edges e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.source = ANY (p_ids)
    UNION
    SELECT e.* FROM loci.edges e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.target = ANY (p_ids)
    LIMIT p_limit;
END $$;

-- A graph and its wrapped keys, by the caller's id.
CREATE FUNCTION loci.open_graph(p_tenant bigint, p_graph_id text)
RETURNS TABLE (graph_key bigint, purpose smallint, version integer, kek_id text, wrapped bytea, sealing boolean,
    search_fields bytea, search_version bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT g.graph_key, k.purpose, k.version, k.kek_id, k.wrapped, k.sealing, g.search_fields, g.search_version
    FROM loci.graphs g JOIN loci.graph_keys k ON k.tenant_key = p_tenant AND k.graph_key = g.graph_key
    WHERE g.tenant_key = p_tenant AND g.graph_id = p_graph_id AND g.delete_time IS NULL;
END $$;

-- Whether a graph is there, and its counts.
CREATE FUNCTION loci.get_graph(p_tenant bigint, p_graph_id text) RETURNS SETOF loci.graphs
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY SELECT g.* FROM loci.graphs g WHERE g.tenant_key = p_tenant AND g.graph_id = p_graph_id;
END $$;

-- Filters. A null field filters nothing. Inlined by the planner, so that indexes serve them.
CREATE TYPE loci.node_filter AS (
    types text[],
    event_start timestamptz, event_end timestamptz,
    create_start timestamptz, create_end timestamptz,
    update_start timestamptz, update_end timestamptz,
    min_salience double precision, max_salience double precision,
    valid_lower timestamptz, valid_upper timestamptz,
    property_tokens bigint[],
    max_revision bigint,        -- last written by then
    superseded boolean,
    doc_nos bigint[],           -- only these documents
    min_current double precision, max_current double precision,
    other_tokens bigint[]       -- while keys are rotated: property_tokens by the other key
);

-- The salience that the last recalculation stored; the importance of what it has not seen as it is (0014_uses). Not in
-- SQL, and apart from loci.matches, which must be inlined.
CREATE FUNCTION loci.stored_salience(p_tenant bigint, p_graph bigint, p_id text, p_importance double precision)
RETURNS double precision LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce(
        (SELECT u.salience FROM loci.node_uses u
         WHERE u.tenant_key = p_tenant AND u.graph_key = p_graph AND u.id = p_id AND u.importance = p_importance),
        p_importance);
END $$;

CREATE FUNCTION loci.matches(n loci.nodes, f loci.node_filter) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (f.types IS NULL OR n.type = ANY (f.types))
        AND (f.event_start IS NULL OR n.event_time >= f.event_start)
        AND (f.event_end IS NULL OR n.event_time < f.event_end)
        AND (f.create_start IS NULL OR n.create_time >= f.create_start)
        AND (f.create_end IS NULL OR n.create_time < f.create_end)
        AND (f.update_start IS NULL OR n.update_time >= f.update_start)
        AND (f.update_end IS NULL OR n.update_time < f.update_end)
        AND (f.min_salience IS NULL OR n.salience >= f.min_salience)
        AND (f.max_salience IS NULL OR n.salience <= f.max_salience)
        AND (f.valid_lower IS NULL OR n.valid_upper IS NULL OR n.valid_upper > f.valid_lower)
        AND (f.valid_upper IS NULL OR n.valid_lower IS NULL OR n.valid_lower < f.valid_upper)
        AND (f.property_tokens IS NULL OR n.property_tokens @> f.property_tokens OR n.property_tokens @> f.other_tokens)
        AND (f.max_revision IS NULL OR n.revision <= f.max_revision)
        AND (f.superseded IS NULL OR n.superseded = f.superseded)
        AND (f.doc_nos IS NULL OR n.doc_no = ANY (f.doc_nos))
        AND (f.min_current IS NULL
             OR loci.stored_salience(n.tenant_key, n.graph_key, n.id, n.salience) >= f.min_current)
        AND (f.max_current IS NULL
             OR loci.stored_salience(n.tenant_key, n.graph_key, n.id, n.salience) <= f.max_current)
$$;

CREATE TYPE loci.edge_filter AS (
    relations text[],
    source text, target text,
    create_start timestamptz, create_end timestamptz,
    update_start timestamptz, update_end timestamptz,
    valid_lower timestamptz, valid_upper timestamptz,
    property_tokens bigint[],
    other_tokens bigint[]       -- as of nodes
);

CREATE FUNCTION loci.matches(e loci.edges, f loci.edge_filter) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (f.relations IS NULL OR e.relation = ANY (f.relations))
        AND (f.source IS NULL OR e.source = f.source)
        AND (f.target IS NULL OR e.target = f.target)
        AND (f.create_start IS NULL OR e.create_time >= f.create_start)
        AND (f.create_end IS NULL OR e.create_time < f.create_end)
        AND (f.update_start IS NULL OR e.update_time >= f.update_start)
        AND (f.update_end IS NULL OR e.update_time < f.update_end)
        AND (f.valid_lower IS NULL OR e.valid_upper IS NULL OR e.valid_upper > f.valid_lower)
        AND (f.valid_upper IS NULL OR e.valid_lower IS NULL OR e.valid_lower < f.valid_upper)
        AND (f.property_tokens IS NULL OR e.property_tokens @> f.property_tokens OR e.property_tokens @> f.other_tokens)
$$;

-- Content after which a page ends early: the rows up to and with the one that reaches it.
CREATE FUNCTION loci.page_bytes() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 8388608::bigint';

-- A page of nodes behind p_after, in order of id. Property equality is served by the property index.
CREATE FUNCTION loci.list_nodes(p_tenant bigint, p_graph bigint, p_filter loci.node_filter, p_after text,
    p_limit bigint) RETURNS SETOF loci.nodes
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    -- Sizes are read without the contents; only what fits is read whole.
    IF p_filter.property_tokens IS NULL THEN
        RETURN QUERY
        WITH page AS (
            SELECT n.id, octet_length(n.content) AS size FROM loci.nodes n
            WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id > p_after
              AND loci.matches(n, p_filter)
            ORDER BY n.id LIMIT p_limit
        ), sized AS (SELECT p.id, p.size, sum(p.size) OVER (ORDER BY p.id) AS total FROM page p)
        SELECT n.* FROM sized s
        JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = s.id
        WHERE s.total - s.size < loci.page_bytes() ORDER BY n.id;
    ELSE
        RETURN QUERY
        WITH page AS (
            SELECT n.id, octet_length(n.content) AS size FROM loci.property_index x
            JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = x.id
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1
              AND (x.token = p_filter.property_tokens[1] OR x.token = p_filter.other_tokens[1]) AND x.id > p_after
              AND loci.matches(n, p_filter)
            ORDER BY x.id LIMIT p_limit
        ), sized AS (SELECT p.id, p.size, sum(p.size) OVER (ORDER BY p.id) AS total FROM page p)
        SELECT n.* FROM sized s
        JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = s.id
        WHERE s.total - s.size < loci.page_bytes() ORDER BY n.id;
    END IF;
END $$;

CREATE FUNCTION loci.list_edges(p_tenant bigint, p_graph bigint, p_filter loci.edge_filter, p_after text,
    p_limit bigint) RETURNS SETOF loci.edges
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    -- Sizes are read without the contents; only what fits is read whole.
    IF p_filter.property_tokens IS NULL THEN
        RETURN QUERY
        WITH page AS (
            SELECT e.id, octet_length(e.content) AS size FROM loci.edges e
            WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id > p_after
              AND loci.matches(e, p_filter)
            ORDER BY e.id LIMIT p_limit
        ), sized AS (SELECT p.id, p.size, sum(p.size) OVER (ORDER BY p.id) AS total FROM page p)
        SELECT e.* FROM sized s
        JOIN loci.edges e ON e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = s.id
        WHERE s.total - s.size < loci.page_bytes() ORDER BY e.id;
    ELSE
        RETURN QUERY
        WITH page AS (
            SELECT e.id, octet_length(e.content) AS size FROM loci.property_index x
            JOIN loci.edges e ON e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = x.id
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 2
              AND (x.token = p_filter.property_tokens[1] OR x.token = p_filter.other_tokens[1]) AND x.id > p_after
              AND loci.matches(e, p_filter)
            ORDER BY x.id LIMIT p_limit
        ), sized AS (SELECT p.id, p.size, sum(p.size) OVER (ORDER BY p.id) AS total FROM page p)
        SELECT e.* FROM sized s
        JOIN loci.edges e ON e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = s.id
        WHERE s.total - s.size < loci.page_bytes() ORDER BY e.id;
    END IF;
END $$;

-- What a search shows of nodes that pass, by the number of their document: in the order of the numbers, as many as fit
-- into a page; with what is known of them besides (0014_uses), if anything is.
CREATE FUNCTION loci.head_documents(p_tenant bigint, p_graph bigint, p_doc_nos bigint[], p_filter loci.node_filter)
RETURNS TABLE (doc_no bigint, id text, length integer, revision bigint, create_time timestamptz, update_time timestamptz,
    content bytea, uses bigint, first_use_time timestamptz, last_use_time timestamptz, helpful bigint, unhelpful bigint,
    boost double precision)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT x.doc_no, x.id, x.length, x.revision, x.create_time, x.update_time, x.content, u.uses, u.first_use_time,
        u.last_use_time, u.helpful, u.unhelpful, u.boost
    FROM (
        SELECT n.*, d.place,
            sum(octet_length(n.content)) OVER (ORDER BY d.place) - octet_length(n.content) AS before
        FROM unnest(p_doc_nos) WITH ORDINALITY AS d(doc_no, place)
        JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no = d.doc_no
        WHERE p_filter IS NULL OR loci.matches(n, p_filter)) x
    LEFT JOIN loci.node_uses u ON u.tenant_key = p_tenant AND u.graph_key = p_graph AND u.id = x.id
    WHERE x.before < loci.page_bytes()
    ORDER BY x.place;
END $$;
