-- The arms of search, and the upkeep of the lexical index.

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

-- What the lexical arm weighs terms by: documents and their mean length in terms, and how many documents hold each term.
CREATE FUNCTION loci.lexical_statistics(p_tenant bigint, p_graph bigint, p_terms bigint[])
RETURNS TABLE (documents double precision, mean_length double precision, term bigint, holding bigint)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT greatest(g.document_count, 1)::float8,
        greatest(g.document_length::float8 / greatest(g.document_count, 1), 1), w.term,
        (SELECT count(*) FROM loci.lexical_tail t
         WHERE t.tenant_key = p_tenant AND t.graph_key = p_graph AND t.terms && ARRAY[w.term])
        + (SELECT count(*) FROM loci.lexical_segments s CROSS JOIN LATERAL unnest(s.doc_nos) d
           WHERE s.tenant_key = p_tenant AND s.graph_key = p_graph AND s.term = w.term
             AND d NOT IN (SELECT x.doc_no FROM loci.lexical_dead x
                           WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph))
    FROM unnest(p_terms) w (term)
    JOIN loci.graphs g ON g.tenant_key = p_tenant AND g.graph_key = p_graph;
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
