"""A rotation while the key service is away: no server is left without a key that others seal with."""

from contextlib import AsyncExitStack

from tests.integration.rotation.scene import SOON, furnish, scene
from tests.server import running_server
from tests.vault.in_use import in_vault
from tests.vault.stand_in import StandIn
from tests.waiting import eventually

ANNOUNCED, KNOWN = 1, 6


async def test_no_key_seals_that_a_server_could_not_learn_when_it_opened_the_graph(
    database_url: str, vault: StandIn
) -> None:
    settings = in_vault(vault) | {"LOCI_KEY_REFRESH": "4", "LOCI_KEY_LIFETIME": "600"}
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(scene(database_url, **settings))
        other = await stack.enter_async_context(running_server(database_url, **SOON, **settings))
        await furnish(found.client)
        key = (await found.client.create_api_key(["admin"])).secret
        second = await stack.enter_async_context(other.client(key))
        await second.get_node("g", "a")

        async def state() -> int:
            told: int = await found.database.fetchval("SELECT state FROM loci.key_rotations WHERE graph_key <> 0")
            return told

        async def known() -> bool:
            return await state() == KNOWN

        async def announced_again() -> bool:
            return await state() == ANNOUNCED

        await found.client.rotate_keys("g")
        vault.faults.sealed = True
        await eventually(known, every=0.02)  # once the second server has closed the graph, though it keeps its keys
        assert (await second.get_node("g", "a")).text == "plays the viola"
        await eventually(announced_again, every=0.05)
        await found.client.create_node("g", "new", text="a theorbo")
        assert (await second.get_node("g", "new")).text == "a theorbo"
        assert [hit.node.name for hit in (await second.search("g", "theorbo")).hits] == ["graphs/g/nodes/new"]
        assert (await found.versions())["nodes"].keys() == {1}
        vault.faults.sealed = False
        await found.over()
        await found.client.create_node("g", "later", text="a shawm")
        assert (await second.get_node("g", "later")).text == "a shawm"
        assert (await found.versions())["nodes"].keys() == {2}
