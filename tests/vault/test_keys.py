"""What both providers promise, on the stand-in and on a real server."""

import asyncio
import base64
from collections.abc import AsyncIterator

import pytest
import requests

from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.provider import INSTALLATION
from loci_server.crypto.vault.kv import VaultKvKeys
from loci_server.crypto.vault.logins import GivenToken, Secret
from loci_server.crypto.vault.transit import VaultTransitKeys, version_of
from loci_server.errors import ContentUnreadable, KeyDestroyed, KeyServiceUnavailable
from tests.vault.places import Keys, Place

DATA = bytes(range(32))
KINDS: list[type[Keys]] = [VaultTransitKeys, VaultKvKeys]
FOREIGN = ["", "local-0123456789abcdef", "vault:x/y:v2", "vault-kv:x/y:v2", "{0}x", "x{0}", "{0}\n", "{path}"]
FOREIGN += ["{path}:v" + version for version in ("", "0", "02", "-2", "+2", "2.0", "\u0662", "\u00b2", "9" * 5000)]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> type[Keys]:
    found: type[Keys] = request.param
    return found


@pytest.fixture
async def keys(place: Place, kind: type[Keys]) -> AsyncIterator[Keys]:
    made = place.keys(kind)
    yield made
    await made.close()


@pytest.mark.parametrize("tenant", [INSTALLATION, 7, 2**63 - 1])
async def test_what_was_wrapped_opens_and_its_id_tells_where_the_key_is(keys: Keys, place: Place, tenant: int) -> None:
    wrapped = await keys.wrap(tenant, b"content", DATA)
    assert await keys.unwrap(tenant, b"content", wrapped) == DATA
    name = "installation" if tenant == INSTALLATION else f"tenant-{tenant}"
    folder = "installation" if tenant == INSTALLATION else f"tenants/{tenant}"
    assert wrapped.kek_id in (
        f"vault:{place.mounts[VaultTransitKeys]}/loci-{name}:v1",
        f"vault-kv:{place.mounts[VaultKvKeys]}/loci/{folder}:v1",
    )
    assert DATA not in wrapped.wrapped
    assert base64.b64encode(DATA) not in wrapped.wrapped


async def test_another_server_opens_it(keys: Keys, place: Place, kind: type[Keys]) -> None:
    wrapped = await keys.wrap(7, b"content", DATA)
    other = place.keys(kind)
    assert await other.unwrap(7, b"content", wrapped) == DATA
    await other.close()


async def test_it_opens_for_its_tenant_and_purpose_only(keys: Keys) -> None:
    wrapped = await keys.wrap(7, b"content", DATA)
    theirs = await keys.wrap(8, b"content", DATA)
    for tenant, purpose, given in (
        (7, b"search", wrapped),
        (8, b"content", wrapped),
        (8, b"content", WrappedKey(theirs.kek_id, wrapped.wrapped)),
        (7, b"content", WrappedKey(wrapped.kek_id, theirs.wrapped)),
        (INSTALLATION, b"content", wrapped),
    ):
        with pytest.raises(ContentUnreadable):
            await keys.unwrap(tenant, purpose, given)


async def test_a_changed_ciphertext_does_not_open(keys: Keys, kind: type[Keys]) -> None:
    wrapped = await keys.wrap(7, b"content", DATA)
    prefix, body = b"", wrapped.wrapped
    if kind is VaultTransitKeys:
        prefix, body = b"vault:v1:", base64.b64decode(body.split(b":")[2])
    forged = [body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :] for place in range(len(body))]
    changed = [prefix + (base64.b64encode(each) if prefix else each) for each in [*forged, body[:-1], body[:20]]]
    for given in [*changed, b"", b"vault:v1:", b"vault:v1:!", b"vault:v9:AAAA", b"\xff" * 60]:
        with pytest.raises(ContentUnreadable):
            await keys.unwrap(7, b"content", WrappedKey(wrapped.kek_id, given))


@pytest.mark.parametrize(
    "kek_id", ["", "local-0123456789abcdef", "vault:x/y:v1", "vault-kv:x/y:vv", "{}9", "{}x", "x{}"]
)
async def test_what_another_provider_wrapped_is_refused_without_asking(keys: Keys, kek_id: str) -> None:
    wrapped = await keys.wrap(7, b"content", DATA)
    with pytest.raises(ContentUnreadable):
        await keys.unwrap(7, b"content", WrappedKey(kek_id.format(wrapped.kek_id), wrapped.wrapped))


