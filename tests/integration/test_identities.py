"""Identities in the database: noted once, sealed, of one tenant, and no more than are allowed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from loci_server.bootstrap import Unobserved
from loci_server.crypto.installation import Installation
from loci_server.crypto.local import from_file
from loci_server.errors import IdentityNotFound, TooManyIdentities
from loci_server.identity.subject import Kind, Subject
from loci_server.store import identities as store
from loci_server.store.identities import Identities
from loci_server.store.pool import Database, connect
from loci_server.store.tenants import Tenants, open_installation

AGENT = Subject(Kind.TOKEN, "https://issuer.example", "CANARY-agent")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await connect(database_url, size=2, pooler="none", observer=Unobserved())
    yield opened
    await opened.close()


@pytest.fixture
async def installation(database: Database, tmp_path: Path) -> Installation:
    return await open_installation(database, from_file(tmp_path / "keyring.json"))


@pytest.fixture
async def tenants(database: Database, installation: Installation) -> tuple[int, int]:
    made = Tenants(database, installation)
    one, two = [await made.create(name, "") for name in ("one", "two")]
    return one["tenant_key"], two["tenant_key"]


@pytest.fixture
def identities(database: Database, installation: Installation) -> Identities:
    return Identities(database, installation)


async def test_an_identity_has_one_number_in_a_tenant_and_another_in_another(
    identities: Identities, tenants: tuple[int, int], installation: Installation, database: Database
) -> None:
    one, two = (identities.actor(tenant, AGENT) for tenant in tenants)
    again = Identities(database, installation).actor(tenants[0], AGENT)
    others = [
        Subject(Kind.TOKEN, "https://other.example", AGENT.subject),
        Subject(Kind.TOKEN, AGENT.issuer, "x"),
        Subject(Kind.SPIFFE, AGENT.issuer, AGENT.subject),
    ]
    assert one == again
    assert one.number < 0
    assert len({one.number, two.number, *(identities.actor(tenants[0], other).number for other in others)}) == 5


async def test_it_is_noted_once_sealed_and_told_to_its_tenant_only(
    identities: Identities, tenants: tuple[int, int], database_url: str
) -> None:
    actor = identities.actor(tenants[0], AGENT)
    await asyncio.gather(*(identities.note(actor, AGENT) for _ in range(6)))
    found = await identities.find(tenants[0], "one", -actor.number)
    assert (found.name, found.kind) == (f"tenants/one/identities/{-actor.number}", Kind.TOKEN)
    assert (found.issuer, found.subject) == (AGENT.issuer, AGENT.subject)
    assert [row["actor"] for row in await identities.page(tenants[0], 0, 10)] == [actor.number]
    assert await identities.page(tenants[1], 0, 10) == []
    with pytest.raises(IdentityNotFound):
        await identities.find(tenants[1], "two", -actor.number)
    connection = await asyncpg.connect(database_url)
    try:
        (stored,) = await connection.fetch("SELECT i::text AS row, subject FROM loci.identities i")
    finally:
        await connection.close()
    assert b"CANARY" not in stored["subject"]
    assert "CANARY" not in stored["row"]


async def test_pages_tell_all_of_them_in_order(identities: Identities, tenants: tuple[int, int]) -> None:
    actors = []
    for number in range(7):
        subject = Subject(Kind.DNS, "", f"a{number}.example")
        actors.append(identities.actor(tenants[0], subject))
        await identities.note(actors[-1], subject)
    expected = sorted(-actor.number for actor in actors)
    found: list[int] = []
    while rows := await identities.page(tenants[0], found[-1] if found else 0, 3):
        found += [-row["actor"] for row in rows]
    assert found == expected


async def test_a_tenant_has_no_more_identities_than_are_kept_and_those_it_has_go_on(
    identities: Identities, tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MAX_IDENTITIES", 2)
    subjects = [Subject(Kind.DNS, "", f"a{number}.example") for number in range(3)]
    actors = [identities.actor(tenants[0], subject) for subject in subjects]
    for actor, subject in zip(actors[:2], subjects, strict=False):
        await identities.note(actor, subject)
    with pytest.raises(TooManyIdentities):
        await identities.note(actors[2], subjects[2])
    await identities.note(actors[0], subjects[0])
    await identities.note(identities.actor(tenants[1], subjects[2]), subjects[2])


async def test_a_deleted_tenant_has_no_key(
    identities: Identities, tenants: tuple[int, int], database: Database, installation: Installation
) -> None:
    assert await identities.tenant_key("one") == tenants[0]
    assert await identities.tenant_key("none") is None
    await Tenants(database, installation).set_deleted("one", True)
    assert await identities.tenant_key("one") is None
