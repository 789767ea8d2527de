-- The log of all graphs of a tenant as one feed.
--
-- Where a reader of many graphs stands is said by one snapshot: it has seen what that snapshot sees. Within a graph that is
-- a prefix of its revisions, as no commit ends before the one that it follows. So a token is as short for ten thousand
-- graphs as for one.

-- Whether a snapshot of this incarnation sees what a transaction did.
CREATE FUNCTION loci.seen(p_xid xid8, p_incarnation smallint, p_snapshot pg_snapshot, p_now smallint) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT p_incarnation < p_now OR pg_visible_in_snapshot(p_xid, p_snapshot)
$$;

-- The last revision of a graph that a snapshot sees, by doubled steps back and halving; one below the floor if it does not
-- see all up to there. p_xid: the transaction that made p_head.
CREATE FUNCTION loci.revision_seen(p_tenant bigint, p_graph bigint, p_head bigint, p_xid xid8, p_incarnation smallint,
    p_snapshot pg_snapshot, p_now smallint) RETURNS bigint
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_floor bigint;
    v_low bigint;
    v_high bigint := p_head;
    v_probe bigint := p_head;
    v_step bigint := 1;
    v_seen boolean;
BEGIN
    IF loci.seen(p_xid, p_incarnation, p_snapshot, p_now) THEN
        RETURN p_head;
    END IF;
    v_floor := loci.log_floor(p_tenant, p_graph);
    v_low := v_floor;
    WHILE v_low < v_high LOOP
        SELECT loci.seen(c.xid, c.incarnation, p_snapshot, p_now) INTO v_seen FROM loci.changes c
        WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.part > 0 AND c.revision = v_probe LIMIT 1;
        IF v_seen THEN
            v_low := v_probe;
            v_probe := v_low + (v_high - v_low + 1) / 2;
            v_step := 0;
        ELSE
            v_high := v_probe - 1;
            IF v_step > 0 THEN
                v_probe := greatest(v_high - v_step + 1, v_low + 1);
                v_step := v_step * 2;
            ELSE
                v_probe := v_low + (v_high - v_low + 1) / 2;
            END IF;
        END IF;
    END LOOP;
    IF v_low = v_floor AND v_floor > 0 AND NOT EXISTS (
        SELECT FROM loci.log_floors f
        WHERE f.tenant_key = p_tenant AND f.graph_key = p_graph AND f.revision = v_floor
          AND loci.seen(f.xid, f.incarnation, p_snapshot, p_now)) THEN
        RETURN v_floor - 1;
    END IF;
    RETURN v_low;
END $$;

