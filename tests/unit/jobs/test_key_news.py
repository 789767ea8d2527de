"""What a process hears of keys is told on at once, and without end to nobody."""

import asyncio
from itertools import count
from typing import Any
from uuid import UUID

from loci_server.errors import TenantKeyUnavailable
from loci_server.jobs.key_news import KeyNews


class EndlessNews:
    """Each look finds another change of one graph's keys, as if each that is heard of made the next."""

    def __init__(self) -> None:
        self.looks = count()
        self.looked = 0

    async def hear(self, server: UUID, epoch: int | None, limit: int) -> list[Any]:
        await asyncio.sleep(0)
        self.looked = next(self.looks)
        return [{"epoch": self.looked, "tenant_key": 1, "graph_key": 2, "gone": None}]


async def test_news_of_a_key_that_is_denied_is_not_heard_again_without_a_pause() -> None:
    told = EndlessNews()
    news = KeyNews(told)  # type: ignore[arg-type]  # it is asked for news only
    dropped = []

    async def denied(tenant_key: int, graph_key: int) -> None:
        raise TenantKeyUnavailable(detail="it denies permission")

    await news.arrive()
    news.wake()
    running = asyncio.create_task(
        news.run(denied, lambda tenant, gone: None, lambda tenant, graph: dropped.append((tenant, graph)))
    )
    for _ in range(1000):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert dropped == [(1, 2)]
    assert told.looked == 1
