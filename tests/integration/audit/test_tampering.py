"""Whatever is changed in a chain, removed from it or put into it is found, and where."""

from typing import Any

import pytest

from loci import AsyncClient
from loci.v1.audit_pb2 import AuditAnchor
from tests.calls import collect
from tests.chains import ADDED, ANCHOR, CHANGED, COLUMNS, HEAD, LAST, MISSING, NONE, OURS, furnish, key_of, tamper

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


async def test_writes_go_on_when_a_chain_is_broken(client: AsyncClient, owner: Any) -> None:
    await furnish(client)
    statements, _, _ = TAMPERINGS["one put behind the last"]
    await tamper(owner, await key_of(owner, client), *statements)
    assert (await client.create_node("g", "later")).revision == LAST - 2
    assert (await client.verify_audit()).problem == ADDED


def test_each_column_is_tampered_with() -> None:
    tried = {what.removeprefix("changed ") for what in TAMPERINGS if what.startswith("changed ")}
    assert tried == set(COLUMNS.split(", "))
