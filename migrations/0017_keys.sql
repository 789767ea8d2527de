-- Rotation of keys.
--
-- The data keys of a graph: new versions are announced (every server learns to open what they seal, and to look for what
-- they make), then are in use, then take the place of those before in all that is stored (0020_search_keys), and those
-- before are destroyed. A key-encryption key: the key provider has made a new version, by which data keys are wrapped anew.
--
-- Rows are locked in this order, so that nobody waits for who waits for him: loci.graphs, loci.graph_keys,
-- loci.key_rotations, loci.cluster; of each table all that is needed, by the keys of graphs. loci.rewrap has the cluster
-- first, and waits for nothing behind it.
--
-- A rotation belongs to who has claimed it, until the time that run_after was set to then (p_lease): what a process that
-- has lost it, and does not know, still tells of it is not heard.
--
-- States. 1: announced; 6: known to all, and calls that began before are waited for; 2: what is stored is made anew; 3:
-- writes that began before are waited for; 4: what was left is made anew, until nothing is; 5: keys are wrapped anew; 0:
-- it is over.
CREATE TABLE loci.key_rotations (
    tenant_key bigint NOT NULL,     -- 0: the installation itself
    graph_key bigint NOT NULL,      -- 0: the tenant's key-encryption key
    state smallint NOT NULL,
    version integer NOT NULL DEFAULT 0,
    kek_id text NOT NULL DEFAULT '',
    -- Servers that have heard of this epoch know all of the state.
    epoch bigint NOT NULL DEFAULT 0,
    -- How far it is: in which of the places of loci.old_envelopes, behind which row.
    stage smallint NOT NULL DEFAULT 1,
    place text NOT NULL DEFAULT '',
    done_count bigint NOT NULL DEFAULT 0,
    total_count bigint NOT NULL DEFAULT 0,
    -- Sealed anew in this pass, or found and changed by others meanwhile.
    left_count bigint NOT NULL DEFAULT 0,
    -- What does not open under its key, and stays as it is.
    unreadable_count bigint NOT NULL DEFAULT 0,
    begin_time timestamptz NOT NULL DEFAULT now(),
    state_time timestamptz NOT NULL DEFAULT now(),
    end_time timestamptz,
    run_after timestamptz NOT NULL DEFAULT now(),
    failure text,
    PRIMARY KEY (tenant_key, graph_key)
);
CREATE INDEX graph_keys_tenant ON loci.graph_keys (tenant_key, graph_key, purpose, version);
CREATE INDEX key_rotations_due ON loci.key_rotations (run_after) WHERE end_time IS NULL;

-- Servers that hold keys of graphs, and the epoch that each has heard of.
CREATE TABLE loci.key_holders (
    server_id uuid PRIMARY KEY,
    epoch bigint NOT NULL,
    seen_time timestamptz NOT NULL
);

