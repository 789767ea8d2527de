"""When a key was last used is written seldom, comes to be right, and is not lost when the database is away."""

from datetime import UTC, datetime

import pytest

from loci_server.errors import DatabaseUnavailable
from loci_server.jobs.key_uses import INTERVAL, MAX_KEYS, KeyUse, KeyUses


class Book:
    """What was written; `away`: nothing can be."""

    def __init__(self) -> None:
        self.written: list[KeyUse] = []
        self.away = False

    async def note_uses(self, uses: list[KeyUse]) -> None:
        if self.away:
            raise DatabaseUnavailable
        self.written += uses


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_key_that_is_always_used_is_written_once_a_minute_and_its_last_use_at_last() -> None:
    book, clock = Book(), Clock()
    uses = KeyUses(book, clock)
    for _ in range(25):  # two minutes
        uses.note(1, 7)
        await uses.write(INTERVAL)
        clock.now += 5
    assert len(book.written) == 3
    before = datetime.now(UTC)
    uses.note(1, 7)
    await uses.write(INTERVAL)
    assert len(book.written) == 3
    clock.now += INTERVAL
    await uses.write(INTERVAL)
    assert len(book.written) == 4
    assert book.written[-1].time >= before
    clock.now += INTERVAL
    await uses.write(INTERVAL)
    assert len(book.written) == 4, "nothing is new"


async def test_what_waits_is_written_at_the_end_in_one_order() -> None:
    book = Book()
    uses = KeyUses(book, Clock())
    for tenant_key, key_id in ((2, 1), (1, 9), (1, 3)):
        uses.note(tenant_key, key_id)
    await uses.write(INTERVAL)
    uses.note(1, 9)
    await uses.flush()
    assert [use[:2] for use in book.written] == [(1, 3), (1, 9), (2, 1), (1, 9)]


async def test_what_cannot_be_written_waits() -> None:
    book = Book()
    uses = KeyUses(book, Clock())
    uses.note(1, 7)
    book.away = True
    with pytest.raises(DatabaseUnavailable):
        await uses.write(INTERVAL)
    book.away = False
    await uses.write(INTERVAL)
    assert len(book.written) == 1


async def test_only_so_many_keys_are_known_and_the_longest_unused_is_forgotten() -> None:
    book = Book()
    uses = KeyUses(book, Clock())
    for key in range(MAX_KEYS + 1):
        uses.note(1, key)
    await uses.flush()
    assert len(book.written) == MAX_KEYS
    assert min(use.key_id for use in book.written) == 1