-- Where a feed stands when it begins, the incarnation that transaction ids are of, and the last commit that it has seen,
-- a witness: where that one is another, the database was put back to an earlier time and went on otherwise.
--
-- The snapshot ends behind the last transaction that changed a graph of the tenant. Ids beyond it may be of transactions that
-- were rolled back, and after a crash PostgreSQL gives such ids out again: to commits that the snapshot must not have seen.
CREATE FUNCTION loci.feed_now(p_tenant bigint)
RETURNS TABLE (snapshot text, incarnation smallint, snapshot_time timestamptz, graph_key bigint, revision bigint,
    commit_time timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_now smallint := loci.incarnation();
    v_snapshot pg_snapshot;
    v_high xid8;
    v_end text;
    v_graph bigint;
    v_revision bigint;
    v_written timestamptz;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    -- In one statement, so that the graphs are those which the snapshot sees.
    SELECT pg_current_snapshot(),
        (SELECT max(g.high_xid) FROM loci.graphs g WHERE g.tenant_key = p_tenant AND g.incarnation = v_now),
        l.graph_key, l.revision, l.commit_time
    INTO v_snapshot, v_high, v_graph, v_revision, v_written
    FROM (VALUES (1)) one
    LEFT JOIN LATERAL (
        -- What changed last may be no witness: a graph that was just made has no commit, one that was deleted an old one.
        SELECT g.graph_key, g.revision, g.commit_time FROM loci.graphs g
        WHERE g.tenant_key = p_tenant AND g.revision > 0 ORDER BY g.commit_time DESC LIMIT 1) l ON true;
    v_end := CASE WHEN v_high IS NULL THEN '3' ELSE (v_high::text::numeric + 1)::text END;
    RETURN QUERY
    SELECT coalesce(min(x.id), v_end::numeric)::text || ':' || v_end || ':' || coalesce(string_agg(x.id::text, ',' ORDER BY x.id), ''),
        v_now, clock_timestamp(), v_graph, v_revision, v_written
    FROM (SELECT i::text::numeric AS id FROM pg_snapshot_xip(v_snapshot) i WHERE i::text::numeric < v_end::numeric) x;
END $$;

-- Whether the log still has a witness, or nothing from its time.
CREATE FUNCTION loci.feed_holds(p_tenant bigint, p_graph bigint, p_revision bigint, p_time timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_written timestamptz := loci.log_written(p_tenant, p_graph, p_revision);
BEGIN
    RETURN coalesce(v_written = p_time, p_revision < loci.log_floor(p_tenant, p_graph), false);
END $$;

-- Graphs of some spans of ids that are apart, in order of id behind p_after, in which p_next sees something that p_base does not: what is to be told of each is
-- behind `behind` and up to `target`. Without p_base: all graphs, from their first commit on that is not before p_oldest.
-- Of the graph p_graph all up to p_told was told since p_base.
-- State 0: it was there; 1: made since; 2: deleted since; 3: it was deleted and is back: what came before `behind` is not told.
-- LC004, with the graph's id and its floor: what is to be told is compacted.
CREATE FUNCTION loci.feed_graphs(p_tenant bigint, p_base pg_snapshot, p_next pg_snapshot, p_oldest timestamptz,
    p_after text, p_limit bigint, p_graph text, p_told bigint, p_lows text[], p_highs text[])
RETURNS TABLE (graph_key bigint, graph_id text, behind bigint, target bigint, state smallint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    v_now smallint := loci.incarnation();
    v_graph record;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    FOR v_graph IN
        SELECT g.* FROM unnest(p_lows, p_highs) s (low, high) CROSS JOIN LATERAL (
            SELECT * FROM loci.graphs g
            WHERE g.tenant_key = p_tenant AND g.graph_id > p_after AND g.graph_id >= s.low AND g.graph_id < s.high
              AND (p_base IS NULL OR NOT loci.seen(g.xid, g.incarnation, p_base, v_now))
              AND loci.seen(g.create_xid, g.create_incarnation, p_next, v_now)
            ORDER BY g.graph_id LIMIT p_limit) g
        ORDER BY g.graph_id LIMIT p_limit
    LOOP
        graph_key := v_graph.graph_key;
        graph_id := v_graph.graph_id;
        behind := 0;
        target := 0;
        state := 0;
        IF v_graph.delete_time IS NOT NULL THEN
            -- What p_next does not see is left to the next pass.
            state := CASE WHEN loci.seen(v_graph.state_xid, v_graph.state_incarnation, coalesce(p_base, p_next), v_now)
                          OR NOT loci.seen(v_graph.state_xid, v_graph.state_incarnation, p_next, v_now)
                     THEN 0 ELSE 2 END;
            RETURN NEXT;
            CONTINUE;
        END IF;
        target := loci.revision_seen(p_tenant, graph_key, v_graph.revision, v_graph.xid, v_graph.incarnation, p_next, v_now);
        IF p_base IS NULL THEN
            behind := greatest(loci.revision_at(p_tenant, graph_key, p_oldest), loci.log_floor(p_tenant, graph_key));
            state := (behind = 0)::integer;
        ELSIF NOT loci.seen(v_graph.create_xid, v_graph.create_incarnation, p_base, v_now) THEN
            state := 1;
        ELSIF NOT loci.seen(v_graph.state_xid, v_graph.state_incarnation, p_base, v_now) THEN
            behind := target;
            state := CASE WHEN loci.seen(v_graph.state_xid, v_graph.state_incarnation, p_next, v_now) THEN 3 ELSE 0 END;
        ELSE
            behind := loci.revision_seen(p_tenant, graph_key, v_graph.revision, v_graph.xid, v_graph.incarnation, p_base,
                v_now);
        END IF;
        IF graph_id = p_graph THEN
            behind := greatest(behind, p_told);
        END IF;
        IF behind < target AND behind < loci.log_floor(p_tenant, graph_key) THEN
            RAISE EXCEPTION '%', graph_id USING ERRCODE = 'LC004', DETAIL = loci.log_floor(p_tenant, graph_key);
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

CREATE TYPE loci.feed_change AS (
    graph_key bigint, revision bigint, ordinal integer, kind smallint, op smallint, image_no bigint,
    commit_time timestamptz, create_time timestamptz, update_time timestamptz, actor bigint, id text, other_id text,
    type text, previous_type text, note bytea, image bytea, before_revision bigint, before_no bigint, before_image bytea,
    before_create_time timestamptz, before_update_time timestamptz
);

-- Changes of graphs, in the order given, behind (p_revisions, p_ordinals) and up to p_targets; none of parts before p_part.
-- Those of graphs that are deleted are left out. All as one snapshot sees it. As loci.log_page; LC004 as loci.feed_graphs.
CREATE FUNCTION loci.feed_page(p_tenant bigint, p_graphs bigint[], p_revisions bigint[], p_ordinals integer[],
    p_targets bigint[], p_part integer, p_before boolean, p_limit bigint)
RETURNS SETOF loci.feed_change LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_rows bigint := 0;
    v_bytes bigint := 0;
    v_change loci.feed_change;
    v_graph text;
    v_first bigint;
    v_floor bigint;
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    FOR i IN 1 .. cardinality(p_graphs) LOOP
        SELECT g.graph_id INTO v_graph FROM loci.graphs g
        WHERE g.tenant_key = p_tenant AND g.graph_key = p_graphs[i] AND g.delete_time IS NULL;
        CONTINUE WHEN NOT FOUND;
        -- Months may have been compacted since the graphs were looked up.
        SELECT c.revision INTO v_first FROM loci.changes c
        WHERE c.tenant_key = p_tenant AND c.graph_key = p_graphs[i] AND c.part >= p_part
          AND (c.revision, c.ordinal) > (p_revisions[i], p_ordinals[i]) ORDER BY c.revision LIMIT 1;
        IF coalesce(v_first, p_targets[i] + 1) > p_revisions[i] + (p_ordinals[i] = 2147483647)::integer
           AND (p_revisions[i], p_ordinals[i]) < (p_targets[i], 2147483647) THEN
            v_floor := loci.log_floor(p_tenant, p_graphs[i]);
            IF v_floor > p_revisions[i] - (p_ordinals[i] < 2147483647)::integer THEN
                RAISE EXCEPTION '%', v_graph USING ERRCODE = 'LC004', DETAIL = v_floor;
            END IF;
        END IF;
        FOR v_change IN
            SELECT c.graph_key, c.revision, c.ordinal, c.kind, c.op, c.image_no, c.commit_time, c.create_time,
                c.update_time, c.actor, c.id,
                c.other_id, c.type, c.previous_type, c.note, c.image, NULL::bigint, NULL::bigint, NULL::bytea,
                NULL::timestamptz, NULL::timestamptz
            FROM loci.changes c
            WHERE c.tenant_key = p_tenant AND c.graph_key = p_graphs[i] AND c.part >= p_part
              AND (c.revision, c.ordinal) > (p_revisions[i], p_ordinals[i]) AND c.revision <= p_targets[i]
            ORDER BY c.revision, c.ordinal LIMIT p_limit - v_rows
        LOOP
            IF p_before AND v_change.op <> 1 THEN
                SELECT x.revision, x.image_no, x.image, coalesce(x.create_time, x.commit_time),
                    coalesce(x.update_time, x.commit_time)
                INTO v_change.before_revision, v_change.before_no, v_change.before_image, v_change.before_create_time,
                    v_change.before_update_time
                FROM loci.changes x
                WHERE x.tenant_key = p_tenant AND x.graph_key = p_graphs[i] AND x.kind = v_change.kind
                  AND x.id = CASE v_change.op WHEN 4 THEN v_change.other_id ELSE v_change.id END
                  AND x.revision < v_change.revision
                ORDER BY x.part DESC, x.revision DESC, x.ordinal DESC LIMIT 1;
            END IF;
            RETURN NEXT v_change;
            v_rows := v_rows + 1;
            v_bytes := v_bytes + coalesce(octet_length(v_change.image), 0)
                + coalesce(octet_length(v_change.before_image), 0);
            IF v_rows >= p_limit OR v_bytes >= loci.log_page_bytes() THEN
                RETURN;
            END IF;
        END LOOP;
    END LOOP;
END $$;
