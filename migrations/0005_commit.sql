-- The one way to write to a graph.

-- One node or edge that a commit writes or removes, with all that is derived from it.
CREATE TYPE loci.node_change AS (
    op smallint,                -- as in loci.changes
    id text,
    previous_id text,           -- renamed from
    previous_revision bigint,   -- what the row was read as; 0: there was none
    type text,                  -- of what is removed, the last one
    previous_type text,         -- set: it was another
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

-- Fixes the dimensions of models whose first vectors are stored in this transaction. A unique violation: another
-- dimension was confirmed meanwhile.
CREATE FUNCTION loci.confirm_models(p_tenant bigint, p_vectors loci.vector_row[]) RETURNS void LANGUAGE sql AS $$
    UPDATE loci.embedding_models m SET confirmed = true
    WHERE m.tenant_key = p_tenant AND NOT m.confirmed AND m.model_key IN (SELECT v.model_key FROM unnest(p_vectors) v);
$$;

-- What a commit read: it fails with LC001 if any of it has changed. revision 0: absent; -1: present at any revision.
CREATE TYPE loci.expectation AS (kind smallint, id text, revision bigint);

-- An entry of the audit as it comes from the server (0010_audit). Null there: time (the statement's), revision.
CREATE TYPE loci.audit_row AS (
    tenant_key bigint,
    entry_id bigint,
    time timestamptz,
    actor bigint,
    status smallint,
    revision bigint,
    method text,
    graph_id text,
    tokens bigint[],
    entry bytea
);

-- What a commit adds to the counts of its graph (serial: documents written), and what it does at all: statements that
-- would do nothing are not run.
CREATE TYPE loci.commit_traits AS (
    nodes bigint, edges bigint, documents bigint, length bigint, serial bigint,
    embeds boolean,             -- queues documents for embedding
    replaces boolean,           -- updates, removes or renames what was there
    moves boolean,              -- removes or renames nodes
    erases boolean,             -- hard-deletes
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

-- Until the end of the transaction no month of this graph is carried into the base.
CREATE FUNCTION loci.hold_log(p_graph bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock_shared(hashint8extended(p_graph, 1280262985))
$$;

-- Of what had an id before a place in the log: where in the log it stands, each piece from (since, since_ordinal) up to before
-- (revision, ordinal). That is the item that had the id last, back over its renames, and those that were deleted while
-- they had the id. Items that had it and were renamed are not of it: they are where they are now.
CREATE FUNCTION loci.remains(p_tenant bigint, p_graph bigint, p_kind smallint, p_id text, p_revision bigint, p_ordinal integer)
RETURNS TABLE (id text, since bigint, since_ordinal integer, revision bigint, ordinal integer)
LANGUAGE plpgsql STABLE ROWS 2 AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    -- Each id is had by one item after the other: from its creation, or a rename to it, on.
    WITH RECURSIVE had AS (
        SELECT p_id COLLATE "C" AS id, p_revision AS revision, p_ordinal AS ordinal, true AS named,
            (SELECT c.op <> 5 FROM loci.changes c
             WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = p_kind AND c.id = p_id
               AND (c.revision, c.ordinal) < (p_revision, p_ordinal) AND c.op <> 6
             ORDER BY c.revision DESC, c.ordinal DESC LIMIT 1) AS gone
        UNION ALL
        SELECT x.* FROM had h
        CROSS JOIN LATERAL (
            SELECT c.revision, c.ordinal, c.op, c.other_id FROM loci.changes c
            WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = p_kind AND c.id = h.id
              AND c.op IN (1, 4) AND (c.revision, c.ordinal) < (h.revision, h.ordinal)
            ORDER BY c.revision DESC, c.ordinal DESC LIMIT 1) s
        CROSS JOIN LATERAL (
            -- Before the commit that renamed it: there it stands as lost, too.
            SELECT s.other_id, s.revision, 0, false, true WHERE h.gone AND s.op = 4
            UNION ALL
            SELECT h.id, s.revision, s.ordinal, true, l.op <> 5
            FROM (SELECT c.op FROM loci.changes c
                  WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = p_kind AND c.id = h.id
                    AND (c.revision, c.ordinal) < (s.revision, s.ordinal) AND c.op <> 6
                  ORDER BY c.revision DESC, c.ordinal DESC LIMIT 1) l
            WHERE h.named) x
    )
    SELECT h.id, coalesce(s.revision, 0), coalesce(s.ordinal, 0), h.revision, h.ordinal FROM had h
    LEFT JOIN LATERAL (
        SELECT c.revision, c.ordinal FROM loci.changes c
        WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = p_kind AND c.id = h.id
          AND c.op IN (1, 4) AND (c.revision, c.ordinal) < (h.revision, h.ordinal)
        ORDER BY c.revision DESC, c.ordinal DESC LIMIT 1) s ON true
    WHERE h.gone;
END $$;

-- Takes what the log holds of items out of it, which the commit p_revision hard-deletes: images, notes of the commits that
-- touched them, and the answers to those. Under loci.hold_log.
CREATE FUNCTION loci.erase(p_tenant bigint, p_graph bigint, p_kind smallint, p_ids text[], p_revision bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_revisions bigint[] := '{}';
    v_touched bigint[];
    v_piece record;
BEGIN
    IF p_ids IS NULL THEN
        RETURN;
    END IF;
    FOR v_piece IN
        SELECT r.* FROM unnest(p_ids) i
        CROSS JOIN LATERAL (
            SELECT c.revision, c.ordinal FROM loci.changes c
            WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = p_kind AND c.id = i
              AND c.revision = p_revision AND c.op = 6 LIMIT 1) t
        CROSS JOIN LATERAL loci.remains(p_tenant, p_graph, p_kind, i, t.revision, t.ordinal) r
    LOOP
        WITH erased AS (
            UPDATE loci.changes c SET image = NULL, source = NULL, target = NULL, weight = NULL, event_time = NULL,
                valid_lower = NULL, valid_upper = NULL
            WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = p_kind AND c.id = v_piece.id
              AND (c.revision, c.ordinal) >= (v_piece.since, v_piece.since_ordinal)
              AND (c.revision, c.ordinal) < (v_piece.revision, v_piece.ordinal) AND c.op NOT IN (5, 6)
            RETURNING c.revision
        )
        SELECT array_agg(DISTINCT e.revision) INTO v_touched FROM erased e;
        v_revisions := v_revisions || coalesce(v_touched, '{}');
    END LOOP;
    UPDATE loci.idempotency i SET answer = ''
    FROM loci.changes c
    WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.revision = ANY (v_revisions)
      AND i.tenant_key = p_tenant AND i.graph_key = p_graph AND i.request_hash = c.request_hash;
    UPDATE loci.changes c SET note = NULL
    WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.revision = ANY (v_revisions)
      AND c.revision < p_revision AND c.note IS NOT NULL;
END $$;

-- Of these ids those that nothing has now, but of items that were deleted under them the log still holds images; with the
-- type of the item that had the id last.
CREATE FUNCTION loci.traces(p_tenant bigint, p_graph bigint, p_kind smallint, p_ids text[])
RETURNS TABLE (id text, type text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT c.id, c.type FROM unnest(p_ids) i
    CROSS JOIN LATERAL (
        SELECT x.id, x.type, x.op, x.revision, x.ordinal FROM loci.changes x
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = p_kind AND x.id = i
        ORDER BY x.part DESC, x.revision DESC, x.ordinal DESC LIMIT 1) c
    WHERE c.op IN (3, 5, 6) AND EXISTS (
        SELECT FROM loci.remains(p_tenant, p_graph, p_kind, i, c.revision, c.ordinal + 1) l
        CROSS JOIN LATERAL (
            SELECT FROM loci.changes x
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = p_kind AND x.id = l.id
              AND (x.revision, x.ordinal) >= (l.since, l.since_ordinal)
              AND (x.revision, x.ordinal) < (l.revision, l.ordinal) AND x.image IS NOT NULL
            LIMIT 1) x);
END $$;

-- The one way in which nodes and edges change, beside imports. LC001: something that was read has changed since (read
-- again and retry); LC002: the graph is gone; LC003: the request_id was used before (nothing is done again).
CREATE FUNCTION loci.commit(
    p_tenant bigint, p_graph bigint, p_actor bigint,
    p_request_hash bytea, p_fingerprint bytea, p_answer bytea, p_note bytea,
    p_nodes loci.node_change[], p_edges loci.edge_change[], p_vectors loci.vector_row[],
    p_expectations loci.expectation[], p_graph_revision bigint, p_traits loci.commit_traits,
    p_audit loci.audit_row,
    OUT revision bigint, OUT commit_time timestamptz
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_revision bigint;
    v_time timestamptz;
    v_serial bigint;
    v_part integer;
    v_incarnation smallint;
    v_xid xid8;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    IF p_traits.erases THEN
        PERFORM loci.hold_log(p_graph);  -- before the counter, so that other writers need not wait
    END IF;
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
        PERFORM loci.confirm_models(p_tenant, p_vectors);
    END IF;

    UPDATE loci.graphs g
    SET revision = g.revision + 1,
        commit_time = greatest(clock_timestamp(), g.commit_time + interval '1 microsecond'),
        node_count = g.node_count + p_traits.nodes,
        edge_count = g.edge_count + p_traits.edges,
        document_count = g.document_count + p_traits.documents,
        document_length = g.document_length + p_traits.length,
        document_serial = g.document_serial + p_traits.serial,
        xid = pg_current_xact_id(),
        high_xid = CASE WHEN g.incarnation = loci.incarnation() THEN greatest(g.high_xid, pg_current_xact_id())
                   ELSE pg_current_xact_id() END,
        incarnation = loci.incarnation()
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.delete_time IS NULL
    RETURNING g.revision, g.commit_time, g.document_serial, loci.log_part(g.commit_time), g.xid, g.incarnation
    INTO v_revision, v_time, v_serial, v_part, v_xid, v_incarnation;
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
        INSERT INTO loci.changes (graph_key, revision, ordinal, part, kind, op, incarnation, tenant_key, xid, image_no,
            commit_time, actor, id, other_id, type, request_hash)
        SELECT p_graph, v_revision, n.ordinality, v_part, 1, 5, v_incarnation, p_tenant, v_xid, n.image_no,
            v_time, p_actor, n.previous_id, n.id, coalesce(n.previous_type, n.type), p_request_hash
        FROM unnest(p_nodes) WITH ORDINALITY n WHERE n.op = 4;
    END IF;
    IF cardinality(p_nodes) > 0 THEN
        INSERT INTO loci.nodes (graph_key, tenant_key, doc_no, length, revision, valid_lower, valid_upper, event_time,
            create_time, update_time, salience, id, type, property_tokens, content)
        SELECT p_graph, p_tenant, n.doc_no, n.length, v_revision, n.valid_lower, n.valid_upper, n.event_time,
            coalesce(n.create_time, v_time), coalesce(n.update_time, v_time), n.salience, n.id, n.type,
            n.property_tokens, n.content
        FROM unnest(p_nodes) n WHERE n.op NOT IN (3, 6);
        IF p_traits.properties THEN
            INSERT INTO loci.property_index (graph_key, token, kind, tenant_key, id)
            SELECT p_graph, t, 1, p_tenant, n.id FROM unnest(p_nodes) n, unnest(n.property_tokens) t
            WHERE n.op NOT IN (3, 6);
        END IF;
        INSERT INTO loci.changes (graph_key, revision, ordinal, part, kind, op, incarnation, tenant_key, xid, image_no,
            commit_time, create_time, update_time, actor, id, other_id, type, previous_type, weight, event_time,
            valid_lower, valid_upper, request_hash, note, image)
        SELECT p_graph, v_revision, 100000 + n.ordinality, v_part, 1, n.op, v_incarnation, p_tenant, v_xid, n.image_no,
            v_time, n.create_time, n.update_time, p_actor, n.id, n.previous_id, n.type, n.previous_type, n.salience,
            n.event_time, n.valid_lower, n.valid_upper, p_request_hash, CASE n.ordinality WHEN 1 THEN p_note END, n.image
        FROM unnest(p_nodes) WITH ORDINALITY n;
    END IF;

    IF p_traits.replaces AND cardinality(p_edges) > 0 THEN
        DELETE FROM loci.property_index x USING unnest(p_edges) n, unnest(n.previous_property_tokens) t
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 2 AND x.token = t
          AND x.id = coalesce(n.previous_id, n.id);
        DELETE FROM loci.edges x USING unnest(p_edges) n
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND n.previous_revision > 0
          AND x.id = coalesce(n.previous_id, n.id);
        INSERT INTO loci.changes (graph_key, revision, ordinal, part, kind, op, incarnation, tenant_key, xid, image_no,
            commit_time, actor, id, other_id, type, request_hash)
        SELECT p_graph, v_revision, 50000 + n.ordinality, v_part, 2, 5, v_incarnation, p_tenant, v_xid, n.image_no,
            v_time, p_actor, n.previous_id, n.id, n.relation, p_request_hash
        FROM unnest(p_edges) WITH ORDINALITY n WHERE n.op = 4;
    END IF;
    IF cardinality(p_edges) > 0 THEN
        INSERT INTO loci.edges (graph_key, tenant_key, revision, valid_lower, valid_upper, create_time, update_time,
            weight, id, source, relation, target, property_tokens, content)
        SELECT p_graph, p_tenant, v_revision, n.valid_lower, n.valid_upper, coalesce(n.create_time, v_time),
            coalesce(n.update_time, v_time), n.weight, n.id, n.source, n.relation, n.target, n.property_tokens,
            n.content
        FROM unnest(p_edges) n WHERE n.op NOT IN (3, 6);
        IF p_traits.properties THEN
            INSERT INTO loci.property_index (graph_key, token, kind, tenant_key, id)
            SELECT p_graph, t, 2, p_tenant, n.id FROM unnest(p_edges) n, unnest(n.property_tokens) t
            WHERE n.op NOT IN (3, 6);
        END IF;
        INSERT INTO loci.changes (graph_key, revision, ordinal, part, kind, op, incarnation, tenant_key, xid, image_no,
            commit_time, create_time, update_time, actor, id, other_id, type, source, target, weight, valid_lower,
            valid_upper, request_hash, note, image)
        SELECT p_graph, v_revision, 200000 + n.ordinality, v_part, 2, n.op, v_incarnation, p_tenant, v_xid, n.image_no,
            v_time, n.create_time, n.update_time, p_actor, n.id, n.previous_id, n.relation, n.source, n.target, n.weight,
            n.valid_lower, n.valid_upper, p_request_hash,
            CASE WHEN n.ordinality = 1 AND cardinality(p_nodes) = 0 THEN p_note END, n.image
        FROM unnest(p_edges) WITH ORDINALITY n;
    END IF;

    IF p_traits.erases THEN
        PERFORM loci.erase(p_tenant, p_graph, 1::smallint, array_agg(n.id), v_revision)
        FROM unnest(p_nodes) n WHERE n.op = 6;
        PERFORM loci.erase(p_tenant, p_graph, 2::smallint, array_agg(n.id), v_revision)
        FROM unnest(p_edges) n WHERE n.op = 6;
    END IF;

    -- All edges of a node that went or was renamed are part of this commit; others were written after it read them.
    IF p_traits.moves THEN
        IF EXISTS (
            SELECT FROM unnest(p_nodes) n
            JOIN loci.edges e ON e.tenant_key = p_tenant AND e.graph_key = p_graph
                AND e.source = coalesce(n.previous_id, n.id) AND e.revision < v_revision
            WHERE n.op IN (3, 4, 6)
            UNION ALL
            SELECT FROM unnest(p_nodes) n
            JOIN loci.edges e ON e.tenant_key = p_tenant AND e.graph_key = p_graph
                AND e.target = coalesce(n.previous_id, n.id) AND e.revision < v_revision
            WHERE n.op IN (3, 4, 6)
        ) THEN
            RAISE EXCEPTION 'a node has new edges' USING ERRCODE = 'LC001';
        END IF;
    END IF;

    -- Every 1,024 documents the lexical tail is due.
    IF p_traits.serial > 0 AND v_serial / 1024 > (v_serial - p_traits.serial) / 1024 THEN
        INSERT INTO loci.jobs AS j (graph_key, kind, subject, tenant_key) VALUES (p_graph, 2, 0, p_tenant)
        ON CONFLICT (graph_key, kind, subject) DO UPDATE SET run_after = now() WHERE j.run_after > now();
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
    IF p_audit.entry_id IS NOT NULL THEN
        INSERT INTO loci.audit_inbox
            (tenant_key, entry_id, time, actor, status, revision, method, graph_id, tokens, entry)
        VALUES (p_tenant, p_audit.entry_id, v_time, p_audit.actor, p_audit.status, v_revision, p_audit.method,
            p_audit.graph_id, p_audit.tokens, p_audit.entry);
    END IF;
    revision := v_revision;
    commit_time := v_time;
END $$;
