"""What a server answers while Vault is away, and that it works when Vault is back."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.vault.kv import VaultKvKeys
from loci_server.crypto.vault.logins import AppRoleLogin, GivenToken, Secret
from loci_server.crypto.vault.transit import VaultTransitKeys
from loci_server.errors import ContentUnreadable, KeyDestroyed, KeyServiceUnavailable, TenantKeyUnavailable
from tests.vault.clock import TestClock
from tests.vault.places import Keys, keys, stood_in
from tests.vault.stand_in import StandIn
from tests.vault.tokens import Role
from tests.vault.transit import Key

DATA = bytes(range(32))
TIMEOUT = 0.5
"""Seconds, where it is reached."""
ENOUGH = 20.0
Make = Callable[..., Keys]


@pytest.fixture(params=[VaultTransitKeys, VaultKvKeys])
async def make(request: pytest.FixtureRequest, vault: StandIn, clock: TestClock) -> AsyncIterator[Make]:
    made: list[Keys] = []

    def provider(timeout: float = ENOUGH) -> Keys:
        made.append(stood_in(vault).keys(request.param, clock=clock, timeout=timeout))
        return made[-1]

    yield provider
    for each in made:
        await each.close()


def sealed(vault: StandIn) -> None:
    vault.faults.sealed = True


def slow(vault: StandIn) -> None:
    vault.faults.slow = 3.0


def cut(vault: StandIn) -> None:
    vault.faults.cut = 1000


def limited(vault: StandIn) -> None:
    vault.faults.limited, vault.faults.retry_after = 1000, "30"


def limited_without_a_time(vault: StandIn) -> None:
    vault.faults.limited, vault.faults.retry_after = 1000, ""


def broken(status: int) -> Callable[[StandIn], None]:
    def fault(vault: StandIn) -> None:
        vault.faults.broken, vault.faults.status = 1000, status

    return fault


def paged(page: bytes) -> Callable[[StandIn], None]:
    def fault(vault: StandIn) -> None:
        vault.faults.page = page

    return fault


def policy(vault: StandIn) -> None:
    vault.faults.denied = ("transit/", "secret/")


FAULTS: dict[str, tuple[Callable[[StandIn], None], str]] = {
    "sealed": (sealed, "sealed"),
    "slow": (slow, "in time"),
    "cut": (cut, "cut"),
    "limited": (limited, "rate"),
    "limited without a time": (limited_without_a_time, "rate"),
    "500": (broken(500), "error of its own"),
    "502": (broken(502), "error of its own"),
    "standby": (broken(473), "error of its own"),
    "not initialized": (broken(501), "sealed"),
    "redirect": (broken(307), "redirects"),
    "denied": (policy, "denies permission"),
    "a proxy's page": (paged(b"<html>hello</html>"), "protocol"),
    "another service": (paged(b'{"hello": {}}'), "protocol"),
    "a list": (paged(b"[]"), "protocol"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_unavailable_by_its_name_and_passes_with_it(
    vault: StandIn, make: Make, clock: TestClock, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Also in the middle of an unwrap, on the server whose session was well."""
    caplog.set_level(logging.INFO, "loci_server")
    timeout = TIMEOUT if name == "slow" else ENOUGH
    warm, cold = make(timeout), make(timeout)
    wrapped = await warm.wrap(7, b"content", DATA)
    fault, word = FAULTS[name]
    fault(vault)
    clock.time += 61  # beyond what a provider keeps
    for _ in range(2):
        for provider in (warm, cold):
            with pytest.raises(KeyServiceUnavailable, match=word) as caught:
                await provider.unwrap(7, b"content", wrapped)
            assert caught.value.retry_after == (30.0 if name == "limited" else 1.0)
    with pytest.raises(KeyServiceUnavailable, match=word):
        await cold.wrap(8, b"content", DATA)
    said = [record.message for record in caplog.records if "cannot be used" in record.message]
    assert len(said) == 2  # each server once
    vault.faults = type(vault.faults)()
    clock.time += 11
    for provider in (warm, cold):
        assert await provider.unwrap(7, b"content", wrapped) == DATA
        await provider.wrap(8, b"content", DATA)
    again = [record.message for record in caplog.records].count("Vault can be used again")
    assert again == (0 if name == "denied" else 2)  # which may be so of one key only


