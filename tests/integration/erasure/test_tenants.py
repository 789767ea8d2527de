"""A tenant that is erased is gone with all that it had, and its receipt can be verified by anybody."""

import asyncio
import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from loci import AsyncClient, errors
from loci.v1 import erasure_pb2 as pb
from loci_server.audit.buffer import MAX_REFUSED
from loci_server.domain.receipts import Erased, statement
from loci_server.store.handles import PURPOSES
from tests.command import Loci
from tests.integration.erasure.test_graphs import as_it_was, over
from tests.integration.rotation.scene import SOON, furnish, scene
from tests.server import new_tenant, running_server
from tests.vault.in_use import in_vault
from tests.vault.stand_in import StandIn
from tests.waiting import eventually


async def tenant_tables(database: asyncpg.Connection, tenant: int) -> set[str]:
    """Tables that hold anything of a tenant."""
    tables = await database.fetch(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'loci' AND column_name = 'tenant_key' "
        "AND table_name IN (SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition)"
    )
    found = set()
    for (table,) in tables:
        sql = f"SELECT EXISTS (SELECT FROM loci.{table} WHERE tenant_key = $1)"
        if await database.fetchval(sql, tenant):
            found.add(table)
    return found


async def test_nothing_of_an_erased_tenant_is_stored_and_its_key_is_destroyed(
    database_url: str, vault: StandIn
) -> None:
    async with scene(database_url, **in_vault(vault)) as found, found.server.client() as operator:
        for graph in ("g", "h"):
            await furnish(found.client, graph)
        await found.client.delete_graph("h")
        (tenant,) = [each async for each in operator.list_tenants() if each.name != "tenants/default"]
        name = tenant.name
        tenant_key = await found.database.fetchval(
            "SELECT tenant_key FROM loci.tenants WHERE tenant_id = $1", name.removeprefix("tenants/")
        )
        assert "graphs" in await tenant_tables(found.database, tenant_key)
        erasure = await operator.erase_tenant(name)
        assert (erasure.resource, erasure.state) == (name, pb.ERASURE_STATE_CLOSING)
        for call in (operator.undelete_tenant, operator.erase_tenant):
            with pytest.raises(errors.TenantNotFound, match="is being erased"):
                await call(name)
        with pytest.raises(errors.TenantExists, match="is being erased"):
            await operator.create_tenant(name.removeprefix("tenants/"))
        done = await over(operator, erasure)
        with pytest.raises(errors.CredentialInvalid):
            await found.client.get_node("g", "a")
        assert await tenant_tables(found.database, tenant_key) <= {"erasures", "key_changes"}
        assert f"loci-tenant-{tenant_key}" not in vault.root.transit.keys
        told = json.loads(done.receipt.statement)
        assert told["data_keys_destroyed"] == 2 * len(PURPOSES)
        assert told["key_encryption_keys_destroyed"] == [f"vault:transit/loci-tenant-{tenant_key}:v1"]
        assert told["key_encryption_keys_remaining"] == []
        assert told["rows_removed"]["nodes"] == 4
        with pytest.raises(errors.TenantNotFound):
            await operator.get_tenant(name)
        await operator.create_tenant(name)  # another one may have the id


async def test_an_erasure_that_is_asked_for_again_is_the_first_one_though_another_tenant_has_the_id(
    database_url: str,
) -> None:
    async with scene(database_url) as found, found.server.client() as operator:
        await operator.create_tenant("other")
        first = await operator.erase_tenant("other", request_id="once")
        assert (await operator.erase_tenant("other", request_id="once")).name == first.name
        done = await over(operator, first)
        assert await operator.erase_tenant("other", request_id="once") == done
        with pytest.raises(errors.TenantNotFound):
            await operator.erase_tenant("other")
        await operator.create_tenant("other")
        assert await operator.erase_tenant("other", request_id="once") == done
        assert not (await operator.get_tenant("other")).HasField("delete_time")
        assert (await operator.erase_tenant("other", request_id="another")).name != first.name


async def test_nothing_is_made_by_operators_for_a_tenant_that_is_being_erased(database_url: str) -> None:
    async with scene(database_url) as found, found.server.client() as operator:
        await operator.create_tenant("other")
        key = (await operator.create_api_key(["admin"], tenant="other")).api_key.name
        await operator.erase_tenant("other")
        for call in (
            operator.create_api_key(["admin"], tenant="other"),
            operator.rotate_api_key(key),
            operator.rotate_keys("tenants/other"),
        ):
            with pytest.raises(errors.TenantNotFound, match="is being erased"):
                await call


