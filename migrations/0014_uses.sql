-- What is made of memories: how often they are recalled, how they are boosted and judged, and what was asked. None of it is
-- part of the log: it is no state of the graph that somebody wrote.
--
-- `content` and `comment` are envelopes. Ids of queries and feedback are UUIDs of version 7.

-- What is known of a node besides what it says. A row follows its node over renames, and goes when the node goes, softly
-- or not: an id that is given again begins anew.
CREATE TABLE loci.node_uses (
    graph_key bigint NOT NULL,
    tenant_key bigint NOT NULL,
    uses bigint NOT NULL DEFAULT 0,
    first_use_time timestamptz,
    last_use_time timestamptz,
    helpful bigint NOT NULL DEFAULT 0,
    unhelpful bigint NOT NULL DEFAULT 0,
    boost double precision NOT NULL DEFAULT 0,
    -- What the last recalculation came to, and of which importance: if the node has another now, it is not meant.
    salience double precision,
    importance double precision,
    id text COLLATE "C" NOT NULL,
    PRIMARY KEY (graph_key, id)
) WITH (fillfactor = 80);

-- The last recalls that each process has written of a tenant, by its own count, and the graphs that it is to try again.
CREATE TABLE loci.use_flushes (
    tenant_key bigint NOT NULL,
    process uuid NOT NULL,
    number bigint NOT NULL,
    busy bigint[] NOT NULL DEFAULT '{}',
    time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_key, process)
);

-- The last recalculation of each graph. Null end_time: it is under way, and done up to the node after_id.
CREATE TABLE loci.recalculations (
    graph_key bigint PRIMARY KEY,
    tenant_key bigint NOT NULL,
    time timestamptz NOT NULL,
    begin_time timestamptz NOT NULL DEFAULT now(),
    end_time timestamptz,
    node_count bigint NOT NULL,
    seen_count bigint NOT NULL DEFAULT 0,
    changed_count bigint NOT NULL DEFAULT 0,
    after_id text COLLATE "C" NOT NULL DEFAULT ''
);

ALTER TABLE loci.graphs
    ADD COLUMN query_history boolean NOT NULL DEFAULT true,
    -- When it was last switched on or off: what was asked before is in no history.
    ADD COLUMN query_history_time timestamptz;

CREATE TABLE loci.queries (
    graph_key bigint NOT NULL,
    query_id uuid NOT NULL,
    tenant_key bigint NOT NULL,
    time timestamptz NOT NULL,
    actor bigint NOT NULL,          -- the API key
    content bytea NOT NULL,
    PRIMARY KEY (graph_key, query_id)
);
CREATE INDEX queries_time ON loci.queries (graph_key, time, query_id);
CREATE INDEX queries_age ON loci.queries USING brin (time);

-- Kind 1: helpful; 2: unhelpful; 3: missed. Once its node is hard-deleted, node and comment are null; the judgement stays.
CREATE TABLE loci.feedback (
    graph_key bigint NOT NULL,
    feedback_id uuid NOT NULL,
    tenant_key bigint NOT NULL,
    time timestamptz NOT NULL,
    actor bigint NOT NULL,
    kind smallint NOT NULL,
    profile smallint NOT NULL,      -- of the query; 0: not known
    query_id uuid,
    node text COLLATE "C",
    comment bytea,
    PRIMARY KEY (graph_key, feedback_id)
);
CREATE INDEX feedback_time ON loci.feedback (graph_key, time, feedback_id);
CREATE INDEX feedback_node ON loci.feedback (graph_key, node) WHERE node IS NOT NULL;

CALL loci.keep_apart('node_uses', 'use_flushes', 'recalculations', 'queries', 'feedback');

-- Retention is of whole days: nothing younger is ever removed by it.
CREATE POLICY worker ON loci.queries
    USING ((SELECT current_setting('loci.role', true)) = 'worker' AND time < now() - interval '1 day');

-- A process that has not written for a day does not ask again what became of it.
CREATE POLICY worker ON loci.use_flushes
    USING ((SELECT current_setting('loci.role', true)) = 'worker' AND time < now() - interval '1 day');

