"""A quota is held against what was summed up and what this process wrote since; changes are heard of soon."""

import asyncio
from dataclasses import replace

import pytest

from loci_server.domain.quotas import Amount, Quota
from loci_server.errors import DatabaseUnavailable, QuotaExceeded, RateLimited
from loci_server.writing.quotas import LIFETIME, SUM_SECONDS, Quotas

TENANT = 7
NOTHING = Amount()


class Store:
    """Quotas and amounts of a database, and how often it was asked."""

    def __init__(self, quota: Quota, amount: Amount = NOTHING) -> None:
        self.set, self.there = quota, amount
        self.asked = self.summed = 0
        self.away = False

    async def quota(self, tenant_key: int) -> Quota:
        self.asked += 1
        await asyncio.sleep(0)
        if self.away:
            raise DatabaseUnavailable
        return self.set

    async def amount(self, tenant_key: int) -> Amount:
        self.summed += 1
        await asyncio.sleep(0)
        if self.away:
            raise DatabaseUnavailable
        return self.there


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def fits(quotas: Quotas, **adds: int) -> bool:
    try:
        async with quotas.room(TENANT, Amount(**adds)):
            return True
    except QuotaExceeded:
        return False


async def settled() -> None:
    """What was begun beside the calls is done."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_this_process_writes_counts_at_once_and_costs_no_sum() -> None:
    store = Store(Quota(max_nodes=10), Amount(nodes=5))
    quotas = Quotas(store, Quota(), Clock())
    assert [await fits(quotas, nodes=1) for _ in range(7)] == [True] * 5 + [False] * 2
    assert await fits(quotas, nodes=-2)
    assert await fits(quotas, nodes=2)
    assert not await fits(quotas, nodes=1)
    assert (store.asked, store.summed) == (1, 1)


async def test_a_write_that_fails_takes_no_room() -> None:
    quotas = Quotas(Store(Quota(max_nodes=1)), Quota(), Clock())
    with pytest.raises(ZeroDivisionError):
        async with quotas.room(TENANT, Amount(nodes=1)):
            raise ZeroDivisionError
    assert await fits(quotas, nodes=1)


async def test_writes_that_run_together_do_not_go_beyond_together() -> None:
    quotas = Quotas(Store(Quota(max_nodes=3)), Quota(), Clock())
    go = asyncio.Event()

    async def write() -> bool:
        try:
            async with quotas.room(TENANT, Amount(nodes=1)):
                await go.wait()
                return True
        except QuotaExceeded:
            return False

    writes = [asyncio.create_task(write()) for _ in range(10)]
    await settled()
    go.set()
    assert sum(await asyncio.gather(*writes)) == 3


async def test_what_others_write_is_known_after_the_next_sum_for_which_nobody_waits() -> None:
    clock, store = Clock(), Store(Quota(max_nodes=10))
    quotas = Quotas(store, Quota(), clock)
    assert await fits(quotas, nodes=4)
    store.there = Amount(nodes=10)  # the four and six of others
    assert await fits(quotas, nodes=0, bytes=1)
    clock.now += SUM_SECONDS + 1
    assert await fits(quotas, nodes=1), "the sum is made beside it"
    await settled()
    assert not await fits(quotas, nodes=1)
    store.there = Amount(nodes=2)
    clock.now += SUM_SECONDS + 1
    await fits(quotas, nodes=1)
    await settled()
    assert await fits(quotas, nodes=1)


async def test_a_change_of_the_quota_holds_within_ten_seconds() -> None:
    clock, store = Clock(), Store(Quota(max_nodes=1))
    quotas = Quotas(store, Quota(), clock)
    assert await fits(quotas, nodes=1)
    store.set = Quota(max_nodes=2)
    assert not await fits(quotas, nodes=1)
    clock.now += 2 * LIFETIME + 0.1
    assert clock.now - 100 < 10
    assert await fits(quotas, nodes=1)
    store.set = replace(store.set, requests_per_second=1)
    clock.now += 2 * LIFETIME + 0.1
    await quotas.charge(TENANT)
    with pytest.raises(RateLimited) as refused:
        await quotas.charge(TENANT)
    assert refused.value.metadata == {"limit": "1", "name": "requests_per_second"}
    assert refused.value.retry_after == pytest.approx(1.0)


async def test_while_the_database_is_away_the_last_quota_holds_and_a_new_tenant_has_that_of_the_server() -> None:
    clock, store = Clock(), Store(Quota(requests_per_second=1))
    quotas = Quotas(store, Quota(requests_per_second=2), clock)
    await quotas.charge(TENANT)
    store.away = True
    clock.now += 100
    await quotas.charge(TENANT)
    with pytest.raises(RateLimited):
        await quotas.charge(TENANT)
    for _ in range(2):
        await quotas.charge(TENANT + 1)
    with pytest.raises(RateLimited):
        await quotas.charge(TENANT + 1)


async def test_a_tenant_without_a_quota_costs_no_sum() -> None:
    store = Store(Quota())
    quotas = Quotas(store, Quota(), Clock())
    for _ in range(100):
        await quotas.charge(TENANT)
        assert await fits(quotas, nodes=1)
    assert (store.asked, store.summed) == (1, 0)
