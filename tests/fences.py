"""Takes down one of the two fences between tenants in a database of a test: the predicates of statements and functions,
or row-level security."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

PREDICATE = re.compile(r"(?:\b\w+\.)?\btenant_key = (p_tenant|v_tenant|\$1)(?!\w)")
FUNCTIONS = """
SELECT p.oid::regprocedure::text AS name, p.prosrc AS body, pg_get_functiondef(p.oid) AS definition
FROM pg_proc p WHERE p.pronamespace = 'loci'::regnamespace AND p.prokind = 'f' ORDER BY 1
"""
POLICIES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'loci'::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity ORDER BY 1
"""


def without_predicates(sql: str) -> str:
    """The same statement or function for rows of any tenant."""
    return PREDICATE.sub(lambda found: f"({found[1]}{'::bigint' if found[1] == '$1' else ''} IS NOT NULL)", sql)


async def drop_predicates(connection: "asyncpg.Connection[Any]") -> list[str]:
    """Makes every function of the schema work for rows of any tenant. Those that were changed."""
    changed = []
    for function in await connection.fetch(FUNCTIONS):
        definition = without_predicates(function["definition"])
        if definition != function["definition"]:
            await connection.execute(definition)
            changed.append(function["name"])
    return changed


async def drop_policies(connection: "asyncpg.Connection[Any]") -> list[str]:
    """Switches row-level security off. The tables that had it."""
    tables = [row["relname"] for row in await connection.fetch(POLICIES)]
    for table in tables:
        await connection.execute(f"ALTER TABLE loci.{table} DISABLE ROW LEVEL SECURITY")
    return tables


@asynccontextmanager
async def no_predicates(connection: "asyncpg.Connection[Any]") -> AsyncIterator[None]:
    before = {function["name"]: function["definition"] for function in await connection.fetch(FUNCTIONS)}
    changed = await drop_predicates(connection)
    try:
        yield
    finally:
        for name in changed:
            await connection.execute(before[name])


@asynccontextmanager
async def no_policies(connection: "asyncpg.Connection[Any]") -> AsyncIterator[None]:
    tables = await drop_policies(connection)
    try:
        yield
    finally:
        for table in tables:
            await connection.execute(f"ALTER TABLE loci.{table} ENABLE ROW LEVEL SECURITY")
