"""Who holds a key: found once in a while, refused soon after it is revoked, and told apart by reason."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loci_server.domain.row import Row
from loci_server.errors import CredentialExpired, CredentialInvalid, TooManyFailedCredentials
from loci_server.identity.authenticator import LIFETIME, Authenticator
from loci_server.identity.guesses import Guesses
from loci_server.identity.keys import ApiKey
from loci_server.identity.principal import Principal, Scope

SECRET = b"s" * 24
KEY = ApiKey(7, 9, SECRET)
HERE, THERE = "ipv4:192.0.2.7:1", "ipv4:192.0.2.8:1"


def digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()


class Keys:
    """The keys of a database, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.row: dict[str, Any] | None = {
            "secret_hash": digest(SECRET),
            "revoke_time": None,
            "expire_time": None,
            "tenant_delete_time": None,
            "tenant_id": "acme",
            "scopes": [2],
            "graphs": [],
        }

    async def find(self, tenant_key: int, key_id: int) -> Row | None:
        self.asked += 1
        return self.row if (tenant_key, key_id) == (7, 9) else None


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def authenticator(keys: Keys, clock: Clock) -> Authenticator:
    return Authenticator(keys, digest, clock)


async def test_the_right_key_is_its_principal(authenticator: Authenticator) -> None:
    principal = await authenticator.authenticate(KEY.encoded())
    assert principal == Principal(7, "acme", 9, frozenset({Scope.WRITE}))


async def test_the_answer_is_kept_for_less_than_the_promised_ten_seconds(
    authenticator: Authenticator, keys: Keys, clock: Clock
) -> None:
    assert LIFETIME < 10
    await authenticator.authenticate(KEY.encoded())
    clock.now += LIFETIME - 0.1
    assert await authenticator.authenticate(KEY.encoded()) == authenticator.cached(KEY.encoded())
    assert keys.asked == 1
    clock.now += 0.2
    assert authenticator.cached(KEY.encoded()) is None
    assert keys.row is not None
    keys.row["revoke_time"] = datetime.now(UTC)
    with pytest.raises(CredentialInvalid):
        await authenticator.authenticate(KEY.encoded())


@pytest.mark.parametrize("column", ["revoke_time", "tenant_delete_time"])
async def test_a_revoked_key_and_one_of_a_deleted_tenant_are_invalid(
    authenticator: Authenticator, keys: Keys, column: str
) -> None:
    assert keys.row is not None
    keys.row[column] = datetime.now(UTC)
    with pytest.raises(CredentialInvalid):
        await authenticator.authenticate(KEY.encoded())


@pytest.mark.parametrize("wrong", ["", "x", ApiKey(7, 9, b"t" * 24).encoded(), ApiKey(7, 8, SECRET).encoded()])
async def test_a_wrong_key_is_invalid(authenticator: Authenticator, wrong: str) -> None:
    with pytest.raises(CredentialInvalid):
        await authenticator.authenticate(wrong)


async def test_an_expired_key_says_so_to_who_knows_it_only(authenticator: Authenticator, keys: Keys) -> None:
    assert keys.row is not None
    keys.row["expire_time"] = datetime.now(UTC) - timedelta(seconds=1)
    with pytest.raises(CredentialExpired):
        await authenticator.authenticate(KEY.encoded())
    with pytest.raises(CredentialInvalid):
        await authenticator.authenticate(ApiKey(7, 9, b"t" * 24).encoded())


async def test_after_too_many_guesses_unknown_keys_are_not_looked_up_and_known_ones_go_on(
    keys: Keys, clock: Clock
) -> None:
    guesses = Guesses(3, clock)
    authenticator = Authenticator(keys, digest, clock, guesses=guesses)
    await authenticator.authenticate(KEY.encoded(), HERE)
    wrong = [ApiKey(7, 9, bytes([number]) * 24).encoded() for number in range(9)]
    for key in (*wrong[:2], "x"):
        with pytest.raises(CredentialInvalid):
            await authenticator.authenticate(key, HERE)
    asked = keys.asked
    for key in wrong:
        with pytest.raises(TooManyFailedCredentials):
            await authenticator.authenticate(key, HERE)
    assert keys.asked == asked
    with pytest.raises(CredentialInvalid):
        await authenticator.authenticate(wrong[0], THERE)
    for _ in range(3):
        assert await authenticator.authenticate(KEY.encoded(), HERE)
        clock.now += LIFETIME + 0.1
    assert keys.asked > asked
    assert keys.row is not None
    keys.row["revoke_time"] = datetime.now(UTC)
    with pytest.raises(CredentialInvalid):
        await authenticator.authenticate(KEY.encoded(), HERE)
    for _ in range(3):
        guesses.failed(HERE)
    with pytest.raises(TooManyFailedCredentials):
        await authenticator.authenticate(KEY.encoded(), HERE)


async def test_a_key_of_which_only_the_secret_is_wrong_is_looked_up_like_one_that_nobody_has(keys: Keys) -> None:
    hashed: list[bytes] = []

    def counted(secret: bytes) -> bytes:
        hashed.append(secret)
        return digest(secret)

    authenticator = Authenticator(keys, counted)
    for key in (ApiKey(7, 9, b"t" * 24), ApiKey(7, 8, b"t" * 24), ApiKey(8, 9, b"t" * 24)):
        before = keys.asked, len(hashed)
        with pytest.raises(CredentialInvalid):
            await authenticator.authenticate(key.encoded())
        assert (keys.asked, len(hashed)) == (before[0] + 1, before[1] + 1)


async def test_an_expired_key_is_no_guess(keys: Keys, clock: Clock) -> None:
    authenticator = Authenticator(keys, digest, clock, guesses=Guesses(1, clock))
    assert keys.row is not None
    keys.row["expire_time"] = datetime.now(UTC) - timedelta(seconds=1)
    for _ in range(5):
        with pytest.raises(CredentialExpired):
            await authenticator.authenticate(KEY.encoded(), HERE)


async def test_the_answer_is_not_kept_beyond_the_end_of_the_key(
    authenticator: Authenticator, keys: Keys, clock: Clock
) -> None:
    assert keys.row is not None
    keys.row["expire_time"] = datetime.now(UTC) + timedelta(seconds=1)
    await authenticator.authenticate(KEY.encoded())
    clock.now += 1.1
    assert authenticator.cached(KEY.encoded()) is None
