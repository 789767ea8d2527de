-- Vectors: how they are written and searched, and how a graph that has very many comes to be served by an index.
--
-- All graphs share one HNSW index for each of the common dimensions: none is made for a tenant. Only rows of large
-- graphs are in them, and as each graph's vectors are rotated by a secret of its own, those of other graphs lie across
-- a query's way no more than noise does; what is met of them is passed over. Vectors of other dimensions are searched
-- without an index; one that is named like these serves another dimension.
--
-- An insertion into such an index takes a few milliseconds. No write waits for that: a new vector of a large graph
-- waits to be indexed, and a search looks at those that wait one by one.

DO $$
DECLARE
    dimension integer;
BEGIN
    FOREACH dimension IN ARRAY ARRAY[384, 512, 768, 1024, 1536, 3072] LOOP
        EXECUTE format('CREATE INDEX embeddings_hnsw_%1$s ON loci.embeddings
            USING hnsw ((embedding::public.halfvec(%1$s)) public.halfvec_ip_ops) WITH (ef_construction = 32)
            WHERE indexed = %1$s', dimension);
    END LOOP;
END $$;

CREATE INDEX embeddings_waiting ON loci.embeddings (graph_key, model_key, doc_no, chunk) WHERE indexed = 0;

-- Which of the models of servers finds by meaning in a graph, from its first vector on; and its change to another one.
CREATE TABLE loci.graph_models (
    graph_key bigint PRIMARY KEY,
    tenant_key bigint NOT NULL,
    -- Queries are embedded by it.
    model_key integer NOT NULL,
    model text NOT NULL,
    -- The one that is to take its place, or itself where its vectors are made anew.
    next_key integer,
    next_model text,
    -- Models before, whose vectors are being removed.
    former integer[] NOT NULL DEFAULT '{}',
    -- How far the documents are embedded by the next one, or freed of the first former one.
    doc_no bigint NOT NULL DEFAULT 0,
    -- The last document that was there when the change began. What is written since is seen to by itself.
    last_doc_no bigint NOT NULL DEFAULT 0,
    -- All documents were gone through, and what is still to be done is to index them.
    filled boolean NOT NULL DEFAULT false,
    done_count bigint NOT NULL DEFAULT 0,
    total_count bigint NOT NULL DEFAULT 0,
    begin_time timestamptz,
    end_time timestamptz,
    -- Why the last step failed: a reason of an error.
    failure text
);

-- Graphs with so many vectors of a model that an index serves them.
CREATE TABLE loci.vector_indexes (
    graph_key bigint NOT NULL,
    model_key integer NOT NULL,
    tenant_key bigint NOT NULL,
    dimension smallint NOT NULL,
    -- About how many are indexed; what is deleted since is not taken off.
    vectors bigint NOT NULL DEFAULT 0,
    -- How far those are indexed that were there when the index was begun.
    doc_no bigint NOT NULL DEFAULT 0,
    chunk smallint NOT NULL DEFAULT 0,
    -- It holds all vectors that do not wait.
    ready boolean NOT NULL DEFAULT false,
    PRIMARY KEY (graph_key, model_key)
);

CALL loci.keep_apart('graph_models', 'vector_indexes');

-- Background jobs see which graphs have another model than they are to have. These models are those of servers.
CREATE POLICY worker ON loci.graph_models FOR SELECT
    USING ((SELECT current_setting('loci.role', true)) = 'worker');

-- Until the end of the transaction no index is begun for this graph, and its model does not change, so that a vector that
-- is written is known to be there then, or to wait.
CREATE FUNCTION loci.hold_vectors(p_graph bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock_shared(hashint8extended(p_graph, 1280262986))
$$;

-- The first vector that a server makes for a graph says by which model it is searched, or one that a caller gave of the
-- model that servers have. Under loci.hold_vectors, and before the graph is locked.
CREATE FUNCTION loci.settle_model(p_tenant bigint, p_graph bigint, p_vectors loci.vector_row[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM loci.graph_models g WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
    IF FOUND THEN
        RETURN;
    END IF;
    INSERT INTO loci.graph_models (graph_key, tenant_key, model_key, model)
    SELECT p_graph, p_tenant, m.model_key, m.model FROM loci.embedding_models m
    JOIN (SELECT v.model_key, bool_or(v.chunk >= 0) AS made FROM unnest(p_vectors) v GROUP BY 1) v USING (model_key)
    WHERE m.tenant_key = p_tenant AND (v.made OR m.model = (SELECT c.embedding_model FROM loci.cluster c))
    ORDER BY v.made DESC LIMIT 1
    ON CONFLICT DO NOTHING;
END $$;

-- About one document in 256 has it looked whether there is something to index.
CREATE FUNCTION loci.insert_vectors(p_tenant bigint, p_graph bigint, p_vectors loci.vector_row[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_indexed integer[];
BEGIN
    v_indexed := ARRAY(SELECT i.model_key FROM loci.vector_indexes i
                       WHERE i.tenant_key = p_tenant AND i.graph_key = p_graph);
    INSERT INTO loci.embeddings (graph_key, doc_no, tenant_key, model_key, chunk, indexed, generation, embedding)
    SELECT p_graph, v.doc_no, p_tenant, v.model_key, v.chunk, CASE WHEN v.model_key = ANY (v_indexed) THEN 0 END,
        v.generation, v.embedding::public.halfvec
    FROM unnest(p_vectors) v
    ON CONFLICT DO NOTHING;
    PERFORM loci.confirm_models(p_tenant, p_vectors);
    INSERT INTO loci.jobs AS j (graph_key, kind, subject, tenant_key)
    SELECT DISTINCT p_graph, 3, v.model_key, p_tenant FROM unnest(p_vectors) v WHERE hashint8(v.doc_no) & 255 = 0
    ON CONFLICT (graph_key, kind, subject) DO UPDATE SET run_after = now() WHERE j.run_after > now();
END $$;

-- Writes vectors. Under loci.hold_vectors, after loci.settle_model. Those that a server made by a model which the graph is
-- not searched by (it has changed meanwhile) are not written: their documents are embedded again. Where the model is about
-- to change, the documents are noted for the next one.
CREATE FUNCTION loci.add_vectors(p_tenant bigint, p_graph bigint, p_vectors loci.vector_row[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_graph loci.graph_models;
BEGIN
    SELECT g.* INTO v_graph FROM loci.graph_models g WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
    PERFORM FROM unnest(p_vectors) v
    WHERE v.chunk >= 0 AND v.model_key NOT IN (v_graph.model_key, coalesce(v_graph.next_key, v_graph.model_key)) LIMIT 1;
    IF FOUND THEN
        INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key)
        SELECT p_graph, 1, d.doc_no, p_tenant FROM (
            SELECT v.doc_no FROM unnest(p_vectors) v WHERE v.chunk >= 0
            EXCEPT SELECT v.doc_no FROM unnest(p_vectors) v WHERE v.model_key = v_graph.model_key) d
        ON CONFLICT DO NOTHING;
        p_vectors := ARRAY(
            SELECT v FROM unnest(p_vectors) v
            WHERE v.chunk < 0 OR v.model_key IN (v_graph.model_key, v_graph.next_key));
    END IF;
    IF v_graph.next_key <> v_graph.model_key THEN
        INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key)
        SELECT p_graph, 6, d.doc_no, p_tenant FROM (
            SELECT v.doc_no FROM unnest(p_vectors) v WHERE v.chunk >= 0 AND v.model_key = v_graph.model_key
            EXCEPT SELECT v.doc_no FROM unnest(p_vectors) v WHERE v.model_key = v_graph.next_key) d
        ON CONFLICT DO NOTHING;
    END IF;
    PERFORM loci.insert_vectors(p_tenant, p_graph, p_vectors);
END $$;

-- Holds the graph, as commits do: a commit that rewrites a node meanwhile would hide its row from the statement that looks
-- whether the document is still there. LC002: the graph was erased; LC005: the vectors were turned by who does not know of
-- its keys, or of its choice of what is searched. Either undoes what was written before.
CREATE FUNCTION loci.hold_documents(p_tenant bigint, p_graph bigint, p_search_version bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_search bigint;
BEGIN
    SELECT g.search_version INTO v_search FROM loci.graphs g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND NOT g.erased FOR SHARE;
    IF v_search IS NULL THEN
        RAISE EXCEPTION 'graph is gone' USING ERRCODE = 'LC002';
    END IF;
    IF v_search <> p_search_version THEN
        RAISE EXCEPTION 'other fields are searched' USING ERRCODE = 'LC005';
    END IF;
END $$;

-- Writes what was embedded of documents, as far as they are still there, and removes their jobs. LC002 and LC005 as
-- loci.hold_documents.
CREATE FUNCTION loci.store_vectors(p_tenant bigint, p_graph bigint, p_search_version bigint, p_vectors loci.vector_row[],
    p_done bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM loci.hold_vectors(p_graph);
    PERFORM loci.settle_model(p_tenant, p_graph, p_vectors);
    PERFORM loci.hold_documents(p_tenant, p_graph, p_search_version);
    DELETE FROM loci.jobs j
    WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 1 AND j.subject = ANY (p_done);
    PERFORM loci.add_vectors(p_tenant, p_graph, loci.vectors_there(p_tenant, p_graph, p_vectors));
END $$;

-- Of these vectors those whose documents are there. The graph must be held.
CREATE FUNCTION loci.vectors_there(p_tenant bigint, p_graph bigint, p_vectors loci.vector_row[])
RETURNS loci.vector_row[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT v FROM unnest(p_vectors) v
                 WHERE EXISTS (SELECT FROM loci.nodes n
                               WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no = v.doc_no))
$$;

-- A step of indexing the vectors of a model in a graph, at most p_rows of them. True if there may be more to do. It
-- begins if there are more than p_least, and if vectors of that dimension have an index at all.
CREATE FUNCTION loci.index_vectors(p_tenant bigint, p_graph bigint, p_model integer, p_least bigint, p_rows bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_index loci.vector_indexes;
    v_dimension integer;
    v_doc_nos bigint[];
    v_chunks smallint[];
    v_rows bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    SELECT i.* INTO v_index FROM loci.vector_indexes i
    WHERE i.tenant_key = p_tenant AND i.graph_key = p_graph AND i.model_key = p_model FOR UPDATE;
    IF NOT FOUND THEN
        SELECT m.dimension INTO v_dimension FROM loci.embedding_models m
        WHERE m.tenant_key = p_tenant AND m.model_key = p_model;
        SELECT count(*) INTO v_rows FROM (
            SELECT FROM loci.embeddings e
            WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = p_model LIMIT p_least + 1) e;
        IF v_rows <= p_least OR to_regclass('loci.embeddings_hnsw_' || v_dimension) IS NULL THEN
            RETURN false;
        END IF;
        -- Once nobody writes who does not know of it: those who come later see the row.
        PERFORM pg_advisory_xact_lock(hashint8extended(p_graph, 1280262986));
        INSERT INTO loci.vector_indexes (graph_key, model_key, tenant_key, dimension)
        VALUES (p_graph, p_model, p_tenant, v_dimension) ON CONFLICT DO NOTHING;
        RETURN true;
    END IF;
    IF v_index.ready THEN
        SELECT array_agg(x.doc_no), array_agg(x.chunk) INTO v_doc_nos, v_chunks FROM (
            SELECT e.doc_no, e.chunk FROM loci.embeddings e
            WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = p_model AND e.indexed = 0
            ORDER BY e.doc_no, e.chunk LIMIT p_rows FOR UPDATE) x;
    ELSE
        SELECT array_agg(x.doc_no), array_agg(x.chunk) INTO v_doc_nos, v_chunks FROM (
            SELECT e.doc_no, e.chunk FROM loci.embeddings e
            WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = p_model AND e.indexed IS NULL
              AND (e.doc_no, e.chunk) > (v_index.doc_no, v_index.chunk)
            ORDER BY e.doc_no, e.chunk LIMIT p_rows FOR UPDATE) x;
    END IF;
    UPDATE loci.embeddings e SET indexed = v_index.dimension
    FROM unnest(v_doc_nos, v_chunks) x (doc_no, chunk)
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = p_model
      AND e.doc_no = x.doc_no AND e.chunk = x.chunk;
    v_rows := coalesce(cardinality(v_doc_nos), 0);
    UPDATE loci.vector_indexes i
    SET vectors = i.vectors + v_rows, ready = i.ready OR v_rows = 0,
        doc_no = CASE WHEN i.ready OR v_rows = 0 THEN i.doc_no ELSE v_doc_nos[v_rows] END,
        chunk = CASE WHEN i.ready OR v_rows = 0 THEN i.chunk ELSE v_chunks[v_rows] END
    WHERE i.tenant_key = p_tenant AND i.graph_key = p_graph AND i.model_key = p_model;
    RETURN v_rows > 0 OR NOT v_index.ready;
END $$;

-- The documents whose best vectors are nearest to the query, by looking at all vectors of the graph, or of those of its
-- nodes that pass. Cosine similarity: vectors have length 1.
CREATE FUNCTION loci.nearest_exact(p_tenant bigint, p_graph bigint, p_model integer, p_query public.halfvec,
    p_filter loci.node_filter, p_limit bigint, p_generation smallint DEFAULT NULL) RETURNS TABLE (doc_no bigint, score double precision)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    IF p_filter IS NULL THEN
        RETURN QUERY
        SELECT e.doc_no, max(-(e.embedding OPERATOR(public.<#>) p_query))
        FROM loci.embeddings e
        WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = p_model
          AND (p_generation IS NULL OR e.generation = p_generation)
        GROUP BY e.doc_no ORDER BY 2 DESC, 1 LIMIT p_limit;
    ELSE
        RETURN QUERY
        SELECT e.doc_no, max(-(e.embedding OPERATOR(public.<#>) p_query))
        FROM loci.nodes n
        JOIN loci.embeddings e ON e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = p_model
            AND e.doc_no = n.doc_no AND (p_generation IS NULL OR e.generation = p_generation)
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND loci.matches(n, p_filter)
        GROUP BY e.doc_no ORDER BY 2 DESC, 1 LIMIT p_limit;
    END IF;
END $$;

-- The same by the index, from the p_wanted nearest vectors that it comes by while it looks at p_most; of what waits
-- for the index, by looking at all. It finds fewer documents than there are if those vectors are of fewer.
CREATE FUNCTION loci.nearest_indexed(p_tenant bigint, p_graph bigint, p_index loci.vector_indexes, p_query public.halfvec,
    p_filter loci.node_filter, p_limit bigint, p_wanted bigint, p_most bigint, p_generation smallint)
RETURNS TABLE (doc_no bigint, score double precision)
LANGUAGE plpgsql SET enable_sort = off AS $$  -- or the planner may sort what the index has in order
DECLARE
    v_passes text := CASE WHEN p_filter IS NULL THEN '' ELSE 'AND EXISTS (
        SELECT FROM loci.nodes n
        WHERE n.tenant_key = $1 AND n.graph_key = $2 AND n.doc_no = e.doc_no AND loci.matches(n, $5))' END
        || CASE WHEN p_generation IS NULL THEN '' ELSE 'AND e.generation = $8' END;
BEGIN
    -- What comes a little out of order is sorted below; in strict order the index would drop it.
    PERFORM set_config('hnsw.iterative_scan', 'relaxed_order', true),
        set_config('hnsw.ef_search', '1000', true),
        set_config('hnsw.max_scan_tuples', p_most::text, true),
        set_config('hnsw.scan_mem_multiplier', '16', true);
    RETURN QUERY EXECUTE format($query$
        SELECT f.doc_no, max(f.score) FROM (
            (SELECT e.doc_no, -((e.embedding::public.halfvec(%1$s)) OPERATOR(public.<#>) $4) AS score
             FROM loci.embeddings e
             WHERE e.tenant_key = $1 AND e.graph_key = $2 AND e.model_key = $3 AND e.indexed = %1$s %2$s
             ORDER BY (e.embedding::public.halfvec(%1$s)) OPERATOR(public.<#>) $4 LIMIT $7)
            UNION ALL
            SELECT e.doc_no, -(e.embedding OPERATOR(public.<#>) $4)
            FROM loci.embeddings e
            WHERE e.tenant_key = $1 AND e.graph_key = $2 AND e.model_key = $3 AND e.indexed = 0 %2$s
        ) f GROUP BY f.doc_no ORDER BY 2 DESC, 1 LIMIT $6$query$, p_index.dimension, v_passes)
    USING p_tenant, p_graph, p_index.model_key, p_query, p_filter, p_limit, p_wanted, p_generation;
END $$;

-- Which share of the graph's documents passes a filter, by a sample of 256 that lie apart.
CREATE FUNCTION loci.passing_share(p_tenant bigint, p_graph bigint, p_filter loci.node_filter) RETURNS double precision
LANGUAGE sql STABLE AS $$
    SELECT coalesce(avg(CASE WHEN loci.matches(n, p_filter) THEN 1.0 ELSE 0.0 END), 0.0)
    FROM (SELECT min(x.doc_no) AS first, max(x.doc_no) AS last FROM loci.nodes x
          WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.doc_no IS NOT NULL) ends
    CROSS JOIN generate_series(0, 63) place
    CROSS JOIN LATERAL (
        SELECT x.* FROM loci.nodes x
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph
          AND x.doc_no >= ends.first + (ends.last - ends.first) * place / 64
        ORDER BY x.doc_no LIMIT 4) n
$$;

-- How many vectors to ask the index for, so that they are of p_limit documents, and how many it may look at for that.
-- Null if it is quicker to look at all.
CREATE FUNCTION loci.wanted_vectors(p_tenant bigint, p_graph bigint, p_index loci.vector_indexes, p_filter loci.node_filter,
    p_limit bigint, OUT wanted bigint, OUT most bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_documents double precision;
    v_share double precision := 1;
BEGIN
    SELECT greatest(g.document_count, 1) INTO v_documents FROM loci.graphs g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
    -- Twice as many as documents at least: the nearest are the surer found the more is asked for.
    wanted := p_limit * least(greatest(ceil(p_index.vectors / v_documents), 2), 3);
    IF NOT (p_filter IS NULL) THEN  -- that is: if any of its fields is given
        v_share := loci.passing_share(p_tenant, p_graph, p_filter);
        -- A vector that the index comes by costs as much as 12 without it, or as 30 nodes.
        IF 12 * wanted >= v_share * (0.4 * v_documents + v_share * p_index.vectors) THEN
            wanted := NULL;
        END IF;
    END IF;
    most := 20 * wanted / v_share;  -- it looks at some ten for each that it comes by
END $$;

-- LC006 if the graph is not searched by this model, or no more. Asked after its vectors were read: they are removed only
-- when another one is searched.
CREATE FUNCTION loci.check_searched(p_tenant bigint, p_graph bigint, p_model integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM loci.graph_models g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.model_key = p_model;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the graph has another model' USING ERRCODE = 'LC006';
    END IF;
END $$;

-- The semantic arm: documents by the cosine similarity of their best vector. p_searched: the query was embedded by a
-- server, so that this must be the graph's model. p_generation: while keys are rotated, of the rotation that the query is
-- under: only vectors of this one.
CREATE FUNCTION loci.search_semantic(p_tenant bigint, p_graph bigint, p_model integer, p_query real[],
    p_filter loci.node_filter, p_limit bigint, p_searched boolean DEFAULT false,
    p_generation smallint DEFAULT NULL) RETURNS TABLE (doc_no bigint, score double precision)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_query public.halfvec := p_query::public.halfvec;
    v_index loci.vector_indexes;
    v_wanted bigint;
    v_most bigint;
    v_doc_nos bigint[];
    v_scores double precision[];
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    SELECT i.* INTO v_index FROM loci.vector_indexes i
    WHERE i.tenant_key = p_tenant AND i.graph_key = p_graph AND i.model_key = p_model AND i.ready;
    IF FOUND THEN
        SELECT w.wanted, w.most INTO v_wanted, v_most
        FROM loci.wanted_vectors(p_tenant, p_graph, v_index, p_filter, p_limit) w;
        FOR v_try IN 1..2 LOOP  -- a few documents may have most of the nearest vectors
            EXIT WHEN v_wanted IS NULL;
            SELECT array_agg(f.doc_no), array_agg(f.score) INTO v_doc_nos, v_scores
            FROM loci.nearest_indexed(p_tenant, p_graph, v_index, v_query, p_filter, p_limit, v_try * v_wanted,
                v_try * v_most, p_generation) f;
            IF cardinality(v_doc_nos) = p_limit THEN
                RETURN QUERY SELECT f.doc_no, f.score FROM unnest(v_doc_nos, v_scores) f (doc_no, score)
                ORDER BY 2 DESC, 1;
                EXIT;
            END IF;
            v_doc_nos := NULL;
        END LOOP;
    END IF;
    IF v_doc_nos IS NULL THEN
        RETURN QUERY SELECT f.doc_no, f.score
        FROM loci.nearest_exact(p_tenant, p_graph, p_model, v_query, p_filter, p_limit, p_generation) f;
    END IF;
    IF p_searched THEN
        PERFORM loci.check_searched(p_tenant, p_graph, p_model);
    END IF;
END $$;
