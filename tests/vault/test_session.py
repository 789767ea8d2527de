"""The credential: how it is got by each way, kept alive, and replaced."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from loci_server.crypto.vault.logins import AppRoleLogin, GivenToken, KubernetesLogin, Login, Secret
from loci_server.crypto.vault.transit import VaultTransitKeys
from loci_server.errors import KeyServiceUnavailable
from tests.vault.clock import TestClock, until
from tests.vault.places import Keys, keys
from tests.vault.stand_in import StandIn
from tests.vault.tokens import Role

DATA = bytes(32)
HOUR = 3600.0
Make = Callable[[Login], Keys]


@pytest.fixture
async def make(vault: StandIn, clock: TestClock) -> AsyncIterator[Make]:
    made: list[Keys] = []

    def provider(login: Login) -> Keys:
        made.append(keys(VaultTransitKeys, vault.url, login, clock=clock))
        return made[-1]

    yield provider
    for each in made:
        await each.close()


@pytest.fixture
def approle(vault: StandIn) -> Role:
    vault.root.tokens.approles["role"] = Role("secret", ttl=HOUR)
    return vault.root.tokens.approles["role"]


APPROLE = AppRoleLogin("role", Secret("secret"), "approle")


def renewals(vault: StandIn) -> int:
    return vault.count("auth/token/renew-self")


async def test_a_given_token_is_used_as_it_is(vault: StandIn, make: Make) -> None:
    token = vault.root.tokens.make()
    await make(GivenToken(Secret(token))).wrap(7, b"content", DATA)
    assert {request.token for request in vault.requests} == {token}
    assert vault.count("auth/") == 1


async def test_a_token_in_a_file_is_read_again_when_it_is_written_anew(
    vault: StandIn, make: Make, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(vault.root.tokens.make(ttl=HOUR) + "\n")
    provider = make(GivenToken(Secret(None, file)))
    await provider.check()
    second = vault.root.tokens.make(ttl=HOUR)
    file.with_suffix(".new").write_text(second)
    file.with_suffix(".new").rename(file)
    await provider.check()
    assert vault.requests[-1].token == second
    file.unlink()  # between two writings the old one is used on
    await provider.check()


async def test_a_server_starts_before_the_file_with_its_token_is_there(
    vault: StandIn, make: Make, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    provider = make(GivenToken(Secret(None, file)))
    with pytest.raises(KeyServiceUnavailable, match="file"):
        await provider.check()
    file.write_text(vault.root.tokens.make())
    await provider.check()


async def test_approle_logs_in_once_for_many_calls(vault: StandIn, make: Make, approle: Role) -> None:
    provider = make(APPROLE)
    await asyncio.gather(*(provider.check() for _ in range(20)))
    assert approle.logins == 1
    assert vault.requests[0].token == ""


async def test_a_secret_id_is_read_at_each_login(
    vault: StandIn, make: Make, approle: Role, clock: TestClock, tmp_path: Path
) -> None:
    file = tmp_path / "secret-id"
    file.write_text("wrong")
    provider = make(AppRoleLogin("role", Secret(None, file), "approle"))
    with pytest.raises(KeyServiceUnavailable, match="refuses the login"):
        await provider.check()
    file.write_text("secret")
    await provider.check()


async def test_kubernetes_logs_in_by_the_service_account_of_the_pod(vault: StandIn, make: Make, tmp_path: Path) -> None:
    vault.root.tokens.kubernetes["loci"] = Role("jwt-1")
    vault.root.tokens.kubernetes_mount = "clusters/eu"
    file = tmp_path / "token"
    file.write_text("jwt-1")
    await make(KubernetesLogin("loci", Secret(None, file), "clusters/eu")).check()
    assert vault.root.tokens.kubernetes["loci"].logins == 1
    file.write_text("jwt-of-somebody-else")
    with pytest.raises(KeyServiceUnavailable, match="refuses the login"):
        await make(KubernetesLogin("loci", Secret(None, file), "clusters/eu")).check()


async def test_a_refused_login_is_not_repeated_at_once(
    vault: StandIn, make: Make, approle: Role, clock: TestClock
) -> None:
    provider = make(AppRoleLogin("role", Secret("wrong"), "approle"))
    for _ in range(5):
        with pytest.raises(KeyServiceUnavailable, match="refuses the login"):
            await provider.check()
    assert vault.count("auth/approle/login") == 1
    approle.secret = "wrong"
    await clock.advance(11)
    await provider.check()


@pytest.mark.parametrize(("chance", "share"), [(0.0, 2 / 3), (1.0, 2 / 3 - 0.1)])
async def test_a_token_is_renewed_at_two_thirds_of_its_lease_or_by_chance_somewhat_before(
    vault: StandIn, make: Make, approle: Role, clock: TestClock, chance: float, share: float
) -> None:
    clock.chance_is = chance
    provider = make(APPROLE)
    await provider.check()
    for number in range(4):
        await clock.advance(HOUR * share - 1)
        await asyncio.sleep(0.05)
        assert renewals(vault) == number
        await clock.advance(1.01)
        await until(lambda expected=number + 1: renewals(vault) == expected)
        await until(lambda expected=number + 2: waits(clock, expected))
    assert approle.logins == 1
    await provider.check()


def waits(clock: TestClock, times: int) -> bool:
    return sum(pause >= clock.SHORT for pause in clock.pauses) >= times


async def test_at_the_end_of_what_renewals_give_it_logs_in_anew_before_the_old_token_dies(
    vault: StandIn, make: Make, approle: Role, clock: TestClock
) -> None:
    approle.max_ttl = 1.5 * HOUR
    clock.chance_is = 0.0
    provider = make(APPROLE)
    await provider.check()
    await clock.advance(HOUR * 2 / 3 + 1)  # the renewal gives what is left of the maximum: 50 minutes
    await until(lambda: waits(clock, 2))
    assert approle.logins == 1
    await clock.advance(3000 * 2 / 3 + 1)
    await until(lambda: approle.logins == 2)
    await provider.check()


async def test_a_token_that_cannot_be_renewed_is_replaced_by_a_login(
    vault: StandIn, make: Make, approle: Role, clock: TestClock
) -> None:
    approle.renewable = False
    provider = make(APPROLE)
    await provider.check()
    await clock.advance(HOUR * 2 / 3 + 1)
    await until(lambda: approle.logins == 2)
    assert renewals(vault) == 0
    await provider.check()


async def test_a_login_that_is_refused_too_early_leaves_the_old_token_in_use(
    vault: StandIn, make: Make, approle: Role, clock: TestClock
) -> None:
    approle.renewable = False
    provider = make(APPROLE)
    await provider.check()
    approle.secret = "another"
    await clock.advance(HOUR * 2 / 3 + 1)
    await until(lambda: vault.count("auth/approle/login") == 2 and waits(clock, 2))
    await provider.check()
    approle.secret = "secret"
    await clock.advance(31)
    await until(lambda: approle.logins == 2)


async def test_a_lease_that_ended_while_nothing_ran_is_replaced_at_the_next_use(
    vault: StandIn, make: Make, approle: Role, clock: TestClock
) -> None:
    provider = make(APPROLE)
    await provider.check()
    clock.time += 2 * HOUR  # nobody was woken: a suspended machine
    await provider.check()
    assert approle.logins == 2
    assert renewals(vault) == 0
    assert vault.count("auth/token/lookup-self") == 2  # Vault was not asked under the old one


async def test_a_revoked_token_costs_no_call(vault: StandIn, make: Make, approle: Role, clock: TestClock) -> None:
    provider = make(APPROLE)
    wrapped = await provider.wrap(7, b"content", DATA)
    await clock.advance(15)
    vault.root.tokens.held.clear()
    opened = await asyncio.gather(*(provider.unwrap(7, b"content", wrapped) for _ in range(10)))
    assert opened == [DATA] * 10
    assert approle.logins == 2


async def test_what_no_policy_allows_is_asked_once_more_and_does_not_lead_to_login_after_login(
    vault: StandIn, make: Make, approle: Role, clock: TestClock
) -> None:
    provider = make(APPROLE)
    await provider.check()
    vault.faults.denied = ("transit/",)
    await clock.advance(15)
    for _ in range(5):
        with pytest.raises(KeyServiceUnavailable, match="denies permission"):
            await provider.wrap(7, b"content", DATA)
    assert approle.logins == 2
    vault.faults.denied = ()
    await provider.wrap(7, b"content", DATA)


async def test_renewal_is_tried_again_while_vault_is_down_and_the_token_lives(
    vault: StandIn, make: Make, approle: Role, clock: TestClock
) -> None:
    clock.chance_is = 0.0
    provider = make(APPROLE)
    await provider.check()
    vault.faults.sealed = True
    await clock.advance(HOUR * 2 / 3 + 1)
    await until(lambda: renewals(vault) == 1 and waits(clock, 2))
    vault.faults.sealed = False
    await clock.advance(31)
    await until(lambda: next(iter(vault.root.tokens.held.values())).renewals == 1)
    assert approle.logins == 1


async def test_the_token_of_a_login_is_revoked_at_the_end_and_a_given_one_is_not(
    vault: StandIn, make: Make, approle: Role
) -> None:
    given = vault.root.tokens.make(ttl=HOUR, renewable=True)
    for login in (APPROLE, GivenToken(Secret(given))):
        provider = make(login)
        await provider.check()
        await provider.close()
    assert list(vault.root.tokens.held) == [given]
    with pytest.raises(KeyServiceUnavailable, match="stopping"):
        await provider.check()


async def test_a_namespace_is_a_world_of_its_own(vault: StandIn) -> None:
    token = vault.namespace("team/a").tokens.make()
    inside = keys(VaultTransitKeys, vault.url, GivenToken(Secret(token)), namespace="team/a")
    await inside.wrap(7, b"content", DATA)
    assert list(vault.namespace("team/a").transit.keys) == ["loci-tenant-7"]
    assert not vault.root.transit.keys
    outside = keys(VaultTransitKeys, vault.url, GivenToken(Secret(token)))
    with pytest.raises(KeyServiceUnavailable, match="refuses the login"):
        await outside.check()
    await inside.close()
    await outside.close()