async def test_what_comes_of_a_tenant_after_its_rows_were_removed_keeps_it_not_and_does_not_stay(
    database_url: str,
) -> None:
    async with scene(database_url) as found, found.server.client() as operator:
        tenant_key, tenant = await found.database.fetchrow(
            "SELECT tenant_key, tenant_id FROM loci.tenants WHERE tenant_id <> 'default'"
        )
        # More refused calls than have entries of their own: they are counted, and the counts are written later.
        for start in range(0, MAX_REFUSED + 200, 100):
            calls = [found.client.get_graph(f"none-{start + number}") for number in range(100)]
            told = await asyncio.gather(*calls, return_exceptions=True)
            assert {type(each) for each in told} == {errors.GraphNotFound}
        await found.database.execute(  # a server that hears of nothing
            "INSERT INTO loci.key_holders VALUES (gen_random_uuid(), -1, now() + interval '1 hour')"
        )
        erasure = await operator.erase_tenant(tenant)

        async def removed() -> bool:
            return (await operator.get_erasure(erasure.name)).state == pb.ERASURE_STATE_DESTROYING_KEYS

        await eventually(removed, within=90)
        await found.database.execute(
            "INSERT INTO loci.api_keys (tenant_key, key_id, secret_hash, scopes, display_name) "
            "VALUES ($1, 1, '', '{1}', '')",
            tenant_key,
        )
        await found.database.execute("DELETE FROM loci.key_holders WHERE epoch = -1")
        done = await over(operator, erasure)
        assert done.row_counts["api_keys"] == 2
        assert [each async for each in operator.list_audit_entries()]  # before it is read, counts are written
        assert await tenant_tables(found.database, tenant_key) <= {"erasures", "key_changes"}


async def test_the_erasure_of_a_graph_makes_no_key_for_a_tenant_that_is_gone(database_url: str, vault: StandIn) -> None:
    async with scene(database_url, **in_vault(vault)) as found, found.server.client() as operator:
        await furnish(found.client)
        tenant_key, tenant = await found.database.fetchrow(
            "SELECT tenant_key, tenant_id FROM loci.tenants WHERE tenant_id <> 'default'"
        )
        rotated = f"transit/keys/loci-tenant-{tenant_key}/rotate"
        vault.faults.denied = (rotated,)  # or it would be over before the tenant is gone
        of_graph = await found.client.erase_graph("g")
        of_tenant = await operator.erase_tenant(tenant)
        await over(operator, of_tenant)
        vault.faults.denied = ()
        told = json.loads((await over(operator, of_graph)).receipt.statement)
        assert told["key_encryption_keys_destroyed"] == [f"vault:transit/loci-tenant-{tenant_key}:v1"]
        assert told["key_encryption_keys_remaining"] == []
        assert vault.count(rotated) == 0, "it waits for the erasure of the tenant"
        assert f"loci-tenant-{tenant_key}" not in vault.root.transit.keys
        assert await tenant_tables(found.database, tenant_key) <= {"erasures", "key_changes"}


async def test_the_erasure_of_a_large_tenant_leaves_turns_to_others(database_url: str) -> None:
    async with scene(database_url) as found, found.server.client() as operator:
        for tenant in ("large", "small"):
            await operator.create_tenant(tenant)
        await found.database.execute(
            """
            INSERT INTO loci.graphs
                (tenant_key, graph_id, display_name, create_incarnation, state_incarnation, incarnation)
            SELECT t.tenant_key, 'g' || n, '', 1, 1, 1
            FROM loci.tenants t, generate_series(1, 1500) n WHERE t.tenant_id = 'large';
            CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END';
            CREATE TRIGGER slow AFTER UPDATE OF data_key_count ON loci.erasures EXECUTE FUNCTION public.slow()
            """
        )
        large = await operator.erase_tenant("large")
        small = await operator.erase_tenant("small")

        async def on_its_way() -> bool:
            return (await operator.get_erasure(small.name)).state != pb.ERASURE_STATE_CLOSING

        await eventually(on_its_way, within=90)
        assert (await operator.get_erasure(large.name)).state == pb.ERASURE_STATE_CLOSING
        await found.database.execute("DROP TRIGGER slow ON loci.erasures")
        for erasure in (large, small):
            await over(operator, erasure)


async def test_a_dump_from_before_opens_nothing_of_an_erased_tenant(database_url: str, vault: StandIn) -> None:
    settings = in_vault(vault)
    async with scene(database_url, **settings) as found:
        await furnish(found.client)
        key, root = (await found.client.create_api_key(["admin"])).secret, found.server.operator_key
        (name,) = await found.database.fetchrow("SELECT tenant_id FROM loci.tenants WHERE tenant_id <> 'default'")
    async with as_it_was(database_url) as dump:
        async with running_server(database_url, **SOON, **settings) as server, server.client(root) as operator:
            await over(operator, await operator.erase_tenant(name))
        async with running_server(dump, **SOON, **settings) as restored, restored.client(key) as client:
            with pytest.raises(errors.KeyDestroyed):
                await client.get_node("g", "a")


