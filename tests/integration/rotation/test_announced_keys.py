"""A rotation while the key service is away: no server is left without a key that others seal with."""

import asyncio
import base64
import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from loci import errors
from loci.v1 import keys_pb2 as pb
from loci.v1.node_service_pb2 import GetNodeRequest
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from loci_server.bootstrap import Unobserved
from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.local import LocalKeyProvider
from loci_server.errors import KeyServiceUnavailable
from loci_server.store.handles import Handles
from loci_server.store.pool import connect
from tests.calls import bare_calls
from tests.integration.erasure.test_graphs import over
from tests.integration.rotation.scene import SOON, furnish, scene, stopped
from tests.server import new_tenant, running_server
from tests.vault.in_use import in_vault
from tests.vault.stand_in import StandIn
from tests.waiting import eventually

ANNOUNCED, KNOWN = 1, 6


class Away(LocalKeyProvider):
    """A keyring of which some wrapped keys cannot be had now."""

    def __init__(self, keyring: Path, missing: set[bytes]) -> None:
        entries = json.loads(keyring.read_text())["keys"]
        super().__init__({entry["id"]: base64.b64decode(entry["key"]) for entry in entries})
        self._missing = missing

    async def unwrap(self, tenant_key: int, purpose: bytes, wrapped: WrappedKey) -> bytes:
        if wrapped.wrapped in self._missing:
            raise KeyServiceUnavailable(detail="it is away.", retry_after=1.0)
        return await super().unwrap(tenant_key, purpose, wrapped)


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


async def test_other_tenants_go_on_while_a_graph_is_asked_for_whose_new_key_is_denied(
    database_url: str, vault: StandIn
) -> None:
    settings = in_vault(vault)
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(scene(database_url, **settings))
        other = await stack.enter_async_context(running_server(database_url, **SOON, **settings))
        stranger = await stack.enter_async_context(new_tenant(found.server))
        await furnish(found.client)
        for graph in ("mine", "gone"):
            await stranger.create_graph(graph)
        key = (await found.client.create_api_key(["admin"])).secret
        second = await stack.enter_async_context(other.client(key))
        await second.get_node("g", "a")
        tenant = await found.database.fetchval("SELECT tenant_key FROM loci.graphs WHERE graph_id = 'g'")
        vault.faults.denied = (f"transit/decrypt/loci-tenant-{tenant}",)
        await found.client.rotate_keys("g")

        async def ask() -> None:
            while True:
                assert (await second.get_node("g", "a")).text == "plays the viola"

        asking = [asyncio.create_task(ask()) for _ in range(3)]
        try:
            await stranger.rotate_keys("mine")

            async def done() -> bool:
                return (await stranger.get_key_rotation("mine")).state == pb.KEY_ROTATION_STATE_DONE

            await eventually(done, within=60)
            await over(stranger, await stranger.erase_graph("gone"))
            assert not any(task.done() for task in asking)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        assert await found.database.fetchval("SELECT state FROM loci.key_rotations WHERE tenant_key = $1", tenant) in (
            ANNOUNCED,
            KNOWN,
        )
        vault.faults.denied = ()
        await found.over("g", within=120)
        assert (await second.get_node("g", "a")).text == "plays the viola"


async def test_keys_that_are_heard_of_while_a_graph_is_opened_without_them_are_doubted_once_more(
    database_url: str,
) -> None:
    async with scene(database_url, LOCI_BACKGROUND_JOBS="false") as found:
        await found.client.create_graph("g")
        await found.client.rotate_keys("g")
        keys = await found.database.fetch("SELECT * FROM loci.graph_keys WHERE NOT sealing")
        tenant, graph = keys[0]["tenant_key"], keys[0]["graph_key"]
        away = Away(found.server.data_dir / "keyring.json", {row["wrapped"] for row in keys})
        doubts = []

        async def doubt(*place: int) -> None:
            doubts.append(place)
            if len(doubts) == 1:
                await handles.renew(*place)  # the process hears of them before it has opened the graph

        database = await connect(database_url, size=2, pooler="none", observer=Unobserved())
        handles = Handles(database, away, doubt=doubt)
        try:
            assert (await handles.get(tenant, "g")).graph_key == graph
            assert doubts == [(tenant, graph)] * 2
        finally:
            await database.close()


async def test_a_graph_that_is_erased_is_closed_though_new_keys_of_others_cannot_be_learned(
    database_url: str, vault: StandIn
) -> None:
    settings = in_vault(vault)
    graphs = [f"a{number}" for number in range(6)]
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(scene(database_url, **settings))
        other = await stack.enter_async_context(running_server(database_url, **SOON, **settings))
        key = (await found.client.create_api_key(["admin"])).secret
        second = await stack.enter_async_context(other.client(key))
        for graph in ("erased", *graphs):
            await furnish(found.client, graph)
            await second.get_node(graph, "a")
        tables = {
            table: await found.database.fetch(
                f"SELECT t.* FROM loci.{table} t JOIN loci.graphs g USING (graph_key) WHERE g.graph_id = 'erased'"
            )
            for table in ("graphs", "graph_keys", "nodes")
        }
        with stopped(other):
            for graph in graphs:
                await found.client.rotate_keys(graph)
            vault.faults.sealed = True
            await found.client.erase_graph("erased")
        resumed = await found.database.fetchval("SELECT clock_timestamp()")
        twice = "SELECT bool_and(seen_time > $1::timestamptz + interval '1.5 seconds') FROM loci.key_holders"
        await eventually(lambda: found.database.fetchval(twice, resumed))  # what it heard first was dealt with
        assert await found.database.fetchval("SELECT count(DISTINCT epoch) FROM loci.key_holders") == 2
        await found.database.execute("DELETE FROM loci.graphs WHERE graph_id = 'erased'")
        for table, rows in tables.items():  # back from a dump
            columns = [*rows[0].keys()]  # a record iterates over its values
            places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
            overriding = "OVERRIDING SYSTEM VALUE" if table == "graphs" else ""
            await found.database.executemany(
                f"INSERT INTO loci.{table} ({', '.join(columns)}) {overriding} VALUES ({places})",
                [tuple(row) for row in rows],
            )
        async with bare_calls(other, key) as bare:  # the client would try again and again
            with pytest.raises(errors.KeyServiceUnavailable):
                await bare.unary(NodeServiceStub, "GetNode", GetNodeRequest(name="graphs/erased/nodes/a"))
