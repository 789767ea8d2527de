-- Functions. Each names the tenant first and then works, in one round trip. None is SECURITY DEFINER.

-- One node or edge that a commit writes or removes, with all that is derived from it.
CREATE TYPE loci.node_change AS (
    op smallint,                -- as in loci.changes
    id text,
    previous_id text,           -- renamed from
    previous_revision bigint,   -- what the row was read as; 0: there was none
    type text,
    doc_no bigint,              -- null: nothing to search
    valid_lower timestamptz,
    valid_upper timestamptz,
    event_time timestamptz,
    salience double precision,
    create_time timestamptz,    -- null: the commit's time
    update_time timestamptz,    -- null: the commit's time
    property_tokens bigint[],
    previous_property_tokens bigint[],
    previous_doc_no bigint,     -- set: this document is replaced or removed
    length integer,             -- of the document, in terms
    terms text,                 -- set: doc_no is new, with these terms (the text of a bigint[])
    frequencies text,           -- the text of a smallint[]
    embed boolean,              -- queue doc_no for embedding
    content bytea,
    image_no bigint,
    image bytea
);

CREATE TYPE loci.edge_change AS (
    op smallint,
    id text,
    previous_id text,
    previous_revision bigint,
    source text,
    relation text,
    target text,
    weight double precision,
    valid_lower timestamptz,
    valid_upper timestamptz,
    create_time timestamptz,
    update_time timestamptz,
    property_tokens bigint[],
    previous_property_tokens bigint[],
    content bytea,
    image_no bigint,
    image bytea
);

CREATE TYPE loci.vector_row AS (doc_no bigint, model_key integer, chunk smallint, embedding real[]);

-- What a commit read: it fails with LC001 if any of it has changed. revision 0: absent; -1: present at any revision.
CREATE TYPE loci.expectation AS (kind smallint, id text, revision bigint);

-- What a commit adds to the counts of its graph (serial: documents written), and what it does at all: statements that
-- would do nothing are not run.
CREATE TYPE loci.commit_traits AS (
    nodes bigint, edges bigint, documents bigint, length bigint, serial bigint,
    embeds boolean,             -- queues documents for embedding
    replaces boolean,           -- updates, removes or renames what was there
    moves boolean,              -- removes or renames nodes
    properties boolean          -- writes properties that can be searched
);

