"""A server whose keys are in Vault: it works, comes back, and while Vault is away says so."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from loci import AsyncClient, errors
from loci.v1.graph_service_pb2 import CreateGraphRequest
from loci.v1.graph_service_pb2_grpc import GraphServiceStub
from loci.v1.node_service_pb2 import GetNodeRequest
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from tests.calls import bare_calls
from tests.command import Loci
from tests.postgres import DatabaseFactory
from tests.server import RunningServer, new_tenant, running_server
from tests.vault.in_use import in_vault
from tests.vault.stand_in import StandIn
from tests.waiting import eventually

TEXT = "The plums in the icebox."


@pytest.fixture(params=["vault", "vault-kv"])
def settings(request: pytest.FixtureRequest, vault: StandIn) -> dict[str, str]:
    return in_vault(vault, request.param)


@pytest.fixture
async def server(database_url: str, settings: dict[str, str]) -> AsyncIterator[RunningServer]:
    async with running_server(database_url, **settings) as running:
        yield running


async def text(client: AsyncClient, graph: str) -> str:
    return (await client.get_node(graph, "n")).text


def made(vault: StandIn) -> int:
    """Requests by which keys are made or used to wrap."""
    return sum(
        request.writes and not request.path.startswith(("auth/", "transit/decrypt")) for request in vault.requests
    )


def is_status(channel: grpc.aio.Channel, part: str, wanted: int) -> Callable[[], Awaitable[bool]]:
    """Whether health says so of a part of the server."""

    async def asked() -> bool:
        with contextlib.suppress(grpc.RpcError):
            answer = await HealthStub(channel).Check(HealthCheckRequest(service=part), wait_for_ready=True, timeout=30)
            return bool(answer.status == wanted)
        return False

    return asked


async def test_what_was_written_is_read_after_a_restart_and_each_tenant_has_a_key(
    server: RunningServer, vault: StandIn, settings: dict[str, str]
) -> None:
    async with new_tenant(server) as client, new_tenant(server) as other:
        for each in (client, other):
            await each.create_graph("g")
            await each.create_node("g", "n", text=TEXT)
        await server.stop()
        before = made(vault)
        await server.start()
        await client.wait_ready()
        assert [await text(each, "g") for each in (client, other)] == [TEXT, TEXT]
        assert made(vault) == before  # a start makes and wraps nothing
    if settings["LOCI_KEY_PROVIDER"] == "vault":
        names = sorted(vault.root.transit.keys)
        assert names[0] == "loci-installation"
        assert all(name.startswith("loci-tenant-") for name in names[1:])
    else:
        names = sorted(vault.root.kv.secrets)
        assert names[0] == "loci/installation"
    assert len(names) == 3
    assert not (server.data_dir / "keyring.json").exists()
    secrets = ["the-secret-id", "hvs.", "vault:v1:"]
    assert not [secret for secret in secrets if secret in server.log]
    assert len(vault.root.tokens.held) == 1  # a start lets go of the tokens that it needs no more


async def test_with_vault_away_an_open_graph_is_read_and_another_is_unavailable(
    server: RunningServer, vault: StandIn
) -> None:
    async with new_tenant(server) as client, server.client() as other:
        for each in (client, other):
            await each.create_graph("g")
            await each.create_node("g", "n", text=TEXT)
        await server.stop()
        await server.start()
        await client.wait_ready()
        assert await text(client, "g") == TEXT
        vault.faults.sealed = True
        assert await text(client, "g") == TEXT
        await client.create_node("g", "m", text=TEXT)
        async with bare_calls(server) as bare:  # the client would try again and again
            for call in (
                bare.unary(NodeServiceStub, "GetNode", GetNodeRequest(name="graphs/g/nodes/n")),
                bare.unary(GraphServiceStub, "CreateGraph", CreateGraphRequest(graph_id="h")),
            ):
                with pytest.raises(errors.KeyServiceUnavailable, match="sealed") as caught:
                    await call
                assert caught.value.retry_after == 1.0
        async with grpc.aio.insecure_channel(server.address) as channel:
            assert await eventually(is_status(channel, "keys", HealthCheckResponse.NOT_SERVING))
            assert await is_status(channel, "", HealthCheckResponse.SERVING)()
            vault.faults.sealed = False
            assert await text(other, "g") == TEXT
            assert await eventually(is_status(channel, "keys", HealthCheckResponse.SERVING))


@pytest.mark.parametrize("settings", ["vault"], indirect=True)
async def test_an_open_graph_is_read_on_for_as_long_as_its_keys_may_be_kept_and_no_longer(
    database_url: str, vault: StandIn, settings: dict[str, str]
) -> None:
    """Also past the time after which keys are asked for again. With KV a root key that is kept opens them for a minute
    more. However slow the machine is, this holds: only when calls began is compared."""
    refresh, lifetime = 1.0, 6.0
    lifetimes = {"LOCI_KEY_REFRESH": str(refresh), "LOCI_KEY_LIFETIME": str(lifetime)}
    get = GetNodeRequest(name="graphs/g/nodes/n")
    async with running_server(database_url, **settings, **lifetimes) as server, server.client() as client:
        made = time.monotonic()
        await client.create_graph("g")
        await client.create_node("g", "n", text=TEXT)
        vault.faults.sealed = True
        sealed = last = time.monotonic()
        async with bare_calls(server) as bare:

            async def is_refused() -> bool:
                nonlocal last
                began = time.monotonic()
                with contextlib.suppress(errors.KeyServiceUnavailable):
                    await bare.unary(NodeServiceStub, "GetNode", get)
                    last = began
                    return False
                return True

            await eventually(is_refused)
            assert time.monotonic() > made + lifetime - refresh
            assert last < sealed + lifetime
            vault.faults.sealed = False
            assert await text(client, "g") == TEXT


@pytest.mark.parametrize("settings", ["vault"], indirect=True)
async def test_a_graph_in_use_is_closed_when_its_key_is_destroyed_though_it_might_be_kept_for_longer(
    database_url: str, vault: StandIn, settings: dict[str, str]
) -> None:
    lifetimes = {"LOCI_KEY_REFRESH": "1", "LOCI_KEY_LIFETIME": "3600"}
    async with running_server(database_url, **settings, **lifetimes) as server, server.client() as client:
        await client.create_graph("g")
        await client.create_node("g", "n", text=TEXT)
        for name in [name for name in vault.root.transit.keys if "-tenant-" in name]:
            del vault.root.transit.keys[name]

        async def is_closed() -> bool:
            with contextlib.suppress(errors.KeyDestroyed):
                assert await text(client, "g") == TEXT
                return False
            return True

        await eventually(is_closed)


@pytest.mark.parametrize("settings", ["vault"], indirect=True)
async def test_a_watch_goes_on_when_vault_is_back(database_url: str, vault: StandIn, settings: dict[str, str]) -> None:
    lifetimes = {"LOCI_KEY_REFRESH": "1", "LOCI_KEY_LIFETIME": "2"}
    async with running_server(database_url, **settings, **lifetimes) as server, server.client() as client:
        await client.create_graph("g")
        watching = aiter(client.watch("g", start="oldest"))
        await client.create_node("g", "n", text=TEXT)
        assert (await anext(watching)).changes[0].node.text == TEXT
        vault.faults.sealed = True

        async def closed() -> bool:
            async with bare_calls(server) as bare:
                with contextlib.suppress(errors.KeyServiceUnavailable):
                    await bare.unary(NodeServiceStub, "GetNode", GetNodeRequest(name="graphs/g/nodes/n"))
                    return False
            return True

        assert await eventually(closed)
        vault.faults.sealed = False
        await client.create_node("g", "m", text=TEXT)
        assert (await anext(watching)).changes[0].node.name == "graphs/g/nodes/m"


async def test_a_server_that_starts_while_vault_is_away_says_so_and_serves_when_it_is_back(
    server: RunningServer, vault: StandIn
) -> None:
    async with server.client() as client, grpc.aio.insecure_channel(server.address) as channel:
        await client.create_graph("g")
        await client.create_node("g", "n", text=TEXT)
        await server.stop()
        vault.faults.sealed = True
        starting = asyncio.create_task(server.start())
        for part in ("", "keys"):
            assert await eventually(is_status(channel, part, HealthCheckResponse.NOT_SERVING))
        async with bare_calls(server) as bare:
            with pytest.raises(errors.KeyServiceUnavailable, match="sealed"):
                await bare.unary(NodeServiceStub, "GetNode", GetNodeRequest(name="graphs/g/nodes/n"))
        assert not starting.done()
        vault.faults.sealed = False
        await starting
        assert await text(client, "g") == TEXT
        for part in ("", "keys"):
            assert await eventually(is_status(channel, part, HealthCheckResponse.SERVING))


async def test_a_server_that_waits_for_vault_ends_when_it_is_told_to(server: RunningServer, vault: StandIn) -> None:
    await server.stop()
    vault.faults.sealed = True
    starting = asyncio.create_task(server.start())
    while "calls are refused until" not in server.log:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.05)
    assert await server.stop() == 0
    with pytest.raises(RuntimeError, match="did not start"):
        await starting


async def test_a_new_database_is_not_set_up_without_vault(
    empty_database: DatabaseFactory, settings: dict[str, str], vault: StandIn
) -> None:
    vault.faults.sealed = True
    url = await empty_database()
    with pytest.raises(RuntimeError, match="loci cannot start: The key service cannot be used: it is sealed"):
        async with running_server(url, **settings):
            pass


def test_the_doctor_says_whether_vault_answers(
    server: RunningServer, vault: StandIn, settings: dict[str, str], database_url: str
) -> None:
    loci = Loci(
        settings
        | {
            "LOCI_DATABASE_URL": database_url,
            "LOCI_DATA_DIR": str(server.data_dir),
            "LOCI_ADDRESS": server.address,
            "LOCI_EMBEDDER": "none",
        }
    )
    found = [(line["check"], line["mark"]) for line in loci("doctor", "--json").lines]
    assert found.count(("key service", "ok")) == 2
    assert "keyring" not in dict(found)
    vault.faults.sealed = True
    done = loci.any("doctor", "--json")
    assert done.code == 1
    assert "it is sealed" in " ".join(line["message"] for line in done.lines if line["check"] == "key service")
