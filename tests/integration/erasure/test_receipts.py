"""A receipt says what is so, also where keys were rotated meanwhile, are many, or do not open; and erasures end."""

import asyncio
import base64
import json
import secrets
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from loci import errors
from loci.v1 import erasure_pb2 as pb
from loci.v1 import keys_pb2
from tests.integration.erasure.test_graphs import over
from tests.integration.rotation.scene import SOON, Scene, furnish, scene
from tests.server import running_server
from tests.vault.in_use import in_vault
from tests.vault.stand_in import StandIn
from tests.waiting import eventually


def statement_of(erasure: pb.Erasure) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(erasure.receipt.statement)
    return told


async def rewrapped(found: Scene) -> keys_pb2.KeyRotation:
    """The rotation of the tenant's own key, when it is over."""
    return await found.over("tenants/-", within=90)


async def test_a_root_key_that_is_still_there_is_named_though_a_rotation_was_asked_for_meanwhile(
    database_url: str,
) -> None:
    async with scene(database_url) as found:
        await furnish(found.client)
        erasure = await found.client.erase_graph("g")
        tenant = await found.database.fetchval("SELECT tenant_key FROM loci.graphs WHERE graph_id = 'g'")
        await found.database.execute(  # as RotateKeys does, after another root key was put first
            "INSERT INTO loci.key_rotations (tenant_key, graph_key, state, kek_id, begin_time, end_time) "
            "SELECT $1, 0, 0, kek_id, clock_timestamp(), clock_timestamp() FROM loci.cluster",
            tenant,
        )
        told = statement_of(await over(found.client, erasure))
        assert told["key_encryption_keys_destroyed"] == []
        assert told["key_encryption_keys_remaining"] == [key["wrapped_by"] for key in told["data_keys"]][:1]


async def test_every_root_key_of_the_keyring_is_named_as_each_may_open_a_dump(database_url: str) -> None:
    async with scene(database_url) as found:
        keyring = found.server.data_dir / "keyring.json"
        await furnish(found.client)
        keys = json.loads(keyring.read_text())["keys"]
        await found.server.stop()
        fresh = {"id": "local-second", "key": base64.b64encode(secrets.token_bytes(32)).decode()}
        keyring.write_text(json.dumps({"keys": [fresh, *keys]}))
        await found.server.start()
        await found.client.wait_ready()
        await found.client.rotate_keys("tenants/-")
        await rewrapped(found)
        told = statement_of(await over(found.client, await found.client.erase_graph("g")))
        assert {key["wrapped_by"] for key in told["data_keys"]} == {"local-second"}
        assert told["key_encryption_keys_destroyed"] == []
        assert set(told["key_encryption_keys_remaining"]) == {"local-second", keys[0]["id"]}


async def test_every_row_that_was_removed_is_counted_though_the_count_could_not_be_kept_at_first(
    database_url: str,
) -> None:
    async with scene(database_url) as found:
        await furnish(found.client)
        await found.database.execute(
            """
            CREATE SEQUENCE public.tries;
            GRANT USAGE ON SEQUENCE public.tries TO public;
            CREATE FUNCTION public.fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('public.tries') = 1 THEN
                    RAISE EXCEPTION 'not now';
                END IF;
                RETURN new;
            END $$;
            CREATE TRIGGER fail_once BEFORE UPDATE OF counts ON loci.erasures
            FOR EACH ROW EXECUTE FUNCTION public.fail_once()
            """
        )
        erasure = await found.client.erase_graph("g")

        async def failed() -> bool:
            return bool(await found.database.fetchval("SELECT is_called FROM public.tries"))

        await eventually(failed)
        await found.database.execute("UPDATE loci.erasures SET run_after = now()")  # the lease of that try
        told = statement_of(await over(found.client, erasure))
        assert told["rows_removed"]["nodes"] == 2
        assert told["rows_removed"]["changes"] == 6


