"""Entries are found by whom they concern, and by nobody else."""

from datetime import UTC

import pytest

from loci import AsyncClient, errors, names
from tests.auditing import own_tenant, short, told
from tests.calls import collect
from tests.server import RunningServer, new_tenant


async def test_entries_are_found_by_key_resource_method_time_and_outcome(
    server: RunningServer, client: AsyncClient
) -> None:
    made = await client.create_api_key(["write"], display_name="second")
    await client.create_graph("g")
    await client.create_graph("h")
    async with server.client(made.secret) as second:
        await second.create_node("g", "a")
        await second.create_node("h", "a")
        with pytest.raises(errors.NodeNotFound):
            await second.delete_node("g", "b")
    everything = await told(client)
    assert [short(entry) for entry in await told(client, api_key=made.api_key.name)] == [
        *["CreateNode", "CreateNode", "DeleteNode"]
    ]
    assert await told(client, api_key=names.id_of(made.api_key.name)) == await told(client, api_key=made.api_key.name)
    assert [short(entry) for entry in await told(client, resource="graphs/h")] == ["CreateGraph", "CreateNode"]
    assert await told(client, resource="graphs/-") == []  # which a watch of all graphs names
    assert [short(entry) for entry in await told(client, resource="graphs/g/nodes/a")] == ["CreateNode"]
    assert [short(entry) for entry in await told(client, resource=made.api_key.name)] == ["CreateApiKey"]
    own = made.api_key.name.replace(await own_tenant(client), "-")
    assert [short(entry) for entry in await told(client, resource=own)] == ["CreateApiKey"]
    assert [short(entry) for entry in await told(client, method="loci.v1.GraphService/CreateGraph")] == [
        *["CreateGraph", "CreateGraph"]
    ]
    assert [short(entry) for entry in await told(client, outcome="refused")] == ["DeleteNode"]
    assert len(await told(client, outcome="ok")) == len(everything) - 1
    middle = everything[3].time.ToDatetime(UTC)
    assert await told(client, end_time=middle) == everything[:3]
    assert await told(client, start_time=middle) == everything[3:]
    assert await told(client, resource="graphs/none") == []
    for size in (1, 2, 100):
        latest_first = await collect(client.list_audit_entries(page_size=size))
        assert latest_first == everything[::-1]
        assert await told(client, page_size=size) == everything
        assert len(await told(client, page_size=size, resource="graphs/g/nodes/a")) == 1


async def test_an_export_has_all_entries_in_order_and_goes_on_behind_any(client: AsyncClient) -> None:
    await client.create_graph("g")
    for number in range(5):
        await client.create_node("g", f"n{number}")
    exported = await collect(client.export_audit_entries())
    assert [entry.sequence for entry in exported] == [*range(1, len(exported) + 1)]
    assert exported == await told(client)
    assert await collect(client.export_audit_entries(first_sequence=4)) == exported[3:]
    assert await collect(client.export_audit_entries(first_sequence=1000)) == []


async def test_no_tenant_sees_the_entries_of_another(server: RunningServer, client: AsyncClient) -> None:
    await client.create_graph("mine")
    async with new_tenant(server) as other:
        await other.create_graph("theirs")
        with pytest.raises(errors.GraphNotFound):
            await other.get_graph("mine")
        for call in (
            told(client, await own_tenant(other)),
            client.verify_audit(await own_tenant(other)),
            collect(client.export_audit_entries(await own_tenant(other))),
            told(client, "never-made"),
        ):
            with pytest.raises(errors.ScopeMissing):
                await call
        assert await told(client, resource="graphs/theirs") == []
        assert {name for entry in await told(client) for name in entry.resources} & {"graphs/theirs"} == set()
        seen = [short(entry) for entry in await told(client, resource="graphs/mine")]
        assert seen == ["CreateGraph"], "what others try on a graph of the same name is no business of ours"
        made = await client.create_api_key(["write"])
        async with server.client(made.secret) as writer:
            with pytest.raises(errors.ScopeMissing):
                await told(writer)


async def test_what_an_operator_does_to_a_tenant_stands_with_both_without_the_operators_address(
    server: RunningServer,
) -> None:
    async with new_tenant(server) as client, server.client() as operator:
        tenant = await own_tenant(client)
        made = await operator.create_api_key(["read"], tenant=tenant)
        await operator.revoke_api_key(made.api_key.name)
        theirs = await told(client, resource=made.api_key.name)
        ours = await told(operator, resource=made.api_key.name)
        assert (
            [short(entry) for entry in ours] == [short(entry) for entry in theirs] == ["CreateApiKey", "RevokeApiKey"]
        )
        for entry, same in zip(ours, theirs, strict=True):
            assert entry.api_key == same.api_key
            assert entry.trace_id == same.trace_id
            assert (entry.peer, same.peer, same.user_agent) == ("127.0.0.1", "", "")
