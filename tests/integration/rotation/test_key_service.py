"""What the key service does by itself while keys are rotated, or while graphs are erased."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from loci import errors
from loci.v1 import erasure_pb2, keys_pb2
from loci.v1.node_service_pb2 import GetNodeRequest
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from tests.calls import bare_calls
from tests.integration.erasure.test_graphs import over
from tests.integration.rotation.scene import SOON, Scene, furnish, scene
from tests.server import new_tenant, running_server
from tests.vault.in_use import in_vault
from tests.vault.stand_in import StandIn
from tests.waiting import eventually


@pytest.fixture
async def found(database_url: str, vault: StandIn) -> AsyncIterator[Scene]:
    async with scene(database_url, **in_vault(vault)) as made:
        await furnish(made.client)
        yield made


async def tenant_key(found: Scene) -> int:
    key = await found.database.fetchval("SELECT tenant_key FROM loci.graphs WHERE graph_id = 'g'")
    assert isinstance(key, int)
    return key


async def test_a_key_that_vault_rotates_by_itself_meanwhile_is_what_all_is_wrapped_by(
    found: Scene, vault: StandIn
) -> None:
    key = vault.root.transit.keys[f"loci-tenant-{await tenant_key(found)}"]
    await found.client.rotate_keys("tenants/-")
    key.versions.append(os.urandom(32))  # as auto_rotate_period does
    await found.client.create_graph("h")
    told = await found.over("tenants/-", within=90)
    assert told.kek_id.endswith(f":v{len(key.versions)}")
    wrapped_by = await found.database.fetch("SELECT DISTINCT kek_id FROM loci.graph_keys WHERE tenant_key <> 0")
    assert [row["kek_id"] for row in wrapped_by] == [told.kek_id]
    await over(found.client, await found.client.erase_graph("h"))


async def test_a_key_that_vault_rotates_by_itself_once_all_is_wrapped_is_what_all_is_wrapped_by(
    found: Scene, vault: StandIn
) -> None:
    key = vault.root.transit.keys[f"loci-tenant-{await tenant_key(found)}"]
    wrapping = "SELECT DISTINCT kek_id FROM loci.graph_keys WHERE tenant_key <> 0"
    begun = (await found.client.rotate_keys("tenants/-")).kek_id

    async def wrapped() -> bool:
        return [row["kek_id"] for row in await found.database.fetch(wrapping)] == [begun]

    await eventually(wrapped)
    key.versions.append(os.urandom(32))
    await found.client.create_graph("h")
    assert not await wrapped()
    told = await found.over("tenants/-", within=90)
    assert told.kek_id.endswith(f":v{len(key.versions)}")
    assert [row["kek_id"] for row in await found.database.fetch(wrapping)] == [told.kek_id]


async def test_asked_again_while_the_key_service_is_away_it_is_the_rotation_that_is_under_way(
    found: Scene, vault: StandIn
) -> None:
    begun = await found.client.rotate_keys("tenants/-")
    vault.faults.sealed = True
    again = await found.client.rotate_keys("tenants/-")
    assert (again.kek_id, again.begin_time) == (begun.kek_id, begun.begin_time)
    vault.faults.sealed = False
    assert (await found.over("tenants/-", within=90)).kek_id == begun.kek_id


async def test_asked_again_at_a_server_that_has_not_heard_of_the_new_version_it_keeps_its_aim(
    database_url: str, vault: StandIn
) -> None:
    settings = in_vault(vault, "vault-kv")
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(scene(database_url, **settings))
        second = await stack.enter_async_context(running_server(database_url, **SOON, **settings))
        there = await stack.enter_async_context(second.client((await found.client.create_api_key(["admin"])).secret))
        await there.create_graph("g")  # which it keeps the first version for, for some seconds
        begun = await found.client.rotate_keys("tenants/-")
        assert (await there.rotate_keys("tenants/-")).kek_id == begun.kek_id
        told = await found.over("tenants/-", within=90)
        assert (told.kek_id, told.wrapping_kek_ids) == (begun.kek_id, [begun.kek_id])


async def test_graphs_whose_key_is_locked_for_a_while_outlive_the_erasure_of_another(
    found: Scene, vault: StandIn
) -> None:
    key = vault.root.transit.keys[f"loci-tenant-{await tenant_key(found)}"]
    await furnish(found.client, "h")
    reader = (await found.client.create_api_key(["read"])).secret
    await found.server.stop()
    key.versions.append(os.urandom(32))
    key.min_decryption_version = 2  # by hand, and to be taken back
    await found.server.start()
    await found.client.wait_ready()
    async with bare_calls(found.server, reader) as bare:  # the client would try again and again
        with pytest.raises(errors.KeyServiceUnavailable, match="locked"):
            await bare.unary(NodeServiceStub, "GetNode", GetNodeRequest(name="graphs/h/nodes/a"))
    erasure = await found.client.erase_graph("g")

    async def waits() -> bool:
        row = await found.database.fetchrow(
            "SELECT failure FROM loci.key_rotations WHERE graph_key = 0 AND tenant_key <> 0"
        )
        return row is not None and row["failure"] == "KEY_SERVICE_UNAVAILABLE"

    await eventually(waits, within=60)
    assert (await found.client.get_erasure(erasure.name)).state != erasure_pb2.ERASURE_STATE_DONE
    key.min_decryption_version = 1
    await found.database.execute("UPDATE loci.key_rotations SET run_after = now()")
    assert (await found.client.get_node("h", "a")).text == "plays the viola"
    await over(found.client, erasure)
    assert (await found.client.get_node("h", "a")).text == "plays the viola"


async def test_a_key_that_is_denied_to_one_tenant_holds_up_no_other(
    found: Scene, database_url: str, vault: StandIn
) -> None:
    async with AsyncExitStack() as stack:
        second = await stack.enter_async_context(running_server(database_url, **SOON, **in_vault(vault)))
        other = await stack.enter_async_context(new_tenant(found.server))
        await other.create_graph("mine")
        await other.create_graph("gone")
        key = (await found.client.create_api_key(["admin"])).secret
        there = await stack.enter_async_context(second.client(key))
        await there.get_node("g", "a")
        vault.faults.denied = (f"transit/decrypt/loci-tenant-{await tenant_key(found)}",)
        await found.client.rotate_keys("g")
        await over(other, await other.erase_graph("gone"))
        await other.rotate_keys("mine")

        async def done() -> bool:
            return (await other.get_key_rotation("mine")).state == keys_pb2.KEY_ROTATION_STATE_DONE

        await eventually(done, within=60)
        vault.faults.denied = ()
        await found.over("g", within=120)
        assert (await there.get_node("g", "a")).text == "plays the viola"


async def test_a_hundred_deleted_graphs_keep_no_key_from_being_rotated_when_it_is_due(database_url: str) -> None:
    async with scene(database_url, LOCI_DATA_KEY_DAYS="30") as found:
        for number in range(101):
            await found.client.create_graph(f"d{number}")
            await found.client.delete_graph(f"d{number}")
        await found.client.create_graph("live")
        await found.database.execute("UPDATE loci.graph_keys SET create_time = now() - interval '31 days'")
        await found.server.stop()
        await found.server.start()

        async def rotated() -> int:
            count = await found.database.fetchval(
                "SELECT count(*) FROM loci.key_rotations JOIN loci.graphs USING (graph_key) WHERE graph_id = 'live'"
            )
            assert isinstance(count, int)
            return count

        await eventually(rotated, within=60)