@pytest.mark.parametrize("provider", ["vault", "vault-kv"])
async def test_the_version_that_wrapped_the_graph_is_gone_though_a_rotation_seems_to_have_come_later(
    database_url: str, vault: StandIn, provider: str
) -> None:
    async with scene(database_url, **in_vault(vault, provider)) as found:
        await furnish(found.client)
        await found.client.create_graph("other")
        erasure = await found.client.erase_graph("g")
        tenant, kek = await found.database.fetchrow("SELECT tenant_key, kek_id FROM loci.graph_keys WHERE purpose = 1")
        # A rotation whose row came to be after its version had wrapped the graph, which was erased between.
        await found.database.execute(
            "INSERT INTO loci.key_rotations (tenant_key, graph_key, state, kek_id, begin_time, end_time) "
            "VALUES ($1, 0, 0, $2, clock_timestamp(), clock_timestamp())",
            *(tenant, kek),
        )
        told = statement_of(await over(found.client, erasure))
        assert told["key_encryption_keys_destroyed"] == [kek]
        wrapped_by = {row["kek_id"] for row in await found.database.fetch("SELECT kek_id FROM loci.graph_keys")}
        assert kek not in wrapped_by
        assert (await found.client.get_graph("other")).name == "graphs/other"


async def test_what_wraps_a_graph_that_is_there_is_not_destroyed_whatever_is_told_of_a_rotation(
    database_url: str, vault: StandIn
) -> None:
    async with scene(database_url, **in_vault(vault)) as found:
        for graph in ("g", "stays"):
            await furnish(found.client, graph)
        tenant, kek = await found.database.fetchrow("SELECT tenant_key, kek_id FROM loci.graph_keys WHERE purpose = 1")
        erasure = await found.client.erase_graph("g")
        vault.root.transit.keys[f"loci-tenant-{tenant}"].versions.append(secrets.token_bytes(32))
        await found.database.execute(  # it was over before all was wrapped anew
            "INSERT INTO loci.key_rotations (tenant_key, graph_key, state, kek_id, begin_time, end_time) "
            "VALUES ($1, 0, 0, $2, clock_timestamp(), clock_timestamp())",
            *(tenant, kek.replace(":v1", ":v2")),
        )
        told = statement_of(await over(found.client, erasure))
        assert kek in told["key_encryption_keys_destroyed"]
        await found.server.stop()
        await found.server.start()
        await found.client.wait_ready()
        assert (await found.client.get_node("stays", "a")).text == "plays the viola"


async def test_an_erasure_ends_though_others_are_asked_for_all_the_while(database_url: str, vault: StandIn) -> None:
    async with scene(database_url, **in_vault(vault)) as found:
        graphs = [f"g{number}" for number in range(40)]
        for graph in (*graphs, "stays"):
            await found.client.create_graph(graph)
        first = await found.client.erase_graph(graphs.pop())
        asked = [first]

        async def ended() -> bool:
            if graphs:
                asked.append(await found.client.erase_graph(graphs.pop()))
            return (await found.client.get_erasure(first.name)).state == pb.ERASURE_STATE_DONE

        await eventually(ended, within=75, every=2.0)
        assert graphs, "they were asked for until it ended"
        for erasure in asked:
            assert statement_of(await over(found.client, erasure))["key_encryption_keys_remaining"] == []
        assert (await found.client.get_graph("stays")).name == "graphs/stays"


async def test_a_data_key_that_does_not_open_keeps_no_rotation_and_no_erasure_from_its_end(
    database_url: str, vault: StandIn
) -> None:
    async with scene(database_url, **in_vault(vault)) as found:
        for graph in ("a", "b", "c"):
            await furnish(found.client, graph)
        await found.database.execute(
            "UPDATE loci.graph_keys k SET wrapped = 'vault:v1:AAAA' FROM loci.graphs g "
            "WHERE g.graph_key = k.graph_key AND g.graph_id = 'a' AND purpose = 1"
        )
        await found.client.rotate_keys("tenants/-")
        told = await rewrapped(found)
        assert told.unreadable_count == 1
        erasure = statement_of(await over(found.client, await found.client.erase_graph("b")))
        assert erasure["key_encryption_keys_remaining"] == []
        assert (await found.client.get_node("c", "a")).text == "plays the viola"


