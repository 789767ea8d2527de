"""A root key of a keyring is replaced by hand: a rotation is begun by a new key in front, and refused without one."""

import base64
import json
import os

import pytest

from loci import errors
from tests.integration.rotation.scene import scene
from tests.server import RunningServer
from tests.waiting import eventually


async def with_keys(server: RunningServer, *keys: dict[str, str]) -> None:
    await server.stop()
    (server.data_dir / "keyring.json").write_text(json.dumps({"keys": keys}))
    await server.start()


async def test_a_rotation_is_refused_until_a_new_root_key_stands_first(database_url: str) -> None:
    async with scene(database_url) as found, found.server.client() as operator:
        asked = (("tenants/-", found.client), ("installation", operator))
        await found.client.create_graph("g")
        await found.client.create_node("g", "a", text="plays the viola")

        async def refused() -> None:
            for what, client in asked:
                with pytest.raises(errors.FailedPrecondition, match="front of the keyring"):
                    await client.rotate_keys(what)

        await refused()
        (old,) = json.loads((found.server.data_dir / "keyring.json").read_text())["keys"]
        new = {"id": "local-new", "key": base64.b64encode(os.urandom(32)).decode()}
        await with_keys(found.server, old, new)
        await refused()
        await with_keys(found.server, new, old)
        for what, client in asked:
            assert (await client.rotate_keys(what)).kek_id == "local-new"

            async def over() -> bool:
                try:
                    await client.rotate_keys(what)  # noqa: B023 - asked before the next one is begun
                except errors.FailedPrecondition:
                    return True
                return False

            await eventually(over, within=60)
        await with_keys(found.server, new)
        assert (await found.client.get_node("g", "a")).text == "plays the viola"


async def test_a_tenant_that_has_no_graph_has_nothing_that_could_be_wrapped_by_another_key(database_url: str) -> None:
    async with scene(database_url) as found:
        assert (await found.client.rotate_keys("tenants/-")).total_count == 0
