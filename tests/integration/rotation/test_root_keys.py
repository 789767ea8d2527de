"""A root key of a keyring is replaced by hand: a rotation is begun by a new key in front, and refused without one."""

import asyncio
import base64
import json
import os
from pathlib import Path

import pytest

from loci import errors
from loci.v1 import keys_pb2 as pb
from tests.calls import collect
from tests.command import Loci
from tests.integration.rotation.scene import Scene, scene
from tests.postgres import DatabaseFactory
from tests.server import RunningServer, running_server
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


def on_the_machine(found: Scene) -> Loci:
    """The command with the settings of the server."""
    assert found.server.database_url is not None
    return Loci(
        {
            "LOCI_ADDRESS": found.server.address,
            "LOCI_DATA_DIR": str(found.server.data_dir),
            "LOCI_DATABASE_URL": found.server.database_url,
            "LOCI_EMBEDDER": "none",
        }
    )


async def doctor(found: Scene) -> list[tuple[str, str]]:
    """What it says of root keys: marks and sentences."""
    lines = (await asyncio.to_thread(on_the_machine(found).any, "doctor", "--json")).lines
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


async def test_a_root_key_that_is_promoted_amid_a_rotation_is_what_all_is_wrapped_by_when_asked_again(
    database_url: str,
) -> None:
    wrapping = "SELECT DISTINCT kek_id FROM loci.graph_keys WHERE tenant_key <> 0"
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        (first,) = keyring(found.server)
        await with_keys(found.server, second := a_key("local-second"), first)
        await found.client.rotate_keys("tenants/-")

        async def wrapped() -> bool:
            return [row["kek_id"] for row in await found.database.fetch(wrapping)] == [second["id"]]

        await eventually(wrapped)
        await with_keys(found.server, third := a_key("local-third"), second, first)
        await found.client.create_graph("h")
        assert (await found.client.rotate_keys("tenants/-")).kek_id == third["id"]
        assert (await found.over("tenants/-")).wrapping_kek_ids == [third["id"]]


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
        assert f"sealed by the key {old['id']} and does not open: {path} holds another key under that id" in str(
            refused.value
        )
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


async def test_a_root_key_is_replaced_by_commands_and_not_removed_while_it_wraps_anything(database_url: str) -> None:
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        loci = on_the_machine(found)

        async def said(*arguments: str) -> str:
            done = await asyncio.to_thread(loci.any, "keyring", *arguments)
            assert done.code != 0
            return done.err

        async def restarted(command: str, *arguments: str) -> str:
            out = (await asyncio.to_thread(loci, "keyring", command, *arguments)).out
            await found.server.stop()
            await found.server.start()
            return out.strip()

        async def listed() -> list[tuple[str, str, int, bool]]:
            lines = (await asyncio.to_thread(loci, "keyring", "list", "--json")).lines
            return [
                (line["root_key"], line["place"], line.get("data_keys", 0), line.get("installation", False))
                for line in lines
            ]

        (old,) = [key["id"] for key in keyring(found.server)]
        assert "the only root key" in await said("remove", old, "--yes")
        new = await restarted("add")
        assert await listed() == [(old, "first", 4, True), (new, "behind", 0, False)]
        assert "promote another one before" in await said("remove", old, "--yes")
        await restarted("promote", new)
        assert "wraps 4 data keys and the secret of the installation" in await said("remove", old, "--yes")
        await rotated(found, "installation")
        assert "wraps 4 data keys:" in await said("remove", old, "--yes")
        await found.client.rotate_keys("tenants/-")
        await found.over("tenants/-")
        assert await listed() == [(new, "first", 4, True), (old, "behind", 0, False)]
        assert "--yes" in await said("remove", old)
        assert "has no key 'nonsense'" in await said("remove", "nonsense", "--yes")
        await restarted("remove", old, "--yes")
        assert [key["id"] for key in keyring(found.server)] == [new]
        assert (await found.client.get_graph("g")).name == "graphs/g"


async def test_no_root_key_is_removed_by_what_another_database_says(
    database_url: str, fresh_database: DatabaseFactory
) -> None:
    async with scene(database_url) as found:
        loci = on_the_machine(found)
        new = (await asyncio.to_thread(loci, "keyring", "add")).out.strip()
        other_url = await fresh_database()
        async with running_server(other_url):
            pass
        elsewhere = Loci({**loci.environment, "LOCI_DATABASE_URL": other_url})
        said = await asyncio.to_thread(elsewhere.fails, "keyring", "remove", new, "--yes")
        assert "the database is not one that this keyring opens" in said
        assert len(keyring(found.server)) == 2


async def test_keys_that_are_missing_are_listed(database_url: str) -> None:
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        (old,) = keyring(found.server)
        await with_keys(found.server, new := a_key("local-new"), old)
        await rotated(found, "installation")
        await with_keys(found.server, new)
        shown = (await asyncio.to_thread(on_the_machine(found), "keyring", "list")).out
        assert f"{old['id']}" in shown
        assert "missing" in shown


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"LOCI_ENCRYPTION_KEY": base64.b64encode(bytes(32)).decode()}, "the root key is LOCI_ENCRYPTION_KEY"),
        (
            {"LOCI_KEY_PROVIDER": "vault", "LOCI_VAULT_URL": "http://127.0.0.1:1", "LOCI_VAULT_TOKEN": "t"},
            "LOCI_KEY_PROVIDER is vault",
        ),
        ({}, "the first start makes it"),
    ],
)
@pytest.mark.parametrize("command", [("list",), ("add",), ("promote", "local-x"), ("remove", "local-x")])
def test_where_there_is_no_keyring_it_is_said_and_none_is_made(
    tmp_path: Path, settings: dict[str, str], said: str, command: tuple[str, ...]
) -> None:
    done = Loci({"LOCI_DATA_DIR": str(tmp_path), **settings}).any("keyring", *command)
    assert done.code == (2 if settings else 1)
    assert said in done.err
    assert [*tmp_path.iterdir()] == []
