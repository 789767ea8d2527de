"""Whatever is changed in a chain, removed from it or put into it is found, and where."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import asyncpg
import pytest

from loci import AsyncClient
from loci.v1.audit_pb2 import AuditAnchor, AuditProblem, VerifyAuditResponse
from tests.calls import collect
from tests.server import RunningServer, new_tenant, running_server
from tests.sharing import another_server
from tests.waiting import eventually

NONE, CHANGED = AuditProblem.AUDIT_PROBLEM_UNSPECIFIED, AuditProblem.AUDIT_PROBLEM_CHANGED
MISSING, ADDED = AuditProblem.AUDIT_PROBLEM_MISSING, AuditProblem.AUDIT_PROBLEM_ADDED
HEAD, ANCHOR = AuditProblem.AUDIT_PROBLEM_HEAD, AuditProblem.AUDIT_PROBLEM_ANCHOR
LAST = 8
COLUMNS = "entry_id, time, actor, status, revision, method, graph_id, tokens, entry, mac"


@pytest.fixture
async def owner(server: RunningServer) -> AsyncIterator[Any]:
    """A connection past all policies."""
    connection = await asyncpg.connect(server.database_url)
    yield connection
    await connection.close()


async def furnish(client: AsyncClient) -> AuditAnchor:
    """A chain of LAST entries. Its end."""
    await client.create_graph("g")
    for number in range(LAST - 3):  # the tenant and its key are entries, too
        await client.create_node("g", f"n{number}")
    found = await client.verify_audit()
    assert (found.problem, found.verified_count, found.anchor.sequence) == (NONE, LAST, LAST)
    return found.anchor


async def key_of(owner: Any, client: AsyncClient) -> int:
    tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    found: int = await owner.fetchval("SELECT tenant_key FROM loci.tenants WHERE tenant_id = $1", tenant)
    return found


async def tamper(owner: Any, tenant_key: int, *statements: str) -> None:
    async with owner.transaction():
        for sql in statements:
            done = await owner.execute(sql.replace("$tenant", str(tenant_key)))
            assert not done.endswith(" 0"), f"{sql} did nothing"


OURS = "tenant_key = $tenant"
COPY = (
    "INSERT INTO loci.audit (tenant_key, sequence, " + COLUMNS + ") "
    f"SELECT tenant_key, {{place}}, {COLUMNS} FROM loci.audit WHERE {OURS} AND sequence = 3"
)
TAMPERINGS = {
    **{
        f"changed {column}": ([f"UPDATE loci.audit SET {column} = {value} WHERE {OURS} AND sequence = 5"], CHANGED, 5)
        for column, value in {
            "entry_id": "entry_id + 1",
            "time": "time - interval '1 microsecond'",
            "actor": "actor + 1",
            "status": "7",
            "revision": "revision + 1",
            "method": "'loci.v1.NodeService/GetNode'",
            "graph_id": "'h'",
            "tokens": "tokens || 1::bigint",
            "entry": "set_byte(entry, 30, 255 - get_byte(entry, 30))",
            "mac": "set_byte(mac, 3, 255 - get_byte(mac, 3))",
        }.items()
    },
    "made not to be found by its name": ([f"DELETE FROM loci.audit_names WHERE {OURS} AND sequence = 5"], CHANGED, 5),
    "removed": ([f"DELETE FROM loci.audit WHERE {OURS} AND sequence = 5"], MISSING, 5),
    "removed, and the others moved up": (
        [
            f"DELETE FROM loci.audit WHERE {OURS} AND sequence = 5",
            f"UPDATE loci.audit SET sequence = sequence - 100 WHERE {OURS} AND sequence > 5",
            f"UPDATE loci.audit SET sequence = sequence + 99 WHERE {OURS} AND sequence < 0",
        ],
        CHANGED,
        5,
    ),
    "swapped": (
        [
            f"UPDATE loci.audit SET sequence = -5 WHERE {OURS} AND sequence = 5",
            f"UPDATE loci.audit SET sequence = 5 WHERE {OURS} AND sequence = 6",
            f"UPDATE loci.audit SET sequence = 6 WHERE {OURS} AND sequence = -5",
        ],
        CHANGED,
        5,
    ),
    "the first removed": ([f"DELETE FROM loci.audit WHERE {OURS} AND sequence <= 2"], MISSING, 1),
    "the first removed, as if they were past their time": (
        [
            "UPDATE loci.audit_heads SET cut_sequence = 2, "
            f"cut_mac = (SELECT mac FROM loci.audit WHERE {OURS} AND sequence = 2) WHERE {OURS}",
            f"DELETE FROM loci.audit WHERE {OURS} AND sequence <= 2",
        ],
        HEAD,
        LAST,
    ),
    "one put before the first": ([COPY.format(place=0)], ADDED, 0),
    "one put behind the last": ([COPY.format(place=LAST + 1)], ADDED, LAST + 1),
    "one put behind the last, and the end moved": (
        [
            COPY.format(place=LAST + 1),
            f"UPDATE loci.audit_heads SET sequence = {LAST + 1} WHERE {OURS}",
        ],
        CHANGED,
        LAST + 1,
    ),
    "the last removed": ([f"DELETE FROM loci.audit WHERE {OURS} AND sequence > {LAST - 2}"], MISSING, LAST - 1),
    "the last removed, and the end set back": (
        [
            f"DELETE FROM loci.audit WHERE {OURS} AND sequence > {LAST - 2}",
            f"UPDATE loci.audit_heads SET sequence = {LAST - 2}, "
            f"mac = (SELECT mac FROM loci.audit WHERE {OURS} AND sequence = {LAST - 2}) WHERE {OURS}",
        ],
        HEAD,
        LAST - 2,
    ),
    "the head removed": ([f"DELETE FROM loci.audit_heads WHERE {OURS}"], HEAD, 1),
}


@pytest.mark.parametrize("what", TAMPERINGS)
async def test_tampering_is_found(client: AsyncClient, owner: Any, what: str) -> None:
    statements, problem, sequence = TAMPERINGS[what]
    await furnish(client)
    await tamper(owner, await key_of(owner, client), *statements)
    found = await client.verify_audit()
    assert (found.problem, found.bad_sequence) == (problem, sequence)
    if problem in (CHANGED, MISSING):
        assert found.verified_count == sequence - 1
    for size in (1, 3):  # wherever a page ends
        paged = await client.verify_audit(page_size=size)
        assert (paged.problem, paged.bad_sequence) == (problem, sequence)


async def test_a_chain_that_was_set_back_with_its_head_is_found_by_an_anchor(client: AsyncClient, owner: Any) -> None:
    tenant_key = await key_of(owner, client)
    await furnish(client)
    old = await owner.fetchrow("SELECT * FROM loci.audit_heads WHERE tenant_key = $1", tenant_key)
    await client.create_node("g", "later")
    anchor = (await client.verify_audit()).anchor
    assert anchor.sequence == LAST + 1
    await tamper(owner, tenant_key, f"DELETE FROM loci.audit WHERE {OURS} AND sequence > {LAST}")
    await owner.execute(
        "UPDATE loci.audit_heads SET sequence = $2, mac = $3, seal = $4 WHERE tenant_key = $1",
        *(tenant_key, old["sequence"], old["mac"], old["seal"]),
    )
    assert (await client.verify_audit()).problem == NONE, "without an anchor nobody can know"
    found = await client.verify_audit(anchor=anchor)
    assert (found.problem, found.bad_sequence) == (ANCHOR, LAST + 1)
    await client.create_node("g", "other")  # the chain goes on, along another way
    found = await client.verify_audit(anchor=anchor)
    assert (found.problem, found.bad_sequence) == (ANCHOR, LAST + 1)


async def test_an_entry_of_another_course_of_events_does_not_fit(client: AsyncClient, owner: Any) -> None:
    tenant_key = await key_of(owner, client)
    await furnish(client)
    head = await owner.fetchrow("SELECT * FROM loci.audit_heads WHERE tenant_key = $1", tenant_key)
    for number in range(3):
        await client.create_node("g", f"hidden{number}")
    await client.verify_audit()
    await owner.execute(f"CREATE TABLE kept{tenant_key} AS SELECT * FROM loci.audit WHERE tenant_key = {tenant_key}")
    await tamper(owner, tenant_key, f"DELETE FROM loci.audit WHERE {OURS} AND sequence > {LAST}")
    await owner.execute("DELETE FROM loci.audit_names WHERE tenant_key = $1 AND sequence > $2", tenant_key, LAST)
    await owner.execute(
        "UPDATE loci.audit_heads SET sequence = $2, mac = $3, seal = $4 WHERE tenant_key = $1",
        *(tenant_key, head["sequence"], head["mac"], head["seal"]),
    )
    for number in range(3):
        await client.create_node("g", f"other{number}")
    assert (await client.verify_audit()).problem == NONE
    # The second of the old entries in the place of the second of the new ones, also found by its names.
    await tamper(
        *(owner, tenant_key),
        f"DELETE FROM loci.audit WHERE {OURS} AND sequence = {LAST + 2}",
        f"INSERT INTO loci.audit SELECT * FROM kept{tenant_key} WHERE sequence = {LAST + 2}",
        "INSERT INTO loci.audit_names SELECT tenant_key, t, time, sequence "
        f"FROM kept{tenant_key}, unnest(tokens) t WHERE sequence = {LAST + 2}",
    )
    await owner.execute(f"DROP TABLE kept{tenant_key}")
    found = await client.verify_audit()
    assert (found.problem, found.bad_sequence) == (CHANGED, LAST + 2)


async def test_a_chain_that_was_removed_whole_is_found_by_an_anchor(client: AsyncClient, owner: Any) -> None:
    anchor = await furnish(client)
    await tamper(
        *(owner, await key_of(owner, client)),
        f"DELETE FROM loci.audit WHERE {OURS}",
        f"DELETE FROM loci.audit_heads WHERE {OURS}",
    )
    assert (await client.verify_audit(anchor=anchor)).problem == ANCHOR


async def test_an_anchor_is_met_where_the_chain_goes_on_from_it(client: AsyncClient) -> None:
    anchor = await furnish(client)
    await client.create_node("g", "later")
    for size in (0, 1, 3, LAST):
        found = await client.verify_audit(anchor=anchor, page_size=size)
        assert (found.problem, found.anchor_met, found.verified_count) == (NONE, True, LAST + 1)
    wrong = AuditAnchor(sequence=anchor.sequence, mac=b"m" * 32)
    found = await client.verify_audit(anchor=wrong)
    assert (found.problem, found.bad_sequence) == (ANCHOR, LAST)


async def test_a_head_that_was_changed_is_not_made_good_by_what_comes_later(client: AsyncClient, owner: Any) -> None:
    await furnish(client)
    statements, _, _ = TAMPERINGS["the last removed, and the end set back"]
    await tamper(owner, await key_of(owner, client), *statements)
    await client.create_node("g", "later")
    assert (await client.verify_audit()).problem == HEAD
    await client.create_node("g", "still later")
    assert (await client.verify_audit()).problem == HEAD


async def test_an_entry_that_was_forged_in_the_inbox_is_found(client: AsyncClient, owner: Any) -> None:
    await furnish(client)
    tenant_key = await key_of(owner, client)
    await owner.execute(
        "INSERT INTO loci.audit_inbox (tenant_key, entry_id, time, actor, status, revision, method, graph_id, tokens, "
        "entry) SELECT tenant_key, entry_id, now(), actor + 1, status, revision, method, graph_id, tokens, entry "
        "FROM loci.audit WHERE tenant_key = $1 AND sequence = 5",
        tenant_key,
    )
    found = await client.verify_audit()
    assert (found.problem, found.bad_sequence) == (CHANGED, LAST + 1)
    entries = await collect(client.list_audit_entries())
    assert [entry.sequence for entry in entries if entry.unreadable] == [LAST + 1]


INBOX_ROW = {
    **{"tenant_key": "$tenant", "entry_id": "1", "time": "now()", "actor": "0", "status": "0", "revision": "0"},
    **{"method": "'m'", "graph_id": "''", "tokens": "'{}'::bigint[]", "entry": "'x'::bytea"},
}
LEAST, MOST = "'-9223372036854775808'", "'9223372036854775807'"
LONG = "(SELECT string_agg(md5(n::text), '') FROM generate_series(1, 200) n)"
"""Too long for an index."""
STAY: Final = {LONG, "'4000-01-01 BC'", "'200000-01-01'", "'0001-01-01+00'", "'9999-12-31 23:59:59.999999+00'"}
"""What no chain can hold."""
ODD_VALUES = {
    **dict.fromkeys(("entry_id", "actor", "revision"), ("-7", "0", LEAST, MOST)),
    "status": ("-3", "'-32768'", "'32767'"),
    "method": ("''", "repeat('m', 70000)"),
    "graph_id": ("''", "repeat('h', 900)", LONG),
    "tokens": ("'{}'", "'{NULL}'", "'{1,NULL,1}'", "'{{1,2},{3,4}}'", "array_fill(3::bigint, ARRAY[5000])"),
    "entry": ("''", "'x'", "convert_to(repeat('x', 70000), 'UTF8')"),
    "time": (
        "'-infinity'",
        "'infinity'",
        "'4000-01-01 BC'",
        "'200000-01-01'",
        "'0001-01-01+00'",
        "'9999-12-31 23:59:59.999999+00'",
    ),
}


async def test_whatever_stands_in_an_inbox_the_chain_and_the_server_go_on(
    server: RunningServer, client: AsyncClient, owner: Any
) -> None:
    await furnish(client)
    tenant_key = await key_of(owner, client)
    process = server.process
    odd = [(column, value) for column, values in ODD_VALUES.items() for value in values]
    for number, (column, value) in enumerate(odd):
        row = INBOX_ROW | {"entry_id": f"{number // 2}"} | {column: value}
        await tamper(
            *(owner, tenant_key), f"INSERT INTO loci.audit_inbox ({', '.join(row)}) VALUES ({', '.join(row.values())})"
        )
    found = await client.verify_audit()
    assert (found.problem, found.bad_sequence) == (CHANGED, LAST + 1)
    await client.create_node("g", "later")
    entries = await collect(client.export_audit_entries())
    assert [entry.revision for entry in entries if not entry.unreadable][-1] == LAST - 2
    assert sum(entry.unreadable for entry in entries) == len([value for _, value in odd if value not in STAY])
    assert (server.process, process and process.returncode) == (process, None)
    assert "job audit cannot run" not in server.log


ODD_COLUMNS = [(column, value) for column, values in ODD_VALUES.items() for value in values if value != LONG]
ODD_COLUMNS += [("mac", value) for value in ("''", "'x'", "convert_to(repeat('x', 70000), 'UTF8')")]


async def test_whatever_is_put_into_a_row_it_is_named_and_the_others_are_still_read(
    client: AsyncClient, owner: Any
) -> None:
    await furnish(client)
    tenant_key = await key_of(owner, client)
    await owner.execute(f"CREATE TABLE whole{tenant_key} AS SELECT * FROM loci.audit WHERE tenant_key = {tenant_key}")
    whole = await collect(client.export_audit_entries())
    rest = [entry for entry in whole if entry.sequence != 5]
    for column, value in ODD_COLUMNS:
        await tamper(*(owner, tenant_key), f"UPDATE loci.audit SET {column} = {value} WHERE {OURS} AND sequence = 5")
        for size in (0, 3):
            found = await client.verify_audit(page_size=size)
            assert (found.problem, found.bad_sequence) == (CHANGED, 5), (column, value)
        exported = await collect(client.export_audit_entries())
        assert [entry for entry in exported if entry.sequence != 5] == rest, (column, value)
        assert [entry.unreadable for entry in exported if entry.sequence == 5] == [is_sealed(column)], (column, value)
        for size in (0, 1, 3):
            for oldest_first in (True, False):
                listed = await collect(client.list_audit_entries(page_size=size, oldest_first=oldest_first))
                assert sorted(entry.sequence for entry in listed if entry.sequence != 5) == [
                    entry.sequence for entry in rest
                ], (column, value)
        await tamper(
            *(owner, tenant_key),
            f"DELETE FROM loci.audit WHERE {OURS} AND sequence = 5",
            f"INSERT INTO loci.audit SELECT * FROM whole{tenant_key} WHERE sequence = 5",
        )
    await owner.execute(f"DROP TABLE whole{tenant_key}")
    assert (await client.verify_audit()).problem == NONE


def is_sealed(column: str) -> bool:
    """What is sealed in an entry is bound to the column; the chain covers the others."""
    return column not in ("time", "revision", "mac")


@pytest.mark.parametrize("column", ["sequence", "cut_sequence", "mac", "cut_mac", "seal"])
async def test_whatever_is_put_into_a_head_is_found(client: AsyncClient, owner: Any, column: str) -> None:
    await furnish(client)
    tenant_key = await key_of(owner, client)
    for value in ("-7", LEAST, MOST) if column.endswith("sequence") else ("''", "'x'", "mac || 'x'::bytea"):
        await tamper(owner, tenant_key, f"UPDATE loci.audit_heads SET {column} = {value} WHERE {OURS}")
        assert (await client.verify_audit()).problem, (column, value)
        assert len(await collect(client.export_audit_entries())) == LAST
    await client.create_node("g", "later")
    assert (await client.verify_audit()).problem


async def test_writes_go_on_when_a_chain_is_broken(client: AsyncClient, owner: Any) -> None:
    await furnish(client)
    statements, _, _ = TAMPERINGS["one put behind the last"]
    await tamper(owner, await key_of(owner, client), *statements)
    assert (await client.create_node("g", "later")).revision == LAST - 2
    assert (await client.verify_audit()).problem == ADDED


async def test_servers_chain_at_once_without_gap_or_fork(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as first, another_server(server) as other:
        key = (await first.create_api_key(["admin"])).secret
        await first.create_graph("g")
        async with other.client(key) as second:

            async def write(client: AsyncClient, name: str) -> None:
                for number in range(60):
                    await client.create_node("g", f"{name}{number}")
                    if number % 10 == 0:
                        assert (await client.verify_audit()).problem == NONE

            await asyncio.gather(*(write(client, name) for client, name in ((first, "a"), (second, "b"), (first, "c"))))
            entries = await collect(second.export_audit_entries())
            assert [entry.sequence for entry in entries] == [*range(1, len(entries) + 1)]
            written = [entry for entry in entries if entry.revision]
            assert sorted(entry.revision for entry in written) == [*range(1, 181)]
            assert {name for entry in written for name in entry.resources} == {
                f"graphs/g/nodes/{name}{number}" for name in "abc" for number in range(60)
            }
            ends = [await client.verify_audit() for client in (first, second)]
            assert [end.problem for end in ends] == [NONE, NONE]
            assert ends[0].anchor == ends[1].anchor
            assert "does not go on" not in server.log + other.log


async def test_entries_are_chained_without_anybody_asking(server: RunningServer, client: AsyncClient) -> None:
    owner = await asyncpg.connect(server.database_url)
    try:
        tenant_key = await key_of(owner, client)
        await client.create_graph("g")
        await client.create_node("g", "a")

        async def chained() -> bool:
            sql = "SELECT count(*) FROM loci.audit WHERE tenant_key = $1 AND graph_id = 'g'"
            return bool(await owner.fetchval(sql, tenant_key) == 2)

        await eventually(chained)
    finally:
        await owner.close()


async def test_what_is_past_its_time_goes_and_the_rest_stays_whole(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        anchor = await furnish(client)
        key = (await client.create_api_key(["admin"])).secret
        async with another_server(server, LOCI_AUDIT_DAYS="0.00001") as tidy, tidy.client(key) as reader:

            async def cut() -> VerifyAuditResponse | None:
                found = await reader.verify_audit()
                return found if found.first_sequence > LAST else None

            found = await eventually(cut)
            assert (found.problem, found.verified_count) == (NONE, found.anchor.sequence - found.first_sequence + 1)
            assert [entry.sequence for entry in await collect(reader.export_audit_entries())][:1] != [1]
            await client.create_node("g", "later")
            late = await reader.verify_audit(anchor=found.anchor)
            assert (late.problem, late.anchor_met) == (NONE, True)
            old = await reader.verify_audit(anchor=anchor)
            assert (old.problem, old.anchor_met) == (NONE, old.first_sequence == anchor.sequence + 1)


def test_each_column_is_tampered_with() -> None:
    tried = {what.removeprefix("changed ") for what in TAMPERINGS if what.startswith("changed ")}
    assert tried == set(COLUMNS.split(", "))
