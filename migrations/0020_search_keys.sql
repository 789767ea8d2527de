-- Rotation of the keys of search tokens and of vectors.
--
-- They are rotated with the content key (0017_keys), under the same version numbers. From when the new versions are known
-- to all servers, reads look by both; from when they seal, writes are by the new ones; and what was there before is made
-- anew: the terms of documents (loci.nodes.generation says by which key they are), the tokens of properties and claims
-- (their last bit says it), and vectors (loci.embeddings.generation). At last the postings that are left of the terms
-- before are taken out of the segments.

-- Whether what was made by this choice of what is searched still counts. The graph is held: no commit comes between.
CREATE FUNCTION loci.hold_graph(p_tenant bigint, p_graph bigint, p_search_version bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_search bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true), set_config('loci.expired', 'seen', true);
    SELECT g.search_version INTO v_search FROM loci.graphs g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph FOR NO KEY UPDATE;
    RETURN v_search = p_search_version;
END $$;

-- The next documents behind p_after whose terms are of another generation.
CREATE FUNCTION loci.old_documents(p_tenant bigint, p_graph bigint, p_generation smallint, p_after bigint, p_limit bigint)
RETURNS TABLE (doc_no bigint, id text, revision bigint, content bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true), set_config('loci.expired', 'seen', true);
    RETURN QUERY
    SELECT n.doc_no, n.id::text, n.revision, n.content FROM loci.nodes n
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no > p_after AND n.generation <> p_generation
    ORDER BY n.doc_no LIMIT p_limit;
END $$;

-- Gives documents their terms by the other key, where the nodes have not changed. False: another choice of what is
-- searched was made meanwhile.
CREATE FUNCTION loci.rederive_documents(p_tenant bigint, p_graph bigint, p_search_version bigint, p_generation smallint,
    p_doc_nos bigint[], p_revisions bigint[], p_lengths integer[], p_terms text[], p_frequencies text[], p_mentions text[])
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_held bigint[];
    v_tail bigint[];
BEGIN
    IF NOT loci.hold_graph(p_tenant, p_graph, p_search_version) THEN
        RETURN false;
    END IF;
    v_held := ARRAY(
        SELECT n.doc_no FROM unnest(p_doc_nos, p_revisions) u (doc_no, revision)
        JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no = u.doc_no
        WHERE n.revision = u.revision AND n.generation <> p_generation);
    WITH gone AS (
        DELETE FROM loci.lexical_tail t
        WHERE t.tenant_key = p_tenant AND t.graph_key = p_graph AND t.doc_no = ANY (v_held) RETURNING t.doc_no
    )
    SELECT array_agg(g.doc_no) INTO v_tail FROM gone g;
    INSERT INTO loci.lexical_dead (graph_key, posted, tenant_key)
    SELECT p_graph, d << 1 | (1 - p_generation), p_tenant FROM unnest(v_held) d
    WHERE d <> ALL (coalesce(v_tail, '{}'));
    INSERT INTO loci.lexical_tail (graph_key, doc_no, tenant_key, length, terms, frequencies, mentions)
    SELECT p_graph, u.doc_no, p_tenant, u.length, u.terms::bigint[], u.frequencies::smallint[], u.mentions::bigint[]
    FROM unnest(p_doc_nos, p_lengths, p_terms, p_frequencies, p_mentions) u (doc_no, length, terms, frequencies, mentions)
    WHERE u.doc_no = ANY (v_held);
    WITH changed AS (
        SELECT n.id, n.length AS before, u.length FROM unnest(p_doc_nos, p_lengths) u (doc_no, length)
        JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no = u.doc_no
        WHERE u.doc_no = ANY (v_held)
    ), moved AS (
        UPDATE loci.nodes n SET generation = p_generation, length = c.length FROM changed c
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = c.id
    )
    UPDATE loci.graphs g
    SET document_length = g.document_length + (SELECT coalesce(sum(c.length - c.before), 0) FROM changed c)
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
    -- As often as writes have it done.
    IF EXISTS (SELECT FROM unnest(v_held) d WHERE hashint8(d) & 511 = 0) THEN
        PERFORM loci.queue_merge(p_tenant, p_graph, 0);
    END IF;
    RETURN true;
END $$;

-- The next nodes (kind 1) or edges (kind 2) behind p_after that have tokens of another generation.
CREATE FUNCTION loci.old_tokens(p_tenant bigint, p_graph bigint, p_kind smallint, p_generation smallint, p_after text,
    p_limit bigint)
