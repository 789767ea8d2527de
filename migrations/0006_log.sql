-- Readers of the log.

-- Changes of a graph behind (p_revision, p_ordinal), in order; with the image that each item had before, if p_before
-- says so. Stops early at loci.page_bytes(). LC004, with the oldest revision to read behind: a part is compacted.
CREATE FUNCTION loci.log_page(p_tenant bigint, p_graph bigint, p_revision bigint, p_ordinal integer, p_before boolean,
    p_limit bigint)
RETURNS TABLE (revision bigint, ordinal integer, kind smallint, op smallint, image_no bigint, commit_time timestamptz,
    create_time timestamptz, update_time timestamptz, actor bigint, id text, other_id text, type text,
    previous_type text, note bytea, image bytea, before_revision bigint, before_no bigint, before_image bytea,
    before_create_time timestamptz, before_update_time timestamptz)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
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
        WHERE x.tenant_key = p_tenant AND x.graph_key = p_graph AND x.kind = c.kind
          AND x.id = CASE c.op WHEN 4 THEN c.other_id ELSE c.id END AND x.revision < c.revision
        ORDER BY x.revision DESC, x.ordinal DESC LIMIT 1) b ON p_before AND c.op <> 1
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
