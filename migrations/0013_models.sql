-- Changing the embedder: which model graphs are brought to, and how one graph is brought there.
--
-- A graph is searched by one model, that of its row in graph_models. When it is to have another one, a job embeds its
-- documents by that beside; when none is missing, the row changes, and with it all searches at once; then the vectors of
-- the model before are removed. What is written meanwhile gets vectors of both, or of the model that is searched and is
-- noted for the next one (loci.add_vectors).

-- Server processes with an embedder that were up a moment ago, and the model of each.
CREATE TABLE loci.servers (
    server_id uuid PRIMARY KEY,
    model text NOT NULL,
    seen_time timestamptz NOT NULL
);

ALTER TABLE loci.servers ENABLE ROW LEVEL SECURITY;
ALTER TABLE loci.servers FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone ON loci.servers USING (true);

-- A server says that it is up, with the model of its embedder, and hears which model graphs are brought to. That one
-- stays as long as any server has it that was heard of within p_seconds; then a server with another one puts its own in
-- its place. So a roll-out of another embedder begins to change graphs when the last server with the one before has gone,
-- and one of those that comes back changes nothing back.
CREATE FUNCTION loci.announce_server(p_server uuid, p_model text, p_seconds double precision) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_target text;
BEGIN
    DELETE FROM loci.servers s WHERE s.seen_time < now() - p_seconds * interval '1 second';
    INSERT INTO loci.servers AS s (server_id, model, seen_time) VALUES (p_server, p_model, now())
    ON CONFLICT (server_id) DO UPDATE SET model = excluded.model, seen_time = excluded.seen_time;
    SELECT c.embedding_model INTO v_target FROM loci.cluster c;
    IF v_target IS DISTINCT FROM p_model THEN
        SELECT c.embedding_model INTO v_target FROM loci.cluster c FOR UPDATE;  -- one server at a time
        PERFORM FROM loci.servers s WHERE s.model = v_target;
        IF NOT FOUND THEN
            UPDATE loci.cluster SET embedding_model = p_model;
            v_target := p_model;
        END IF;
    END IF;
    RETURN v_target;
END $$;