async def test_two_servers_that_begin_at_once_make_one_key(place: Place, kind: type[Keys]) -> None:
    servers = [place.keys(kind) for _ in range(4)]
    wrapped = await asyncio.gather(*(server.wrap(7, b"content", DATA) for server in servers for _ in range(3)))
    assert {each.kek_id.rpartition(":")[2] for each in wrapped} == {"v1"}
    for server in servers:
        for each in wrapped:
            assert await server.unwrap(7, b"content", each) == DATA
        await server.close()


async def test_after_a_rotation_the_new_version_wraps_and_the_old_ones_open(
    keys: Keys, place: Place, kind: type[Keys]
) -> None:
    olds = [await keys.wrap(7, b"content", DATA)]
    for version in range(2, 14):  # KV by itself keeps ten
        assert await keys.rotate(7) == olds[0].kek_id.replace(":v1", f":v{version}")
        olds.append(await keys.wrap(7, b"content", DATA))
        assert olds[-1].kek_id.endswith(f":v{version}")
    other = place.keys(kind)
    for old in olds:
        assert await keys.unwrap(7, b"content", old) == DATA
        assert await other.unwrap(7, b"content", old) == DATA
    await other.close()


async def test_a_version_does_not_open_what_another_wrapped(keys: Keys, kind: type[Keys]) -> None:
    old = await keys.wrap(7, b"content", DATA)
    moved = old.kek_id.replace(":v1", ":v2")
    await keys.rotate(7)
    body = old.wrapped.replace(b"vault:v1:", b"vault:v2:")
    for given in (WrappedKey(moved, old.wrapped), WrappedKey(moved, body)):
        with pytest.raises(ContentUnreadable):
            await keys.unwrap(7, b"content", given)


async def test_a_destroyed_key_opens_nothing_on_any_server_and_harms_no_other_tenant(
    keys: Keys, place: Place, kind: type[Keys]
) -> None:
    wrapped = [await keys.wrap(7, b"content", DATA)]
    await keys.rotate(7)
    wrapped.append(await keys.wrap(7, b"content", DATA))
    theirs = await keys.wrap(8, b"content", DATA)
    assert await keys.destroy(7) == [each.kek_id for each in wrapped]
    assert await keys.destroy(7) == []
    new = place.keys(kind)
    for server in (keys, new):
        for each in wrapped:
            with pytest.raises(KeyDestroyed):
                await server.unwrap(7, b"content", each)
        assert await server.unwrap(8, b"content", theirs) == DATA
    again = await keys.wrap(7, b"content", DATA)  # of the same name, and another key
    assert again.kek_id == wrapped[0].kek_id
    assert await keys.unwrap(7, b"content", again) == DATA
    with pytest.raises(ContentUnreadable):
        await keys.unwrap(7, b"content", wrapped[0])
    await new.close()


@pytest.mark.parametrize("tenant", [INSTALLATION, 7])
async def test_the_versions_before_one_are_destroyed_on_every_server_and_no_others(
    keys: Keys, place: Place, kind: type[Keys], tenant: int
) -> None:
    theirs = await keys.wrap(8, b"content", DATA)
    await keys.rotate(8)
    wrapped = await versions(keys, tenant, 4)
    ids = [each.kek_id for each in wrapped]
    assert await keys.retire(tenant, ids[0]) == []
    assert await keys.retire(tenant, ids[2]) == ids[:2]
    assert await keys.retire(tenant, ids[2]) == []
    assert await keys.retire(tenant, ids[1]) == [], "those before it are gone already"
    other = place.keys(kind)
    for server in (keys, other):
        for each in wrapped[:2]:
            with pytest.raises(KeyDestroyed):
                await server.unwrap(tenant, b"content", each)
        for each in wrapped[2:]:
            assert await server.unwrap(tenant, b"content", each) == DATA
        assert await server.unwrap(8, b"content", theirs) == DATA
    assert await other.retire(tenant, ids[3]) == [ids[2]]
    await other.close()


