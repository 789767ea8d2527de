-- Readers of the log. What they find is whole behind loci.log_floor; what they would need from before it, they say is
-- compacted: LC004, with the oldest revision that can still be read.

-- The month (UTC) of a time, as parts are numbered: 202611.
CREATE FUNCTION loci.log_part(p_time timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT (extract(year FROM p_time AT TIME ZONE 'UTC') * 100 + extract(month FROM p_time AT TIME ZONE 'UTC'))::integer
$$;

CREATE FUNCTION loci.incarnation() RETURNS smallint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT c.incarnation FROM loci.cluster c), 1::smallint)
$$;

-- The revision behind which the log of a graph is whole. A month that is carried into the base counts as gone, though
-- it may still be there: the base holds what was valid at its end.
CREATE FUNCTION loci.log_floor(p_tenant bigint, p_graph bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_carried integer := coalesce((SELECT max(k.part) FROM loci.log_compaction k WHERE k.graph_key >= p_graph), 0);
BEGIN
    RETURN coalesce(
        (SELECT c.revision - 1 FROM loci.changes c
         WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.part > v_carried ORDER BY c.revision LIMIT 1),
        (SELECT g.revision FROM loci.graphs g WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph));
END $$;

-- The last revision whose commit time is not after p_time; one below the floor if it is not known any more.
CREATE FUNCTION loci.revision_at(p_tenant bigint, p_graph bigint, p_time timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_part integer := loci.log_part(p_time);
    v_head bigint;
    v_low bigint;
    v_high bigint;
    v_middle bigint;
BEGIN
    SELECT g.revision INTO v_head FROM loci.graphs g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.commit_time <= p_time;
    IF FOUND THEN
        RETURN v_head;
    END IF;
    -- Within a month, revisions have no gap: the one that is sought is found by halving.
    SELECT c.revision INTO v_low FROM loci.changes c
    WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.part > 0 AND c.part < v_part
    ORDER BY c.revision DESC LIMIT 1;
    IF v_low IS NULL THEN
        v_low := loci.log_floor(p_tenant, p_graph);
        IF v_low > 0 AND NOT EXISTS (
            SELECT FROM loci.changes c
            WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.part = v_part AND c.revision = v_low + 1
              AND c.commit_time <= p_time) THEN
            RETURN v_low - 1;
        END IF;
    END IF;
    SELECT c.revision INTO v_high FROM loci.changes c
    WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.part = v_part ORDER BY c.revision DESC LIMIT 1;
    WHILE v_low < v_high LOOP
        v_middle := v_low + (v_high - v_low + 1) / 2;
        IF (SELECT c.commit_time <= p_time FROM loci.changes c
            WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.part = v_part AND c.revision = v_middle
            LIMIT 1) THEN
            v_low := v_middle;
        ELSE
            v_high := v_middle - 1;
        END IF;
    END LOOP;
    RETURN v_low;
END $$;

-- Content after which a page for watchers ends early.
CREATE FUNCTION loci.log_page_bytes() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 1048576::bigint';

-- Changes of a graph behind (p_revision, p_ordinal), in order; with the image that each item had before, if p_before
-- says so. Stops early at loci.log_page_bytes().
CREATE FUNCTION loci.log_page(p_tenant bigint, p_graph bigint, p_revision bigint, p_ordinal integer, p_before boolean,
    p_limit bigint)
RETURNS TABLE (revision bigint, ordinal integer, kind smallint, op smallint, image_no bigint, commit_time timestamptz,
    create_time timestamptz, update_time timestamptz, actor bigint, id text, other_id text, type text,
    previous_type text, note bytea, image bytea, before_revision bigint, before_no bigint, before_image bytea,
    before_create_time timestamptz, before_update_time timestamptz)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    -- Most readers are near the head: they need not look into the months before it.
    v_part integer := loci.log_part(now() - interval '1 day');
    v_first bigint;
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    SELECT c.revision INTO v_first FROM loci.changes c
    WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.part >= v_part
      AND (c.revision, c.ordinal) > (p_revision, p_ordinal) ORDER BY c.revision LIMIT 1;
    -- The rest of a commit may lie in the month before that of the next one.
    IF v_first IS NULL OR v_first > p_revision + (p_ordinal = 2147483647)::integer THEN
        IF v_first IS NULL AND p_ordinal = 2147483647 AND NOT EXISTS (
            SELECT FROM loci.graphs g
            WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.revision > p_revision) THEN
            RETURN;
        END IF;
        v_part := 1;
        SELECT c.revision INTO v_first FROM loci.changes c
        WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.part > 0
          AND (c.revision, c.ordinal) > (p_revision, p_ordinal) ORDER BY c.revision LIMIT 1;
        IF v_first IS NULL AND NOT EXISTS (
            SELECT FROM loci.graphs g
            WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph AND g.revision > p_revision) THEN
            RETURN;
        END IF;
        IF v_first IS NULL OR v_first > p_revision + 1
           OR p_ordinal < 2147483647 AND v_first > p_revision AND loci.log_floor(p_tenant, p_graph) >= p_revision THEN
            RAISE EXCEPTION '%', loci.log_floor(p_tenant, p_graph) USING ERRCODE = 'LC004';
        END IF;
    END IF;
    -- Twice nearly the same: a join that is not asked for would cost as much as all the rest.
    IF p_before THEN
        RETURN QUERY
        SELECT w.revision, w.ordinal, w.kind, w.op, w.image_no, w.commit_time, w.create_time, w.update_time, w.actor, w.id,
            w.other_id, w.type, w.previous_type, w.note, w.image, w.before_revision, w.before_no, w.before_image,
            w.before_create_time, w.before_update_time
        FROM (
            SELECT c.revision, c.ordinal, c.kind, c.op, c.image_no, c.commit_time, c.create_time, c.update_time, c.actor, c.id, c.other_id, c.type,
                c.previous_type, c.note, c.image, b.revision AS before_revision, b.image_no AS before_no,
                b.image AS before_image, coalesce(b.create_time, b.commit_time) AS before_create_time,
                coalesce(b.update_time, b.commit_time) AS before_update_time,
                coalesce(octet_length(c.image), 0) + coalesce(octet_length(b.image), 0) AS size,
                sum(coalesce(octet_length(c.image), 0) + coalesce(octet_length(b.image), 0))
                    OVER (ORDER BY c.revision, c.ordinal) AS total
            FROM (SELECT x.* FROM loci.changes x
                  WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.part >= v_part
                    AND (x.revision, x.ordinal) > (p_revision, p_ordinal)
                  ORDER BY x.revision, x.ordinal LIMIT p_limit) c
            LEFT JOIN LATERAL (
                SELECT x.* FROM loci.changes x
                WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = c.kind
                  AND x.id = CASE c.op WHEN 4 THEN c.other_id ELSE c.id END
                  AND x.part <= c.part AND x.revision < c.revision
                ORDER BY x.part DESC, x.revision DESC, x.ordinal DESC LIMIT 1) b ON c.op <> 1
        ) w
        WHERE w.total - w.size < loci.log_page_bytes()
        ORDER BY w.revision, w.ordinal;
    ELSE
        RETURN QUERY
        SELECT c.revision, c.ordinal, c.kind, c.op, c.image_no, c.commit_time, c.create_time, c.update_time, c.actor,
            c.id, c.other_id, c.type, c.previous_type, c.note, c.image, NULL::bigint, NULL::bigint, NULL::bytea, NULL::timestamptz, NULL::timestamptz
        FROM (
            SELECT p.*, sum(coalesce(octet_length(p.image), 0)) OVER (ORDER BY p.revision, p.ordinal) AS total
            FROM (SELECT x.* FROM loci.changes x
                  WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.part >= v_part
                    AND (x.revision, x.ordinal) > (p_revision, p_ordinal)
                  ORDER BY x.revision, x.ordinal LIMIT p_limit) p
        ) c
        WHERE c.total - coalesce(octet_length(c.image), 0) < loci.log_page_bytes()
        ORDER BY c.revision, c.ordinal;
    END IF;
END $$;

-- How far graphs are, those that are there.
CREATE FUNCTION loci.log_heads(p_tenant bigint, p_graphs bigint[])
RETURNS TABLE (graph_key bigint, revision bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY SELECT g.graph_key, g.revision FROM loci.graphs g
    WHERE g.tenant_key = p_tenant AND g.graph_key = ANY (p_graphs) AND g.delete_time IS NULL;
END $$;

-- How far a graph is, behind which revision its log is whole, and behind which one all commits are younger than p_since.
CREATE FUNCTION loci.log_bounds(p_tenant bigint, p_graph bigint, p_since timestamptz)
RETURNS TABLE (revision bigint, floor bigint, since bigint)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY SELECT g.revision, loci.log_floor(p_tenant, p_graph), loci.revision_at(p_tenant, p_graph, p_since)
    FROM loci.graphs g WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
END $$;

-- What happened to one item, latest first, before revision p_before: back over its renames, and also of earlier items of
-- its present id. With the image before each change, and the note of its commit. A row of op 5 ends the history of an id
-- whose item has another one now. Of what is compacted, the base still has the version that was valid then.
CREATE FUNCTION loci.history_page(p_tenant bigint, p_graph bigint, p_kind smallint, p_id text, p_revision bigint,
    p_ordinal integer, p_limit bigint)
RETURNS TABLE (revision bigint, ordinal integer, kind smallint, op smallint, image_no bigint, commit_time timestamptz,
    create_time timestamptz, update_time timestamptz, actor bigint, id text, other_id text, type text,
    previous_type text, note bytea, note_no bigint, image bytea, before_revision bigint, before_no bigint,
    before_image bytea, before_create_time timestamptz, before_update_time timestamptz)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    v_floor bigint;
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    v_floor := loci.log_floor(p_tenant, p_graph);
    RETURN QUERY
    WITH page AS (
        SELECT c.revision, c.ordinal, c.part,
            sum(coalesce(octet_length(c.image), 0)) OVER (ORDER BY c.revision DESC, c.ordinal DESC) AS total,
            coalesce(octet_length(c.image), 0) AS size
        FROM (
            SELECT x.revision, x.ordinal, x.part, x.image FROM loci.lineage(p_tenant, p_graph, p_kind, p_id) p
            JOIN loci.changes x ON x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = p_kind AND x.id = p.id
                AND (x.revision, x.ordinal) < (p_revision, p_ordinal) AND x.revision < p.before
                AND (x.revision, x.ordinal) >= (p.since, p.since_ordinal)
                AND (x.part = 0 OR x.revision > v_floor)
            ORDER BY x.revision DESC, x.ordinal DESC LIMIT p_limit) c
    )
    SELECT c.revision, c.ordinal, c.kind, c.op, c.image_no, c.commit_time, coalesce(c.create_time, c.commit_time),
        coalesce(c.update_time, c.commit_time), c.actor, c.id, c.other_id, c.type, c.previous_type, w.note, w.image_no,
        c.image, b.revision, b.image_no, b.image, coalesce(b.create_time, b.commit_time),
        coalesce(b.update_time, b.commit_time)
    FROM page g
    JOIN loci.changes c ON c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.revision = g.revision
        AND c.ordinal = g.ordinal AND c.part = g.part
    LEFT JOIN LATERAL (
        -- The note stands with the first node of a commit, or with its first edge.
        SELECT x.note, x.image_no FROM loci.changes x
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.revision = c.revision AND x.part = c.part
          AND x.ordinal IN (100001, 200001) AND x.note IS NOT NULL LIMIT 1) w ON true
    LEFT JOIN LATERAL (
        SELECT x.* FROM loci.changes x
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = c.kind
          AND x.id = CASE c.op WHEN 4 THEN c.other_id ELSE c.id END
          AND x.part <= c.part AND x.revision < c.revision
        ORDER BY x.part DESC, x.revision DESC, x.ordinal DESC LIMIT 1) b ON c.op NOT IN (1, 5)
    WHERE g.total - g.size < loci.page_bytes()
    ORDER BY c.revision DESC, c.ordinal DESC;
END $$;

-- The ids that an item had, latest first, each with the revisions in which it had it: from (since, since_ordinal) on, before
-- the revision `before`.
CREATE FUNCTION loci.lineage(p_tenant bigint, p_graph bigint, p_kind smallint, p_id text)
RETURNS TABLE (id text, since bigint, since_ordinal integer, before bigint) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH RECURSIVE names AS (
        SELECT p_id COLLATE "C" AS id, 9223372036854775807 AS before, 0 AS before_ordinal
        UNION ALL
        SELECT r.other_id, r.revision, r.ordinal FROM names n
        CROSS JOIN LATERAL (
            SELECT c.other_id, c.revision, c.ordinal FROM loci.changes c
            WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = p_kind AND c.id = n.id AND c.op = 4
              AND c.revision < n.before
            ORDER BY c.revision DESC, c.ordinal DESC LIMIT 1) r
    )
    SELECT n.id, coalesce(lead(n.before) OVER older, 0), coalesce(lead(n.before_ordinal) OVER older, 0), n.before
    FROM names n WINDOW older AS (ORDER BY n.before DESC);
END $$;