-- Which graphs' keys changed, by the epoch; kept for a day, longer than any server goes on without hearing.
CREATE TABLE loci.key_changes (
    epoch bigint PRIMARY KEY,
    tenant_key bigint NOT NULL,
    graph_key bigint NOT NULL,  -- 0: keys of the tenant's graphs are only wrapped anew
    gone bytea[] NOT NULL,      -- SHA-256 of the wrapped keys that are stored no more
    time timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE loci.key_rotations ENABLE ROW LEVEL SECURITY;
ALTER TABLE loci.key_rotations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON loci.key_rotations
    USING (tenant_key = (SELECT nullif(current_setting('loci.tenant', true), '')::bigint)
           AND (tenant_key <> 0 OR (SELECT current_setting('loci.role', true)) IN ('operator', 'worker')));
-- Which rotations are due, whosesoever; what they do is done in the name of the tenant.
CREATE POLICY worker ON loci.key_rotations USING ((SELECT current_setting('loci.role', true)) = 'worker');

ALTER TABLE loci.key_holders ENABLE ROW LEVEL SECURITY;
ALTER TABLE loci.key_holders FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone ON loci.key_holders USING (true);

ALTER TABLE loci.key_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE loci.key_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON loci.key_changes USING ((SELECT current_setting('loci.role', true)) = 'worker');

-- Keys that are due to be rotated are looked for in all tenants.
CREATE POLICY keeper ON loci.graph_keys FOR SELECT USING ((SELECT current_setting('loci.role', true)) = 'keeper');
CREATE POLICY keeper ON loci.key_rotations FOR SELECT USING ((SELECT current_setting('loci.role', true)) = 'keeper');

-- The keys of this graph have changed. Epochs are given in the order of commits. p_gone: SHA-256 of wrapped keys that are
-- destroyed: servers forget what they were.
CREATE FUNCTION loci.change_keys(p_tenant bigint, p_graph bigint, p_gone bytea[] DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_epoch bigint;
    v_role text := coalesce(current_setting('loci.role', true), '');
BEGIN
    UPDATE loci.cluster SET key_epoch = key_epoch + 1 RETURNING key_epoch INTO v_epoch;
    PERFORM set_config('loci.role', 'worker', true);
    INSERT INTO loci.key_changes (epoch, tenant_key, graph_key, gone) VALUES (v_epoch, p_tenant, p_graph, p_gone);
    PERFORM set_config('loci.role', v_role, true);
    RETURN v_epoch;
END $$;

-- A server says that it is there and knows all up to p_epoch, and hears what has changed since. A server that comes (epoch
-- null) knows all, as it holds no key yet.
CREATE FUNCTION loci.hear_keys(p_server uuid, p_epoch bigint, p_limit bigint)
RETURNS TABLE (epoch bigint, tenant_key bigint, graph_key bigint, gone bytea[]) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_epoch bigint;
BEGIN
    SELECT c.key_epoch INTO v_epoch FROM loci.cluster c;
    INSERT INTO loci.key_holders AS h (server_id, epoch, seen_time)
    VALUES (p_server, coalesce(p_epoch, v_epoch), clock_timestamp())
    ON CONFLICT (server_id) DO UPDATE SET epoch = excluded.epoch, seen_time = excluded.seen_time;
    IF p_epoch IS NULL OR p_epoch = v_epoch THEN
        RETURN QUERY SELECT v_epoch, NULL::bigint, NULL::bigint, NULL::bytea[];
        RETURN;
    END IF;
    PERFORM set_config('loci.role', 'worker', true);
    RETURN QUERY
    SELECT k.epoch, k.tenant_key, k.graph_key, k.gone FROM loci.key_changes k
    WHERE k.epoch > p_epoch AND k.epoch <= v_epoch ORDER BY k.epoch LIMIT p_limit;
END $$;

-- Whether every server that was heard of within p_seconds knows all up to an epoch.
CREATE FUNCTION loci.keys_known(p_epoch bigint, p_seconds double precision) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM loci.key_holders h WHERE h.seen_time < clock_timestamp() - p_seconds * interval '1 second';
    RETURN NOT EXISTS (SELECT FROM loci.key_holders h WHERE h.epoch < p_epoch);
END $$;

-- A server has opened a graph without the keys that are announced for it: they are announced anew, and that they are known
-- counts from then. What the server sees after this of keys that are in use is true, as loci.begin_sealing sees this.
CREATE FUNCTION loci.doubt_keys(p_tenant bigint, p_graph bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM FROM loci.key_rotations r
    WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph AND r.state IN (1, 6) FOR NO KEY UPDATE;
    IF FOUND THEN
        UPDATE loci.key_rotations r
        SET state = 1, epoch = loci.change_keys(p_tenant, p_graph), state_time = clock_timestamp(), run_after = now()
        WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph;
    END IF;
END $$;

-- The wrapped keys of a graph, deleted or not.
CREATE FUNCTION loci.graph_keys_of(p_tenant bigint, p_graph bigint) RETURNS SETOF loci.graph_keys
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY SELECT k.* FROM loci.graph_keys k WHERE k.tenant_key = p_tenant AND k.graph_key = p_graph;
END $$;

-- Announces new versions of a graph's keys of these purposes. False if a rotation is under way; LC002 if the graph is gone.
CREATE FUNCTION loci.begin_key_rotation(p_tenant bigint, p_graph bigint, p_purposes smallint[], p_keks text[],
    p_wrapped bytea[]) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_version integer;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM FROM loci.graphs g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.delete_time IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'graph is gone' USING ERRCODE = 'LC002';
    END IF;
    PERFORM FROM loci.key_rotations r
    WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph AND r.end_time IS NULL;
    IF FOUND THEN
        RETURN false;
    END IF;
    SELECT max(k.version) + 1 INTO v_version FROM loci.graph_keys k
    WHERE k.tenant_key = p_tenant AND k.graph_key = p_graph AND k.purpose = ANY (p_purposes);
    INSERT INTO loci.graph_keys (tenant_key, graph_key, purpose, version, kek_id, wrapped, sealing)
    SELECT p_tenant, p_graph, u.purpose, v_version, u.kek, u.wrapped, false
    FROM unnest(p_purposes, p_keks, p_wrapped) u (purpose, kek, wrapped);
    DELETE FROM loci.key_rotations r WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph;
    INSERT INTO loci.key_rotations (tenant_key, graph_key, state, version, kek_id, epoch, total_count)
    SELECT p_tenant, p_graph, 1, v_version, p_keks[1], loci.change_keys(p_tenant, p_graph), g.node_count + g.edge_count
    FROM loci.graphs g WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
    RETURN true;
END $$;

-- Takes the announced versions into use. If a server that was heard of within p_seconds knows them no more, they are only
-- announced again.
CREATE FUNCTION loci.begin_sealing(p_tenant bigint, p_graph bigint, p_lease timestamptz, p_seconds double precision)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_epoch bigint;
    v_count bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    -- Before anything is locked: it may take a while, and the cluster is what all tenants wait for.
    v_count := (SELECT count(*) FROM loci.changes c WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph)
        + (SELECT count(*) FROM loci.embeddings e WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph)
        + (SELECT g.document_count FROM loci.graphs g WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph);
    PERFORM FROM loci.graph_keys k
    WHERE k.tenant_key = p_tenant AND k.graph_key = p_graph AND NOT k.sealing
    ORDER BY k.purpose, k.version FOR NO KEY UPDATE;
    SELECT r.epoch INTO v_epoch FROM loci.key_rotations r
    WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph AND r.state = 6 AND r.run_after = p_lease FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM FROM loci.cluster FOR NO KEY UPDATE;
    IF NOT loci.keys_known(v_epoch, p_seconds) THEN
        UPDATE loci.key_rotations r SET state = 1, state_time = clock_timestamp()
        WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph;
        RETURN;
    END IF;
    UPDATE loci.graph_keys k SET sealing = true
    WHERE k.tenant_key = p_tenant AND k.graph_key = p_graph AND NOT k.sealing;
    UPDATE loci.key_rotations r
    SET state = 2, epoch = loci.change_keys(p_tenant, p_graph), state_time = clock_timestamp(),
        total_count = r.total_count + v_count
    WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph;
END $$;

-- The next p_limit rows behind p_place of one of the places where envelopes stand. Of those whose envelopes are under
-- another version than p_version (its four bytes) the envelopes are told, of others null. 1: the graph's own fields; 2:
-- nodes; 3: edges; 4: the log; 5: answers; 6: queries; 7: feedback.
CREATE FUNCTION loci.old_envelopes(p_tenant bigint, p_graph bigint, p_stage smallint, p_version bytea, p_place text,
    p_limit bigint)
RETURNS TABLE (place text, kind smallint, id text, number bigint, content bytea, note bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true), set_config('loci.expired', 'seen', true);
    RETURN QUERY
    SELECT w.place, w.kind, w.id, w.number, CASE WHEN substr(w.content, 2, 4) <> p_version THEN w.content END,
        CASE WHEN substr(w.note, 2, 4) <> p_version THEN w.note END
    FROM (
        (SELECT 'graph' AS place, 0::smallint AS kind, '' AS id, 0::bigint AS number, g.display_name AS content,
            g.search_fields AS note
        FROM loci.graphs g WHERE p_stage = 1 AND g.tenant_key = p_tenant AND g.graph_key = p_graph AND p_place = '')
        UNION ALL
        (SELECT n.id, 1::smallint, n.id, 0, n.content, NULL FROM loci.nodes n
        WHERE p_stage = 2 AND n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id > p_place ORDER BY n.id LIMIT p_limit)
        UNION ALL
        (SELECT e.id, 2::smallint, e.id, 0, e.content, NULL FROM loci.edges e
        WHERE p_stage = 3 AND e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id > p_place ORDER BY e.id LIMIT p_limit)
        UNION ALL
        (SELECT concat_ws(':', c.revision, c.ordinal, c.part), c.kind, c.id, c.image_no, c.image, c.note FROM loci.changes c
        WHERE p_stage = 4 AND c.tenant_key = p_tenant AND c.graph_key = p_graph
          AND (c.revision, c.ordinal, c.part) > (
              coalesce(nullif(split_part(p_place, ':', 1), ''), '-1')::bigint,
              coalesce(nullif(split_part(p_place, ':', 2), ''), '0')::integer,
              coalesce(nullif(split_part(p_place, ':', 3), ''), '0')::integer)
        ORDER BY c.revision, c.ordinal, c.part LIMIT p_limit)
        UNION ALL
        (SELECT encode(a.request_hash, 'hex'), 0::smallint, '', 0, a.answer, NULL FROM loci.idempotency a
        WHERE p_stage = 5 AND a.tenant_key = p_tenant AND a.graph_key = p_graph
          AND a.request_hash > decode(p_place, 'hex')
        ORDER BY a.request_hash LIMIT p_limit)
        UNION ALL
        (SELECT q.query_id::text, 0::smallint, q.query_id::text, 0, q.content, NULL FROM loci.queries q
        WHERE p_stage = 6 AND q.tenant_key = p_tenant AND q.graph_key = p_graph
          AND q.query_id > coalesce(nullif(p_place, ''), '00000000-0000-0000-0000-000000000000')::uuid
        ORDER BY q.query_id LIMIT p_limit)
        UNION ALL
        (SELECT f.feedback_id::text, 0::smallint, f.feedback_id::text, 0, f.comment, NULL FROM loci.feedback f
        WHERE p_stage = 7 AND f.tenant_key = p_tenant AND f.graph_key = p_graph
          AND f.feedback_id > coalesce(nullif(p_place, ''), '00000000-0000-0000-0000-000000000000')::uuid
        ORDER BY f.feedback_id LIMIT p_limit)
    ) w;
END $$;

-- Puts envelopes in the place of those that loci.old_envelopes told, where these still stand. It waits for no row: what
-- somebody else has hold of is found again later.
CREATE FUNCTION loci.reseal(p_tenant bigint, p_graph bigint, p_stage smallint, p_places text[], p_old bytea[],
    p_new bytea[], p_old_notes bytea[], p_new_notes bytea[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true), set_config('loci.expired', 'seen', true);
    IF p_stage = 1 THEN
        UPDATE loci.graphs g
        SET display_name = coalesce(p_new[1], g.display_name), search_fields = coalesce(p_new_notes[1], g.search_fields)
        WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND (p_old[1] IS NULL OR g.display_name = p_old[1])
          AND (p_old_notes[1] IS NULL OR g.search_fields = p_old_notes[1]);
    ELSIF p_stage = 2 THEN
        WITH held AS (
            SELECT n.id FROM loci.nodes n
            WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = ANY (p_places) FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE loci.nodes n SET content = u.new
        FROM unnest(p_places, p_old, p_new) u(id, old, new) JOIN held h ON h.id = u.id
        WHERE n.tenant_key = p_tenant AND n.graph_key = p_graph AND n.id = u.id AND n.content = u.old;
    ELSIF p_stage = 3 THEN
        WITH held AS (
            SELECT e.id FROM loci.edges e
            WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = ANY (p_places) FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE loci.edges e SET content = u.new
        FROM unnest(p_places, p_old, p_new) u(id, old, new) JOIN held h ON h.id = u.id
        WHERE e.tenant_key = p_tenant AND e.graph_key = p_graph AND e.id = u.id AND e.content = u.old;
    ELSIF p_stage = 4 THEN
        PERFORM loci.hold_log(p_graph);
        WITH place AS (
            SELECT split_part(u.place, ':', 1)::bigint AS revision, split_part(u.place, ':', 2)::integer AS ordinal,
                split_part(u.place, ':', 3)::integer AS part, u.old, u.new, u.old_note, u.new_note
            FROM unnest(p_places, p_old, p_new, p_old_notes, p_new_notes) u(place, old, new, old_note, new_note)
        ), held AS (
            SELECT c.revision, c.ordinal, c.part FROM loci.changes c
            JOIN place p ON c.revision = p.revision AND c.ordinal = p.ordinal AND c.part = p.part
            WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph FOR NO KEY UPDATE OF c SKIP LOCKED
        )
        UPDATE loci.changes c SET image = coalesce(p.new, c.image), note = coalesce(p.new_note, c.note)
        FROM place p JOIN held h ON h.revision = p.revision AND h.ordinal = p.ordinal AND h.part = p.part
        WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.revision = p.revision AND c.ordinal = p.ordinal
          AND c.part = p.part AND (p.old IS NULL OR c.image = p.old) AND (p.old_note IS NULL OR c.note = p.old_note);
    ELSIF p_stage = 5 THEN
        WITH held AS (
            SELECT a.request_hash FROM loci.idempotency a
            WHERE a.tenant_key = p_tenant AND a.graph_key = p_graph
              AND a.request_hash = ANY (SELECT decode(u, 'hex') FROM unnest(p_places) u) FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE loci.idempotency a SET answer = u.new
        FROM unnest(p_places, p_old, p_new) u(place, old, new) JOIN held h ON h.request_hash = decode(u.place, 'hex')
        WHERE a.tenant_key = p_tenant AND a.graph_key = p_graph AND a.request_hash = h.request_hash AND a.answer = u.old;
    ELSIF p_stage = 6 THEN
        UPDATE loci.queries q SET content = u.new FROM unnest(p_places::uuid[], p_old, p_new) u(id, old, new)
        WHERE q.tenant_key = p_tenant AND q.graph_key = p_graph AND q.query_id = u.id AND q.content = u.old;
    ELSIF p_stage = 7 THEN
        UPDATE loci.feedback f SET comment = u.new FROM unnest(p_places::uuid[], p_old, p_new) u(id, old, new)
        WHERE f.tenant_key = p_tenant AND f.graph_key = p_graph AND f.feedback_id = u.id AND f.comment = u.old;
    END IF;
END $$;

-- From now on no commit is taken that was made by who does not know of the new version: whoever opened the graph before
-- opens it anew. What else was sealed before has to be waited for.
CREATE FUNCTION loci.begin_settling(p_tenant bigint, p_graph bigint, p_lease timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM FROM loci.graphs g WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph FOR NO KEY UPDATE;
    UPDATE loci.key_rotations r SET state = 3, state_time = clock_timestamp()
    WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph AND r.state = 2 AND r.run_after = p_lease;
    IF FOUND THEN
        UPDATE loci.graphs g SET search_version = search_version + 1
        WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
    END IF;
END $$;

-- Destroys the versions before, and the rotation is over.
CREATE FUNCTION loci.end_key_rotation(p_tenant bigint, p_graph bigint, p_lease timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_version integer;
    v_gone bytea[];
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    PERFORM FROM loci.graph_keys k WHERE k.tenant_key = p_tenant AND k.graph_key = p_graph
    ORDER BY k.purpose, k.version FOR UPDATE;
    SELECT r.version INTO v_version FROM loci.key_rotations r
    WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph AND r.state = 4 AND r.run_after = p_lease FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    WITH gone AS (
        DELETE FROM loci.graph_keys k
        WHERE k.tenant_key = p_tenant AND k.graph_key = p_graph AND k.purpose IN (1, 2, 3) AND k.version < v_version
        RETURNING sha256(k.wrapped) AS wrapped
    )
    SELECT coalesce(array_agg(g.wrapped), '{}') INTO v_gone FROM gone g;
    UPDATE loci.key_rotations r
    SET state = 0, epoch = loci.change_keys(p_tenant, p_graph, v_gone), end_time = clock_timestamp(), failure = NULL,
        total_count = r.done_count
    WHERE r.tenant_key = p_tenant AND r.graph_key = p_graph;
END $$;

-- Counts what keys have sealed.
CREATE FUNCTION loci.count_encryptions(p_tenants bigint[], p_graphs bigint[], p_versions integer[], p_counts bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_tenant bigint;
BEGIN
    FOR v_tenant IN SELECT DISTINCT t FROM unnest(p_tenants) t ORDER BY 1 LOOP
        PERFORM set_config('loci.tenant', v_tenant::text, true);
        PERFORM FROM loci.graph_keys k
        WHERE k.tenant_key = v_tenant AND k.graph_key = ANY (p_graphs) AND k.purpose = 1
        ORDER BY k.graph_key, k.version FOR NO KEY UPDATE;
        UPDATE loci.graph_keys k SET encryptions = k.encryptions + x.count
        FROM unnest(p_tenants, p_graphs, p_versions, p_counts) x(tenant_key, graph_key, version, count)
        WHERE k.tenant_key = v_tenant AND x.tenant_key = v_tenant AND k.graph_key = x.graph_key AND k.purpose = 1
          AND k.version = x.version;
    END LOOP;
END $$;

-- Graphs whose content key is older than p_days (null: that does not matter) or has sealed p_encryptions times, and is not
-- being rotated.
CREATE FUNCTION loci.worn_keys(p_days double precision, p_encryptions bigint, p_behind bigint, p_limit bigint)
RETURNS TABLE (tenant_key bigint, graph_key bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.role', 'keeper', true);
    RETURN QUERY
    SELECT k.tenant_key, k.graph_key FROM loci.graph_keys k
    WHERE k.purpose = 1 AND k.sealing AND k.graph_key > p_behind
      AND (k.create_time < now() - p_days * interval '1 day' OR k.encryptions >= p_encryptions)
      AND NOT EXISTS (SELECT FROM loci.key_rotations r
                      WHERE (r.tenant_key, r.graph_key) = (k.tenant_key, k.graph_key) AND r.end_time IS NULL)
    ORDER BY k.graph_key LIMIT p_limit;
END $$;