-- The models of a graph, with the dimension of the one that is searched.
CREATE FUNCTION loci.graph_model(p_tenant bigint, p_graph bigint)
RETURNS TABLE (model_key integer, model text, dimension integer, next_key integer, next_model text, former integer[],
    doc_no bigint, done_count bigint, total_count bigint, begin_time timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT g.model_key, g.model, m.dimension, g.next_key, g.next_model, g.former, g.doc_no, g.done_count, g.total_count,
        g.begin_time
    FROM loci.graph_models g
    JOIN loci.embedding_models m ON m.tenant_key = p_tenant AND m.model_key = g.model_key
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
END $$;

-- Waits until nobody writes vectors of this graph, and lets nobody begin until the end of the transaction: who comes later
-- sees what this transaction did.
CREATE FUNCTION loci.hold_off_vectors(p_graph bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashint8extended(p_graph, 1280262986))
$$;

-- Begins to bring a graph to a model, or to make its vectors anew by it; if it is being brought to another one, gives that
-- up. False if there is nothing to do. What is left of former models goes first.
CREATE FUNCTION loci.begin_model(p_tenant bigint, p_graph bigint, p_next integer, p_model text, p_anew boolean)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_graph loci.graph_models;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM loci.hold_off_vectors(p_graph);
    INSERT INTO loci.graph_models (graph_key, tenant_key, model_key, model)
    SELECT p_graph, p_tenant, p_next, p_model FROM loci.graphs x
    WHERE p_anew AND x.tenant_key = p_tenant AND x.graph_key = p_graph AND NOT x.erased FOR SHARE ON CONFLICT DO NOTHING;
    SELECT g.* INTO v_graph FROM loci.graph_models g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph FOR UPDATE;
    IF NOT FOUND OR (v_graph.model_key = p_next AND v_graph.next_key IS NULL AND NOT p_anew) THEN
        RETURN coalesce(v_graph.former <> '{}', false);
    ELSIF v_graph.next_key = p_next OR v_graph.former <> '{}' THEN
        RETURN true;
    ELSIF v_graph.next_key IS NOT NULL THEN
        UPDATE loci.graph_models g
        SET former = CASE WHEN next_key <> model_key THEN ARRAY[next_key] ELSE '{}' END, next_key = NULL,
            next_model = NULL, doc_no = 0
        WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
        DELETE FROM loci.jobs j WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 6;
    ELSE
        UPDATE loci.graph_models g
        SET next_key = p_next, next_model = p_model, doc_no = 0, filled = false, done_count = 0, begin_time = now(),
            end_time = NULL, failure = NULL,
            total_count = (SELECT x.document_count FROM loci.graphs x
                           WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph),
            last_doc_no = coalesce((SELECT max(n.doc_no) FROM loci.nodes n
                                    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph), 0)
        WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
    END IF;
    RETURN true;
END $$;

-- Documents that are to be embedded by the next model: those behind p_after, or else those that came late.
CREATE FUNCTION loci.next_documents(p_tenant bigint, p_graph bigint, p_after bigint, p_limit bigint)
RETURNS TABLE (doc_no bigint, late boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT n.doc_no, false FROM loci.nodes n
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no > p_after
      AND n.doc_no <= (SELECT g.last_doc_no FROM loci.graph_models g
                       WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph)
    ORDER BY n.doc_no LIMIT p_limit;
    IF NOT FOUND THEN
        RETURN QUERY
        SELECT j.subject, true FROM loci.jobs j
        WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 6 AND j.attempts = 0
        ORDER BY j.subject LIMIT p_limit;
    END IF;
END $$;

-- Writes what the next model made of documents: of p_late, or of those behind p_after up to and with p_upto. Those in
-- p_refused wait until the change is over. False if the change is no more the one, or the place not the one, that they
-- were read for: then nothing is written. LC002 and LC005 as loci.hold_documents.
CREATE FUNCTION loci.store_next_vectors(p_tenant bigint, p_graph bigint, p_search_version bigint, p_next integer,
    p_vectors loci.vector_row[], p_late bigint[], p_after bigint, p_upto bigint, p_count bigint, p_refused bigint[])
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_graph loci.graph_models;
    v_vectors loci.vector_row[];
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM loci.hold_vectors(p_graph);
    PERFORM loci.hold_documents(p_tenant, p_graph, p_search_version);
    SELECT g.* INTO v_graph FROM loci.graph_models g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph FOR UPDATE;
    IF v_graph.next_key IS DISTINCT FROM p_next OR v_graph.doc_no <> p_after THEN
        RETURN false;
    END IF;
    v_vectors := loci.vectors_there(p_tenant, p_graph, p_vectors);
    IF p_next = v_graph.model_key THEN
        DELETE FROM loci.embeddings e
        WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = p_next AND e.chunk >= 0
          AND e.doc_no IN (SELECT v.doc_no FROM unnest(v_vectors) v);
    END IF;
    PERFORM loci.insert_vectors(p_tenant, p_graph, v_vectors);
    DELETE FROM loci.jobs j
    WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 6 AND j.subject = ANY (p_late);
    INSERT INTO loci.jobs AS j (graph_key, kind, subject, tenant_key, attempts)
    SELECT p_graph, 6, n.doc_no, p_tenant, 1 FROM loci.nodes n
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no = ANY (p_refused)
    ON CONFLICT (graph_key, kind, subject) DO UPDATE SET attempts = 1;
    UPDATE loci.graph_models g
    SET doc_no = p_upto, done_count = done_count + p_count, failure = NULL
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
    RETURN true;
END $$;

-- Searches the graph by the next model from now on, if no document is missing. It waits for the index of the new vectors
-- where those before have one. False if it is not yet time, or if this is another change than that of p_begun.
CREATE FUNCTION loci.switch_model(p_tenant bigint, p_graph bigint, p_begun timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_graph loci.graph_models;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM loci.hold_off_vectors(p_graph);
    SELECT g.* INTO v_graph FROM loci.graph_models g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph FOR UPDATE;
    PERFORM FROM loci.jobs j
    WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 6 AND j.attempts = 0 LIMIT 1;
    IF FOUND OR v_graph.next_key IS NULL OR v_graph.begin_time IS DISTINCT FROM p_begun THEN
        RETURN false;
    END IF;
    IF v_graph.next_key <> v_graph.model_key THEN
        PERFORM FROM loci.vector_indexes i
        WHERE i.tenant_key = p_tenant AND i.graph_key = p_graph AND i.model_key = v_graph.model_key AND i.ready;
        IF FOUND AND NOT v_graph.filled THEN
            INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key)
            VALUES (p_graph, 3, v_graph.next_key, p_tenant)
            ON CONFLICT (graph_key, kind, subject) DO UPDATE SET run_after = now();
            UPDATE loci.graph_models g SET filled = true WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
            RETURN false;
        ELSIF FOUND THEN
            PERFORM FROM loci.jobs j
            WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 3 AND j.subject = v_graph.next_key;
            IF FOUND THEN
                RETURN false;
            END IF;
        END IF;
    END IF;
    UPDATE loci.graph_models g
    SET model_key = next_key, model = next_model, next_key = NULL, next_model = NULL, doc_no = 0, filled = false,
        former = CASE WHEN next_key <> model_key THEN ARRAY[model_key] ELSE '{}' END, end_time = now(), failure = NULL
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
    -- What the embedder refused is asked again now and then, and counts as waiting.
    INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key, run_after)
    SELECT j.graph_key, 1, j.subject, j.tenant_key, now() + interval '10 minutes' FROM loci.jobs j
    WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 6
    ON CONFLICT DO NOTHING;
    DELETE FROM loci.jobs j
    WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND (j.kind = 6 OR j.kind = 5 AND j.subject = 1);
    IF v_graph.next_key <> v_graph.model_key THEN
        INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key) VALUES (p_graph, 5, 0, p_tenant)
        ON CONFLICT DO NOTHING;
        -- They may have been put off for want of the embedder before.
        UPDATE loci.jobs j SET run_after = now()
        WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind = 1 AND j.attempts > 0
          AND j.run_after < now() + interval '2 minutes';
    END IF;
    RETURN true;
