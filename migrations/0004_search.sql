-- The arms of search by words and times, and the upkeep of the lexical index.

-- The lexical arm: BM25 (k1 1.2, b 0.75; Robertson and Zaragoza 2009, with Lucene's non-negative idf) over keyed terms.
-- Document frequencies are counted from the postings themselves, so they are exact; p_weights, if given, are what the
-- terms weigh instead, where several graphs are searched as one. p_all: only documents that hold all of these terms.
CREATE FUNCTION loci.search_lexical(p_tenant bigint, p_graph bigint, p_terms bigint[], p_weights double precision[],
    p_filter loci.node_filter, p_limit bigint, p_all bigint[] DEFAULT NULL)
RETURNS TABLE (doc_no bigint, score double precision)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    v_all boolean := p_filter IS NULL;  -- as a constant, of which the planner knows the end
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
    WITH unpacked AS (  -- in the select list, where PostgreSQL need not store what it unpacks
        SELECT t.doc_no, t.length, unnest(t.terms) AS term, unnest(t.frequencies) AS frequency
        FROM loci.lexical_tail t
        WHERE t.tenant_key = p_tenant AND t.graph_key = p_graph AND t.terms && p_terms
        UNION ALL
        SELECT x.first_doc_no + (p >> 35), (p & 1048575)::integer, x.term, (p >> 20 & 32767)::smallint
        FROM (SELECT s.first_doc_no, s.term, unnest(s.postings) AS p FROM loci.lexical_segments s
              WHERE s.tenant_key = p_tenant AND s.graph_key = p_graph AND s.term = ANY (p_terms)) x
    ), postings AS MATERIALIZED (
        SELECT u.doc_no, u.term, u.frequency / (u.frequency + 1.2 * (0.25 + 0.75 * u.length / v_mean)) AS saturation
        FROM unpacked u
        WHERE u.term = ANY (p_terms)
          AND (u.doc_no << 1 | (u.term & 1)) NOT IN (SELECT d.posted FROM loci.lexical_dead d
                                                   WHERE d.tenant_key = p_tenant AND d.graph_key = p_graph)
    ), inverse AS (
        SELECT term, coalesce(max(g.weight), 2.2 * ln(1 + (v_count - count(*) + 0.5) / (count(*) + 0.5))) AS weight
        FROM postings LEFT JOIN unnest(p_terms, p_weights) g(term, weight) USING (term) GROUP BY term
    ), scored AS (
        SELECT p.doc_no, sum(i.weight * p.saturation) AS score
        FROM postings p JOIN inverse i USING (term) GROUP BY p.doc_no
        HAVING p_all IS NULL OR count(*) FILTER (WHERE term = ANY (p_all)) = cardinality(p_all)
    )
    SELECT s.doc_no, s.score FROM scored s
    WHERE v_all OR EXISTS (
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
    WITH held AS (
        SELECT u.term, count(*) AS holding
        FROM loci.lexical_tail t CROSS JOIN LATERAL unnest(t.terms) AS u (term)
        WHERE t.tenant_key = p_tenant AND t.graph_key = p_graph AND t.terms && p_terms AND u.term = ANY (p_terms)
        GROUP BY u.term
        UNION ALL
        SELECT s.term, count(*)
        FROM loci.lexical_segments s CROSS JOIN LATERAL unnest(s.postings) AS u (p)
        WHERE s.tenant_key = p_tenant AND s.graph_key = p_graph AND s.term = ANY (p_terms)
          AND (s.first_doc_no + (p >> 35) << 1 | (s.term & 1)) NOT IN (
              SELECT d.posted FROM loci.lexical_dead d WHERE d.tenant_key = p_tenant AND d.graph_key = p_graph)
        GROUP BY s.term
    )
    SELECT greatest(g.document_count, 1)::float8,
        greatest(g.document_length::float8 / greatest(g.document_count, 1), 1), w.term,
        coalesce(sum(h.holding), 0)::bigint
    FROM unnest(p_terms) w (term)
    JOIN loci.graphs g ON g.tenant_key = p_tenant AND g.graph_key = p_graph
    LEFT JOIN held h ON h.term = w.term
    GROUP BY 1, 2, 3;
END $$;

-- The temporal arm: documents whose event time lies in any of the periods, the latest first.
CREATE FUNCTION loci.search_times(p_tenant bigint, p_graph bigint, p_lower timestamptz[], p_upper timestamptz[],
    p_filter loci.node_filter, p_limit bigint) RETURNS TABLE (doc_no bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT DISTINCT ON (x.event_time, x.doc_no) x.doc_no
    FROM unnest(p_lower, p_upper) AS p(lower, upper)
    CROSS JOIN LATERAL (
        SELECT n.event_time, n.doc_no FROM loci.nodes n
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no IS NOT NULL
          AND n.event_time >= p.lower AND n.event_time < p.upper AND (p_filter IS NULL OR loci.matches(n, p_filter))
        ORDER BY n.event_time DESC, n.doc_no LIMIT p_limit) x
    ORDER BY x.event_time DESC, x.doc_no LIMIT p_limit;
END $$;

-- Documents that name some of these times, the latest first. Of each token the latest rows are read, of 120 documents at
-- least; of all that they hold, with a filter, the latest ten times p_limit are tried.
CREATE FUNCTION loci.search_mentions(p_tenant bigint, p_graph bigint, p_tokens bigint[], p_filter loci.node_filter,
    p_limit bigint) RETURNS TABLE (doc_no bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    v_all boolean := p_filter IS NULL;
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    WITH named AS (
        SELECT t.doc_no, t.token & 1 AS generation FROM (
            SELECT x.doc_no, unnest(x.mentions) AS token FROM loci.lexical_tail x
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.mentions IS NOT NULL) t
        WHERE t.token = ANY (p_tokens)
        UNION
        SELECT s.first_doc_no + (p >> 35), w.token & 1 FROM unnest(p_tokens) AS w (token)
        CROSS JOIN LATERAL (
            SELECT x.first_doc_no, x.postings FROM loci.lexical_segments x
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.term = w.token
            ORDER BY x.first_doc_no DESC LIMIT 2 + p_limit / 120) s
        CROSS JOIN LATERAL unnest(s.postings) AS u (p)
    ), latest AS (
        SELECT d.doc_no FROM named d
        WHERE (d.doc_no << 1 | d.generation) NOT IN (SELECT z.posted FROM loci.lexical_dead z
                                                     WHERE z.tenant_key = p_tenant AND z.graph_key = p_graph)
        ORDER BY d.doc_no DESC LIMIT CASE WHEN v_all THEN p_limit ELSE 10 * p_limit END
    )
    SELECT l.doc_no FROM latest l
    WHERE v_all OR EXISTS (
        SELECT FROM loci.nodes n
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no = l.doc_no
          AND loci.matches(n, p_filter))
    ORDER BY l.doc_no DESC LIMIT p_limit;
END $$;

-- Which documents name the same things: those of each, unless they are more than p_most (at most 200: as many stand in two
-- rows). A thing has a token, or two while keys are rotated; p_things says which thing each is of.
CREATE FUNCTION loci.naming(p_tenant bigint, p_graph bigint, p_tokens bigint[], p_things integer[], p_most bigint)
RETURNS TABLE (thing integer, doc_no bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    WITH named AS (
        SELECT t.token, t.doc_no FROM (
            SELECT x.doc_no, unnest(x.mentions) AS token FROM loci.lexical_tail x
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.mentions IS NOT NULL) t
        WHERE t.token = ANY (p_tokens)
        UNION ALL
        SELECT w.token, s.first_doc_no + (p >> 35) FROM unnest(p_tokens) AS w (token)
        CROSS JOIN LATERAL (
            SELECT x.first_doc_no, x.postings FROM loci.lexical_segments x
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.term = w.token
            ORDER BY x.first_doc_no DESC LIMIT 3) s
        CROSS JOIN LATERAL unnest(s.postings) AS u (p)
    ), counted AS (
        SELECT g.thing, n.doc_no, count(*) OVER (PARTITION BY g.thing) AS holding
        FROM named n JOIN unnest(p_tokens, p_things) g (token, thing) ON g.token = n.token
        WHERE (n.doc_no << 1 | (n.token & 1)) NOT IN (SELECT z.posted FROM loci.lexical_dead z
                                                      WHERE z.tenant_key = p_tenant AND z.graph_key = p_graph)
    )
    SELECT c.thing, c.doc_no FROM counted c WHERE c.holding <= p_most ORDER BY 1, 2;
END $$;

-- Until the end of the transaction nobody else rewrites segments of this graph.
CREATE FUNCTION loci.hold_segments(p_graph bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashint8extended(p_graph, 1280262987))
$$;

-- Moves up to p_limit documents of the tail into segments. Returns how many. The last row of each term is filled up before
-- another one begins. Offsets within a row are of at most 28 bits: the documents of a row agree in all others.
CREATE FUNCTION loci.merge_lexical_tail(p_tenant bigint, p_graph bigint, p_limit bigint) RETURNS bigint
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_count bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM loci.hold_segments(p_graph);
    WITH due AS MATERIALIZED (
        SELECT x.doc_no FROM loci.lexical_tail x
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph ORDER BY x.doc_no LIMIT p_limit FOR UPDATE SKIP LOCKED
    ), taken AS (
        DELETE FROM loci.lexical_tail t
        WHERE t.tenant_key = p_tenant AND t.graph_key = p_graph AND t.doc_no IN (SELECT d.doc_no FROM due d)
        RETURNING t.doc_no, t.length, t.terms || t.mentions AS terms, t.frequencies
    ), posted AS MATERIALIZED (
        SELECT u.term, t.doc_no, t.doc_no >> 28 AS block, coalesce(u.frequency, 0)::bigint << 20 | t.length AS weight,
            row_number() OVER (PARTITION BY u.term, t.doc_no >> 28 ORDER BY t.doc_no) - 1 AS place
        FROM taken t CROSS JOIN LATERAL unnest(t.terms, t.frequencies) AS u (term, frequency)
    ), filling AS MATERIALIZED (
        SELECT p.term, p.block, s.first_doc_no, s.size
        FROM (SELECT DISTINCT term, block FROM posted) p
        CROSS JOIN LATERAL (
            SELECT x.first_doc_no, cardinality(x.postings) AS size FROM loci.lexical_segments x
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.term = p.term
              AND x.first_doc_no BETWEEN p.block << 28 AND (p.block + 1 << 28) - 1
            ORDER BY x.first_doc_no DESC LIMIT 1) s
        WHERE s.size < 240
    ), placed AS (
        SELECT p.term, p.doc_no, p.weight, chunk,
            CASE WHEN chunk = 0 AND f.size > 0 THEN f.first_doc_no
            ELSE min(p.doc_no) OVER (PARTITION BY p.term, p.block, chunk) END AS first_doc_no,
            chunk = 0 AND f.size > 0 AS added
        FROM posted p LEFT JOIN filling f USING (term, block)
        CROSS JOIN LATERAL (SELECT (coalesce(f.size, 0) + p.place) / 240 AS chunk) c
    ), rows AS MATERIALIZED (
        SELECT term, first_doc_no, coalesce(added, false) AS added,
            array_agg((doc_no - first_doc_no) << 35 | weight ORDER BY doc_no) AS postings
        FROM placed GROUP BY 1, 2, 3
    ), extended AS (
        UPDATE loci.lexical_segments s SET postings = s.postings || r.postings FROM rows r
        WHERE r.added AND s.tenant_key = p_tenant AND s.graph_key = p_graph AND s.term = r.term
          AND s.first_doc_no = r.first_doc_no
    ), begun AS (
        INSERT INTO loci.lexical_segments (graph_key, term, first_doc_no, tenant_key, postings)
        SELECT p_graph, r.term, r.first_doc_no, p_tenant, r.postings FROM rows r WHERE NOT r.added
    )
    SELECT count(*) INTO v_count FROM taken;
    RETURN v_count;
END $$;

-- Dead documents of a graph (as loci.lexical_dead has them), if it is time to take them out of the segments: all that there are when they are asked for, else
-- when they are an eighth of what is searched. At most p_limit.
CREATE FUNCTION loci.lexical_burden(p_tenant bigint, p_graph bigint, p_asked boolean, p_limit bigint) RETURNS bigint[]
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    IF NOT p_asked AND NOT EXISTS (
        SELECT FROM loci.graphs g
        WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.document_count <= 8 * (
            SELECT count(*) FROM loci.lexical_dead d WHERE d.tenant_key = p_tenant AND d.graph_key = p_graph)) THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(SELECT d.posted FROM loci.lexical_dead d WHERE d.tenant_key = p_tenant AND d.graph_key = p_graph
                 ORDER BY d.posted LIMIT p_limit);
END $$;

-- One step of taking dead documents out: the segments of the terms behind p_after (null: of the first ones), some p_limit rows.
-- Rows that held any are written anew, together with others of their terms that are less than half full. Returns the last
-- term; null: there are no more, and the documents are off the dead list.
CREATE FUNCTION loci.purge_lexical_dead(p_tenant bigint, p_graph bigint, p_dead bigint[], p_after bigint, p_limit bigint)
RETURNS bigint LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_first bigint := coalesce(p_after, -9223372036854775808);
    v_last bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM loci.hold_segments(p_graph);
    SELECT max(x.term) INTO v_last FROM (
        SELECT s.term FROM loci.lexical_segments s
        WHERE s.tenant_key = p_tenant AND s.graph_key = p_graph AND s.term >= v_first
          AND (p_after IS NULL OR s.term > p_after)
        ORDER BY s.term LIMIT p_limit) x;
    IF v_last IS NULL THEN
        DELETE FROM loci.lexical_dead d
        WHERE d.tenant_key = p_tenant AND d.graph_key = p_graph AND d.posted = ANY (p_dead);
        RETURN NULL;
    END IF;
    WITH looked AS MATERIALIZED (
        SELECT s.term, s.first_doc_no, cardinality(s.postings) AS size,
            EXISTS (SELECT FROM unnest(s.postings) p
                    WHERE (s.first_doc_no + (p >> 35) << 1 | (s.term & 1)) = ANY (p_dead)) AS burdened
        FROM loci.lexical_segments s
        WHERE s.tenant_key = p_tenant AND s.graph_key = p_graph AND s.term BETWEEN v_first AND v_last
          AND (p_after IS NULL OR s.term > p_after)
    ), taken AS (
        DELETE FROM loci.lexical_segments s USING looked l
        WHERE s.tenant_key = p_tenant AND s.graph_key = p_graph AND s.term = l.term AND s.first_doc_no = l.first_doc_no
          AND (l.burdened OR l.size < 120 AND l.term IN (SELECT b.term FROM looked b WHERE b.burdened))
        RETURNING s.term, s.first_doc_no, s.postings
    ), kept AS (
        SELECT t.term, d.doc_no, d.doc_no >> 28 AS block, p & 34359738367 AS weight,
            (row_number() OVER (PARTITION BY t.term, d.doc_no >> 28 ORDER BY d.doc_no) - 1) / 240 AS chunk
        FROM taken t CROSS JOIN LATERAL unnest(t.postings) AS u (p)
        CROSS JOIN LATERAL (SELECT t.first_doc_no + (p >> 35) AS doc_no) d
        WHERE (d.doc_no << 1 | (t.term & 1)) <> ALL (p_dead)
    ), placed AS (
        SELECT k.*, min(k.doc_no) OVER (PARTITION BY k.term, k.block, k.chunk) AS first_doc_no FROM kept k
    )
    INSERT INTO loci.lexical_segments (graph_key, term, first_doc_no, tenant_key, postings)
    SELECT p_graph, p.term, p.first_doc_no, p_tenant,
        array_agg((p.doc_no - p.first_doc_no) << 35 | p.weight ORDER BY p.doc_no)
    FROM placed p GROUP BY p.term, p.first_doc_no;
    RETURN v_last;
END $$;