CREATE FUNCTION loci.remove_documents(p_tenant bigint, p_graph bigint, p_doc_nos bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH gone AS (
        DELETE FROM loci.lexical_tail t
        WHERE t.tenant_key = p_tenant AND t.graph_key = p_graph AND t.doc_no = ANY (p_doc_nos)
        RETURNING t.doc_no
    )
    INSERT INTO loci.lexical_dead (graph_key, doc_no, tenant_key)
    SELECT p_graph, d, p_tenant FROM unnest(p_doc_nos) d WHERE d NOT IN (SELECT doc_no FROM gone);
    -- Before the embeddings: a worker that is storing some of them holds their jobs.
    DELETE FROM loci.jobs j
    WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 1 AND j.subject = ANY (p_doc_nos);
    DELETE FROM loci.embeddings e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.doc_no = ANY (p_doc_nos);
END $$;

-- The one way in which nodes and edges change, beside imports. LC001: something that was read has changed since (read
-- again and retry); LC002: the graph is gone; LC003: the request_id was used before (nothing is done again).
CREATE FUNCTION loci.commit(
    p_tenant bigint, p_graph bigint, p_actor bigint,
    p_request_hash bytea, p_fingerprint bytea, p_answer bytea, p_note bytea,
    p_nodes loci.node_change[], p_edges loci.edge_change[], p_vectors loci.vector_row[],
    p_expectations loci.expectation[], p_graph_revision bigint, p_traits loci.commit_traits,
    OUT revision bigint, OUT commit_time timestamptz
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_revision bigint;
    v_time timestamptz;
    v_serial bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    -- What does not carry the revision comes before the counter, so that its lock is held briefly.
    IF p_traits.serial > 0 THEN
        INSERT INTO loci.lexical_tail (graph_key, doc_no, tenant_key, length, terms, frequencies)
        SELECT p_graph, n.doc_no, p_tenant, n.length, n.terms::bigint[], n.frequencies::smallint[]
        FROM unnest(p_nodes) n WHERE n.terms IS NOT NULL;
    END IF;
    IF p_traits.embeds THEN
        INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key)
        SELECT p_graph, 1, n.doc_no, p_tenant FROM unnest(p_nodes) n WHERE n.embed;
    END IF;
    IF cardinality(p_vectors) > 0 THEN
        INSERT INTO loci.embeddings (graph_key, doc_no, tenant_key, model_key, chunk, embedding)
        SELECT p_graph, v.doc_no, p_tenant, v.model_key, v.chunk, v.embedding::public.halfvec
        FROM unnest(p_vectors) v;
    END IF;

    UPDATE loci.graphs g
    SET revision = g.revision + 1,
        commit_time = greatest(clock_timestamp(), g.commit_time + interval '1 microsecond'),
        node_count = g.node_count + p_traits.nodes,
        edge_count = g.edge_count + p_traits.edges,
        document_count = g.document_count + p_traits.documents,
        document_length = g.document_length + p_traits.length,
        document_serial = g.document_serial + p_traits.serial
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.delete_time IS NULL
    RETURNING g.revision, g.commit_time, g.document_serial INTO v_revision, v_time, v_serial;
    IF v_revision IS NULL THEN
        RAISE EXCEPTION 'graph is gone' USING ERRCODE = 'LC002';
    END IF;
    IF p_graph_revision IS NOT NULL AND v_revision - 1 <> p_graph_revision THEN
        RAISE EXCEPTION 'graph has changed' USING ERRCODE = 'LC001';
    END IF;

    -- From here on no other commit to this graph can run: what is true now stays true until this one ends.
    -- (An IF with a sub-query is a statement of its own, however it is guarded: hence two of them.)
    IF cardinality(p_expectations) > 0 THEN
        IF EXISTS (
            SELECT FROM unnest(p_expectations) e
            LEFT JOIN loci.nodes n
                ON e.kind = 1 AND n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = e.id
            LEFT JOIN loci.edges d
                ON e.kind = 2 AND d.tenant_key = p_tenant AND d.graph_key = p_graph AND d.id = e.id
            WHERE CASE e.revision WHEN -1 THEN coalesce(n.revision, d.revision) IS NULL
                  ELSE coalesce(n.revision, d.revision, 0) <> e.revision END
        ) THEN
            RAISE EXCEPTION 'an item has changed' USING ERRCODE = 'LC001';
        END IF;
    END IF;

    IF p_traits.replaces AND cardinality(p_nodes) > 0 THEN
        PERFORM loci.remove_documents(p_tenant, p_graph, array_agg(n.previous_doc_no))
        FROM unnest(p_nodes) n WHERE n.previous_doc_no IS NOT NULL HAVING count(*) > 0;
        DELETE FROM loci.property_index x USING unnest(p_nodes) n, unnest(n.previous_property_tokens) t
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1 AND x.token = t
          AND x.id = coalesce(n.previous_id, n.id);
        DELETE FROM loci.nodes x USING unnest(p_nodes) n
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND n.previous_revision > 0
          AND x.id = coalesce(n.previous_id, n.id);
        INSERT INTO loci.changes (graph_key, revision, ordinal, kind, op, tenant_key, image_no, commit_time, actor, id,
            other_id, request_hash)
        SELECT p_graph, v_revision, n.ordinality, 1, 5, p_tenant, n.image_no, v_time, p_actor,
            n.previous_id, n.id, p_request_hash
        FROM unnest(p_nodes) WITH ORDINALITY n WHERE n.op = 4;
    END IF;
    IF cardinality(p_nodes) > 0 THEN
        INSERT INTO loci.nodes (graph_key, tenant_key, doc_no, length, revision, valid_lower, valid_upper, event_time,
            create_time, update_time, salience, id, type, property_tokens, content)
        SELECT p_graph, p_tenant, n.doc_no, n.length, v_revision, n.valid_lower, n.valid_upper, n.event_time,
            coalesce(n.create_time, v_time), coalesce(n.update_time, v_time), n.salience, n.id, n.type,
            n.property_tokens, n.content
        FROM unnest(p_nodes) n WHERE n.op <> 3;
        IF p_traits.properties THEN
            INSERT INTO loci.property_index (graph_key, token, kind, tenant_key, id)
            SELECT p_graph, t, 1, p_tenant, n.id FROM unnest(p_nodes) n, unnest(n.property_tokens) t WHERE n.op <> 3;
        END IF;
        INSERT INTO loci.changes (graph_key, revision, ordinal, kind, op, tenant_key, image_no, commit_time,
            create_time, update_time, actor, id, other_id, request_hash, note, image)
        SELECT p_graph, v_revision, 100000 + n.ordinality, 1, n.op, p_tenant, n.image_no, v_time, n.create_time,
            n.update_time, p_actor, n.id, n.previous_id, p_request_hash, CASE n.ordinality WHEN 1 THEN p_note END,
            n.image
        FROM unnest(p_nodes) WITH ORDINALITY n;
    END IF;

    IF p_traits.replaces AND cardinality(p_edges) > 0 THEN
        DELETE FROM loci.property_index x USING unnest(p_edges) n, unnest(n.previous_property_tokens) t
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 2 AND x.token = t
          AND x.id = coalesce(n.previous_id, n.id);
        DELETE FROM loci.edges x USING unnest(p_edges) n
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND n.previous_revision > 0
          AND x.id = coalesce(n.previous_id, n.id);
        INSERT INTO loci.changes (graph_key, revision, ordinal, kind, op, tenant_key, image_no, commit_time, actor, id,
            other_id, request_hash)
        SELECT p_graph, v_revision, 50000 + n.ordinality, 2, 5, p_tenant, n.image_no, v_time, p_actor,
            n.previous_id, n.id, p_request_hash
        FROM unnest(p_edges) WITH ORDINALITY n WHERE n.op = 4;
    END IF;
    IF cardinality(p_edges) > 0 THEN
        INSERT INTO loci.edges (graph_key, tenant_key, revision, valid_lower, valid_upper, create_time, update_time,
            weight, id, source, relation, target, property_tokens, content)
        SELECT p_graph, p_tenant, v_revision, n.valid_lower, n.valid_upper, coalesce(n.create_time, v_time),
            coalesce(n.update_time, v_time), n.weight, n.id, n.source, n.relation, n.target, n.property_tokens,
            n.content
        FROM unnest(p_edges) n WHERE n.op <> 3;
        IF p_traits.properties THEN
            INSERT INTO loci.property_index (graph_key, token, kind, tenant_key, id)
            SELECT p_graph, t, 2, p_tenant, n.id FROM unnest(p_edges) n, unnest(n.property_tokens) t WHERE n.op <> 3;
        END IF;
        INSERT INTO loci.changes (graph_key, revision, ordinal, kind, op, tenant_key, image_no, commit_time,
            create_time, update_time, actor, id, other_id, request_hash, note, image)
        SELECT p_graph, v_revision, 200000 + n.ordinality, 2, n.op, p_tenant, n.image_no, v_time,
            n.create_time, n.update_time, p_actor, n.id, n.previous_id, p_request_hash,
            CASE WHEN n.ordinality = 1 AND cardinality(p_nodes) = 0 THEN p_note END, n.image
        FROM unnest(p_edges) WITH ORDINALITY n;
    END IF;

    -- All edges of a node that went or was renamed are part of this commit; others were written after it read them.
    IF p_traits.moves THEN
        IF EXISTS (
            SELECT FROM unnest(p_nodes) n
            JOIN loci.edges e ON e.tenant_key = p_tenant AND e.graph_key = p_graph
                AND e.source = coalesce(n.previous_id, n.id) AND e.revision < v_revision
            WHERE n.op IN (3, 4)
            UNION ALL
            SELECT FROM unnest(p_nodes) n
            JOIN loci.edges e ON e.tenant_key = p_tenant AND e.graph_key = p_graph
                AND e.target = coalesce(n.previous_id, n.id) AND e.revision < v_revision
            WHERE n.op IN (3, 4)
        ) THEN
            RAISE EXCEPTION 'a node has new edges' USING ERRCODE = 'LC001';
        END IF;
    END IF;

    -- Every 1,024 documents the lexical tail is due.
    IF p_traits.serial > 0 AND v_serial / 1024 > (v_serial - p_traits.serial) / 1024 THEN
        INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key) VALUES (p_graph, 2, 0, p_tenant)
        ON CONFLICT DO NOTHING;
    END IF;
    IF p_request_hash IS NOT NULL THEN
        INSERT INTO loci.idempotency
            (graph_key, tenant_key, request_hash, fingerprint, revision, commit_time, answer)
        VALUES (p_graph, p_tenant, p_request_hash, p_fingerprint, v_revision, v_time, p_answer)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this was done before' USING ERRCODE = 'LC003';
        END IF;
    END IF;
    revision := v_revision;
    commit_time := v_time;
