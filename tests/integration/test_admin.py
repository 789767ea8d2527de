"""Tenants and keys: who may make them, what they may do, and how soon they are refused."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from loci import AsyncClient, errors, moment, names
from loci.v1.admin_service_pb2 import SCOPE_ADMIN, SCOPE_OPERATOR, SCOPE_READ, SCOPE_WRITE
from loci.v1.graph_service_pb2 import ListGraphsRequest
from loci.v1.graph_service_pb2_grpc import GraphServiceStub
from loci.v1.watch_service_pb2 import WATCH_START_NOW, WatchRequest
from loci.v1.watch_service_pb2_grpc import WatchServiceStub
from tests.calls import bare_calls, collect
from tests.server import RunningServer, running_server
from tests.sharing import another_server
from tests.waiting import eventually

PROMISED_SECONDS = 10.0


def fresh() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
async def operator(server: RunningServer):  # type: ignore[no-untyped-def]
    async with server.client() as client:
        yield client


async def refused(server: RunningServer, key: str) -> bool:
    async with server.client(key) as client:
        try:
            await collect(client.list_graphs())
        except errors.Unauthenticated:
            return True
    return False


async def test_a_tenant_is_made_found_listed_hidden_and_brought_back(operator: AsyncClient) -> None:
    id = fresh()
    made = await operator.create_tenant(id, display_name="Ännchen")
    assert (made.name, made.display_name) == (f"tenants/{id}", "Ännchen")
    assert await operator.get_tenant(id) == made
    assert made in await collect(operator.list_tenants(page_size=1))
    with pytest.raises(errors.TenantExists):
        await operator.create_tenant(id)
    deleted = await operator.delete_tenant(id)
    assert deleted.HasField("delete_time")
    assert deleted not in await collect(operator.list_tenants())
    assert deleted in await collect(operator.list_tenants(show_deleted=True))
    assert await operator.delete_tenant(id) == deleted
    assert await operator.undelete_tenant(id) == made
    with pytest.raises(errors.TenantNotFound):
        await operator.get_tenant(fresh())
    with pytest.raises(errors.InvalidName):
        await operator.create_tenant("Upper")
    with pytest.raises(errors.InvalidField):
        await operator.delete_tenant("default")


async def test_tenants_are_listed_in_order_page_by_page(operator: AsyncClient) -> None:
    made = sorted([fresh() for _ in range(5)])
    for id in made:
        await operator.create_tenant(id)
    for size in (1, 2, 1000):
        listed = [names.id_of(tenant.name) async for tenant in operator.list_tenants(page_size=size)]
        assert listed == sorted(listed)
        assert [id for id in listed if id in made] == made


async def test_a_secret_is_shown_once(server: RunningServer, client: AsyncClient) -> None:
    made = await client.create_api_key(["read"], display_name="reader")
    assert made.secret.startswith("loci_")
    listed = await collect(client.list_api_keys())
    (key,) = [key for key in listed if key.name == made.api_key.name]
    assert key == made.api_key
    assert (key.display_name, list(key.scopes)) == ("reader", [SCOPE_READ])
    assert made.secret not in str(listed)
    assert made.secret not in server.log
    assert len(await collect(client.list_api_keys(page_size=1))) == len(listed)


async def test_a_scope_includes_the_one_below_and_nothing_above(server: RunningServer, client: AsyncClient) -> None:
    await client.create_graph("g")
    keys = {scope: (await client.create_api_key([scope])).secret for scope in ("read", "write", "admin")}  # type: ignore[list-item]
    async with server.client(keys["read"]) as reader:
        await reader.get_graph("g")
        for call in (reader.create_node("g"), reader.create_graph(), reader.delete_graph("g")):
            with pytest.raises(errors.ScopeMissing):
                await call
        with pytest.raises(errors.ScopeMissing):
            await reader.create_api_key(["read"])
        with pytest.raises(errors.ScopeMissing):
            await collect(reader.list_api_keys())
    async with server.client(keys["write"]) as writer:
        await writer.create_node("g", "a")
        await writer.get_node("g", "a")
        with pytest.raises(errors.ScopeMissing):
            await writer.create_api_key(["read"])
    async with server.client(keys["admin"]) as admin:
        assert list((await admin.create_api_key(["read", "write"])).api_key.scopes) == [SCOPE_READ, SCOPE_WRITE]
        with pytest.raises(errors.ScopeMissing):
            await admin.create_api_key(["operator"])
        for call in (admin.create_tenant(fresh()), admin.get_tenant("default"), admin.delete_tenant("default")):
            with pytest.raises(errors.ScopeMissing):
                await call
        with pytest.raises(errors.ScopeMissing):
            await collect(admin.list_tenants())


async def test_an_operator_manages_keys_of_any_tenant_and_an_administrator_only_its_own(
    operator: AsyncClient, client: AsyncClient
) -> None:
    id = fresh()
    await operator.create_tenant(id)
    made = await operator.create_api_key(["admin"], tenant=id)
    assert [key.name for key in await collect(operator.list_api_keys(id))] == [made.api_key.name]
    for tenant in (id, "never-made"):
        with pytest.raises(errors.ScopeMissing):
            await client.create_api_key(["read"], tenant=tenant)
        with pytest.raises(errors.ScopeMissing):
            await collect(client.list_api_keys(tenant))
        with pytest.raises(errors.ScopeMissing):
            await client.revoke_api_key("1", tenant=tenant)
    with pytest.raises(errors.ApiKeyNotFound):
        await client.revoke_api_key(names.id_of(made.api_key.name))
    assert (await operator.revoke_api_key(made.api_key.name)).HasField("revoke_time")
    with pytest.raises(errors.TenantNotFound):
        await operator.create_api_key(["read"], tenant=fresh())


async def test_a_key_without_a_scope_cannot_be_made(client: AsyncClient) -> None:
    with pytest.raises(errors.InvalidField):
        await client.create_api_key([])
    first = (await collect(client.list_api_keys()))[0]
    assert list(first.scopes) == [SCOPE_ADMIN]
    assert SCOPE_OPERATOR not in first.scopes


async def test_an_expired_key_is_refused_as_expired(server: RunningServer, client: AsyncClient) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=2)
    made = await client.create_api_key(["read"], expire_time=soon)
    assert abs(moment(made.api_key.expire_time) - soon) < timedelta(milliseconds=1)
    assert not await refused(server, made.secret)

    async def expired() -> bool:
        return await refused(server, made.secret)

    await eventually(expired, within=5)
    async with server.client(made.secret) as late:
        with pytest.raises(errors.CredentialExpired):
            await collect(late.list_graphs())
    past = await client.create_api_key(["read"], expire_time=datetime(2020, 1, 1, tzinfo=UTC))
    assert await refused(server, past.secret)


async def test_a_revoked_key_is_refused_everywhere_within_ten_seconds(
    server: RunningServer, client: AsyncClient
) -> None:
    made = await client.create_api_key(["read"])
    async with another_server(server) as other:
        assert not await refused(server, made.secret)
        assert not await refused(other, made.secret)
        revoked = await client.revoke_api_key(made.api_key.name)
        assert revoked.HasField("revoke_time")
        assert await refused(server, made.secret), "at once where it was done"

        async def everywhere() -> bool:
            return await refused(server, made.secret) and await refused(other, made.secret)

        await eventually(everywhere, within=PROMISED_SECONDS)
    assert (await client.revoke_api_key(made.api_key.name)).revoke_time == revoked.revoke_time


async def end_of(stream: Any) -> errors.LociError:
    try:
        while await stream.read() is not grpc.aio.EOF:
            pass
    except grpc.RpcError as error:
        return errors.from_rpc(error)
    raise AssertionError("it ended well")


@pytest.mark.parametrize("parent", ["graphs/g", "graphs/-"])
async def test_a_watch_on_which_nothing_happens_ends_within_ten_seconds_of_its_key(
    server: RunningServer, client: AsyncClient, parent: str
) -> None:
    await client.create_graph("g")
    revoked = await client.create_api_key(["read"])
    async with another_server(server) as other, bare_calls(other, revoked.secret) as calls:
        expiring = await client.create_api_key(["read"], expire_time=datetime.now(UTC) + timedelta(seconds=4))
        request = WatchRequest(parent=parent, position=WATCH_START_NOW, progress_interval=Duration(seconds=60))
        watch = calls.stream(WatchServiceStub, "Watch", request)
        await watch.read()
        async with bare_calls(other, expiring.secret) as mortal:
            dying = mortal.stream(WatchServiceStub, "Watch", request)
            await dying.read()
            await client.revoke_api_key(revoked.api_key.name)
            async with asyncio.timeout(PROMISED_SECONDS):
                assert isinstance(await end_of(watch), errors.CredentialInvalid)
                assert isinstance(await end_of(dying), errors.CredentialExpired)


async def test_keys_of_a_deleted_tenant_are_refused_until_it_is_back(
    server: RunningServer, operator: AsyncClient
) -> None:
    id = fresh()
    await operator.create_tenant(id)
    key = (await operator.create_api_key(["write"], tenant=id)).secret
    async with server.client(key) as client:
        await client.create_graph("g")
    await operator.delete_tenant(id)

    async def shut() -> bool:
        return await refused(server, key)

    async def open() -> bool:
        return not await refused(server, key)

    await eventually(shut, within=PROMISED_SECONDS)
    await operator.undelete_tenant(id)
    await eventually(open, within=PROMISED_SECONDS)
    async with server.client(key) as client:
        assert (await client.get_graph("g")).revision == 0


async def test_a_wrong_key_is_invalid_whatever_is_wrong_with_it(server: RunningServer, client: AsyncClient) -> None:
    right = (await client.create_api_key(["read"])).secret
    wrong = [
        "x",
        "loci_",
        right[:-1],
        right + "A",
        right[:20] + ("A" if right[20] != "A" else "B") + right[21:],
        right[:-6] + ("AAAAAA" if right[-6:] != "AAAAAA" else "BBBBBB"),
        right.replace("loci_", "LOCI_"),
    ]
    for key in wrong:
        async with server.client(key) as stranger:
            with pytest.raises(errors.CredentialInvalid):
                await collect(stranger.list_graphs())


async def test_guesses_from_one_address_are_slowed_down_and_keys_in_use_go_on(database_url: str) -> None:
    async with running_server(database_url, LOCI_MAX_FAILED_CREDENTIALS="5") as server, server.client() as operator:
        known = await operator.create_api_key(["read"])
        fresh_key = await operator.create_api_key(["read"])
        assert not await refused(server, known.secret)
        async with bare_calls(server, known.secret[:-6] + "AAAAAA") as calls:
            for _ in range(5):
                with pytest.raises(errors.CredentialInvalid):
                    await calls.unary(GraphServiceStub, "ListGraphs", ListGraphsRequest())
            with pytest.raises(errors.TooManyFailedCredentials) as slowed:
                await calls.unary(GraphServiceStub, "ListGraphs", ListGraphsRequest())
            assert slowed.value.metadata["limit"] == "5"
            assert slowed.value.retry_after is not None
            assert 0 < slowed.value.retry_after <= 12
        assert not await refused(server, known.secret)
        assert not await refused(server, fresh_key.secret), "nobody tried this one"


async def test_when_a_key_was_last_used_is_known_after_a_restart_and_of_who_never_did_nothing(
    database_url: str,
) -> None:
    begin = datetime.now(UTC)
    async with running_server(database_url) as server:
        async with server.client() as operator:
            used, unused, refused = [await operator.create_api_key(["read"]) for _ in range(3)]
        async with server.client(used.secret) as client:
            await collect(client.list_graphs())
        wrong = refused.secret[:-6] + ("AAAAAA" if refused.secret[-6:] != "AAAAAA" else "BBBBBB")
        async with server.client(wrong) as client:
            with pytest.raises(errors.CredentialInvalid):
                await collect(client.list_graphs())
        await server.stop()
        await server.start()
        async with server.client() as operator:
            listed = {key.name: key for key in await collect(operator.list_api_keys())}
    assert begin <= moment(listed[used.api_key.name].last_use_time) <= datetime.now(UTC)
    for key in (unused, refused):
        assert not listed[key.api_key.name].HasField("last_use_time")
