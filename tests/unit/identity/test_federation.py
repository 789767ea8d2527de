"""Who calls with a token or a certificate: kept for less than is promised, and never beyond what it stands on."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loci_server.errors import (
    CertificateExpired,
    CredentialInvalid,
    CredentialMissing,
    IdentityUnknown,
    TokenExpired,
    TokenInvalid,
    TooManyFailedCredentials,
    TooManyIdentities,
)
from loci_server.identity.authenticator import LIFETIME, Authenticator
from loci_server.identity.credentials import Credentials
from loci_server.identity.federation import Clock, Federation
from loci_server.identity.guesses import Guesses
from loci_server.identity.map_file import MapFile
from loci_server.identity.principal import Principal, Scope
from loci_server.identity.subject import Actor, Subject
from loci_server.identity.tokens.checker import TokenChecker
from tests.oidc import IssuerStandIn, signing_key
from tests.unit.identity.test_certificates import AGENT, ENDS, certificate
from tests.unit.identity.tokens.conftest import Place, place, stand_in

__all__ = ["place", "stand_in"]


class Registry:
    """Tenants and identities of a database."""

    def __init__(self) -> None:
        self.tenants = {"acme": 7}
        self.noted: list[Subject] = []
        self.asked = 0
        self.full = False

    async def tenant_key(self, tenant_id: str) -> int | None:
        self.asked += 1
        return self.tenants.get(tenant_id)

    def actor(self, tenant_key: int, named: Subject) -> Actor:
        return Actor(tenant_key, -1000 - len(named.subject))

    async def note(self, actor: Actor, named: Subject) -> None:
        if self.full:
            raise TooManyIdentities(limit=1)
        self.noted.append(named)


class Time:
    """Both clocks."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.base = time.time()

    def clock(self) -> Clock:
        return Clock(lambda: self.base + self.passed, lambda: self.passed)


class World:
    """A federation and all that it stands on."""

    def __init__(self, folder: Path, place: Place) -> None:
        self.path = folder / "map.json"
        self.stand_in = place.stand_in
        self.registry, self.time = Registry(), Time()
        self.write({"issuer": place.stand_in.url, "claims": {}}, {"spiffe": AGENT, "scopes": ["write"]})
        self.map_file = MapFile(self.path, [place.stand_in.url])
        clock = self.time.clock()
        self.federation = Federation(self.registry, TokenChecker([place.issuer], clock.now), self.map_file, clock)

    def write(self, *rules: dict[str, Any]) -> None:
        told = [{"tenant": "acme", "scopes": ["read"]} | rule for rule in rules]
        self.path.write_text(json.dumps({"rules": told}))


@pytest.fixture
def world(tmp_path: Path, place: Place) -> World:
    return World(tmp_path, place)


async def test_a_token_and_a_certificate_are_their_principals(world: World) -> None:
    token, pem = world.stand_in.token(sub="agent"), certificate([AGENT])
    principal = await world.federation.authenticate(token)
    assert principal == Principal(7, "acme", -1005, frozenset({Scope.READ}))
    assert principal.name == "tenants/acme/identities/1005"
    assert await world.federation.authenticate(pem) == Principal(
        7, "acme", -1000 - len(AGENT), frozenset({Scope.WRITE})
    )
    assert [one.subject for one in world.registry.noted] == ["agent", AGENT]


async def test_the_answer_is_kept_for_less_than_the_promised_ten_seconds(world: World) -> None:
    token = world.stand_in.token()
    assert world.federation.cached(token) is None
    principal = await world.federation.authenticate(token)
    world.time.passed = LIFETIME - 0.1
    assert world.federation.cached(token) == principal == await world.federation.authenticate(token)
    assert world.registry.asked == 1
    world.time.passed = LIFETIME + 0.1
    assert world.federation.cached(token) is None
    del world.registry.tenants["acme"]
    with pytest.raises(CredentialInvalid):
        await world.federation.authenticate(token)


async def test_the_answer_is_not_kept_beyond_the_end_of_the_token(world: World) -> None:
    token = world.stand_in.token(exp=world.time.base - 29)
    await world.federation.authenticate(token)
    world.time.passed = 1.1
    assert world.federation.cached(token) is None
    with pytest.raises(TokenExpired):
        await world.federation.authenticate(token)


