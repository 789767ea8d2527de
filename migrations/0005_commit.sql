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
    previous_doc_no bigint,     -- set: this document is replaced or removed
    length integer,             -- of the document, in terms
    terms text,                 -- set: doc_no is new, with these terms (the text of a bigint[])
    frequencies text,           -- the text of a smallint[]
    mentions text,              -- of what it names (the text of a bigint[]); null: nothing
    embed boolean,              -- queue doc_no for embedding
    content bytea,
    image_no bigint,
    image bytea,
    expire_time timestamptz,
    superseded boolean,
    generation smallint         -- as in loci.nodes; null: as it was
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
    content bytea,
    image_no bigint,
    image bytea
);

CREATE TYPE loci.vector_row AS (doc_no bigint, model_key integer, chunk smallint, embedding real[], generation smallint);

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
    properties boolean,         -- writes properties that can be searched
    expires timestamptz,        -- when the first of what it writes expires
    tokens bigint[],            -- that the commit was decided by, with how many nodes have each: fails with LC001 if it is
    holders bigint[],           -- another number
    search_version bigint,      -- of the choice of what is searched, and of the key that sealed; null: it does not matter
    bytes bigint                -- of sealed content
);

-- Upkeep of the lexical index is due; as in loci.jobs of kind 2.
CREATE FUNCTION loci.queue_merge(p_tenant bigint, p_graph bigint, p_subject bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO loci.jobs AS j (graph_key, kind, subject, tenant_key) VALUES (p_graph, 2, p_subject, p_tenant)
    ON CONFLICT (graph_key, kind, subject) DO UPDATE SET run_after = now() WHERE j.run_after > now();
$$;

-- Takes documents of nodes that are still there out of all that finds them.
CREATE FUNCTION loci.remove_documents(p_tenant bigint, p_graph bigint, p_doc_nos bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH gone AS (
        DELETE FROM loci.lexical_tail t
        WHERE t.tenant_key = p_tenant AND t.graph_key = p_graph AND t.doc_no = ANY (p_doc_nos)
        RETURNING t.doc_no
    )
    INSERT INTO loci.lexical_dead (graph_key, posted, tenant_key)
    SELECT p_graph, n.doc_no << 1 | n.generation, p_tenant FROM loci.nodes n
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.doc_no = ANY (p_doc_nos)
      AND n.doc_no NOT IN (SELECT doc_no FROM gone);
    -- About one in 256 has a job look how many of the graph's documents are dead.
    IF EXISTS (SELECT FROM unnest(p_doc_nos) d WHERE hashint8(d) % 256 = 0) THEN
        PERFORM loci.queue_merge(p_tenant, p_graph, 0);
    END IF;
    -- Before the embeddings: a worker that is storing some of them holds their jobs.
    DELETE FROM loci.jobs j
    WHERE j.tenant_key = p_tenant AND j.graph_key = p_graph AND j.kind IN (1, 6) AND j.subject = ANY (p_doc_nos);
    DELETE FROM loci.embeddings e
    WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.doc_no = ANY (p_doc_nos);
END $$;

-- Until the end of the transaction no month of this graph is carried into the base.
CREATE FUNCTION loci.hold_log(p_graph bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock_shared(hashint8extended(p_graph, 1280262985))
$$;

-- The one way in which nodes and edges change, beside imports. LC001: something that was read has changed since (read
-- again and retry); LC002: the graph is gone; LC003: the request_id was used before (nothing is done again); LC005: it
-- was made by another choice of what is searched than the graph has, or sealed by a key that is being retired.
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
    v_search bigint;
    v_even bigint[];  -- documents of generation 0 that stay, while their nodes are written anew
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    IF p_traits.erases THEN
        PERFORM loci.hold_log(p_graph);  -- before the counter, so that other writers need not wait
        PERFORM set_config('loci.expired', 'seen', true);
    END IF;
    IF p_traits.moves THEN
        PERFORM loci.hold_uses(p_graph);
    END IF;
    -- A look before anything is written: who expects to be alone may be wrong, and tries again. What counts is the one
    -- under the lock, below.
    IF cardinality(p_traits.tokens) > 0 THEN
        IF EXISTS (
            SELECT FROM unnest(p_traits.tokens, p_traits.holders) t(token, holders)
            WHERE t.holders = 0 AND EXISTS (
                SELECT FROM loci.property_index x
                WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1 AND x.token = t.token)
        ) THEN
            RAISE EXCEPTION 'there are others' USING ERRCODE = 'LC001';
        END IF;
    END IF;
    -- What does not carry the revision comes before the counter, so that its lock is held briefly.
    IF p_traits.serial > 0 THEN
        INSERT INTO loci.lexical_tail (graph_key, doc_no, tenant_key, length, terms, frequencies, mentions)
        SELECT p_graph, n.doc_no, p_tenant, n.length, n.terms::bigint[], n.frequencies::smallint[], n.mentions::bigint[]
        FROM unnest(p_nodes) n WHERE n.terms IS NOT NULL;
    END IF;
    IF p_traits.embeds THEN
        INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key)
        SELECT p_graph, 1, n.doc_no, p_tenant FROM unnest(p_nodes) n WHERE n.embed;
    END IF;
    IF cardinality(p_vectors) > 0 THEN
        PERFORM loci.hold_vectors(p_graph);
        PERFORM loci.settle_model(p_tenant, p_graph, p_vectors);
        PERFORM loci.add_vectors(p_tenant, p_graph, p_vectors);
    END IF;

    UPDATE loci.graphs g
    SET revision = g.revision + 1,
        commit_time = greatest(clock_timestamp(), g.commit_time + interval '1 microsecond'),
        node_count = g.node_count + p_traits.nodes,
        edge_count = g.edge_count + p_traits.edges,
        byte_count = g.byte_count + p_traits.bytes,
        document_count = g.document_count + p_traits.documents,
        document_length = g.document_length + p_traits.length,
        document_serial = g.document_serial + p_traits.serial,
        xid = pg_current_xact_id(),
        high_xid = CASE WHEN g.incarnation = loci.incarnation() THEN greatest(g.high_xid, pg_current_xact_id())
                   ELSE pg_current_xact_id() END,
        incarnation = loci.incarnation()
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.delete_time IS NULL
    RETURNING g.revision, g.commit_time, g.document_serial, loci.log_part(g.commit_time), g.xid, g.incarnation,
        g.search_version
    INTO v_revision, v_time, v_serial, v_part, v_xid, v_incarnation, v_search;
    IF v_revision IS NULL THEN
        RAISE EXCEPTION 'graph is gone' USING ERRCODE = 'LC002';
    END IF;
    IF v_search <> p_traits.search_version THEN
        RAISE EXCEPTION 'other fields are searched' USING ERRCODE = 'LC005';
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

    IF cardinality(p_traits.tokens) > 0 THEN
        IF EXISTS (
            SELECT FROM unnest(p_traits.tokens, p_traits.holders) t(token, holders)
            WHERE t.holders <> (SELECT count(*) FROM loci.property_index x
                                WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1 AND x.token = t.token)
        ) THEN
            RAISE EXCEPTION 'there are others' USING ERRCODE = 'LC001';
        END IF;
    END IF;

    IF p_traits.replaces AND cardinality(p_nodes) > 0 THEN
        PERFORM loci.remove_documents(p_tenant, p_graph, array_agg(n.previous_doc_no))
        FROM unnest(p_nodes) n WHERE n.previous_doc_no IS NOT NULL HAVING count(*) > 0;
        -- Tokens and generation are those of now: they may have changed without a revision (0020_search_keys).
        WITH gone AS (
            DELETE FROM loci.nodes x USING unnest(p_nodes) n
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND n.previous_revision > 0
              AND x.id = coalesce(n.previous_id, n.id)
            RETURNING x.id, x.doc_no, x.generation, x.property_tokens
        ), removed AS (
            DELETE FROM loci.property_index x USING gone g, unnest(g.property_tokens) t
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 1 AND x.token = t AND x.id = g.id
        )
        SELECT array_agg(g.doc_no) FILTER (WHERE g.generation = 0) INTO v_even FROM gone g;
        INSERT INTO loci.changes (graph_key, revision, ordinal, part, kind, op, incarnation, tenant_key, xid, image_no,
            commit_time, actor, id, other_id, type, request_hash)
        SELECT p_graph, v_revision, n.ordinality, v_part, 1, 5, v_incarnation, p_tenant, v_xid, n.image_no,
            v_time, p_actor, n.previous_id, n.id, coalesce(n.previous_type, n.type), p_request_hash
        FROM unnest(p_nodes) WITH ORDINALITY n WHERE n.op = 4;
    END IF;
    IF cardinality(p_nodes) > 0 THEN
        INSERT INTO loci.nodes (graph_key, tenant_key, doc_no, length, generation, revision, valid_lower, valid_upper, event_time,
            create_time, update_time, expire_time, salience, superseded, id, type, property_tokens, content)
        SELECT p_graph, p_tenant, n.doc_no, n.length,
            coalesce(n.generation, CASE WHEN n.doc_no = ANY (v_even) THEN 0 ELSE 1 END), v_revision, n.valid_lower, n.valid_upper, n.event_time,
            coalesce(n.create_time, v_time), coalesce(n.update_time, v_time), n.expire_time, n.salience, n.superseded,
            n.id, n.type, n.property_tokens, n.content
        FROM unnest(p_nodes) n WHERE n.op NOT IN (3, 6);
        IF p_traits.properties THEN
            INSERT INTO loci.property_index (graph_key, token, kind, tenant_key, id)
            SELECT p_graph, t, 1, p_tenant, n.id FROM unnest(p_nodes) n, unnest(n.property_tokens) t
            WHERE n.op NOT IN (3, 6);
        END IF;
        INSERT INTO loci.changes (graph_key, revision, ordinal, part, kind, op, incarnation, tenant_key, xid, image_no,
            commit_time, create_time, update_time, actor, id, other_id, type, previous_type, weight, event_time,
            valid_lower, valid_upper, expire_time, request_hash, note, image)
        SELECT p_graph, v_revision, 100000 + n.ordinality, v_part, 1, n.op, v_incarnation, p_tenant, v_xid, n.image_no,
            v_time, n.create_time, n.update_time, p_actor, n.id, n.previous_id, n.type, n.previous_type, n.salience,
            n.event_time, n.valid_lower, n.valid_upper, n.expire_time, p_request_hash,
            CASE n.ordinality WHEN 1 THEN p_note END, n.image
        FROM unnest(p_nodes) WITH ORDINALITY n;
    END IF;

    IF p_traits.replaces AND cardinality(p_edges) > 0 THEN
        WITH gone AS (
            DELETE FROM loci.edges x USING unnest(p_edges) n
            WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND n.previous_revision > 0
              AND x.id = coalesce(n.previous_id, n.id)
            RETURNING x.id, x.property_tokens
        )
        DELETE FROM loci.property_index x USING gone g, unnest(g.property_tokens) t
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = 2 AND x.token = t AND x.id = g.id;
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
        PERFORM loci.queue_merge(p_tenant, p_graph, 1)
        WHERE EXISTS (SELECT FROM unnest(p_nodes) n WHERE n.op = 6) AND EXISTS (
            SELECT FROM loci.lexical_dead d WHERE d.tenant_key = p_tenant AND d.graph_key = p_graph);
    END IF;

    -- All edges of a node that went or was renamed are part of this commit; others were written after it read them.
    IF p_traits.moves THEN
        PERFORM loci.follow_nodes(p_tenant, p_graph, p_nodes);
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
        PERFORM loci.queue_merge(p_tenant, p_graph, 0);
    END IF;
    IF p_traits.expires IS NOT NULL THEN
        INSERT INTO loci.jobs AS j (graph_key, kind, subject, tenant_key, run_after)
        VALUES (p_graph, 4, 0, p_tenant, p_traits.expires)
        ON CONFLICT (graph_key, kind, subject) DO UPDATE SET run_after = least(j.run_after, excluded.run_after);
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
