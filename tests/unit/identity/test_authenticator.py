"""Who holds a key: found once in a while, refused soon after it is revoked, and told apart by reason."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loci_server.domain.row import Row
from loci_server.errors import CredentialExpired, CredentialInvalid, TooManyFailedCredentials
from loci_server.identity.authenticator import LIFETIME, Authenticator
from loci_server.identity.guesses import SECOND_LOOKS, Guesses
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


def garbage(number: int) -> str:
    """A key that nobody has."""
    return ApiKey(7, 1000 + number, SECRET).encoded()


async def throttled(authenticator: Authenticator, limit: int) -> None:
    """From here so many keys that nobody has were tried that further ones are refused."""
    for number in range(limit):
        with pytest.raises(CredentialInvalid):
            await authenticator.authenticate(garbage(number), HERE)
    with pytest.raises(TooManyFailedCredentials):
        await authenticator.authenticate(garbage(limit), HERE)


async def test_after_too_many_guesses_unknown_keys_are_refused_and_known_ones_go_on(keys: Keys, clock: Clock) -> None:
    guesses = Guesses(3, clock)
    authenticator = Authenticator(keys, digest, clock, guesses=guesses)
    await authenticator.authenticate(KEY.encoded(), HERE)
    await throttled(authenticator, 3)
    asked = keys.asked
    with pytest.raises(TooManyFailedCredentials):
        await authenticator.authenticate("x", HERE)
    assert keys.asked == asked
    with pytest.raises(CredentialInvalid):
        await authenticator.authenticate(garbage(0), THERE)
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


async def test_keys_that_nobody_has_keep_none_out_that_somebody_has(keys: Keys, clock: Clock) -> None:
    authenticator = Authenticator(keys, digest, clock, guesses=Guesses(3, clock))
    await throttled(authenticator, 3)
    assert await authenticator.authenticate(KEY.encoded(), HERE)


async def test_a_key_that_is_guessed_itself_is_refused_where_it_is_guessed(keys: Keys, clock: Clock) -> None:
    authenticator = Authenticator(keys, digest, clock, guesses=Guesses(3, clock))
    await throttled(authenticator, 3)
    for number in range(3):
        with pytest.raises(TooManyFailedCredentials):
            await authenticator.authenticate(ApiKey(7, 9, bytes([number]) * 24).encoded(), HERE)
    with pytest.raises(TooManyFailedCredentials):
        await authenticator.authenticate(KEY.encoded(), HERE)
    assert authenticator.cached(KEY.encoded()) is None
    assert await authenticator.authenticate(KEY.encoded(), THERE)
    keys.row, row = None, keys.row
    other = Authenticator(keys, digest, clock, guesses=Guesses(3, clock))
    await throttled(other, 3)
    for _ in range(5):
        with pytest.raises(TooManyFailedCredentials):
            await other.authenticate(KEY.encoded(), HERE)
    keys.row = row
    assert await other.authenticate(KEY.encoded(), HERE), "of a key that there was not nothing was counted"


async def test_lookups_for_those_who_guess_are_bounded_for_the_process(keys: Keys, clock: Clock) -> None:
    authenticator = Authenticator(keys, digest, clock, guesses=Guesses(3, clock))
    await throttled(authenticator, 3)
    for _ in range(2):
        clock.now += 1.0
        asked = keys.asked
        for number in range(3 * SECOND_LOOKS):
            with pytest.raises(TooManyFailedCredentials):
                await authenticator.authenticate(garbage(number), HERE)
        assert keys.asked == asked + SECOND_LOOKS


async def test_to_those_who_guess_a_key_that_there_is_is_as_one_that_there_is_not(keys: Keys, clock: Clock) -> None:
    hashed: list[bytes] = []

    def counted(secret: bytes) -> bytes:
        hashed.append(secret)
        return digest(secret)

    authenticator = Authenticator(keys, counted, clock, guesses=Guesses(2, clock))
    await throttled(authenticator, 2)
    told = set()
    wrong = ApiKey(7, 9, b"t" * 24)
    for key in (wrong, wrong, wrong, KEY, ApiKey(7, 8, b"t" * 24), ApiKey(8, 9, b"t" * 24)):
        before = keys.asked, len(hashed)
        with pytest.raises(TooManyFailedCredentials) as raised:
            await authenticator.authenticate(key.encoded(), HERE)
        assert (keys.asked, len(hashed)) == (before[0] + 1, before[1] + 1)
        told.add((raised.value.message, raised.value.retry_after, tuple(raised.value.metadata.items())))
    assert len(told) == 1


async def test_a_key_that_is_to_be_forgotten_is_looked_up_anew(authenticator: Authenticator, keys: Keys) -> None:
    await authenticator.authenticate(KEY.encoded())
    authenticator.forget(8, 9)
    assert authenticator.cached(KEY.encoded())
    authenticator.forget(7, 9)
    assert keys.row is not None
    keys.row["revoke_time"] = datetime.now(UTC)
    with pytest.raises(CredentialInvalid):
        await authenticator.authenticate(KEY.encoded())


async def test_no_key_is_kept_in_clear(authenticator: Authenticator) -> None:
    await authenticator.authenticate(KEY.encoded())
    assert authenticator.cached(KEY.encoded())
    assert KEY.encoded() not in repr(vars(authenticator))


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