END $$;

-- Removes vectors of the first former model, at most p_rows of them; those that callers gave stay.
CREATE FUNCTION loci.drop_former_vectors(p_tenant bigint, p_graph bigint, p_rows bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_graph loci.graph_models;
    v_rows bigint;
    v_last bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    SELECT g.* INTO v_graph FROM loci.graph_models g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph FOR UPDATE;
    IF v_graph.former = '{}' THEN
        RETURN;
    END IF;
    WITH due AS MATERIALIZED (
        SELECT x.doc_no, x.chunk FROM loci.embeddings x
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.model_key = v_graph.former[1]
          AND x.doc_no >= v_graph.doc_no AND x.chunk >= 0
        ORDER BY x.doc_no, x.chunk LIMIT p_rows FOR UPDATE SKIP LOCKED  -- commits remove some, too
    ), gone AS (
        DELETE FROM loci.embeddings e USING due x
        WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = v_graph.former[1]
          AND e.doc_no = x.doc_no AND e.chunk = x.chunk
        RETURNING e.doc_no
    )
    SELECT count(*), max(g.doc_no) INTO v_rows, v_last FROM gone g;
    IF v_rows = p_rows THEN
        UPDATE loci.graph_models g SET doc_no = v_last WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
        RETURN;
    END IF;
    PERFORM FROM loci.embeddings e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = v_graph.former[1] AND e.chunk >= 0 LIMIT 1;
    IF FOUND THEN
        UPDATE loci.graph_models g SET doc_no = 0 WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
        RETURN;
    END IF;
    PERFORM FROM loci.embeddings e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.model_key = v_graph.former[1] LIMIT 1;
    IF NOT FOUND THEN
        DELETE FROM loci.vector_indexes i
        WHERE i.tenant_key = p_tenant AND i.graph_key = p_graph AND i.model_key = v_graph.former[1];
    END IF;
    UPDATE loci.graph_models g SET former = g.former[2:], doc_no = 0
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
END $$;