async def test_after_versions_were_destroyed_the_newest_wraps_and_a_rotation_makes_another(keys: Keys) -> None:
    wrapped = await versions(keys, 7, 3)
    await keys.retire(7, wrapped[1].kek_id)
    assert (await keys.wrap(7, b"content", DATA)).kek_id == wrapped[2].kek_id
    fourth = await keys.rotate(7)
    assert fourth == wrapped[0].kek_id.replace(":v1", ":v4")
    new = await keys.wrap(7, b"content", DATA)
    assert new.kek_id == fourth
    for each in (*wrapped[1:], new):
        assert await keys.unwrap(7, b"content", each) == DATA
    assert await keys.destroy(7) == [wrapped[1].kek_id, wrapped[2].kek_id, fourth]
    assert await keys.retire(7, fourth) == [], "there is no such key any more"
    with pytest.raises(KeyDestroyed):
        await keys.unwrap(7, b"content", new)


async def test_who_may_do_everything_in_vault_does_not_bring_a_destroyed_version_back(
    keys: Keys, place: Place, kind: type[Keys]
) -> None:
    old, new = await versions(keys, 7, 2)
    assert await keys.retire(7, new.kek_id) == [old.kek_id]

    def ask(path: str, body: dict[str, object]) -> int:
        url = f"{place.url}/v1/{place.mounts[kind]}/{path}"
        return requests.post(url, json=body, headers={"X-Vault-Token": place.token}, timeout=10).status_code

    if kind is VaultTransitKeys:
        assert ask("keys/loci-tenant-7/config", {"min_decryption_version": 1}) == 400
        assert ask("keys/loci-tenant-7/config", {"min_encryption_version": 0}) == 400
        assert ask("keys/loci-tenant-7/trim", {"min_available_version": 1}) == 400
    else:
        assert ask("undelete/loci/tenants/7", {"versions": [1]}) == 204
    other = place.keys(kind)
    with pytest.raises(KeyDestroyed):
        await other.unwrap(7, b"content", old)
    assert await other.unwrap(7, b"content", new) == DATA
    await other.close()


@pytest.mark.parametrize("kek_id", [*FOREIGN, "{theirs}", "{installations}"])
async def test_a_kek_id_of_another_key_destroys_nothing(keys: Keys, kek_id: str) -> None:
    wrapped = await versions(keys, 7, 2)
    theirs = await versions(keys, 8, 2)
    mine = wrapped[1].kek_id
    other = {
        "path": mine.removesuffix(":v2"),
        "theirs": theirs[1].kek_id,
        "installations": mine.replace("tenants/7", "installation").replace("tenant-7", "installation"),
    }
    with pytest.raises(ValueError, match="not the kek id"):
        await keys.retire(7, kek_id.format(mine, **other))
    for tenant, given in ((7, wrapped), (8, theirs)):
        for each in given:
            assert await keys.unwrap(tenant, b"content", each) == DATA


async def test_a_version_that_is_not_there_yet_destroys_nothing(keys: Keys) -> None:
    wrapped = await versions(keys, 7, 2)
    with pytest.raises(KeyServiceUnavailable, match="restored from a backup"):
        await keys.retire(7, wrapped[0].kek_id.replace(":v1", ":v3"))
    for each in wrapped:
        assert await keys.unwrap(7, b"content", each) == DATA


async def test_a_check_passes_with_a_good_token_and_not_with_another(
    keys: Keys, place: Place, kind: type[Keys]
) -> None:
    await keys.check()
    stranger = place.keys(kind, login=GivenToken(Secret("hvs.nobody")))
    with pytest.raises(KeyServiceUnavailable, match="refuses the login"):
        await stranger.check()
    await stranger.close()


async def test_a_mount_that_is_not_there_is_named(place: Place, kind: type[Keys]) -> None:
    place.mounts[kind] = "nowhere"
    keys = place.keys(kind)
    with pytest.raises(KeyServiceUnavailable, match="LOCI_VAULT_MOUNT"):
        await keys.wrap(7, b"content", DATA)
    await keys.close()


async def versions(keys: Keys, tenant: int, count: int) -> list[WrappedKey]:
    """What each version of a new key has wrapped."""
    wrapped = [await keys.wrap(tenant, b"content", DATA)]
    while len(wrapped) < count:
        await keys.rotate(tenant)
        wrapped.append(await keys.wrap(tenant, b"content", DATA))
    return wrapped


def test_the_version_of_a_ciphertext_is_read_strictly() -> None:
    assert version_of("vault:v12:AAAA") == 12
    for wrong in (
        "",
        "vault",
        "vault:v1",
        "vault:v1:",
        "vault:1:AAAA",
        "other:v1:AAAA",
        "vault:v:AAAA",
        "vault:vx:AAAA",
    ):
        with pytest.raises(ValueError, match="Transit"):
            version_of(wrong)
