-- Readers of the log.

-- Changes of a graph behind (p_revision, p_ordinal), in order; with the image that each item had before, if p_before
-- says so. Stops early at loci.page_bytes(). LC004, with the oldest revision to read behind: a part is compacted.
CREATE FUNCTION loci.log_page(p_tenant bigint, p_graph bigint, p_revision bigint, p_ordinal integer, p_before boolean,
    p_limit bigint)
RETURNS TABLE (revision bigint, ordinal integer, kind smallint, op smallint, image_no bigint, commit_time timestamptz,
    create_time timestamptz, update_time timestamptz, actor bigint, id text, other_id text, type text,
    previous_type text, note bytea, image bytea, before_revision bigint, before_no bigint, before_image bytea,
    before_create_time timestamptz, before_update_time timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_compacted bigint;
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    SELECT c.revision, c.ordinal, c.kind, c.op, c.image_no, c.commit_time, coalesce(c.create_time, c.commit_time),
        coalesce(c.update_time, c.commit_time), c.actor, c.id, c.other_id, c.type, c.previous_type, c.note,
        c.image, b.revision, b.image_no, b.image, coalesce(b.create_time, b.commit_time),
        coalesce(b.update_time, b.commit_time)
    FROM (
        SELECT p.*, sum(coalesce(octet_length(p.image), 0)) OVER (ORDER BY p.revision, p.ordinal) AS total
        FROM (SELECT x.* FROM loci.changes x
              WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph
                AND (x.revision, x.ordinal) > (p_revision, p_ordinal)
              ORDER BY x.revision, x.ordinal LIMIT p_limit) p
    ) c
    LEFT JOIN LATERAL (
        SELECT x.* FROM loci.changes x
        WHERE p_before AND x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = c.kind
          AND x.id = CASE c.op WHEN 4 THEN c.other_id ELSE c.id END AND x.revision < c.revision
        ORDER BY x.revision DESC, x.ordinal DESC LIMIT 1) b ON c.op <> 1
    WHERE c.total - coalesce(octet_length(c.image), 0) < loci.page_bytes()
    ORDER BY c.revision, c.ordinal;
    -- Read after the changes: what had been removed by then is noted by then.
    SELECT g.compacted_revision INTO v_compacted FROM loci.graphs g
    WHERE g.tenant_key = p_tenant AND g.graph_key = p_graph;
    IF p_revision < v_compacted THEN
        RAISE EXCEPTION '%', v_compacted USING ERRCODE = 'LC004';
    END IF;
END $$;

-- How far graphs are, those that are there.
CREATE FUNCTION loci.log_heads(p_tenant bigint, p_graphs bigint[])
RETURNS TABLE (graph_key bigint, revision bigint, compacted_revision bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('loci.tenant', p_tenant::text, true);
    RETURN QUERY SELECT g.graph_key, g.revision, g.compacted_revision FROM loci.graphs g
    WHERE g.tenant_key = p_tenant AND g.graph_key = ANY (p_graphs) AND g.delete_time IS NULL;
END $$;

-- What happened to one item, latest first, before revision p_before: back over its renames, and also of earlier items of
-- its present id. With the image before each change, and the note of its commit. A row of op 5 ends the history of an id
-- whose item has another one now.
CREATE FUNCTION loci.history_page(p_tenant bigint, p_graph bigint, p_kind smallint, p_id text, p_before bigint,
    p_limit bigint)
RETURNS TABLE (revision bigint, ordinal integer, kind smallint, op smallint, image_no bigint, commit_time timestamptz,
    create_time timestamptz, update_time timestamptz, actor bigint, id text, other_id text, type text,
    previous_type text, note bytea, note_no bigint, image bytea, before_revision bigint, before_no bigint,
    before_image bytea, before_create_time timestamptz, before_update_time timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM loci.enter(p_tenant, p_graph);
    RETURN QUERY
    WITH RECURSIVE names AS (
        SELECT p_id COLLATE "C" AS id, 9223372036854775807 AS before
        UNION ALL
        SELECT r.other_id, r.revision FROM names n
        CROSS JOIN LATERAL (
            SELECT c.other_id, c.revision FROM loci.changes c
            WHERE c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.kind = p_kind AND c.id = n.id AND c.op = 4
              AND c.revision < n.before
            ORDER BY c.revision DESC LIMIT 1) r
    ), parts AS (
        SELECT n.id, n.before, coalesce(lead(n.before) OVER (ORDER BY n.before DESC), 0) AS since FROM names n
    ), page AS (
        SELECT c.revision, c.ordinal, sum(coalesce(octet_length(c.image), 0)) OVER (ORDER BY c.revision DESC) AS total,
            coalesce(octet_length(c.image), 0) AS size
        FROM (
            SELECT x.revision, x.ordinal, x.image FROM parts p
            JOIN loci.changes x ON x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = p_kind AND x.id = p.id
                AND x.revision < least(p.before, p_before) AND x.revision >= p.since
            ORDER BY x.revision DESC LIMIT p_limit) c
    )
    SELECT c.revision, c.ordinal, c.kind, c.op, c.image_no, c.commit_time, coalesce(c.create_time, c.commit_time),
        coalesce(c.update_time, c.commit_time), c.actor, c.id, c.other_id, c.type, c.previous_type, w.note, w.image_no,
        c.image, b.revision, b.image_no, b.image, coalesce(b.create_time, b.commit_time),
        coalesce(b.update_time, b.commit_time)
    FROM page g
    JOIN loci.changes c ON c.tenant_key = p_tenant AND c.graph_key = p_graph AND c.revision = g.revision
        AND c.ordinal = g.ordinal
    LEFT JOIN LATERAL (
        -- The note stands with the first node of a commit, or with its first edge.
        SELECT x.note, x.image_no FROM loci.changes x
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.revision = c.revision
          AND x.ordinal IN (100001, 200001) AND x.note IS NOT NULL LIMIT 1) w ON true
    LEFT JOIN LATERAL (
        SELECT x.* FROM loci.changes x
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = c.kind
          AND x.id = CASE c.op WHEN 4 THEN c.other_id ELSE c.id END AND x.revision < c.revision
        ORDER BY x.revision DESC, x.ordinal DESC LIMIT 1) b ON c.op NOT IN (1, 5)
    WHERE g.total - g.size < loci.page_bytes()
    ORDER BY c.revision DESC;
END $$;
