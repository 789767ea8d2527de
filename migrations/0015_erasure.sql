-- What hard deletes take out of the log.

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
                valid_lower = NULL, valid_upper = NULL, expire_time = NULL
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

-- The last that the log holds of an item that is gone, as loci.traces tells of it.
CREATE FUNCTION loci.last_image(p_tenant bigint, p_graph bigint, p_kind smallint, p_id text) RETURNS SETOF loci.state_row
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT x.id, x.revision, x.image_no, x.image, coalesce(x.create_time, x.commit_time),
        coalesce(x.update_time, x.commit_time)
    FROM (
        SELECT y.op, y.revision, y.ordinal FROM loci.changes y
        WHERE y.tenant_key = p_tenant AND y.graph_key = p_graph AND y.kind = p_kind AND y.id = p_id
        ORDER BY y.part DESC, y.revision DESC, y.ordinal DESC LIMIT 1) c
    CROSS JOIN LATERAL loci.remains(p_tenant, p_graph, p_kind, p_id, c.revision, c.ordinal + 1) r
    CROSS JOIN LATERAL (
        SELECT y.* FROM loci.changes y
        WHERE y.tenant_key = p_tenant AND y.graph_key = p_graph AND y.kind = p_kind AND y.id = r.id
          AND (y.revision, y.ordinal) >= (r.since, r.since_ordinal) AND (y.revision, y.ordinal) < (r.revision, r.ordinal)
          AND y.image IS NOT NULL
        ORDER BY y.part DESC, y.revision DESC, y.ordinal DESC LIMIT 1) x
    WHERE c.op IN (3, 5, 6)
    ORDER BY x.revision DESC, x.ordinal DESC LIMIT 1;
END $$;

-- Nodes of some types that edges of a relation led from to a node and that are gone, but not from the log: those behind
-- p_after in order of id, at most p_limit. Also some that others have taken the ids of, or that were renamed: ask
-- loci.traces.
CREATE FUNCTION loci.lost_sources(p_tenant bigint, p_graph bigint, p_target text, p_relation text, p_types text[],
    p_after text, p_limit bigint) RETURNS TABLE (id text)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT s.source::text
    FROM (SELECT DISTINCT c.source FROM loci.changes c
          WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.target = p_target AND c.kind = 2
            AND c.type = p_relation AND c.source > p_after
          ORDER BY c.source OFFSET 0) s
    CROSS JOIN LATERAL (
        SELECT y.op FROM loci.changes y
        WHERE y.tenant_key = p_tenant AND y.graph_key = p_graph AND y.kind = 1 AND y.id = s.source
          AND y.type = ANY (p_types)
        ORDER BY y.part DESC, y.revision DESC, y.ordinal DESC LIMIT 1) l
    WHERE l.op IN (3, 5, 6) AND EXISTS (
        SELECT FROM loci.changes y
        WHERE y.tenant_key = p_tenant AND y.graph_key = p_graph AND y.kind = 1 AND y.id = s.source
          AND y.image IS NOT NULL)
    ORDER BY s.source LIMIT p_limit;
END $$;
