-- The parts of the log: one for each month, made ahead of time; dropped once what is still valid of them is in the base.
--
-- Nobody but the owner has a right on a part: all others reach it through loci.changes and its policies. The service
-- owns nothing, so what it must do to parts stands in three functions that run as their owner. They take no text, read
-- nothing out, and write what was there already: the only SECURITY DEFINER functions (docs/security.md).

-- How far the compaction of a part has come: the last graph whose valid versions are in the base.
CREATE TABLE loci.log_compaction (
    part integer PRIMARY KEY,
    graph_key bigint NOT NULL
);
ALTER TABLE loci.log_compaction ENABLE ROW LEVEL SECURITY;
ALTER TABLE loci.log_compaction FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone ON loci.log_compaction USING (true);

-- The last revision of each graph that is in a month which was carried, when it was written, and by which transaction: who
-- has seen that one misses nothing.
CREATE TABLE loci.log_floors (
    graph_key bigint PRIMARY KEY,
    tenant_key bigint NOT NULL,
    revision bigint NOT NULL,
    commit_time timestamptz NOT NULL,
    xid xid8 NOT NULL,
    incarnation smallint NOT NULL
);
CALL loci.keep_apart('log_floors');

-- When a revision was written; null if that is not known any more.
CREATE FUNCTION loci.log_written(p_tenant bigint, p_graph bigint, p_revision bigint) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN coalesce(
        (SELECT c.commit_time FROM loci.changes c
         WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.part > 0 AND c.revision = p_revision LIMIT 1),
        (SELECT f.commit_time FROM loci.log_floors f
         WHERE f.tenant_key = p_tenant AND f.graph_key = p_graph AND f.revision = p_revision));
END $$;

-- Where a reader begins: what loci.log_bounds tells, the revision p_at (null: the last one; -1: the first behind which
-- nothing is missing and all commits are younger than p_since), and when that was written. All as one snapshot sees it.
CREATE FUNCTION loci.log_start(p_tenant bigint, p_graph bigint, p_since timestamptz, p_at bigint)
RETURNS TABLE (revision bigint, floor bigint, since bigint, at bigint, written timestamptz)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    SELECT b.revision, b.floor, b.since INTO revision, floor, since FROM loci.log_bounds(p_tenant, p_graph, p_since) b;
    at := CASE p_at WHEN -1 THEN greatest(floor, since) ELSE coalesce(p_at, revision) END;
    written := loci.log_written(p_tenant, p_graph, at);
    RETURN NEXT;
END $$;

