"""How the log of a graph loses its beginning: its first commits are made old, and their month is compacted."""

import asyncio

import asyncpg

from tests.waiting import eventually

GAP = 0.3
"""Seconds from carrying to dropping."""
OLD_PART = """
DO $$
DECLARE
    v_name text;
    v_bound text;
BEGIN
    SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) INTO v_name, v_bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'loci.changes'::regclass AND c.relname ~ '^changes_[0-9]+$' ORDER BY 1 LIMIT 1;
    IF v_bound ~ 'FROM \\(1\\)' THEN  -- the first month takes whatever is older: it makes room
        EXECUTE format('ALTER TABLE loci.changes DETACH PARTITION loci.%I', v_name);
        v_bound := replace(v_bound, '(1)', '(202002)');
        EXECUTE format('ALTER TABLE loci.changes ATTACH PARTITION loci.%I %s', v_name, v_bound);
    END IF;
    PERFORM loci.attach_log_part('changes_202001', 1, 202002);
END $$
"""
HOLD = "SELECT pg_advisory_xact_lock(hashint8extended(graph_key, 1280262985)) FROM loci.graphs WHERE graph_id = $1"
AGE = """
UPDATE loci.changes c SET part = 202001 FROM loci.graphs g
WHERE g.graph_id = $1 AND c.graph_key = g.graph_key AND c.revision <= $2 AND c.part > 0
"""


async def compact(database: str, graph: str, revision: int) -> None:
    """The log of the graph with this id, which must be the only one, begins behind `revision` from now on. `database`
    is the URL of a superuser."""
    connection = await asyncpg.connect(database, timeout=30)
    try:
        async with connection.transaction():
            # In the order of hard deletes: what they hold comes before the table.
            await connection.execute(HOLD, graph)
            # What is made old here is as old as readers expect: nobody reads meanwhile.
            await connection.execute("LOCK TABLE loci.changes")
            await connection.execute(OLD_PART)
            await connection.execute(AGE, graph, revision)
            assert await connection.fetchval("SELECT loci.carry_log_part(202002, 1000000)")
        # Readers come between the two, as they do where both are jobs.
        await asyncio.sleep(GAP)

        async def dropped() -> bool:
            try:
                return bool(await connection.fetchval("SELECT loci.drop_log_part(202002)") == 202001)
            except asyncpg.LockNotAvailableError:
                return False

        await eventually(dropped)
    finally:
        await connection.close()
