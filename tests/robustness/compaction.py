"""How the log of a graph is made to lose its beginning: the one place that knows it."""

import asyncpg

SQL = """
WITH g AS (UPDATE loci.graphs SET compacted_revision = $2
           WHERE graph_id = $1 AND compacted_revision < $2 AND revision >= $2 RETURNING graph_key)
DELETE FROM loci.changes c USING g WHERE c.graph_key = g.graph_key AND c.revision <= $2
"""


async def compact(database: str, graph: str, revision: int) -> None:
    """The log of the graph with this id, which must be the only one, begins behind `revision` from now on. `database`
    is the URL of a superuser."""
    connection = await asyncpg.connect(database, timeout=30)
    try:
        await connection.execute(SQL, graph, revision)
    finally:
        await connection.close()