-- Adds the partition of the months from p_part on, before p_next (null: of all months to come). The number in its name is
-- that of its last month.
CREATE FUNCTION loci.attach_log_part(p_name text, p_part integer, p_next integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE loci.%I (LIKE loci.changes INCLUDING ALL)', p_name);
    EXECUTE format('REVOKE ALL ON loci.%I FROM PUBLIC, loci_app', p_name);
    EXECUTE format('ALTER TABLE loci.changes ATTACH PARTITION loci.%I FOR VALUES FROM (%s) TO (%s)',
        p_name, p_part, coalesce(p_next::text, 'MAXVALUE'));
END $$;

-- The month that is p_months behind that of p_time.
CREATE FUNCTION loci.log_part_behind(p_time timestamptz, p_months integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT loci.log_part((p_time AT TIME ZONE 'UTC' + p_months * interval '1 month') AT TIME ZONE 'UTC')
$$;

-- The first month takes whatever is older, should the clock go back; `later` takes what comes if no part was made in time.
SELECT loci.attach_log_part('changes_base', 0, 1);
SELECT loci.attach_log_part('changes_' || loci.log_part(now()), 1, loci.log_part_behind(now(), 1));
SELECT loci.attach_log_part('changes_' || loci.log_part_behind(now(), 1), loci.log_part_behind(now(), 1),
    loci.log_part_behind(now(), 2));
SELECT loci.attach_log_part('changes_later', loci.log_part_behind(now(), 2), NULL);

-- Makes the parts of this month and the next two, if they are missing. How many it made. Gives up (55P03) rather than
-- keep writers waiting behind a long reader.
CREATE FUNCTION loci.extend_log() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
    v_part integer;
    v_first integer;
    v_made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(1280262985, 1);
    FOR v_ahead IN 0..2 LOOP
        v_part := loci.log_part_behind(now(), v_ahead);
        CONTINUE WHEN to_regclass('loci.changes_' || v_part) IS NOT NULL;
        -- Older than any: it was compacted, or the clock went back.
        CONTINUE WHEN EXISTS (
            SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'loci.changes'::regclass AND c.relname ~ '^changes_[0-9]+$'
              AND substr(c.relname, 9)::integer > v_part);
        -- It also takes the months before it that nobody made a part for.
        SELECT substring(pg_get_expr(c.relpartbound, c.oid) FROM 'FROM \((\d+)\)')::integer INTO v_first
        FROM pg_class c WHERE c.oid = 'loci.changes_later'::regclass;
        ALTER TABLE loci.changes DETACH PARTITION loci.changes_later;
        ALTER TABLE loci.changes_later RENAME TO changes_late;
        PERFORM loci.attach_log_part('changes_' || v_part, v_first, loci.log_part_behind(now(), v_ahead + 1));
        PERFORM loci.attach_log_part('changes_later', loci.log_part_behind(now(), v_ahead + 1), NULL);
        EXECUTE format('INSERT INTO loci.%I SELECT * FROM loci.changes_late WHERE part < %s',
            'changes_' || v_part, loci.log_part_behind(now(), v_ahead + 1));
        EXECUTE format('INSERT INTO loci.changes_later SELECT * FROM loci.changes_late WHERE part >= %s',
            loci.log_part_behind(now(), v_ahead + 1));
        DROP TABLE loci.changes_late;
        v_made := v_made + 1;
    END LOOP;
    RETURN v_made;
END $$;

-- The oldest part if all of its months are before p_part; null if there is none to compact. The part of this month and
-- those ahead are never given.
CREATE FUNCTION loci.oldest_log_part(p_part integer) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT min(substr(c.relname, 9)::integer) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'loci.changes'::regclass AND c.relname ~ '^changes_[0-9]+$'
    HAVING min(substr(c.relname, 9)::integer) < least(p_part, loci.log_part(now()))
$$;

-- Carries what is still valid at the end of the oldest part into the base, for graphs behind those that are done, until
-- p_rows versions were looked at. True once nothing is left to carry. Parts at or after p_part are left alone.
CREATE FUNCTION loci.carry_log_part(p_part integer, p_rows bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_part integer;
    v_name text;
    v_graph bigint;
    v_tenant bigint;
    v_rows bigint;
    v_seen bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(1280262985, 2);
    v_part := loci.oldest_log_part(p_part);
    IF v_part IS NULL THEN
        RETURN true;
    END IF;
    v_name := 'changes_' || v_part;
    INSERT INTO loci.log_compaction (part, graph_key) VALUES (v_part, 0) ON CONFLICT DO NOTHING;
    SELECT c.graph_key INTO v_graph FROM loci.log_compaction c WHERE c.part = v_part;
    LOOP
        EXECUTE format('SELECT graph_key, tenant_key FROM loci.%I WHERE graph_key > $1 ORDER BY graph_key LIMIT 1', v_name)
        INTO v_graph, v_tenant USING v_graph;
        IF v_graph IS NULL THEN
            RETURN true;
        END IF;
        EXIT WHEN v_seen >= p_rows;
        PERFORM pg_advisory_xact_lock(hashint8extended(v_graph, 1280262985));  -- as loci.hold_log
        EXECUTE format('DELETE FROM loci.changes_base b WHERE b.graph_key = $1 AND EXISTS (
            SELECT FROM loci.%I c WHERE c.graph_key = b.graph_key AND c.kind = b.kind AND c.id = b.id)', v_name)
        USING v_graph;
        EXECUTE format('INSERT INTO loci.changes_base (graph_key, revision, ordinal, part, kind, op, incarnation,
                tenant_key, xid, image_no, commit_time, create_time, update_time, actor, id, other_id, type,
                previous_type, source, target, weight, event_time, valid_lower, valid_upper, expire_time, request_hash, note,
                image)
            SELECT graph_key, revision, ordinal, 0, kind, op, incarnation, tenant_key, xid, image_no, commit_time,
                create_time, update_time, actor, id, other_id, type, previous_type, source, target, weight, event_time,
                valid_lower, valid_upper, expire_time, request_hash, note, image
            FROM (SELECT DISTINCT ON (c.kind, c.id) c.* FROM loci.%I c WHERE c.graph_key = $1
                  ORDER BY c.kind, c.id, c.part DESC, c.revision DESC, c.ordinal DESC) last
            WHERE last.image IS NOT NULL', v_name)
        USING v_graph;
        GET DIAGNOSTICS v_rows = ROW_COUNT;
        PERFORM set_config('loci.tenant', v_tenant::text, true);
        EXECUTE format('INSERT INTO loci.log_floors (graph_key, tenant_key, revision, commit_time, xid, incarnation)
            SELECT graph_key, tenant_key, revision, commit_time, xid, incarnation FROM loci.%I
            WHERE graph_key = $1 ORDER BY revision DESC LIMIT 1
            ON CONFLICT (graph_key) DO UPDATE SET revision = excluded.revision, commit_time = excluded.commit_time,
                xid = excluded.xid, incarnation = excluded.incarnation', v_name)
        USING v_graph;
        v_seen := v_seen + v_rows + 1;
        UPDATE loci.log_compaction c SET graph_key = v_graph WHERE c.part = v_part;
    END LOOP;
    RETURN false;
END $$;

-- Drops the oldest part, once it is carried. The part that it dropped, or null. Gives up (55P03) rather than keep writers
-- waiting behind a long reader.
CREATE FUNCTION loci.drop_log_part(p_part integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
    v_part integer;
    v_graph bigint;
    v_left boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(1280262985, 2);
    v_part := loci.oldest_log_part(p_part);
    SELECT c.graph_key INTO v_graph FROM loci.log_compaction c WHERE c.part = v_part;
    IF v_graph IS NULL THEN
        RETURN NULL;
    END IF;
    LOCK TABLE ONLY loci.changes IN ACCESS EXCLUSIVE MODE;  -- no more rows come while it is looked whether all is carried
    EXECUTE format('SELECT EXISTS (SELECT FROM loci.%I WHERE graph_key > $1)', 'changes_' || v_part)
    INTO v_left USING v_graph;
    IF v_left THEN
        RETURN NULL;
    END IF;
    EXECUTE format('DROP TABLE loci.%I', 'changes_' || v_part);
    DELETE FROM loci.log_compaction c WHERE c.part = v_part;
    RETURN v_part;
END $$;

REVOKE EXECUTE ON FUNCTION loci.extend_log(), loci.carry_log_part(integer, bigint), loci.drop_log_part(integer)
    FROM PUBLIC;
