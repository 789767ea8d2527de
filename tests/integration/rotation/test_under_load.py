"""Keys of both kinds are rotated again and again while everybody works: no read fails, no write is lost."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import pytest

from loci import AsyncClient, errors, node
from loci.v1 import keys_pb2 as pb
from tests.integration.rotation.scene import Scene, scene
from tests.server import running_server
from tests.vault.in_use import in_vault
from tests.vault.stand_in import StandIn
from tests.waiting import eventually

ROTATIONS = 3
GRAPHS = ("g", "h")
BUSY = {"LOCI_MAX_DEADLINE": "5", "LOCI_DEFAULT_DEADLINE": "5"}
"""Time for each call, though all callers keep both servers busy at once."""


@asynccontextmanager
async def two_servers(database_url: str, vault: StandIn, provider: str) -> AsyncIterator[tuple[Scene, AsyncClient]]:
    """The scene of one server, and a client of the other."""
    settings = in_vault(vault, provider) | BUSY
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(scene(database_url, **settings))
        other = await stack.enter_async_context(running_server(database_url, **settings))
        key = (await found.client.create_api_key(["admin"])).secret
        yield found, await stack.enter_async_context(other.client(key))


class Traffic:
    """Callers who write and read, each by a server of its own, and know what must be there."""

    def __init__(self, clients: tuple[AsyncClient, ...], seed: int) -> None:
        self._clients = clients
        self._random = random.Random(seed)
        self.texts: dict[tuple[str, str], str] = {}
        self.reads = self.writes = 0
        self.over = asyncio.Event()

    async def write(self, worker: int) -> None:
        """Alone in writing its own nodes."""
        number = 0
        while not self.over.is_set():
            client, graph = self._random.choice(self._clients), self._random.choice(GRAPHS)
            place = graph, f"w{worker}-{number % 20}"
            text = f"text {number} of worker {worker}"
            await client.update_node(*place, text=text, allow_missing=True, request_id=str(uuid4()), note="because")
            self.texts[place] = text
            number, self.writes = number + 1, self.writes + 1

    async def read(self) -> None:
        """What is read is what was written then, or what came after it."""
        while not self.over.is_set():
            await asyncio.sleep(0)
            if not self.texts:
                continue
            client = self._random.choice(self._clients)
            graph, id = self._random.choice([*self.texts])
            before = number_of(self.texts[graph, id])
            match self._random.randrange(4):
                case 0:
                    read = (await client.get_node(graph, id)).text
                    assert number_of(read) >= before
                case 1:
                    listed = [each.text async for each in client.list_nodes(graph, page_size=7)]
                    assert all(listed)
                case 2:
                    revisions = [each async for each in client.list_node_revisions(graph, id, page_size=5)]
                    assert all(each.change.node.text and each.note == "because" for each in revisions)
                case _:
                    hits = (await client.search(graph, f"worker {id[1]}", limit=3)).hits
                    assert [hit.node.text for hit in hits if hit.node.text]
            self.reads += 1

    async def watch(self, client: AsyncClient) -> None:
        """From the first commit to the last, all changes in clear."""
        told = 0
        async for change in client.watch(GRAPHS[0], start="oldest"):
            for each in change.changes:
                assert (bool(each.node.text), each.unreadable) == (True, False)
            told = change.revision
            if self.over.is_set() and told >= (await client.get_graph(GRAPHS[0])).revision:
                return

    async def export(self, client: AsyncClient) -> None:
        while not self.over.is_set():
            assert all([item.node.text async for item in client.export_items(GRAPHS[1])])


def number_of(text: str) -> int:
    return int(text.split()[1])


@pytest.mark.parametrize("provider", ["vault", "vault-kv"])
async def test_both_kinds_of_keys_are_rotated_under_load_without_a_failed_read_or_a_lost_write(
    database_url: str, vault: StandIn, provider: str
) -> None:
    async with two_servers(database_url, vault, provider) as (found, other):
        for graph in GRAPHS:
            await found.client.create_graph(graph)
            await found.client.import_items(graph, [node(f"old{n}", text=f"text {n} of before") for n in range(500)])
        traffic = Traffic((found.client, other), seed=20261122)
        keks = []
        async with asyncio.TaskGroup() as group:
            for worker in range(3):
                group.create_task(traffic.write(worker))
                group.create_task(traffic.read())
            watching = group.create_task(traffic.watch(other))
            group.create_task(traffic.export(other))
            for number in range(ROTATIONS):
                keks.append((await other.rotate_keys("tenants/-")).kek_id)
                for graph in GRAPHS:
                    await found.client.rotate_keys(graph)
                for graph in GRAPHS:
                    assert (await found.over(graph)).version == number + 2
                assert (await found.over("tenants/-", within=90)).kek_id == keks[-1]
            traffic.over.set()
            await other.update_node(GRAPHS[0], "last", text="text 0 of the end", allow_missing=True, note="because")
            await watching
        assert min(traffic.writes, traffic.reads) > 100
        for (graph, id), text in traffic.texts.items():
            assert (await found.client.get_node(graph, id)).text == text
        for versions in (await found.versions()).values():
            assert set(versions) == {ROTATIONS + 1}
        assert await found.keys() == {ROTATIONS + 1}
        rows = await found.database.fetch("SELECT DISTINCT kek_id FROM loci.graph_keys")
        assert [row["kek_id"] for row in rows] == keks[-1:]
        assert len(set(keks)) == ROTATIONS


async def test_once_all_is_wrapped_anew_the_versions_before_can_be_destroyed_at_vault(
    database_url: str, vault: StandIn
) -> None:
    async with two_servers(database_url, vault, "vault") as (found, _):
        await found.client.create_graph("g")
        await found.client.create_node("g", "n", text="kept")
        async with found.server.client() as operator:
            for what, client in (("tenants/-", found.client), ("installation", operator)):
                begun = await client.rotate_keys(what)
                assert begun.kek_id.endswith(":v2")

                async def over(what: str = what, client: AsyncClient = client) -> bool:
                    return bool((await client.get_key_rotation(what)).state == pb.KEY_ROTATION_STATE_DONE)

                await eventually(over, within=90)
        for key in vault.root.transit.keys.values():
            key.min_decryption_version = 2
        await found.server.stop()
        await found.server.start()
        assert (await found.client.get_node("g", "n")).text == "kept"
        await found.client.create_graph("another")


async def test_the_keys_of_others_are_rotated_by_operators_only(database_url: str) -> None:
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        limited = (await found.client.create_api_key(["write"])).secret
        async with found.server.client(limited) as writer, found.server.client() as operator:
            for what in ("g", "tenants/-", "tenants/default", "installation"):
                with pytest.raises(errors.ScopeMissing):
                    await writer.rotate_keys(what)
                with pytest.raises(errors.ScopeMissing):
                    await writer.get_key_rotation(what)
            for what in ("tenants/default", "tenants/none", "installation"):
                with pytest.raises(errors.ScopeMissing):
                    await found.client.rotate_keys(what)
            with pytest.raises(errors.TenantNotFound):
                await operator.rotate_keys("tenants/none")
            with pytest.raises(errors.GraphNotFound):
                await operator.rotate_keys("g")
            assert (await operator.get_key_rotation("installation")).name == "installation"