END $$;

-- Names the tenant and proves that the graph is there (LC002 if it is not).
CREATE FUNCTION loci.enter(p_tenant bigint, p_graph bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    IF NOT EXISTS (SELECT FROM loci.graphs g
                   WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.delete_time IS NULL) THEN
        RAISE EXCEPTION 'graph is gone' USING ERRCODE = 'LC002';
    END IF;
END $$;

-- Nodes by id.
CREATE FUNCTION loci.get_nodes(p_tenant bigint, p_graph bigint, p_ids text[]) RETURNS SETOF loci.nodes
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT n.* FROM loci.nodes n
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = ANY (p_ids);
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
    SELECT e.* FROM loci.edges e
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
RETURNS TABLE (graph_key bigint, purpose smallint, version integer, kek_id text, wrapped bytea)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT g.graph_key, k.purpose, k.version, k.kek_id, k.wrapped
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
    property_tokens bigint[]
);

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
        AND (f.property_tokens IS NULL OR n.property_tokens @> f.property_tokens)
$$;

CREATE TYPE loci.edge_filter AS (
    relations text[],
    source text, target text,
    create_start timestamptz, create_end timestamptz,
    update_start timestamptz, update_end timestamptz,
    valid_lower timestamptz, valid_upper timestamptz,
    property_tokens bigint[]
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
        AND (f.property_tokens IS NULL OR e.property_tokens @> f.property_tokens)
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
              AND x.token = p_filter.property_tokens[1] AND x.id > p_after AND loci.matches(n, p_filter)
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
              AND x.token = p_filter.property_tokens[1] AND x.id > p_after AND loci.matches(e, p_filter)
            ORDER BY x.id LIMIT p_limit
        ), sized AS (SELECT p.id, p.size, sum(p.size) OVER (ORDER BY p.id) AS total FROM page p)
        SELECT e.* FROM sized s
        JOIN loci.edges e ON e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = s.id
        WHERE s.total - s.size < loci.page_bytes() ORDER BY e.id;
    END IF;
