"""Versions of a key are destroyed in several requests: what holds where it ends between them, and that it goes on."""

from collections.abc import Callable

import pytest

from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.vault.kv import AT_ONCE, VaultKvKeys
from loci_server.crypto.vault.transit import VaultTransitKeys
from loci_server.errors import KeyDestroyed, KeyServiceUnavailable, TenantKeyUnavailable
from tests.vault.clock import TestClock
from tests.vault.places import Keys, stood_in
from tests.vault.stand_in import Faults, StandIn

DATA = bytes(range(32))
FAULTS: dict[str, tuple[Callable[[int], Faults], str]] = {
    "sealed": (lambda spared: Faults(spared, sealed=True), "sealed"),
    "cut": (lambda spared: Faults(spared, cut=1000), "cut"),
    "500": (lambda spared: Faults(spared, broken=1000), "error of its own"),
    "403": (lambda spared: Faults(spared, denied=("transit/", "secret/")), "denies permission"),
    "slow": (lambda spared: Faults(spared, slow=3.0), "in time"),
}


async def wrapped_by(provider: Keys, count: int) -> list[WrappedKey]:
    """What each version of a new key has wrapped."""
    wrapped = [await provider.wrap(7, b"content", DATA)]
    while len(wrapped) < count:
        await provider.rotate(7)
        wrapped.append(await provider.wrap(7, b"content", DATA))
    return wrapped


def held(vault: StandIn, kind: type[Keys]) -> list[int]:
    """The versions that Vault has anything of."""
    if kind is VaultTransitKeys:
        return [at for at, key in enumerate(vault.root.transit.keys["loci-tenant-7"].versions, 1) if key]
    return [at for at, version in vault.root.kv.secrets["loci/tenants/7"].versions.items() if version.data]


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize(
    ("kind", "spared"),
    [(VaultTransitKeys, spared) for spared in range(4)] + [(VaultKvKeys, spared) for spared in range(3)],
)
async def test_what_ends_in_the_middle_keeps_the_version_in_use_and_is_ended_by_another_call(
    vault: StandIn, clock: TestClock, kind: type[Keys], spared: int, name: str
) -> None:
    place = stood_in(vault)
    provider, failing = place.keys(kind, clock=clock), place.keys(kind, clock=clock, timeout=1 if name == "slow" else 5)
    old, second, new = await wrapped_by(provider, 3)
    await failing.check()
    fault, word = FAULTS[name]
    vault.faults = fault(spared)
    with pytest.raises(KeyServiceUnavailable, match=word):
        await failing.retire(7, second.kek_id)
    vault.faults = Faults()
    await failing.close()
    clock.time += 61
    for each in (second, new):
        assert await provider.unwrap(7, b"content", each) == DATA
    assert (await provider.wrap(7, b"content", DATA)).kek_id == new.kek_id
    destroyed = await provider.retire(7, second.kek_id)
    if name not in ("cut", "slow"):  # else Vault may have done it, and the answer was lost
        assert destroyed == [old.kek_id]
    assert held(vault, kind) == [2, 3]
    with pytest.raises(KeyDestroyed):
        await provider.unwrap(7, b"content", old)
    for each in (second, new):
        assert await provider.unwrap(7, b"content", each) == DATA
    await provider.close()


@pytest.mark.parametrize(
    ("kind", "path"), [(VaultTransitKeys, "transit/keys/loci-tenant-7/"), (VaultKvKeys, "secret/destroy/")]
)
async def test_without_the_permission_to_destroy_nothing_is_destroyed(
    vault: StandIn, clock: TestClock, kind: type[Keys], path: str
) -> None:
    provider = stood_in(vault).keys(kind, clock=clock)
    old, new = await wrapped_by(provider, 2)
    vault.faults.denied = (path,)
    with pytest.raises(KeyServiceUnavailable, match="denies permission"):
        await provider.retire(7, new.kek_id)
    assert held(vault, kind) == [1, 2]
    for each in (old, new):
        assert await provider.unwrap(7, b"content", each) == DATA
    await provider.close()


async def test_what_may_not_be_trimmed_is_locked_and_can_be_unlocked(vault: StandIn, clock: TestClock) -> None:
    provider = stood_in(vault).keys(VaultTransitKeys, clock=clock)
    old, new = await wrapped_by(provider, 2)
    vault.faults.denied = ("transit/keys/loci-tenant-7/trim",)
    with pytest.raises(KeyServiceUnavailable, match="denies permission"):
        await provider.retire(7, new.kek_id)
    with pytest.raises(TenantKeyUnavailable, match="locked"):
        await provider.unwrap(7, b"content", old)
    vault.root.transit.keys["loci-tenant-7"].min_decryption_version = 1
    assert await provider.unwrap(7, b"content", old) == DATA
    await provider.close()