@pytest.mark.parametrize("name", ["cut", "limited without a time", "500", "502", "standby"])
async def test_what_passes_in_a_moment_costs_no_call(vault: StandIn, make: Make, clock: TestClock, name: str) -> None:
    wrapped = await make().wrap(7, b"content", DATA)
    provider = make()
    await provider.check()
    FAULTS[name][0](vault)
    for kind in ("cut", "limited", "broken"):
        setattr(vault.faults, kind, min(getattr(vault.faults, kind), 2))
    before = len(vault.requests)
    assert await provider.unwrap(7, b"content", wrapped) == DATA
    assert len(vault.requests) == before + 3
    assert 0.05 <= clock.pauses[-2] <= 0.15 < clock.pauses[-1] <= 0.3


async def test_it_waits_as_long_as_a_limit_asks_for_if_there_is_time(
    vault: StandIn, make: Make, clock: TestClock
) -> None:
    provider = make(timeout=TIMEOUT)
    vault.faults.limited, vault.faults.retry_after = 1, "0"
    await provider.check()
    assert clock.pauses[-1] == 0
    await asyncio.sleep(0)
    vault.faults.limited, vault.faults.retry_after = 1, "1"  # more than the 0.5 s that there are
    before = len(vault.requests)
    with pytest.raises(KeyServiceUnavailable) as caught:
        await provider.check()
    assert caught.value.retry_after == 1.0
    assert len(vault.requests) == before + 1


async def test_a_slow_vault_ends_with_the_time_limit_and_the_event_loop_goes_on(vault: StandIn, make: Make) -> None:
    provider = make(timeout=TIMEOUT)
    await provider.check()
    vault.faults.slow = 3.0
    turns, began = 0, time.monotonic()
    calls = [asyncio.create_task(provider.check()) for _ in range(30)]  # more than there are threads
    while not all(call.done() for call in calls):
        await asyncio.sleep(0.01)
        turns += 1
    assert time.monotonic() - began < 3 * TIMEOUT
    assert turns > 20
    assert all(isinstance(call.exception(), KeyServiceUnavailable) for call in calls)
    vault.faults.slow = 0.0


async def test_a_server_that_starts_before_vault_works_when_vault_is_there(clock: TestClock, port: int) -> None:
    login = AppRoleLogin("role", Secret("secret"), "approle")
    provider = keys(VaultTransitKeys, f"http://127.0.0.1:{port}", login, clock=clock)
    with pytest.raises(KeyServiceUnavailable, match="reached"):
        await provider.check()
    back = StandIn(now=clock.now, port=port)
    back.root.tokens.approles["role"] = Role("secret")
    await provider.wrap(7, b"content", DATA)
    await provider.close()
    back.stop()


async def test_a_redirect_is_not_followed_and_no_token_goes_elsewhere(vault: StandIn, clock: TestClock) -> None:
    elsewhere = StandIn()
    vault.faults.broken, vault.faults.status, vault.faults.location = 1000, 307, elsewhere.url + "/v1/sys/health"
    provider = stood_in(vault).keys(VaultTransitKeys, clock=clock)
    with pytest.raises(KeyServiceUnavailable, match="redirects"):
        await provider.check()
    assert not elsewhere.requests
    await provider.close()
    elsewhere.stop()


async def test_a_version_below_the_lowest_allowed_is_unavailable_until_it_is_allowed_again(vault: StandIn) -> None:
    provider = stood_in(vault).keys(VaultTransitKeys)
    old = await provider.wrap(7, b"content", DATA)
    await provider.rotate(7)
    vault.root.transit.keys["loci-tenant-7"].min_decryption_version = 2
    with pytest.raises(TenantKeyUnavailable, match="locked"):
        await provider.unwrap(7, b"content", old)
    vault.root.transit.keys["loci-tenant-7"].min_decryption_version = 1
    assert await provider.unwrap(7, b"content", old) == DATA
    await provider.close()