-- Who removes or renames nodes takes this alone, who writes what is known of them shares it: so that a row is written of
-- nodes that are there, and goes with them. Readers and other commits know nothing of it.
CREATE FUNCTION loci.uses_lock(p_graph bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashint8extended(p_graph, 1280262988)
$$;

CREATE FUNCTION loci.hold_uses(p_graph bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(loci.uses_lock(p_graph))
$$;

-- What is known of nodes follows those that a commit renames, and goes with those that it removes. Under loci.hold_uses.
CREATE FUNCTION loci.follow_nodes(p_tenant bigint, p_graph bigint, p_nodes loci.node_change[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_from text[];
    v_to text[];
    v_gone text[];
    v_erased text[];
    v_moved loci.node_uses[];
BEGIN
    SELECT array_agg(n.previous_id) FILTER (WHERE n.op = 4), array_agg(n.id) FILTER (WHERE n.op = 4),
        array_agg(n.id) FILTER (WHERE n.op IN (3, 6)), array_agg(n.id) FILTER (WHERE n.op = 6)
    INTO v_from, v_to, v_gone, v_erased FROM unnest(p_nodes) n;
    WITH gone AS (
        DELETE FROM loci.node_uses u
        WHERE u.tenant_key = p_tenant AND u.graph_key = p_graph AND u.id = ANY (v_from || v_gone) RETURNING u.*
    )
    SELECT array_agg(g::loci.node_uses) INTO v_moved FROM gone g WHERE g.id = ANY (v_from);
    INSERT INTO loci.node_uses (graph_key, tenant_key, uses, first_use_time, last_use_time, helpful, unhelpful, boost,
        salience, importance, id)
    SELECT p_graph, p_tenant, m.uses, m.first_use_time, m.last_use_time, m.helpful, m.unhelpful, m.boost, m.salience,
        m.importance, r.new
    FROM unnest(v_moved) m JOIN unnest(v_from, v_to) r (old, new) ON r.old = m.id
    ON CONFLICT DO NOTHING;
    UPDATE loci.feedback f SET node = NULL, comment = NULL
    WHERE f.tenant_key = p_tenant AND f.graph_key = p_graph AND f.node = ANY (v_erased);
    IF v_from IS NOT NULL THEN
        UPDATE loci.feedback f SET node = r.new FROM unnest(v_from, v_to) r (old, new)
        WHERE f.tenant_key = p_tenant AND f.graph_key = p_graph AND f.node = r.old;
    END IF;
END $$;

-- Recalls of nodes, as a process has collected them.
CREATE TYPE loci.use_row AS (
    tenant_key bigint,
    graph_key bigint,
    id text,
    uses bigint,
    first_use_time timestamptz,
    last_use_time timestamptz
);

-- Adds recalls to what is known of nodes that are there: once, however often a process brings those of a number; it brings
-- one after the other. Returns the graphs of which nothing was written, as somebody is removing nodes of them: they are to
-- be tried again.
CREATE FUNCTION loci.record_uses(p_process uuid, p_number bigint, p_rows loci.use_row[])
RETURNS TABLE (graph_key bigint)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    v_tenant bigint;
    v_held bigint[];
    v_left bigint[];
    v_busy bigint[] := '{}';
BEGIN
    FOR v_tenant IN SELECT DISTINCT r.tenant_key FROM unnest(p_rows) r ORDER BY 1 LOOP
        PERFORM set_config('loci.tenant', v_tenant::text, true);
        INSERT INTO loci.use_flushes AS f (tenant_key, process, number) VALUES (v_tenant, p_process, p_number)
        ON CONFLICT (tenant_key, process) DO UPDATE SET number = excluded.number, busy = '{}', time = now()
        WHERE f.number < excluded.number;
        IF NOT FOUND THEN  -- the answer was lost
            SELECT v_busy || f.busy INTO v_busy FROM loci.use_flushes f
            WHERE f.tenant_key = v_tenant AND f.process = p_process;
            CONTINUE;
        END IF;
        WITH tried AS MATERIALIZED (
            SELECT g.graph_key, pg_try_advisory_xact_lock_shared(loci.uses_lock(g.graph_key)) AS held
            FROM (SELECT DISTINCT r.graph_key FROM unnest(p_rows) r WHERE r.tenant_key = v_tenant) g
        )
        SELECT array_agg(t.graph_key) FILTER (WHERE t.held),
            coalesce(array_agg(t.graph_key) FILTER (WHERE NOT t.held), '{}')
        INTO v_held, v_left FROM tried t;
        IF v_left <> '{}' THEN
            UPDATE loci.use_flushes f SET busy = v_left WHERE f.tenant_key = v_tenant AND f.process = p_process;
            v_busy := v_busy || v_left;
        END IF;
        INSERT INTO loci.node_uses AS u (graph_key, tenant_key, id, uses, first_use_time, last_use_time)
        SELECT r.graph_key, v_tenant, r.id, r.uses, r.first_use_time, r.last_use_time
        FROM unnest(p_rows) r
        JOIN loci.nodes n ON n.tenant_key = v_tenant AND n.graph_key = r.graph_key AND n.id = r.id
        WHERE r.tenant_key = v_tenant AND r.graph_key = ANY (v_held)
        ORDER BY r.graph_key, r.id
        ON CONFLICT (graph_key, id) DO UPDATE SET uses = u.uses + excluded.uses,
            first_use_time = least(u.first_use_time, excluded.first_use_time),
            last_use_time = greatest(u.last_use_time, excluded.last_use_time);
    END LOOP;
    RETURN QUERY SELECT unnest(v_busy);
END $$;

-- Keeps nodes from being removed until the end of the transaction, so that what is known of them can be written.
CREATE FUNCTION loci.share_uses(p_tenant bigint, p_graph bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM pg_advisory_xact_lock_shared(loci.uses_lock(p_graph));
END $$;

-- Sets what an import brings of nodes that are there, under loci.share_uses.
CREATE FUNCTION loci.restore_uses(p_tenant bigint, p_graph bigint, p_ids text[], p_boosts double precision[],
    p_uses bigint[], p_first timestamptz[], p_last timestamptz[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    INSERT INTO loci.node_uses AS u (graph_key, tenant_key, id, boost, uses, first_use_time, last_use_time)
    SELECT p_graph, p_tenant, x.id, x.boost, x.uses, x.first, x.last
    FROM unnest(p_ids, p_boosts, p_uses, p_first, p_last) x (id, boost, uses, first, last)
    JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = x.id
    ORDER BY x.id
    ON CONFLICT (graph_key, id) DO UPDATE SET boost = excluded.boost, uses = excluded.uses,
        first_use_time = excluded.first_use_time, last_use_time = excluded.last_use_time;
END $$;

-- Nodes with what is known of them, by id; those that are not there are left out.
CREATE TYPE loci.node_standing AS (
    id text,
    type text,
    importance double precision,
    event_time timestamptz,
    create_time timestamptz,
    uses bigint,
    first_use_time timestamptz,
    last_use_time timestamptz,
    helpful bigint,
    unhelpful bigint,
    boost double precision
);

CREATE FUNCTION loci.node_standings(p_tenant bigint, p_graph bigint, p_ids text[]) RETURNS SETOF loci.node_standing
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT n.id::text, n.type::text, n.salience, n.event_time, n.create_time, u.uses, u.first_use_time, u.last_use_time,
        u.helpful, u.unhelpful, u.boost
    FROM loci.nodes n
    LEFT JOIN loci.node_uses u ON u.tenant_key = p_tenant AND u.graph_key = p_graph AND u.id = n.id
    WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = ANY (p_ids);
END $$;

-- Enters a graph for a write beside the log: the request_id is taken (LC003: it was used before), the node, if one is
-- meant, stays until the end (LC005: it is not there), and the audit gets its entry.
CREATE FUNCTION loci.enter_note(p_tenant bigint, p_graph bigint, p_request_hash bytea, p_fingerprint bytea,
    p_answer bytea, p_node text, p_audit loci.audit_row) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    IF p_node IS NOT NULL THEN  -- as commits do, before the request_id: they would wait for each other
        PERFORM pg_advisory_xact_lock_shared(loci.uses_lock(p_graph));
    END IF;
    IF p_request_hash IS NOT NULL THEN
        INSERT INTO loci.idempotency
            (graph_key, tenant_key, request_hash, fingerprint, revision, commit_time, answer)
        VALUES (p_graph, p_tenant, p_request_hash, p_fingerprint, 0, now(), p_answer)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this was done before' USING ERRCODE = 'LC003';
        END IF;
    END IF;
    IF p_node IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM loci.nodes n
                       WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = p_node) THEN
            RAISE EXCEPTION 'node is gone' USING ERRCODE = 'LC005';
        END IF;
    END IF;
    IF p_audit.entry_id IS NOT NULL THEN
        PERFORM loci.audit_record(ARRAY[p_audit]);
    END IF;
END $$;

CREATE FUNCTION loci.boost_node(p_tenant bigint, p_graph bigint, p_request_hash bytea, p_fingerprint bytea,
    p_answer bytea, p_id text, p_boost double precision, p_audit loci.audit_row) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter_note(p_tenant, p_graph, p_request_hash, p_fingerprint, p_answer, p_id, p_audit);
    INSERT INTO loci.node_uses AS u (graph_key, tenant_key, id, boost) VALUES (p_graph, p_tenant, p_id, p_boost)
    ON CONFLICT (graph_key, id) DO UPDATE SET boost = excluded.boost;
END $$;

CREATE FUNCTION loci.give_feedback(p_tenant bigint, p_graph bigint, p_request_hash bytea, p_fingerprint bytea,
    p_answer bytea, p_feedback uuid, p_time timestamptz, p_actor bigint, p_kind smallint, p_profile smallint, p_query uuid,
    p_node text, p_comment bytea, p_audit loci.audit_row) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter_note(p_tenant, p_graph, p_request_hash, p_fingerprint, p_answer, p_node, p_audit);
    INSERT INTO loci.feedback (graph_key, feedback_id, tenant_key, time, actor, kind, profile, query_id, node, comment)
    VALUES (p_graph, p_feedback, p_tenant, p_time, p_actor, p_kind, p_profile, p_query, p_node, p_comment);
    IF p_node IS NOT NULL AND p_kind IN (1, 2) THEN
        INSERT INTO loci.node_uses AS u (graph_key, tenant_key, id, helpful, unhelpful)
        VALUES (p_graph, p_tenant, p_node, (p_kind = 1)::integer, (p_kind = 2)::integer)
        ON CONFLICT (graph_key, id) DO UPDATE
        SET helpful = u.helpful + excluded.helpful, unhelpful = u.unhelpful + excluded.unhelpful;
    END IF;
END $$;

-- Begins a recalculation, unless one is under way; that one is woken. Kind 20 of loci.jobs.
CREATE FUNCTION loci.begin_recalculation(p_tenant bigint, p_graph bigint, p_time timestamptz, p_audit loci.audit_row)
RETURNS SETOF loci.recalculations LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter_note(p_tenant, p_graph, NULL, NULL, NULL, NULL, p_audit);
    INSERT INTO loci.recalculations AS r (graph_key, tenant_key, time, node_count)
    SELECT p_graph, p_tenant, coalesce(p_time, now()), g.node_count FROM loci.graphs g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph
    ON CONFLICT (graph_key) DO UPDATE
    SET time = excluded.time, begin_time = now(), end_time = NULL, node_count = excluded.node_count, seen_count = 0,
        changed_count = 0, after_id = ''
    WHERE r.end_time IS NOT NULL;
    INSERT INTO loci.jobs AS j (graph_key, kind, subject, tenant_key) VALUES (p_graph, 20, 0, p_tenant)
    ON CONFLICT (graph_key, kind, subject) DO NOTHING;
    RETURN QUERY SELECT r.* FROM loci.recalculations r WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph;
END $$;

CREATE FUNCTION loci.get_recalculation(p_tenant bigint, p_graph bigint) RETURNS SETOF loci.recalculations
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY SELECT r.* FROM loci.recalculations r WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph;
END $$;

-- The recalculation that is under way in a graph, if one is, with the next nodes: a row without a node if there are none.
CREATE FUNCTION loci.recalculation_page(p_tenant bigint, p_graph bigint, p_limit bigint)
RETURNS TABLE (moment timestamptz, after_id text, node loci.node_standing)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY
    SELECT r.time, r.after_id::text, x.node
    FROM loci.recalculations r
    LEFT JOIN LATERAL (
        SELECT n.id, ROW(n.id, n.type, n.salience, n.event_time, n.create_time, u.uses, u.first_use_time, u.last_use_time,
            u.helpful, u.unhelpful, u.boost)::loci.node_standing AS node
        FROM loci.nodes n
        LEFT JOIN loci.node_uses u ON u.tenant_key = p_tenant AND u.graph_key = p_graph AND u.id = n.id
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id > r.after_id
        ORDER BY n.id LIMIT p_limit) x ON true
    WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph AND r.end_time IS NULL
    ORDER BY x.id;
END $$;

-- Stores what a step came to, of the nodes up to p_last; without p_last the recalculation is done. False if somebody else
-- has gone on meanwhile. A node whose salience is its importance needs no row.
CREATE FUNCTION loci.store_saliences(p_tenant bigint, p_graph bigint, p_time timestamptz, p_after text, p_last text,
    p_seen bigint, p_ids text[], p_importances double precision[], p_saliences double precision[])
RETURNS boolean LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_changed bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM FROM loci.recalculations r
    WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph AND r.time = p_time AND r.after_id = p_after
      AND r.end_time IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(loci.uses_lock(p_graph));
    WITH stored AS (
        INSERT INTO loci.node_uses AS u (graph_key, tenant_key, id, importance, salience)
        SELECT p_graph, p_tenant, x.id, x.importance, x.salience
        FROM unnest(p_ids, p_importances, p_saliences) x (id, importance, salience)
        JOIN loci.nodes n ON n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = x.id
        LEFT JOIN loci.node_uses o ON o.tenant_key = p_tenant AND o.graph_key = p_graph AND o.id = x.id
        WHERE CASE WHEN o.importance = x.importance THEN o.salience ELSE x.importance END <> x.salience
        ORDER BY x.id
        ON CONFLICT (graph_key, id) DO UPDATE SET importance = excluded.importance, salience = excluded.salience
        RETURNING 1
    )
    SELECT count(*) INTO v_changed FROM stored;
    UPDATE loci.recalculations r
    SET after_id = coalesce(p_last, r.after_id), seen_count = r.seen_count + p_seen,
        changed_count = r.changed_count + v_changed, end_time = CASE WHEN p_last IS NULL THEN clock_timestamp() END
    WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph;
    RETURN true;
END $$;
