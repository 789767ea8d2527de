"""Each of the two fences alone keeps every statement from the rows of another tenant, whatever keys it is given.

Each runs as a tenant without anything of its own, with the graph keys and ids of another one, over a database with that
other one and over one without it: it must end the same in both. With both fences down most must not, or this would
prove nothing.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import asyncpg
import pytest

from loci_server.store.statements import statements
from tests.fences import FUNCTIONS, PREDICATE, drop_policies, drop_predicates, without_predicates
from tests.integration.plans.case import Case
from tests.integration.plans.cases import CASES, SQL_FILES
from tests.postgres import create_database, database_name, drop_database

VICTIMS = (7, 9)
"""The tenants whose rows the cases are about."""
ATTACKER = 2999
TENANTS = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'loci' AND column_name = 'tenant_key'"
WRITTEN = "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables WHERE schemaname = 'loci'"

OF_MANY = {"count_encryptions"}
"""Written for many tenants at once: each row says whose it is."""
ASKED = [case for case in CASES if not case.role and case.name not in OF_MANY]
"""Statements of the roles `operator` and `worker` are for all tenants."""
BLIND = {
    "audit/audit_front audit/cut_audit audit/cut_audit_names audit/note_audit_cut": "they would take anybody's",
    "audit/drop_audit_head": "likewise",
    "graphs/remember_answer graphs/find_answer items/find_answer queries/find_query": "their case finds nothing at all",
    "feed/feed_holds jobs/finish_claimed jobs/await_expiry": "likewise",
    "erasures/drop_graph erasures/make_way": "likewise",
    "identities/insert_identity keys/reseal keys/find_rewrapping": "likewise",
    "keys/begin_proving keys/end_key_rotation keys/end_rewrapping keys/look_again": "likewise",
    "keys/rerotate keys/clear_postings": "likewise",
}
"""Statements that say the same with and without the victim even when both fences are down."""


@pytest.fixture(scope="module")
async def bare_database(postgres_url: str, full_database: str) -> AsyncIterator[str]:
    """The same without the victims."""
    url = await create_database(postgres_url, database_name(full_database))
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")  # foreign keys, in any order
            for (table,) in await connection.fetch(f"{TENANTS} AND table_name !~ '^changes_'"):
                await connection.execute(f"DELETE FROM loci.{table} WHERE tenant_key = ANY ($1)", VICTIMS)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
    yield url
    await drop_database(url)


async def outcomes(url: str, *, predicates: bool, policies: bool) -> dict[str, Any]:
    """How each statement ends for the attacker, with these fences up; nothing stays."""
    connection = await asyncpg.connect(url)
    outer = connection.transaction()
    await outer.start()
    try:
        if not predicates:
            await drop_predicates(connection)
        if not policies:
            await drop_policies(connection)
        return {
            f"{number} {case.file}/{case.name}": await outcome(connection, case, predicates)
            for number, case in enumerate(ASKED)
        }
    finally:
        await outer.rollback()
        await connection.close()


async def outcome(connection: "asyncpg.Connection[Any]", case: Case, predicates: bool) -> Any:
    """The rows or the error, and how many rows were written where."""
    sql = statements(case.file)[case.name]
    sql = sql if predicates else without_predicates(sql)
    savepoint = connection.transaction()
    await savepoint.start()
    try:
        before = await written(connection)
        await connection.execute("SET LOCAL ROLE loci_app; SET LOCAL jit = off")
        await connection.execute("SELECT set_config('loci.tenant', $1, true)", str(ATTACKER))
        try:
            rows = await connection.fetch(sql, *as_attacker(case.arguments))
        except asyncpg.PostgresError as error:
            return error.sqlstate
        await connection.execute("RESET ROLE")
        after = await written(connection)
        return [plain(row) for row in rows], {table for table in after if after[table] != before.get(table)}
    finally:
        await savepoint.rollback()


async def written(connection: "asyncpg.Connection[Any]") -> dict[str, tuple[int, ...]]:
    return {name: tuple(counts) for name, *counts in await connection.fetch(WRITTEN)}


def as_attacker(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same arguments, in which the attacker says who he is; in rows that are written, too."""
    first, *rest = arguments
    if first in VICTIMS:
        return ATTACKER, *rest
    return tuple(
        [as_attacker(row) for row in value]
        if isinstance(value, list) and value and isinstance(value[0], tuple)
        else value
        for value in arguments
    )


def plain(row: Any) -> Any:
    """Without moments, which no two calls have in common."""
    if isinstance(row, asyncpg.Record | tuple | list):
        return [plain(value) for value in row]
    return "a time" if isinstance(row, datetime) else row


def told(full: dict[str, Any], bare: dict[str, Any]) -> dict[str, str]:
    """What the statements tell of the victims."""
    return {
        name: f"{str(full[name])[:300]} against {str(bare[name])[:300]}" for name in full if full[name] != bare[name]
    }


@pytest.mark.parametrize(("predicates", "policies"), [(True, True), (True, False), (False, True)])
async def test_one_fence_is_enough(full_database: str, bare_database: str, predicates: bool, policies: bool) -> None:
    full = await outcomes(full_database, predicates=predicates, policies=policies)
    bare = await outcomes(bare_database, predicates=predicates, policies=policies)
    assert told(full, bare) == {}


async def test_without_both_every_statement_tells(full_database: str, bare_database: str) -> None:
    full = await outcomes(full_database, predicates=False, policies=False)
    bare = await outcomes(bare_database, predicates=False, policies=False)
    assert {name.split()[1] for name in full} - {name.split()[1] for name in told(full, bare)} == {
        name for names in BLIND for name in names.split()
    }


def test_no_predicate_is_left_over() -> None:
    for file in SQL_FILES.glob("*.sql"):
        for name, sql in statements(file.stem).items():
            assert not PREDICATE.search(without_predicates(sql)), name


async def test_no_predicate_of_a_function_is_left_over(full_database: str) -> None:
    connection = await asyncpg.connect(full_database)
    transaction = connection.transaction()
    await transaction.start()
    try:
        there = [f["name"] for f in await connection.fetch(FUNCTIONS) if "tenant_key =" in f["body"]]
        assert sorted(await drop_predicates(connection)) == sorted(there)
        assert len(there) > 80
        assert [f["name"] for f in await connection.fetch(FUNCTIONS) if "tenant_key =" in f["body"]] == []
    finally:
        await transaction.rollback()
        await connection.close()