async def test_a_tag_that_fails_is_unreadable_also_where_vault_calls_it_an_error_of_its_own(vault: StandIn) -> None:
    provider = stood_in(vault).keys(VaultTransitKeys)
    wrapped = await provider.wrap(7, b"content", DATA)
    vault.root.transit.unopened_status = 500
    before = vault.count("transit/decrypt")
    with pytest.raises(ContentUnreadable) as caught:
        await provider.unwrap(7, b"search", wrapped)
    assert vault.count("transit/decrypt") == before + 1, "it is not asked again"
    assert not isinstance(caught.value, KeyDestroyed)
    await provider.close()


async def test_a_vault_that_ignores_additional_data_is_not_used(vault: StandIn) -> None:
    vault.root.transit.heeds_additional_data = False
    provider = stood_in(vault).keys(VaultTransitKeys)
    with pytest.raises(KeyServiceUnavailable, match=r"1\.13"):
        await provider.wrap(7, b"content", DATA)
    vault.root.transit.heeds_additional_data = True
    for tenant in (7, 8, 9):
        await provider.wrap(tenant, b"content", DATA)
    assert vault.count("transit/decrypt") == 2  # tried until it was seen, and then no more
    await provider.close()


async def test_what_another_provider_wrapped_costs_no_request(vault: StandIn, make: Make) -> None:
    provider = make()
    for kek_id in ("local-0123", "vault:other/loci-tenant-7:v1", "vault-kv:secret/loci/tenants/8:v1", "vault:v1", ""):
        with pytest.raises(ContentUnreadable):
            await provider.unwrap(7, b"content", WrappedKey(kek_id, b"vault:v1:AAAA"))
    assert not vault.requests


@pytest.mark.parametrize("traits", [{"exportable": True}, {"allow_plaintext_backup": True}, {"type": "aes128-gcm96"}])
async def test_a_key_that_could_leave_vault_is_not_used(vault: StandIn, traits: dict[str, Any]) -> None:
    vault.root.transit.keys["loci-tenant-7"] = Key(**traits)
    provider = stood_in(vault).keys(VaultTransitKeys)
    with pytest.raises(KeyServiceUnavailable, match="not one that Loci would make"):
        await provider.wrap(7, b"content", DATA)
    assert not vault.count("transit/encrypt")
    await provider.close()


async def test_a_key_is_made_closed_and_once(vault: StandIn) -> None:
    provider = stood_in(vault).keys(VaultTransitKeys)
    for _ in range(3):
        await provider.wrap(7, b"content", DATA)
    key = vault.root.transit.keys["loci-tenant-7"]
    assert (key.type, key.exportable, key.allow_plaintext_backup, key.deletion_allowed) == (
        "aes256-gcm96",
        False,
        False,
        False,
    )
    assert vault.root.transit.made == ["loci-tenant-7"]
    assert vault.count("transit/keys") == 3  # looked for, made, looked at
    await provider.close()


async def test_a_root_key_is_kept_for_five_seconds_and_no_longer(vault: StandIn, clock: TestClock) -> None:
    provider = stood_in(vault).keys(VaultKvKeys, clock=clock)
    wrapped = await provider.wrap(7, b"content", DATA)
    before = len(vault.requests)
    vault.faults.sealed = True
    await clock.advance(4)
    assert await provider.unwrap(7, b"content", wrapped) == DATA
    assert len(vault.requests) == before
    await clock.advance(2)
    with pytest.raises(KeyServiceUnavailable):
        await provider.unwrap(7, b"content", wrapped)
    await provider.close()


async def test_many_unwraps_at_once_read_a_root_key_once(vault: StandIn, clock: TestClock) -> None:
    place = stood_in(vault)
    first, second = place.keys(VaultKvKeys, clock=clock), place.keys(VaultKvKeys, clock=clock)
    wrapped = await first.wrap(7, b"content", DATA)
    before = vault.count("secret/data")
    opened = await asyncio.gather(*(second.unwrap(7, b"content", wrapped) for _ in range(50)))
    assert opened == [DATA] * 50
    assert vault.count("secret/data") == before + 1
    await first.close()
    await second.close()