async def test_only_operators_erase_tenants_and_none_erases_its_own(database_url: str) -> None:
    async with scene(database_url) as found, found.server.client() as operator:
        with pytest.raises(errors.ScopeMissing):
            await found.client.erase_tenant("default")
        with pytest.raises(errors.InvalidField):
            await operator.erase_tenant("default")
        with pytest.raises(errors.TenantNotFound):
            await operator.erase_tenant("none")
        await found.client.create_graph("g")
        writer = (await found.client.create_api_key(["write"])).secret
        async with found.server.client(writer) as client:
            with pytest.raises(errors.ScopeMissing):
                await client.erase_graph("g")
        erasure = await found.client.erase_graph("g")
        await operator.create_tenant("other")
        other = (await operator.create_api_key(["admin"], tenant="other")).secret
        async with found.server.client(other) as client:
            for name in (erasure.name, "erasures/00000000-0000-4000-8000-000000000000"):
                with pytest.raises(errors.ErasureNotFound):
                    await client.get_erasure(name)
            assert [each async for each in client.list_erasures()] == []
        assert (await operator.get_erasure(erasure.name)).name == erasure.name


async def test_operators_list_what_was_erased_of_tenants_that_are_gone_and_of_all(database_url: str) -> None:
    async with scene(database_url) as found, found.server.client() as operator:
        mine = await found.client.erase_graph((await found.client.create_graph("g")).name)
        await operator.create_tenant("other")
        theirs = await operator.erase_tenant("other")
        await over(operator, theirs)
        with pytest.raises(errors.TenantNotFound):
            await operator.get_tenant("other")

        async def listed(client: AsyncClient, tenant: str) -> list[str]:
            return [each.name async for each in client.list_erasures(tenant, page_size=1)]

        assert await listed(operator, "other") == [theirs.name]
        await operator.create_tenant("other")
        assert await listed(operator, "other") == [theirs.name]
        assert await listed(operator, "installation") == [theirs.name, mine.name]
        with pytest.raises(errors.TenantNotFound):
            await listed(operator, "never")
        for tenant in ("other", "installation"):
            with pytest.raises(errors.ScopeMissing):
                await listed(found.client, tenant)
        with pytest.raises(errors.InvalidName, match=r"`tenants/\{tenant\}` or `installation`"):
            await listed(operator, "No")
        for client, erasure in ((operator, theirs), (found.client, mine)):
            entries = [each async for each in client.list_audit_entries(resource=erasure.name, method="")]
            (begun,) = (each for each in entries if "/Erase" in each.method)
            assert [*begun.resources] == [erasure.resource, erasure.name]


async def test_the_command_waits_for_what_it_began(database_url: str) -> None:
    async with scene(database_url) as found:
        for graph in ("g", "h"):
            await furnish(found.client, graph)
        operator = Loci({"LOCI_ADDRESS": found.server.address, "LOCI_DATA_DIR": str(found.server.data_dir)})
        made = (await found.client.create_api_key(["admin"])).secret
        loci = Loci({"LOCI_ADDRESS": found.server.address, "LOCI_API_KEY": made})

        def states(*command: str) -> str:
            (told,) = loci(*command, "--json").lines
            return str(told["state"])

        assert await asyncio.to_thread(states, "rotation", "start", "h") != "KEY_ROTATION_STATE_DONE"
        assert await asyncio.to_thread(states, "rotation", "start", "h", "--wait") == "KEY_ROTATION_STATE_DONE"
        done = await asyncio.to_thread(states, "graphs", "erase", "g", "--yes", "--wait")
        assert done == "ERASURE_STATE_DONE"
        operator("tenants", "create", "other")
        (told,) = (await asyncio.to_thread(operator, "tenants", "erase", "other", "--yes", "--wait", "--json")).lines
        assert told["state"] == "ERASURE_STATE_DONE"


async def test_what_one_tenant_erases_is_its_own_whatever_the_ids_of_another_are(database_url: str) -> None:
    async with scene(database_url) as found, new_tenant(found.server) as other:
        for client in (found.client, other):
            await furnish(client)
        await found.client.create_graph("only-here")
        with pytest.raises(errors.GraphNotFound):
            await other.erase_graph("only-here")
        assert (await found.client.get_graph("only-here")).revision == 0
        await over(found.client, await found.client.erase_graph("g", request_id="once"))
        assert (await other.get_node("g", "a")).text == "plays the viola"
        theirs = await other.erase_graph("g", request_id="once")
        assert theirs.tenant != (await anext(aiter(found.client.list_erasures()))).tenant
        with pytest.raises(errors.ErasureNotFound):
            await found.client.get_erasure(theirs.name)


