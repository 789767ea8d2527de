"""What must be true of the tables whatever was sent: asked of PostgreSQL as a superuser, who sees all tenants."""

import asyncpg

BROKEN = {
    "a graph counts other nodes, edges or documents than it has": """
        SELECT g.graph_id, g.node_count, g.edge_count, g.document_count, g.document_length, n.*, e.*
        FROM loci.graphs g,
        LATERAL (SELECT count(*) AS nodes, count(n.doc_no) AS documents,
                     coalesce(sum(n.length) FILTER (WHERE n.doc_no IS NOT NULL), 0) AS length
                 FROM loci.nodes n WHERE n.graph_key = g.graph_key) n,
        LATERAL (SELECT count(*) AS edges FROM loci.edges e WHERE e.graph_key = g.graph_key) e
        WHERE (g.node_count, g.edge_count, g.document_count, g.document_length)
            IS DISTINCT FROM (n.nodes, e.edges, n.documents, n.length)""",
    "revisions are not dense": """
        SELECT g.graph_id, g.revision, max(c.revision), count(DISTINCT c.revision)
        FROM loci.graphs g LEFT JOIN loci.changes c USING (graph_key)
        GROUP BY g.graph_key
        HAVING coalesce(max(c.revision), 0) <> g.revision OR count(DISTINCT c.revision) <> g.revision""",
    "commit times do not rise": """
        SELECT a.graph_key, a.revision FROM loci.changes a JOIN loci.changes b
            ON b.graph_key = a.graph_key AND b.revision = a.revision + 1
        WHERE b.commit_time <= a.commit_time""",
    "an edge dangles": """
        SELECT e.id FROM loci.edges e
        LEFT JOIN loci.nodes s ON s.graph_key = e.graph_key AND s.id = e.source
        LEFT JOIN loci.nodes t ON t.graph_key = e.graph_key AND t.id = e.target
        WHERE s.id IS NULL OR t.id IS NULL""",
    "the property index is not that of the items": """
        SELECT * FROM (
            SELECT graph_key, 1 AS kind, unnest(property_tokens) AS token, id FROM loci.nodes
            UNION ALL SELECT graph_key, 2, unnest(property_tokens), id FROM loci.edges
        ) item FULL JOIN loci.property_index x USING (graph_key, kind, token, id)
        WHERE x.tenant_key IS NULL OR item IS NULL""",
    "an item is not what the log says last": """
        SELECT graph_key, kind, id, op FROM (
            SELECT DISTINCT ON (graph_key, kind, id) graph_key, kind, id, op, revision
            FROM loci.changes ORDER BY graph_key, kind, id, revision DESC, ordinal DESC
        ) last FULL JOIN (
            SELECT graph_key, 1 AS kind, id, revision FROM loci.nodes
            UNION ALL SELECT graph_key, 2, id, revision FROM loci.edges
        ) item USING (graph_key, kind, id)
        WHERE last.op IS NULL OR (last.op IN (3, 5, 6)) <> (item.revision IS NULL) OR item.revision <> last.revision""",
    "a document is searched that no node has, or is not found": """
        SELECT n.id, t.doc_no FROM loci.nodes n FULL JOIN (
            SELECT graph_key, doc_no FROM loci.lexical_tail
            UNION SELECT x.graph_key, x.posted >> 1 FROM (
                SELECT s.graph_key, s.first_doc_no + (unnest(s.postings) >> 35) << 1 | (s.term & 1) AS posted
                FROM loci.lexical_segments s EXCEPT SELECT graph_key, posted FROM loci.lexical_dead) x
        ) t ON t.graph_key = n.graph_key AND t.doc_no = n.doc_no
        WHERE (n.id IS NULL) OR (n.doc_no IS NOT NULL AND n.length > 0 AND t.doc_no IS NULL)""",
    "a vector belongs to no node": """
        SELECT e.doc_no FROM loci.embeddings e LEFT JOIN loci.nodes n
            ON n.graph_key = e.graph_key AND n.doc_no = e.doc_no WHERE n.id IS NULL""",
    "an answer is kept of a commit that was not": """
        SELECT i.revision FROM loci.idempotency i JOIN loci.graphs g USING (graph_key)
        WHERE i.revision NOT BETWEEN 0 AND g.revision""",
    "an import counts other chunks than it has": """
        SELECT i.import_id, i.next_sequence, count(c.sequence) FROM loci.imports i
        LEFT JOIN loci.import_chunks c USING (graph_key, import_id)
        GROUP BY i.graph_key, i.import_id, i.next_sequence HAVING i.next_sequence <> count(c.sequence) + 1""",
}


async def problems(database_url: str) -> list[str]:
    """What is broken, with the first rows that show it. Empty: nothing."""
    connection = await asyncpg.connect(database_url)
    try:
        found = []
        for what, sql in BROKEN.items():
            rows = await connection.fetch(sql)
            found += [f"{what}: {[tuple(row) for row in rows[:5]]}"] if rows else []
        return found
    finally:
        await connection.close()
