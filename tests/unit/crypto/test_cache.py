"""Unwrapped keys are kept for a stated time, asked for once, and never given when they are too old."""

import asyncio
from collections.abc import Callable
from hashlib import sha256

import pytest

from loci_server.crypto.cache import GONE_SECONDS, PAUSE_SECONDS, CachedKeys, Keeping
from loci_server.crypto.envelope import WrappedKey
from loci_server.errors import ContentUnreadable, KeyServiceUnavailable, LociError, TenantKeyUnavailable
from tests.waiting import eventually

KEEPING = Keeping(refresh=100, lifetime=1000, size=3)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Service:
    """A key service that counts how often it is asked, and fails as it is told."""

    def __init__(self) -> None:
        self.asked = 0
        self.error: Callable[[], LociError] | None = None
        self.answering = asyncio.Event()
        self.answering.set()

    async def wrap(self, tenant_key: int, purpose: bytes, key: bytes) -> WrappedKey:
        return WrappedKey("kek", (await self.answer(key))[::-1])

    async def unwrap(self, tenant_key: int, purpose: bytes, wrapped: WrappedKey) -> bytes:
        return (await self.answer(wrapped.wrapped))[::-1]

    async def rotate(self, tenant_key: int) -> str:
        return (await self.answer(b"kek")).decode()

    async def retire(self, tenant_key: int, kek_id: str) -> list[str]:
        self.asked += 1
        return ["kek"]

    async def destroy(self, tenant_key: int) -> list[str]:
        self.asked += 1
        return ["kek"]

    async def held(self, tenant_key: int) -> list[str]:
        self.asked += 1
        return ["kek"]

    def supersedes(self, tenant_key: int, kek_id: str, other: str) -> bool:
        return kek_id > other

    async def check(self) -> None:
        await self.answer(b"")

    async def close(self) -> None:
        return None

    async def answer(self, value: bytes) -> bytes:
        self.asked += 1
        await self.answering.wait()
        if self.error is not None:
            raise self.error()
        return value


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def keys(service: Service, clock: Clock) -> CachedKeys:
    return CachedKeys(service, KEEPING, clock)


def away() -> KeyServiceUnavailable:
    return KeyServiceUnavailable(detail="it is sealed.", retry_after=1.0)


def wrapped(name: bytes = b"abc", kek_id: str = "kek") -> WrappedKey:
    return WrappedKey(kek_id, name)