async def test_a_receipt_is_verified_without_a_server_and_a_forged_one_is_not(
    database_url: str, tmp_path: Path
) -> None:
    async with scene(database_url) as found:
        await furnish(found.client)
        made = (await found.client.create_api_key(["admin"])).secret
        loci = Loci({"LOCI_ADDRESS": found.server.address, "LOCI_API_KEY": made})
        loci("graphs", "erase", "g", "--yes")
        (erasure,) = [each async for each in found.client.list_erasures()]
        assert "not over yet" in loci.fails("receipt", "get", erasure.name.removeprefix("erasures/"))
        await over(found.client, erasure)
        receipt, key = tmp_path / "receipt.json", tmp_path / "key.pem"
        receipt.write_text(loci("receipt", "get", erasure.name.removeprefix("erasures/")).out)
        key.write_text(loci("receipt", "key").out)
    offline = Loci({})
    trusted = ["--key", str(key)]
    done = offline("receipt", "verify", str(receipt), *trusted)
    attested = json.loads(done.out)
    assert (attested["resource"], attested["erasure"]) == ("graphs/g", erasure.name.removeprefix("erasures/"))
    assert attested["requested_by"].startswith("tenants/")
    assert done.err.startswith("GENUINE: ")
    (verdict,) = offline("receipt", "verify", str(receipt), *trusted, "--json").lines
    assert (verdict["verdict"], verdict["statement"]) == ("genuine", attested)
    told = json.loads(receipt.read_text())
    forged = tmp_path / "forged.json"
    for change in (
        {"statement": told["statement"].replace('"resource":"graphs/g"', '"resource":"graphs/h"')},
        {"signature": base64.b64encode(bytes(64)).decode()},
    ):
        forged.write_text(json.dumps(told | change))
        assert "NOT genuine" in offline.fails("receipt", "verify", str(forged), *trusted)
    twice = receipt.read_text().replace('"statement"', '"statement": "", "statement"', 1)
    for text in ("", "{}", "[]", '{"statement": 1}', twice, json.dumps(told | {"verdict": "genuine"}), "[" * 100_000):
        forged.write_text(text)
        assert "is not a receipt" in offline.any("receipt", "verify", str(forged), *trusted).err


def signed(folder: Path, statement: str) -> tuple[Path, Path]:
    """A receipt by a key of one's own, and that key."""
    own = Ed25519PrivateKey.generate()
    public = own.public_key()
    receipt, key = folder / "own.json", folder / "own.pem"
    key.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    parts = {"signature": own.sign(statement.encode()), "public_key": public.public_bytes_raw()}
    encoded = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    receipt.write_text(json.dumps({"statement": statement, **encoded}))
    return receipt, key


STATEMENT = statement(
    Erased(
        *(UUID(int=7), UUID(int=8), "graphs/g", "tenants/t", "tenants/t/apiKeys/1"),
        *(datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC), {"nodes": 1}, [], 4, [], []),
    )
)


def test_a_receipt_proves_nothing_by_a_key_that_it_brings_itself(tmp_path: Path) -> None:
    loci = Loci({})
    receipt, key = signed(tmp_path, STATEMENT)
    done = loci.any("receipt", "verify", str(receipt))
    assert (done.code, done.out) == (2, "")
    assert "nothing is proved without --key" in done.err
    done = loci("receipt", "verify", str(receipt), "--trust-own-key")
    assert (json.loads(done.out), done.err.split(":")[0]) == (json.loads(STATEMENT), "UNPROVED")
    (verdict,) = loci("receipt", "verify", str(receipt), "--trust-own-key", "--json").lines
    assert verdict["verdict"] == "unchanged, signer unproved"
    assert loci.any("receipt", "verify", str(receipt), "--trust-own-key", "--key", str(key)).code == 2
    changed = json.loads(receipt.read_text()) | {"public_key": base64.b64encode(bytes(32)).decode()}
    receipt.write_text(json.dumps(changed))
    assert "NOT genuine" in loci.fails("receipt", "verify", str(receipt), "--trust-own-key")


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        ('{"type": "something-else"}', "is not of the type"),
        ("[]", "is not an object"),
        ("{", "is not an object"),
        (STATEMENT.replace('"resource"', '"resource":"graphs/h","resource"'), "each member stands once"),
        (STATEMENT.replace('"rows_removed"', '"note":"and more","rows_removed"'), "members that are not known"),
        (STATEMENT.replace('"data_keys":[],', ""), "lacks some"),
    ],
)
def test_what_no_server_states_is_no_receipt_even_if_the_right_key_signed_it(
    tmp_path: Path, forged: str, why: str
) -> None:
    receipt, key = signed(tmp_path, forged)
    assert why in Loci({}).fails("receipt", "verify", str(receipt), "--key", str(key))
