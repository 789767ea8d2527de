"""A root key of a keyring is replaced by hand: a rotation is begun by a new key in front, and refused without one."""

import asyncio
import base64
import json
import os

import pytest

from loci import errors
from loci.v1 import keys_pb2 as pb
from tests.calls import collect
from tests.command import Loci
from tests.integration.rotation.scene import Scene, scene
from tests.server import RunningServer
from tests.waiting import eventually


async def with_keys(server: RunningServer, *keys: dict[str, str]) -> None:
    await server.stop()
    (server.data_dir / "keyring.json").write_text(json.dumps({"keys": keys}))
    await server.start()


def a_key(kek_id: str) -> dict[str, str]:
    return {"id": kek_id, "key": base64.b64encode(os.urandom(32)).decode()}


def keyring(server: RunningServer) -> list[dict[str, str]]:
    keys: list[dict[str, str]] = json.loads((server.data_dir / "keyring.json").read_text())["keys"]
    return keys


async def doctor(found: Scene) -> list[tuple[str, str]]:
    """What it says of root keys: marks and sentences."""
    assert found.server.database_url is not None
    loci = Loci(
        {
            "LOCI_ADDRESS": found.server.address,
            "LOCI_DATA_DIR": str(found.server.data_dir),
            "LOCI_DATABASE_URL": found.server.database_url,
            "LOCI_EMBEDDER": "none",
        }
    )
    lines = (await asyncio.to_thread(loci.any, "doctor", "--json")).lines
    return [(line["mark"], line["message"]) for line in lines if line["check"] == "root keys"]


async def rotated(found: Scene, what: str) -> None:
    """By an operator, to the end."""
    async with found.server.client() as operator:
        await operator.rotate_keys(what)

        async def over() -> bool:
            return (await operator.get_key_rotation(what)).state == pb.KEY_ROTATION_STATE_DONE

        await eventually(over, within=60)


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


async def test_where_nothing_was_rotated_the_key_that_wraps_is_told_and_no_rotation_is_done(database_url: str) -> None:
    async with scene(database_url) as found, found.server.client() as operator:
        await found.client.create_graph("g")
        (old,) = keyring(found.server)
        await with_keys(found.server, new := a_key("local-new"), old)
        await rotated(found, "installation")
        told = await found.client.get_key_rotation("tenants/-")
        assert (told.state, told.wrapping_kek_ids) == (pb.KEY_ROTATION_STATE_NEVER_ROTATED, [old["id"]])
        await found.client.create_graph("h")
        await found.client.create_graph("i")
        told = await found.client.get_key_rotation("tenants/-")
        assert told.wrapping_kek_ids == [new["id"], old["id"]]
        told = await operator.get_key_rotation("installation")
        assert (told.state, told.wrapping_kek_ids) == (pb.KEY_ROTATION_STATE_DONE, [new["id"]])


async def test_after_a_rotation_is_over_keys_that_wrap_again_otherwise_are_told(database_url: str) -> None:
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        (first,) = keyring(found.server)
        await with_keys(found.server, second := a_key("local-second"), first)
        await found.client.rotate_keys("tenants/-")
        assert (await found.over("tenants/-")).kek_id == second["id"]
        await with_keys(found.server, first, second)
        await found.client.create_graph("h")
        told = await found.client.get_key_rotation("tenants/-")
        assert sorted(told.wrapping_kek_ids) == sorted([first["id"], second["id"]])


async def test_the_doctor_says_which_root_keys_wrap_and_which_are_not_needed(database_url: str) -> None:
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        (old,) = keyring(found.server)
        await with_keys(found.server, new := a_key("local-new"), old)
        assert await doctor(found) == [
            ("ok", "The root key local-new wraps nothing yet; it is the first, and wraps what is new."),
            ("ok", f"The root key {old['id']} wraps 4 data keys and the secret of the installation."),
        ]
        await rotated(found, "installation")
        assert await doctor(found) == [
            ("ok", "The root key local-new wraps the secret of the installation."),
            ("ok", f"The root key {old['id']} wraps 4 data keys."),
        ]
        await found.client.rotate_keys("tenants/-")
        await found.over("tenants/-")
        assert await doctor(found) == [
            ("ok", "The root key local-new wraps 4 data keys and the secret of the installation."),
            ("ok", f"The root key {old['id']} wraps nothing: this database does not need it."),
        ]
        await with_keys(found.server, new)
        assert (await found.client.get_graph("g")).name == "graphs/g"
        assert "is not in the keyring" not in found.server.log


async def test_a_root_key_that_is_missing_is_named_by_the_doctor_and_at_the_start(database_url: str) -> None:
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        (old,) = keyring(found.server)
        await with_keys(found.server, new := a_key("local-new"), old)
        await rotated(found, "installation")
        await with_keys(found.server, new)
        (problem,) = (sentence for mark, sentence in await doctor(found) if mark == "problem")
        assert f"{old['id']} is not in the keyring and wraps 4 data keys (graphs/g of tenants/" in problem
        assert found.server.log.count(f"{old['id']} is not in the keyring and wraps 4 data keys") == 1


async def test_another_key_under_the_same_id_is_said_with_the_keyring_it_stands_in(database_url: str) -> None:
    async with scene(database_url) as found:
        (old,) = keyring(found.server)
        with pytest.raises(RuntimeError) as refused:
            await with_keys(found.server, a_key(old["id"]))
        path = found.server.data_dir / "keyring.json"
        assert f"sealed by the key {old['id']}, and {path} holds another key under that id" in str(refused.value)
        await with_keys(found.server, old)


async def test_a_graph_whose_key_does_not_open_is_named_with_its_root_key_where_it_fails_others(
    database_url: str,
) -> None:
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        (old,) = keyring(found.server)
        await with_keys(found.server, new := a_key("local-new"), old)
        await rotated(found, "installation")
        await found.client.create_graph("h")
        await with_keys(found.server, new)
        for call in (collect(found.client.list_graphs()), found.client.get_graph("g"), found.client.get_node("g", "a")):
            with pytest.raises(errors.ContentUnreadable) as unreadable:
                await call
            assert f"(graphs/g, wrapped by {old['id']})" in str(unreadable.value)
            assert unreadable.value.metadata["kek_id"] == old["id"]
        await with_keys(found.server, new, old)
        assert [graph.name for graph in await collect(found.client.list_graphs())] == ["graphs/g", "graphs/h"]
        await with_keys(found.server, new)
        await found.client.erase_graph("g")
        assert [graph.name for graph in await collect(found.client.list_graphs())] == ["graphs/h"]
