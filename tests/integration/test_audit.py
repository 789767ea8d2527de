"""Who did what is written down in the transaction that does it, and cannot be changed unnoticed."""

import pytest

from loci import AsyncClient, errors
from tests.calls import collect


async def test_a_write_and_a_refused_call_have_their_entries(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.create_node("g", "a", text="x", request_id="mine")
    with pytest.raises(errors.NodeNotFound):
        await client.get_node("g", "b")
    entries = await collect(client.list_audit_entries(resource="graphs/g", oldest_first=True))
    assert [(entry.method.rpartition("/")[2], entry.code, entry.revision) for entry in entries] == [
        ("CreateGraph", 0, 0),
        ("CreateNode", 0, 1),
        ("GetNode", 5, 0),
    ]
    assert entries[1].request_id == "mine"
    assert (await client.verify_audit()).problem == 0