RETURNS TABLE (id text, revision bigint, content bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true), set_config('loci.expired', 'seen', true);
    RETURN QUERY
    (SELECT n.id::text, n.revision, n.content FROM loci.nodes n
    WHERE p_kind = 1 AND n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id > p_after
      AND n.property_tokens[1] & 1 <> p_generation
    ORDER BY n.id LIMIT p_limit)
    UNION ALL
    (SELECT e.id::text, e.revision, e.content FROM loci.edges e
    WHERE p_kind = 2 AND e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id > p_after
      AND e.property_tokens[1] & 1 <> p_generation
    ORDER BY e.id LIMIT p_limit);
END $$;

-- Gives them tokens by the other key. False as above.
CREATE FUNCTION loci.rederive_tokens(p_tenant bigint, p_graph bigint, p_search_version bigint, p_kind smallint,
    p_ids text[], p_revisions bigint[], p_tokens text[]) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT loci.hold_graph(p_tenant, p_graph, p_search_version) THEN
        RETURN false;
    END IF;
    IF p_kind = 1 THEN
        WITH held AS MATERIALIZED (
            SELECT n.id, n.property_tokens AS before, u.tokens::bigint[] AS tokens
            FROM unnest(p_ids, p_revisions, p_tokens) u (id, revision, tokens)
            JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = u.id
            WHERE n.revision = u.revision
        ), changed AS (
            UPDATE loci.nodes n SET property_tokens = h.tokens FROM held h
            WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = h.id
        ), removed AS (
            DELETE FROM loci.property_index x USING held h, unnest(h.before) t
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1 AND x.token = t AND x.id = h.id
        )
        INSERT INTO loci.property_index (graph_key, token, kind, tenant_key, id)
        SELECT p_graph, t, 1, p_tenant, h.id FROM held h, unnest(h.tokens) t;
    ELSE
        WITH held AS MATERIALIZED (
            SELECT e.id, e.property_tokens AS before, u.tokens::bigint[] AS tokens
            FROM unnest(p_ids, p_revisions, p_tokens) u (id, revision, tokens)
            JOIN loci.edges e ON e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = u.id
            WHERE e.revision = u.revision
        ), changed AS (
            UPDATE loci.edges e SET property_tokens = h.tokens FROM held h
            WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = h.id
        ), removed AS (
            DELETE FROM loci.property_index x USING held h, unnest(h.before) t
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 2 AND x.token = t AND x.id = h.id
        )
        INSERT INTO loci.property_index (graph_key, token, kind, tenant_key, id)
        SELECT p_graph, t, 2, p_tenant, h.id FROM held h, unnest(h.tokens) t;
    END IF;
    RETURN true;
END $$;

-- The next vectors behind a place that are under the other rotation, each as it is told apart from what may take its place.
CREATE FUNCTION loci.old_vectors(p_tenant bigint, p_graph bigint, p_generation smallint, p_model integer, p_doc_no bigint,
    p_chunk smallint, p_limit bigint)
RETURNS TABLE (model_key integer, doc_no bigint, chunk smallint, row_xmin xid, embedding real[]) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT e.model_key, e.doc_no, e.chunk, e.xmin, e.embedding::real[] FROM loci.embeddings e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph
      AND (e.model_key, e.doc_no, e.chunk) > (p_model, p_doc_no, p_chunk) AND e.generation <> p_generation
    ORDER BY e.model_key, e.doc_no, e.chunk LIMIT p_limit;
END $$;

-- Puts them under the rotation that p_vectors are under, as far as they still stand there.
CREATE FUNCTION loci.rerotate(p_tenant bigint, p_graph bigint, p_vectors loci.vector_row[], p_xmins xid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    UPDATE loci.embeddings e SET embedding = v.embedding::public.halfvec, generation = v.generation
    FROM unnest(p_vectors, p_xmins) v (doc_no, model_key, chunk, embedding, generation, row_xmin)
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = v.model_key AND e.doc_no = v.doc_no
      AND e.chunk = v.chunk AND e.xmin = v.row_xmin;
END $$;

-- Takes what is left of removed documents, and of the terms before, out of the segments: asks for it, and tells whether it
-- is done.
CREATE FUNCTION loci.clear_postings(p_tenant bigint, p_graph bigint, p_ask boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    IF p_ask THEN
        PERFORM loci.queue_merge(p_tenant, p_graph, 1);
        RETURN false;
    END IF;
    RETURN NOT EXISTS (SELECT FROM loci.jobs j WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 2
                       AND j.subject = 1);
END $$;