async def test_a_rotation_that_is_under_way_is_not_begun_anew(database_url: str, vault: StandIn) -> None:
    async with scene(database_url, **in_vault(vault)) as found:
        await found.client.create_graph("g")
        first = await found.client.rotate_keys("tenants/-")
        for _ in range(5):
            again = await found.client.rotate_keys("tenants/-")
            assert (again.kek_id, again.begin_time) == (first.kek_id, first.begin_time)
        assert (await rewrapped(found)).kek_id == first.kek_id


@pytest.mark.parametrize("wrapped_anew", [False, True], ids=["", "after its keys were wrapped anew"])
async def test_once_the_receipt_is_signed_no_server_has_the_keys_any_more(
    database_url: str, vault: StandIn, wrapped_anew: bool
) -> None:
    settings = in_vault(vault)
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(scene(database_url, **settings))
        other = await stack.enter_async_context(running_server(database_url, **SOON, **settings))
        await furnish(found.client)
        key = (await found.client.create_api_key(["admin"])).secret
        second = await stack.enter_async_context(other.client(key))
        await second.get_node("g", "a")
        tables = {
            table: await found.database.fetch(
                f"SELECT t.* FROM loci.{table} t JOIN loci.graphs g USING (graph_key) WHERE g.graph_id = 'g'"
            )
            for table in ("graphs", "graph_keys", "nodes")
        }
        if wrapped_anew:
            await found.client.rotate_keys("tenants/-")
            await rewrapped(found)
        await over(found.client, await found.client.erase_graph("g"))
        await found.database.execute("DELETE FROM loci.graphs WHERE graph_id = 'g'")
        for table, rows in tables.items():  # back from a dump
            columns = [*rows[0].keys()]  # a record iterates over its values
            places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
            overriding = "OVERRIDING SYSTEM VALUE" if table == "graphs" else ""
            await found.database.executemany(
                f"INSERT INTO loci.{table} ({', '.join(columns)}) {overriding} VALUES ({places})",
                [tuple(row) for row in rows],
            )
        for client in (second, found.client):
            with pytest.raises(errors.ContentUnreadable):
                await client.get_node("g", "a")


async def test_one_request_id_at_the_same_time_for_two_graphs_is_used_for_one(database_url: str) -> None:
    async with scene(database_url) as found:
        for number in range(20):
            await found.client.create_graph(f"a{number}")
            await found.client.create_graph(f"b{number}")
            outcomes = await asyncio.gather(
                *(found.client.erase_graph(f"{graph}{number}", request_id=f"once{number}") for graph in "ab"),
                return_exceptions=True,
            )
            assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Erasure", "RequestIdReused"]


async def test_a_tenants_receipt_names_the_key_also_if_the_answer_to_its_destruction_was_lost(
    database_url: str, vault: StandIn
) -> None:
    async with scene(database_url, **in_vault(vault)) as found, found.server.client() as operator:
        await furnish(found.client)
        (tenant,) = [each async for each in operator.list_tenants() if each.name != "tenants/default"]
        tenant_key = await found.database.fetchval(
            "SELECT tenant_key FROM loci.tenants WHERE tenant_id = $1", tenant.name.removeprefix("tenants/")
        )
        kek = await found.database.fetchval("SELECT kek_id FROM loci.graph_keys LIMIT 1")
        erasure = await operator.erase_tenant(tenant.name)

        async def noted() -> bool:
            row = await found.database.fetchrow(
                "SELECT destroyed, state FROM loci.erasures WHERE tenant_key = $1", tenant_key
            )
            return row["destroyed"] == [kek] and row["state"] == 2

        await eventually(noted, within=60)
        await found.server.kill()
        # As if it had died before it noted that the key is destroyed.
        await found.database.execute("UPDATE loci.erasures SET state = 1, run_after = $1", datetime.now(UTC))
        await found.server.start()
        await operator.wait_ready()
        told = statement_of(await over(operator, erasure))
        assert told["key_encryption_keys_destroyed"] == [kek]
        assert told["key_encryption_keys_remaining"] == []
