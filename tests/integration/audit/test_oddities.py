"""Values that no server writes are named, and stop neither the chain nor its readers."""

from typing import Any, Final

import pytest

from loci import AsyncClient
from tests.calls import collect
from tests.chains import CHANGED, LAST, NONE, OURS, furnish, key_of, tamper
from tests.server import RunningServer

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
