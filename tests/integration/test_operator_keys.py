"""Keys of operators: out of the reach of those who are none, not lost by mistake, and to be had again."""

import asyncio
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from loci import AsyncClient, errors
from loci.v1.admin_service_pb2 import SCOPE_ADMIN, SCOPE_OPERATOR
from tests.calls import collect
from tests.command import Loci
from tests.server import RunningServer, running_server


@pytest.fixture
async def alone(database_url: str) -> AsyncIterator[RunningServer]:
    """A server whose only key is that of the first start."""
    async with running_server(database_url) as server:
        yield server


async def test_an_administrator_revokes_no_key_of_an_operator(alone: RunningServer) -> None:
    async with alone.client() as operator:
        administrator = await operator.create_api_key(["admin"])
        other = await operator.create_api_key(["operator"])
        async with alone.client(administrator.secret) as client:
            for force in (False, True):
                with pytest.raises(errors.PermissionDenied) as raised:
                    await client.revoke_api_key(other.api_key.name, force=force)
                assert raised.value.metadata["scope"] == "OPERATOR"
            await client.revoke_api_key(administrator.api_key.name)
        assert other.api_key in await collect(operator.list_api_keys()), "it is as it was"
        assert (await operator.revoke_api_key(other.api_key.name)).HasField("revoke_time")


async def test_the_last_key_of_an_operator_is_revoked_by_force_only(alone: RunningServer) -> None:
    async with alone.client() as operator:
        (first,) = await collect(operator.list_api_keys())
        await operator.create_api_key(["operator"], expire_time=datetime.now(UTC) - timedelta(seconds=1))
        gone = await operator.create_api_key(["operator"])
        await operator.revoke_api_key(gone.api_key.name)
        await operator.create_api_key(["admin"])
        with pytest.raises(errors.FailedPrecondition) as raised:
            await operator.revoke_api_key(first.name)
        assert raised.value.reason == "PRECONDITION_FAILED"
        assert "force" in [violation.field for violation in raised.value.violations]
        assert (await operator.revoke_api_key(gone.api_key.name)).HasField("revoke_time"), "it is revoked already"
        assert (await operator.revoke_api_key(first.name, force=True)).HasField("revoke_time")


async def test_two_operators_who_revoke_each_other_at_once_leave_one(alone: RunningServer) -> None:
    async with alone.client() as first:
        (mine,) = await collect(first.list_api_keys())
        made = await first.create_api_key(["admin", "operator"])
        async with alone.client(made.secret) as second:
            found = await asyncio.gather(
                first.revoke_api_key(made.api_key.name), second.revoke_api_key(mine.name), return_exceptions=True
            )
    assert sum(isinstance(one, errors.LociError) for one in found) == 1


async def test_who_has_database_and_keys_gets_a_new_operator_key(alone: RunningServer, tmp_path: Path) -> None:
    assert alone.database_url is not None
    async with alone.client() as operator:
        (first,) = await collect(operator.list_api_keys())
        await operator.revoke_api_key(first.name, force=True)
    file = tmp_path / "key"
    here = Loci({"LOCI_DATABASE_URL": alone.database_url, "LOCI_DATA_DIR": str(alone.data_dir)})
    told = await asyncio.to_thread(here, "keys", "make-operator", "--out", str(file))
    secret = file.read_text().strip()
    assert secret not in told.out + told.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with AsyncClient(alone.address, api_key=secret) as client:
        assert (await client.get_tenant("default")).name == "tenants/default"
        (made,) = [key for key in await collect(client.list_api_keys()) if not key.HasField("revoke_time")]
        assert list(made.scopes) == [SCOPE_ADMIN, SCOPE_OPERATOR]
    missing = tmp_path / "missing"
    failed = await asyncio.to_thread(here.any, "keys", "make-operator", "--tenant", "nobody", "--out", str(missing))
    assert (failed.code, missing.exists()) == (1, False)
    assert "tenants/nobody" in failed.err