async def test_bounds_that_an_operator_has_set_are_not_lowered(vault: StandIn) -> None:
    provider = stood_in(vault).keys(VaultTransitKeys)
    wrapped = await wrapped_by(provider, 5)
    key = vault.root.transit.keys["loci-tenant-7"]
    key.min_encryption_version, key.min_decryption_version = 5, 4
    assert await provider.retire(7, wrapped[1].kek_id) == [wrapped[0].kek_id]
    assert (key.min_available_version, key.min_decryption_version, key.min_encryption_version) == (2, 4, 5)
    await provider.close()


async def test_a_version_that_is_marked_and_not_gone_is_removed_by_another_call(vault: StandIn) -> None:
    """Vault marks versions of a secret as destroyed before it removes what they hold."""
    provider = stood_in(vault).keys(VaultKvKeys)
    wrapped = await wrapped_by(provider, 4)
    vault.root.kv.halts = True
    with pytest.raises(KeyServiceUnavailable):
        await provider.retire(7, wrapped[2].kek_id)
    assert held(vault, VaultKvKeys) == [1, 2, 3, 4]
    vault.root.kv.halts = False
    assert await provider.retire(7, wrapped[3].kek_id) == [wrapped[2].kek_id]
    assert held(vault, VaultKvKeys) == [4]
    await provider.close()


async def test_many_versions_are_destroyed_some_at_once(vault: StandIn) -> None:
    provider = stood_in(vault).keys(VaultKvKeys)
    wrapped = await wrapped_by(provider, 2 * AT_ONCE + 2)
    ids = [each.kek_id for each in wrapped]
    assert await provider.retire(7, ids[-1]) == ids[:-1]
    assert held(vault, VaultKvKeys) == [len(ids)]
    asked = [len(request.body["versions"]) for request in vault.requests if request.path.startswith("secret/destroy")]
    assert asked == [AT_ONCE, AT_ONCE, 1]
    await provider.rotate(7)
    assert await provider.retire(7, ids[-1].replace(f":v{len(ids)}", f":v{len(ids) + 1}")) == ids[-1:]
    assert held(vault, VaultKvKeys) == [len(ids) + 1]
    await provider.close()


async def test_versions_that_were_deleted_are_destroyed_too(vault: StandIn) -> None:
    provider = stood_in(vault).keys(VaultKvKeys)
    old, new = await wrapped_by(provider, 2)
    vault.root.kv.secrets["loci/tenants/7"].versions[1].deleted = True
    assert await provider.retire(7, new.kek_id) == [old.kek_id]
    assert held(vault, VaultKvKeys) == [2]
    await provider.close()


@pytest.mark.parametrize("trait", ["deleted", "destroyed"])
async def test_nothing_is_destroyed_before_a_version_that_is_itself_not_readable(vault: StandIn, trait: str) -> None:
    provider = stood_in(vault).keys(VaultKvKeys)
    old, new = await wrapped_by(provider, 2)
    setattr(vault.root.kv.secrets["loci/tenants/7"].versions[2], trait, True)
    with pytest.raises(KeyServiceUnavailable, match="lacks a version"):
        await provider.retire(7, new.kek_id)
    assert await provider.unwrap(7, b"content", old) == DATA
    await provider.close()


@pytest.mark.parametrize("kind", [VaultTransitKeys, VaultKvKeys])
async def test_a_kek_id_of_another_key_costs_no_request(vault: StandIn, kind: type[Keys]) -> None:
    provider = stood_in(vault).keys(kind)
    for kek_id in ("local-0123", "vault:other/loci-tenant-7:v2", "vault-kv:secret/loci/tenants/8:v2", "vault:v2", ""):
        with pytest.raises(ValueError, match="not the kek id"):
            await provider.retire(7, kek_id)
    assert not vault.requests
    await provider.close()


@pytest.mark.parametrize("kind", [VaultTransitKeys, VaultKvKeys])
async def test_a_tenant_without_a_key_gets_none(vault: StandIn, kind: type[Keys]) -> None:
    provider = stood_in(vault).keys(kind)
    old = await provider.wrap(7, b"content", DATA)
    await provider.destroy(7)
    assert await provider.retire(7, old.kek_id) == []
    assert not vault.root.transit.keys
    assert not vault.root.kv.secrets
    await provider.close()


@pytest.mark.parametrize("kind", [VaultTransitKeys, VaultKvKeys])
async def test_of_two_versions_of_one_key_it_is_known_which_is_later(vault: StandIn, kind: type[Keys]) -> None:
    provider = stood_in(vault).keys(kind)
    ids = [each.kek_id for each in await wrapped_by(provider, 10)]
    assert provider.supersedes(7, ids[9], ids[1])
    assert not provider.supersedes(7, ids[1], ids[9])
    assert not provider.supersedes(7, ids[1], ids[1])
    for other in ("local-0123", "vault:other/loci-tenant-7:v1", "vault-kv:secret/loci/tenants/8:v1", ""):
        assert not provider.supersedes(7, ids[9], other)
        assert not provider.supersedes(7, other, ids[0])
    assert not provider.supersedes(8, ids[9], ids[0])
    await provider.close()