async def test_a_rotation_by_another_server_is_seen_within_seconds(vault: StandIn, clock: TestClock) -> None:
    place = stood_in(vault)
    first, second = place.keys(VaultKvKeys, clock=clock), place.keys(VaultKvKeys, clock=clock)
    await second.wrap(7, b"content", DATA)
    assert (await first.rotate(7)).endswith(":v2")
    assert (await second.wrap(7, b"content", DATA)).kek_id.endswith(":v1")
    await clock.advance(61)
    assert (await second.wrap(7, b"content", DATA)).kek_id.endswith(":v2")
    await first.close()
    await second.close()


async def test_a_root_key_that_was_deleted_softly_is_not_replaced_by_another(vault: StandIn, clock: TestClock) -> None:
    provider = stood_in(vault).keys(VaultKvKeys, clock=clock)
    wrapped = await provider.wrap(7, b"content", DATA)
    version = vault.root.kv.secrets["loci/tenants/7"].versions[1]
    version.deleted = True
    await clock.advance(61)
    with pytest.raises(TenantKeyUnavailable, match="deleted"):
        await provider.unwrap(7, b"content", wrapped)
    with pytest.raises(KeyServiceUnavailable):
        await provider.wrap(7, b"content", DATA)
    version.deleted = False
    assert await provider.unwrap(7, b"content", wrapped) == DATA
    await provider.close()


async def test_a_rotation_that_was_not_written_is_none(vault: StandIn) -> None:
    provider = stood_in(vault).keys(VaultKvKeys)
    await provider.wrap(7, b"content", DATA)
    vault.root.kv.full = True
    with pytest.raises(KeyServiceUnavailable):
        await provider.rotate(7)
    await provider.close()


@pytest.mark.parametrize("value", [{}, {"key": ""}, {"key": "AAAA"}, {"key": "!"}, {"key": 7}, None])
async def test_a_secret_that_is_no_key_is_not_used(vault: StandIn, clock: TestClock, value: object) -> None:
    provider = stood_in(vault).keys(VaultKvKeys, clock=clock)
    wrapped = await provider.wrap(7, b"content", DATA)
    vault.root.kv.secrets["loci/tenants/7"].versions[1].data = value  # type: ignore[assignment]  # what others may have put there
    await clock.advance(61)
    with pytest.raises(KeyServiceUnavailable):
        await provider.wrap(7, b"content", DATA)
    with pytest.raises(KeyServiceUnavailable):
        await provider.unwrap(7, b"content", wrapped)
    await provider.close()


async def test_nothing_secret_is_in_errors_or_logs_at_debug(
    vault: StandIn, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vault.root.tokens.approles["role"] = Role("the-secret-id")
    secrets = ["the-secret-id", "not\nfor a header", DATA.hex(), "AAECAwQF"]
    found: list[str] = []
    for kind in (VaultTransitKeys, VaultKvKeys):
        well = stood_in(vault).keys(kind, clock=clock)
        wrapped = await well.wrap(7, b"content", DATA)
        secrets.append(wrapped.wrapped.decode("latin-1"))
        for fault, _ in FAULTS.values():
            for login in (
                AppRoleLogin("role", Secret("the-secret-id"), "approle"),
                AppRoleLogin("role", Secret("the-secret-id, wrong"), "approle"),
                GivenToken(Secret(vault.root.tokens.make())),
                GivenToken(Secret("not\nfor a header")),
            ):
                provider = keys(kind, vault.url, login, clock=clock, timeout=0.1)
                fault(vault)
                for call in (
                    provider.wrap(7, b"content", DATA),
                    provider.unwrap(7, b"content", wrapped),
                    provider.rotate(7),
                    provider.retire(7, wrapped.kek_id),
                ):
                    with pytest.raises(KeyServiceUnavailable) as caught:
                        await call
                    error: BaseException | None = caught.value
                    while error is not None:
                        found.append(f"{error!r} {error} {vars(error)}")
                        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
                vault.faults = type(vault.faults)()
                await provider.close()
        await well.close()
    secrets += list(vault.root.tokens.held)
    secrets += [
        version.data["key"] for version in vault.root.kv.secrets["loci/tenants/7"].versions.values() if version.data
    ]
    found += [f"{record.getMessage()} {record.exc_text} {vars(record)}" for record in caplog.records]
    assert "cannot be used" in "".join(found)
    for secret in secrets:
        assert not [text for text in found if secret in text]
