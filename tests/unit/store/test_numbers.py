"""Numbers come in blocks, each once and ascending, also to many at once."""

import asyncio
from contextlib import nullcontext
from typing import Any

from loci_server.store.numbers import Numbers
from loci_server.store.pool import connect


class Unobserved:
    def statement(self, name: str) -> Any:
        return nullcontext()


async def test_each_number_is_given_once(database_url: str) -> None:
    database = await connect(database_url, size=4, pooler="none", observer=Unobserved())
    try:
        first, second = Numbers(database), Numbers(database)
        taken = await asyncio.gather(
            *[(first, second)[turn % 2].take(count) for turn, count in enumerate([1, 999, 1, 2500, 3, 1000, 700] * 4)]
        )
        for numbers in taken:
            assert numbers == sorted(numbers)
        everything = [number for numbers in taken for number in numbers]
        assert len(everything) == len(set(everything)) == 4 * (1 + 999 + 1 + 2500 + 3 + 1000 + 700)
        assert await first.take(0) == []
    finally:
        await database.close()