END $$;

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

-- The lexical arm: BM25 (k1 1.2, b 0.75; Robertson and Zaragoza 2009, with Lucene's non-negative idf) over keyed terms.
-- Document frequencies are counted from the postings themselves, so they are exact.
CREATE FUNCTION loci.search_lexical(p_tenant bigint, p_graph bigint, p_terms bigint[], p_filter loci.node_filter,
    p_limit bigint) RETURNS TABLE (doc_no bigint, score double precision)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    v_count double precision;
    v_mean double precision;
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    SELECT greatest(g.document_count, 1), greatest(g.document_length::float8 / greatest(g.document_count, 1), 1)
    INTO v_count, v_mean
    FROM loci.graphs g WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.delete_time IS NULL;
    IF NOT FOUND THEN  -- deleted since it was entered
        RAISE EXCEPTION 'graph is gone' USING ERRCODE = 'LC002';
    END IF;
    RETURN QUERY
    WITH postings AS MATERIALIZED (
        SELECT t.doc_no, u.term, u.frequency / (u.frequency + 1.2 * (0.25 + 0.75 * t.length / v_mean)) AS saturation
        FROM loci.lexical_tail t
        CROSS JOIN LATERAL unnest(t.terms, t.frequencies) AS u (term, frequency)
        WHERE t.tenant_key = p_tenant AND t.graph_key = p_graph AND t.terms && p_terms AND u.term = ANY (p_terms)
        UNION ALL
        SELECT u.doc_no, s.term, u.frequency / (u.frequency + 1.2 * (0.25 + 0.75 * u.length / v_mean))
        FROM loci.lexical_segments s
        CROSS JOIN LATERAL unnest(s.doc_nos, s.frequencies, s.lengths) AS u (doc_no, frequency, length)
        WHERE s.tenant_key = p_tenant AND s.graph_key = p_graph AND s.term = ANY (p_terms)
          AND u.doc_no NOT IN (SELECT d.doc_no FROM loci.lexical_dead d
                               WHERE d.tenant_key = p_tenant AND d.graph_key = p_graph)
    ), inverse AS (
        SELECT term, 2.2 * ln(1 + (v_count - count(*) + 0.5) / (count(*) + 0.5)) AS weight
        FROM postings GROUP BY term
    ), scored AS (
        SELECT p.doc_no, sum(i.weight * p.saturation) AS score
        FROM postings p JOIN inverse i USING (term) GROUP BY p.doc_no
    )
    SELECT s.doc_no, s.score FROM scored s
    WHERE p_filter IS NULL OR EXISTS (
        SELECT FROM loci.nodes n
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no = s.doc_no
          AND loci.matches(n, p_filter))
    ORDER BY s.score DESC, s.doc_no LIMIT p_limit;
END $$;

-- The semantic arm: exact cosine similarity (vectors have unit length) of the best chunk of each document.
CREATE FUNCTION loci.search_semantic(p_tenant bigint, p_graph bigint, p_model integer, p_query real[],
    p_filter loci.node_filter, p_limit bigint) RETURNS TABLE (doc_no bigint, score double precision)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    v_query public.halfvec := p_query::public.halfvec;
    v_documents bigint[];
    v_scores double precision[];
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    IF p_filter IS NULL THEN
        -- The best chunks nearly always hold enough documents; if a few long ones fill them, all chunks are grouped.
        SELECT array_agg(b.doc_no), array_agg(b.score) INTO v_documents, v_scores FROM (
            SELECT e.doc_no, -(e.embedding OPERATOR(public.<#>) v_query) AS score
            FROM loci.embeddings e
            WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = p_model
            ORDER BY e.embedding OPERATOR(public.<#>) v_query LIMIT 2 * p_limit
        ) b;
        IF coalesce(cardinality(v_documents), 0) < 2 * p_limit
            OR (SELECT count(DISTINCT d) FROM unnest(v_documents) d) >= p_limit
        THEN
            RETURN QUERY
            SELECT b.doc_no, max(b.score) FROM unnest(v_documents, v_scores) b (doc_no, score)
            GROUP BY b.doc_no ORDER BY 2 DESC, 1 LIMIT p_limit;
        ELSE
            RETURN QUERY
            SELECT e.doc_no, max(-(e.embedding OPERATOR(public.<#>) v_query))
            FROM loci.embeddings e
            WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = p_model
            GROUP BY e.doc_no ORDER BY 2 DESC, 1 LIMIT p_limit;
        END IF;
    ELSE
        RETURN QUERY
        SELECT e.doc_no, max(-(e.embedding OPERATOR(public.<#>) v_query))
        FROM loci.nodes n
        JOIN loci.embeddings e ON e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = p_model
            AND e.doc_no = n.doc_no
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND loci.matches(n, p_filter)
        GROUP BY e.doc_no ORDER BY 2 DESC, 1 LIMIT p_limit;
    END IF;
END $$;

-- Moves up to p_limit documents of the tail into segments. Returns how many.
CREATE FUNCTION loci.merge_lexical_tail(p_tenant bigint, p_graph bigint, p_limit bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_count bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    WITH taken AS (
        DELETE FROM loci.lexical_tail t
        WHERE t.tenant_key = p_tenant AND t.graph_key = p_graph AND t.doc_no IN (
            SELECT x.doc_no FROM loci.lexical_tail x
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph
            ORDER BY x.doc_no LIMIT p_limit FOR UPDATE SKIP LOCKED)
        RETURNING t.doc_no, t.length, t.terms, t.frequencies
    ), counted AS (
        SELECT count(*) AS n FROM taken
    ), written AS (
        INSERT INTO loci.lexical_segments (graph_key, term, first_doc_no, tenant_key, doc_nos, frequencies, lengths)
        SELECT p_graph, u.term, min(t.doc_no), p_tenant, array_agg(t.doc_no ORDER BY t.doc_no),
            array_agg(u.frequency ORDER BY t.doc_no), array_agg(t.length ORDER BY t.doc_no)
        FROM taken t CROSS JOIN LATERAL unnest(t.terms, t.frequencies) AS u (term, frequency)
        GROUP BY u.term
    )
    SELECT n INTO v_count FROM counted;
    RETURN v_count;
END $$;

-- The nodes or edges of a graph as they stood at a revision, behind p_after: for each id its last image up to then.
CREATE FUNCTION loci.export_page(p_tenant bigint, p_graph bigint, p_kind smallint, p_revision bigint, p_after text,
    p_limit bigint)
RETURNS TABLE (id text, revision bigint, op smallint, image_no bigint, image bytea, create_time timestamptz,
    update_time timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    WITH page AS (
        SELECT DISTINCT ON (c.id) c.id, c.revision, c.ordinal, coalesce(octet_length(c.image), 0) AS size
        FROM loci.changes c
        WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = p_kind AND c.id > p_after
          AND c.revision <= p_revision
        ORDER BY c.id, c.revision DESC, c.ordinal DESC LIMIT p_limit
    ), sized AS (SELECT p.*, sum(p.size) OVER (ORDER BY p.id) AS total FROM page p)
    SELECT c.id, c.revision, c.op, c.image_no, c.image,
        coalesce(c.create_time, c.commit_time), coalesce(c.update_time, c.commit_time)
    FROM sized s
    JOIN loci.changes c ON c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.revision = s.revision
        AND c.ordinal = s.ordinal
    WHERE s.total - s.size < loci.page_bytes() ORDER BY c.id;
END $$;