async def settle() -> None:
    """Until what runs beside has run."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_key_is_asked_for_once_while_it_is_fresh(keys: CachedKeys, service: Service, clock: Clock) -> None:
    for clock.now in (0, 50, 99):
        assert await keys.unwrap(1, b"content", wrapped()) == b"cba"
    assert service.asked == 1


async def test_calls_that_wait_for_one_key_share_one_request(keys: CachedKeys, service: Service) -> None:
    service.answering.clear()
    waiting = [asyncio.create_task(keys.unwrap(1, b"content", wrapped())) for _ in range(20)]
    await settle()
    waiting[0].cancel()
    service.answering.set()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert found[1:] == [b"cba"] * 19, "who gives up does not take the answer away from the others"
    assert service.asked == 1


async def test_an_older_key_is_given_at_once_and_asked_for_beside_the_call(
    keys: CachedKeys, service: Service, clock: Clock
) -> None:
    await keys.unwrap(1, b"content", wrapped())
    clock.now = 100
    service.answering.clear()
    assert await asyncio.wait_for(keys.unwrap(1, b"content", wrapped()), 5) == b"cba"
    await settle()
    assert service.asked == 2
    service.answering.set()
    await settle()
    clock.now = 1050  # too old for the first answer, not for the second
    service.error = away
    assert await keys.unwrap(1, b"content", wrapped()) == b"cba"


async def test_what_is_warm_goes_on_while_the_service_is_away_up_to_the_hard_limit(
    keys: CachedKeys, service: Service, clock: Clock
) -> None:
    await keys.unwrap(1, b"content", wrapped())
    service.error = away
    for clock.now in range(100, 1000, 50):
        assert await keys.unwrap(1, b"content", wrapped()) == b"cba"
        await settle()
        assert not keys.available
    clock.now = 1000
    with pytest.raises(KeyServiceUnavailable):
        await keys.unwrap(1, b"content", wrapped())
    service.error = None
    clock.now += PAUSE_SECONDS
    assert await keys.unwrap(1, b"content", wrapped()) == b"cba"
    assert keys.available


async def test_what_is_cold_fails_at_once_for_a_while_after_a_failure(
    keys: CachedKeys, service: Service, clock: Clock
) -> None:
    service.error = away
    for name in (b"a", b"b", b"c"):
        with pytest.raises(KeyServiceUnavailable, match="sealed") as raised:
            await keys.unwrap(1, b"content", wrapped(name))
        assert raised.value.retry_after
    with pytest.raises(KeyServiceUnavailable):
        await keys.wrap(1, b"content", b"new")
    assert service.asked == 1
    clock.now += PAUSE_SECONDS
    service.error = None
    assert await keys.unwrap(1, b"content", wrapped(b"a")) == b"a"


async def test_a_key_whose_own_key_was_destroyed_is_given_to_nobody_from_then_on(
    keys: CachedKeys, service: Service, clock: Clock
) -> None:
    await keys.unwrap(1, b"content", wrapped())
    clock.now = 100
    service.error = lambda: ContentUnreadable(detail="its key is gone")
    await keys.unwrap(1, b"content", wrapped())
    await settle()
    with pytest.raises(ContentUnreadable):
        await keys.unwrap(1, b"content", wrapped())
    assert keys.available, "the service answered"


async def test_a_key_is_known_by_tenant_purpose_and_envelope_together(keys: CachedKeys, service: Service) -> None:
    for tenant, purpose in ((1, b"content"), (2, b"content"), (1, b"search")):
        await keys.unwrap(tenant, purpose, wrapped())
    assert service.asked == 3


async def test_the_keys_not_used_for_longest_make_room(keys: CachedKeys, service: Service) -> None:
    for name in (b"a", b"b", b"c", b"a", b"d"):
        await keys.unwrap(1, b"content", wrapped(name))
    assert service.asked == 4
    await keys.unwrap(1, b"content", wrapped(b"a"))
    assert service.asked == 4
    await keys.unwrap(1, b"content", wrapped(b"b"))
    assert service.asked == 5


async def test_keys_that_are_too_old_do_not_stay_in_memory(keys: CachedKeys, service: Service, clock: Clock) -> None:
    await keys.unwrap(1, b"content", wrapped())
    clock.now = 1000
    keys.sweep()
    clock.now = 0  # had it stayed, it would be fresh again
    await keys.unwrap(1, b"content", wrapped())
    assert service.asked == 2


async def test_a_key_that_was_just_wrapped_need_not_be_unwrapped(keys: CachedKeys, service: Service) -> None:
    made = await keys.wrap(1, b"content", b"abc")
    assert await keys.unwrap(1, b"content", made) == b"abc"
    assert service.asked == 1


async def test_keys_of_a_tenant_that_was_destroyed_are_forgotten(keys: CachedKeys, service: Service) -> None:
    await keys.unwrap(1, b"content", wrapped())
    await keys.unwrap(2, b"content", wrapped())
    assert await keys.destroy(1) == ["kek"]
    service.error = lambda: ContentUnreadable(detail="its key is gone")
    with pytest.raises(ContentUnreadable):
        await keys.unwrap(1, b"content", wrapped())
    assert await keys.unwrap(2, b"content", wrapped()) == b"cba"


async def test_an_answer_that_was_under_way_when_its_tenant_was_destroyed_is_not_kept(
    keys: CachedKeys, service: Service
) -> None:
    service.answering.clear()
    late = asyncio.create_task(keys.unwrap(1, b"content", wrapped()))
    await settle()
    await keys.destroy(1)
    service.answering.set()
    assert await late == b"cba", "who asked before gets it"
    service.error = lambda: ContentUnreadable(detail="its key is gone")
    with pytest.raises(ContentUnreadable):
        await keys.unwrap(1, b"content", wrapped())


async def test_keys_that_a_retired_version_wrapped_are_forgotten_and_no_others(
    keys: CachedKeys, service: Service
) -> None:
    await keys.unwrap(1, b"content", wrapped())
    await keys.unwrap(1, b"content", wrapped(kek_id="newer"))
    await keys.unwrap(2, b"content", wrapped())
    assert await keys.retire(1, "newer") == ["kek"]
    service.error = lambda: ContentUnreadable(detail="its key is gone")
    with pytest.raises(ContentUnreadable):
        await keys.unwrap(1, b"content", wrapped())
    assert await keys.unwrap(1, b"content", wrapped(kek_id="newer")) == b"cba"
    assert await keys.unwrap(2, b"content", wrapped()) == b"cba"


async def test_an_answer_that_was_under_way_when_its_version_was_retired_is_not_kept(
    keys: CachedKeys, service: Service
) -> None:
    service.answering.clear()
    late = [asyncio.create_task(keys.unwrap(1, b"content", wrapped(kek_id=kek_id))) for kek_id in ("kek", "newer")]
    await settle()
    await keys.retire(1, "newer")
    service.answering.set()
    assert await asyncio.gather(*late) == [b"cba"] * 2, "who asked before gets it"
    service.error = lambda: ContentUnreadable(detail="its key is gone")
    with pytest.raises(ContentUnreadable):
        await keys.unwrap(1, b"content", wrapped())
    assert await keys.unwrap(1, b"content", wrapped(kek_id="newer")) == b"cba"


async def test_in_a_pause_nothing_is_retired(keys: CachedKeys, service: Service) -> None:
    service.error = away
    with pytest.raises(KeyServiceUnavailable):
        await keys.check()
    asked = service.asked
    with pytest.raises(KeyServiceUnavailable, match="sealed"):
        await keys.retire(1, "newer")
    assert service.asked == asked


async def test_a_service_that_is_back_is_found_without_a_call(keys: CachedKeys, service: Service, clock: Clock) -> None:
    service.error = away
    with pytest.raises(KeyServiceUnavailable):
        await keys.check()
    assert not keys.available
    service.error = None
    clock.now += PAUSE_SECONDS
    running = asyncio.create_task(keys.run())

    async def is_found() -> bool:
        return keys.available

    await eventually(is_found)
    running.cancel()


async def test_what_is_wrong_with_the_key_of_one_tenant_keeps_no_other_from_the_service(
    keys: CachedKeys, service: Service, clock: Clock
) -> None:
    service.error = lambda: TenantKeyUnavailable(detail="it denies permission.", retry_after=1.0)
    with pytest.raises(KeyServiceUnavailable):
        await keys.wrap(1, b"content", b"abc")
    service.error = None
    assert keys.available
    await keys.wrap(2, b"content", b"abc")
    asked = service.asked
    with pytest.raises(KeyServiceUnavailable, match="permission"):
        await keys.wrap(1, b"content", b"abc")
    assert service.asked == asked, "for that tenant it is not asked for a while"
    clock.now += PAUSE_SECONDS + 0.1
    await keys.wrap(1, b"content", b"abc")


async def test_what_was_destroyed_elsewhere_is_forgotten_and_nothing_else(keys: CachedKeys, service: Service) -> None:
    for tenant, name in ((1, b"abc"), (1, b"xyz"), (2, b"abc")):
        await keys.unwrap(tenant, b"content", wrapped(name))
    keys.forget(1, [sha256(b"abc").digest()])
    asked = service.asked
    await keys.unwrap(1, b"content", wrapped(b"xyz"))
    await keys.unwrap(2, b"content", wrapped(b"abc"))
    assert service.asked == asked
    await keys.unwrap(1, b"content", wrapped(b"abc"))
    assert service.asked == asked + 1


async def test_what_somebody_has_read_before_it_went_is_given_and_not_kept(
    keys: CachedKeys, service: Service, clock: Clock
) -> None:
    keys.forget(1, [sha256(b"abc").digest()])
    for asked in (1, 2):
        assert await keys.unwrap(1, b"content", wrapped()) == b"cba"
        assert service.asked == asked
    clock.now += GONE_SECONDS
    keys.sweep()
    for _ in range(2):
        assert await keys.unwrap(1, b"content", wrapped()) == b"cba"
        assert service.asked == 3


async def test_an_answer_that_was_under_way_when_it_was_destroyed_elsewhere_is_not_kept(
    keys: CachedKeys, service: Service
) -> None:
    service.answering.clear()
    waiting = asyncio.create_task(keys.unwrap(1, b"content", wrapped()))
    await settle()
    keys.forget(1, [sha256(b"abc").digest()])
    service.answering.set()
    assert await waiting == b"cba"
    await keys.unwrap(1, b"content", wrapped())
    assert service.asked == 2


async def test_what_is_wrapped_anew_is_not_kept_and_drives_nothing_out(keys: CachedKeys, service: Service) -> None:
    await keys.unwrap(1, b"content", wrapped())
    for name in (b"bcd", b"cde", b"def", b"efg"):
        anew = await keys.rewrap(2, b"content", wrapped(name))
        assert await service.unwrap(2, b"content", anew) == await service.unwrap(2, b"content", wrapped(name))
    asked = service.asked
    await keys.unwrap(1, b"content", wrapped())
    assert service.asked == asked
    await keys.unwrap(2, b"content", anew)
    assert service.asked == asked + 1


async def test_a_key_that_is_kept_is_wrapped_anew_without_the_one_before(keys: CachedKeys, service: Service) -> None:
    await keys.unwrap(1, b"content", wrapped())
    asked = service.asked
    await keys.rewrap(1, b"content", wrapped())
    assert service.asked == asked + 1