async def test_a_certificate_that_ends_on_an_open_connection_is_refused(world: World) -> None:
    world.time.base = ENDS.timestamp() - 1
    pem = certificate([AGENT])
    await world.federation.authenticate(pem)
    world.time.passed = 1.1
    assert world.federation.cached(pem) is None
    with pytest.raises(CertificateExpired):
        await world.federation.authenticate(pem)


async def test_a_changed_map_counts_at_once(world: World) -> None:
    token = world.stand_in.token()
    await world.federation.authenticate(token)
    world.write({"issuer": world.stand_in.url, "claims": {"groups": "ops"}})
    await world.map_file.look()
    assert world.federation.cached(token) is None
    with pytest.raises(IdentityUnknown) as raised:
        await world.federation.authenticate(token)
    assert raised.value.code == "PERMISSION_DENIED"
    assert await world.federation.authenticate(world.stand_in.token(groups=["ops"]))


@pytest.mark.parametrize("lost", [lambda world: setattr(world.registry, "full", True)])
async def test_an_identity_that_cannot_be_noted_does_not_act(world: World, lost: Callable[[World], None]) -> None:
    lost(world)
    token = world.stand_in.token()
    with pytest.raises(TooManyIdentities):
        await world.federation.authenticate(token)
    world.registry.full = False
    assert await world.federation.authenticate(token)


async def test_a_text_is_never_taken_for_a_certificate(world: World) -> None:
    pem = certificate([AGENT])
    await world.federation.authenticate(pem)
    for text in (pem.decode(), pem.decode().replace("\n", " "), pem.hex()):
        assert world.federation.cached(text) is None
        with pytest.raises(TokenInvalid):
            await world.federation.authenticate(text)


async def test_without_map_and_issuers_nothing_is_taken() -> None:
    federation = Federation(Registry(), None, None)
    with pytest.raises(CredentialMissing):
        await federation.authenticate(certificate([AGENT]))
    issuer = IssuerStandIn()
    try:
        with pytest.raises(CredentialInvalid):
            await federation.authenticate(issuer.token())
    finally:
        issuer.stop()


async def test_health_knows_of_issuers_and_of_a_wrong_map(world: World) -> None:
    await world.federation.authenticate(world.stand_in.token())
    assert world.federation.healthy
    world.path.write_text("{")
    for _ in range(2):
        await world.map_file.look()
    assert not world.federation.healthy


async def test_tokens_of_unknown_issuers_count_as_guesses_and_keep_no_proof_out(world: World) -> None:
    keys = Authenticator(NoKeys(), bytes)
    credentials = Credentials(keys, world.federation, Guesses(2))
    peer, token = "ipv4:10.0.0.1:40000", world.stand_in.token()
    for bad in (world.stand_in.token(iss="https://elsewhere.example"), "no token"):
        with pytest.raises(TokenInvalid):
            await credentials.authenticate(bad, peer)
    with pytest.raises(TooManyFailedCredentials):
        await credentials.authenticate("no token either", peer)
    assert await credentials.authenticate(token, peer)
    assert await credentials.authenticate(certificate([AGENT]), peer)


async def test_a_token_of_an_issuer_that_is_not_good_is_no_guess(world: World) -> None:
    credentials = Credentials(Authenticator(NoKeys(), bytes), world.federation, Guesses(2))
    peer = "ipv4:10.0.0.1:40000"
    await credentials.authenticate(world.stand_in.token(), peer)
    for _ in range(5):
        with pytest.raises(TokenInvalid):
            await credentials.authenticate(world.stand_in.token(aud="x"), peer)
        with pytest.raises(TokenInvalid):
            await credentials.authenticate(world.stand_in.token(signing_key("one")), peer)
    with pytest.raises(TokenInvalid):
        await credentials.authenticate("no token", peer)
    assert await credentials.authenticate(world.stand_in.token(sub="new"), peer)


class NoKeys:
    """A database without API keys."""

    async def find(self, tenant_key: int, key_id: int) -> None:
        return None
