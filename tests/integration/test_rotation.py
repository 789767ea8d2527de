"""A key is replaced without a moment in which none is good, and the one before ends when it was said to."""

from datetime import UTC, datetime, timedelta

import pytest

from loci import AsyncClient, errors, moment, names
from loci.v1.admin_service_pb2 import SCOPE_READ, SCOPE_WRITE
from tests.calls import collect
from tests.server import RunningServer
from tests.sharing import another_server
from tests.waiting import eventually

PROMISED_SECONDS = 10.0
SLACK = timedelta(minutes=1)


async def answer(server: RunningServer, key: str) -> str:
    """Of a call with this key: the name of its error, or `good`."""
    async with server.client(key) as client:
        try:
            await collect(client.list_graphs())
        except errors.LociError as error:
            return type(error).__name__
    return "good"


async def test_both_keys_are_good_until_the_overlap_is_over(server: RunningServer, client: AsyncClient) -> None:
    first = await client.create_api_key(["write", "read"], graphs=["ann", "team-*"], display_name="Ännchen's agent")
    made = await client.rotate_api_key(first.api_key.name, overlap=timedelta(seconds=3))
    assert made.secret != first.secret
    assert made.api_key.name != first.api_key.name
    assert list(made.api_key.scopes) == [SCOPE_READ, SCOPE_WRITE]
    assert list(made.api_key.graphs) == ["graphs/ann", "graphs/team-*"]
    assert made.api_key.display_name == "Ännchen's agent"
    assert not made.api_key.HasField("expire_time")
    assert made.replaced.name == first.api_key.name
    listed = await collect(client.list_api_keys())
    assert made.api_key in listed
    assert made.replaced in listed
    assert [await answer(server, key) for key in (first.secret, made.secret)] == ["good", "good"]

    async def ended() -> bool:
        return await answer(server, first.secret) == "CredentialExpired"

    await eventually(ended, within=PROMISED_SECONDS)
    assert await answer(server, made.secret) == "good"
    assert made.secret not in server.log


async def test_without_an_overlap_the_key_before_ends_everywhere_within_ten_seconds(
    server: RunningServer, client: AsyncClient
) -> None:
    first = await client.create_api_key(["read"])
    async with another_server(server) as other:
        assert [await answer(one, first.secret) for one in (server, other)] == ["good", "good"]
        made = await client.rotate_api_key(first.api_key.name, overlap=timedelta())
        assert await answer(server, first.secret) == "CredentialExpired", "at once where it was done"

        async def everywhere() -> bool:
            return {await answer(one, first.secret) for one in (server, other)} == {"CredentialExpired"}

        await eventually(everywhere, within=PROMISED_SECONDS)
        assert [await answer(one, made.secret) for one in (server, other)] == ["good", "good"]


async def test_the_overlap_is_a_day_if_none_is_named_and_never_lengthens_a_life(client: AsyncClient) -> None:
    now = datetime.now(UTC)
    first = await client.create_api_key(["read"])
    replaced = (await client.rotate_api_key(first.api_key.name)).replaced
    assert abs(moment(replaced.expire_time) - now - timedelta(hours=24)) < SLACK
    short = await client.create_api_key(["read"], expire_time=now + timedelta(hours=1))
    made = await client.rotate_api_key(short.api_key.name, overlap=timedelta(days=30))
    assert moment(made.replaced.expire_time) == moment(short.api_key.expire_time)


async def test_the_new_key_lasts_as_long_as_the_one_before_did_or_as_it_is_told_to(client: AsyncClient) -> None:
    now = datetime.now(UTC)
    first = await client.create_api_key(["read"], expire_time=now + timedelta(days=90))
    made = await client.rotate_api_key(first.api_key.name)
    assert abs(moment(made.api_key.expire_time) - now - timedelta(days=90)) < SLACK
    told = await client.rotate_api_key(made.api_key.name, expire_time=now + timedelta(days=7))
    assert abs(moment(told.api_key.expire_time) - now - timedelta(days=7)) < SLACK
    again = await client.rotate_api_key(first.api_key.name, overlap=timedelta(hours=1))
    assert abs(moment(again.api_key.expire_time) - now - timedelta(days=90)) < SLACK, "its life before it was rotated"
    unending = await client.create_api_key(["read"])
    for _ in range(2):
        assert not (await client.rotate_api_key(unending.api_key.name)).api_key.HasField("expire_time")
    for_good = await client.create_api_key(["read"], expire_time=datetime.max.replace(tzinfo=UTC))
    assert (await client.rotate_api_key(for_good.api_key.name)).api_key.HasField("expire_time")


async def test_a_key_that_has_ended_is_not_rotated(client: AsyncClient) -> None:
    expired = await client.create_api_key(["read"], expire_time=datetime(2020, 1, 1, tzinfo=UTC))
    revoked = await client.create_api_key(["read"])
    await client.revoke_api_key(revoked.api_key.name)
    for key in (expired, revoked):
        with pytest.raises(errors.ApiKeyEnded):
            await client.rotate_api_key(key.api_key.name)
    with pytest.raises(errors.ApiKeyNotFound):
        await client.rotate_api_key("1")
    assert len(await collect(client.list_api_keys())) == 3


async def test_no_administrator_gets_the_key_of_an_operator_or_of_another_tenant(
    server: RunningServer, client: AsyncClient
) -> None:
    async with server.client() as operator:
        tenant = (await operator.create_tenant("rotating")).name
        whole = await operator.create_api_key(["operator", "read"], tenant=tenant)
        admin = await operator.create_api_key(["admin"], tenant=tenant)
        async with server.client(admin.secret) as administrator:
            with pytest.raises(errors.ScopeMissing):
                await administrator.rotate_api_key(whole.api_key.name)
            assert (await administrator.rotate_api_key(admin.api_key.name)).secret
        with pytest.raises(errors.ScopeMissing):
            await client.rotate_api_key(whole.api_key.name)
        with pytest.raises(errors.ApiKeyNotFound):
            await client.rotate_api_key(names.id_of(whole.api_key.name))
        assert (await operator.rotate_api_key(whole.api_key.name)).secret
