"""A transcript costs what is read of it, and tells each turn once however its edges lie."""

import itertools
import random
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest

from loci_server.memory.transcripts import Position, Transcript, Turn, rings
from loci_server.store.handles import GraphHandle
from loci_server.store.times import EPOCH


@dataclass
class Session:
    """The statements over one session in memory: what leads where, in the order in which it was said."""

    following: dict[str, str | None]
    asked: Counter[str] = field(default_factory=Counter)

    def row(self, turn: str) -> dict[str, Any]:
        said = EPOCH + timedelta(seconds=list(self.following).index(turn))
        return {"id": turn, "said": said, "create_time": EPOCH, "next": self.following[turn]}

    def before(self, turn: str | None) -> str | None:
        return next((one for one in self.following if self.following[one] == turn), None)

    async def fetch(self, name: str, handle: object, token: int, *arguments: Any) -> list[dict[str, Any]]:
        if name == "existing_nodes":
            return [{"id": id} for id in cast(list[str], token) if id in self.following]
        self.asked[name] += 1
        match name, arguments[1:]:
            case "session_chain", (after, first, limit):
                chain: list[str] = []
                turn = after
                while len(chain) < limit:
                    after = self.following.get(turn)
                    if after not in self.following or after == first or self.before(after) != turn:
                        break
                    turn = after
                    chain.append(turn)
                return [self.row(turn) for turn in chain]
            case "session_heads", (said, _, _, limit):
                heads = [self.row(one) for one in self.following if self.before(one) is None]
                return [row for row in heads if row["said"] > said][:limit]
            case "session_count", ():
                return [{"turns": len(self.following)}]
            case "session_turns", (after, limit):
                return [self.row(one) for one in sorted(self.following) if one > after][:limit]
        raise AssertionError(name)


async def page(session: Session, after: Position | None, size: int) -> list[Position]:
    found: list[Position] = []
    transcript = Transcript(session, cast(GraphHandle, None), 0)  # type: ignore[arg-type]
    async with aclosing(transcript.behind(after, size)) as positions:
        async for position in positions:
            found.append(position)
            if len(found) == size:
                break
    return found


async def told(session: Session, size: int) -> list[str]:
    order: list[str] = []
    after: Position | None = None
    while found := await page(session, after, size):
        order += [each.last.id for each in found]
        assert [each.told for each in found] == list(range(len(order) - len(found) + 1, len(order) + 1))
        after = Position.decode(found[-1].encode())
        assert after == found[-1]
    return order


async def test_a_page_within_a_chain_asks_for_itself_alone() -> None:
    ids = [f"t{number:05}" for number in range(5000)]
    session = Session(dict(itertools.zip_longest(ids, ids[1:])))
    first = await page(session, None, 10)
    session.asked.clear()
    second = await page(session, first[-1], 10)
    assert [each.last.id for each in second] == ids[10:20]
    assert session.asked == {"session_chain": 1}


async def test_chains_come_by_time_and_rings_last() -> None:
    following = {"z": "y", "a": "b", "r2": "r1", "r1": "r3", "y": None, "b": "y", "r3": "r2", "lone": None}
    for size in (1, 2, 3, 100):
        assert await told(Session(dict(following)), size) == ["z", "y", "a", "b", "lone", "r2", "r1", "r3"]


@pytest.mark.parametrize("seed", range(40))
async def test_every_turn_is_told_once_whatever_leads_where(seed: int) -> None:
    chance = random.Random(seed)
    ids = [f"t{number}" for number in range(chance.randint(1, 12))]
    chance.shuffle(ids)
    following = {one: chance.choice([*ids, None, "elsewhere"]) for one in ids}
    following = {one: None if after == one else after for one, after in following.items()}
    whole = await told(Session(following), 100)
    assert sorted(whole) == sorted(ids)
    for size in (1, 2, 5):
        assert await told(Session(following), size) == whole


async def test_what_was_told_is_not_told_again_when_its_first_turn_is_forgotten() -> None:
    ids = ["a", "b", "c", "d", "e"]
    session = Session({"a": "b", "b": "c", "c": None, "d": "e", "e": None})
    found = await page(session, None, 2)
    del session.following["a"]
    rest = await page(session, found[-1], 10)
    assert [each.last.id for each in (*found, *rest)] == ids


def test_a_place_that_is_none_is_refused() -> None:
    for wrong in (b"", b"{}", b"[1]", b"7", b'[1, 2, 3, "x", 4, 5, "y"]'):
        with pytest.raises(ValueError):  # noqa: PT011 - whichever
            Position.decode(wrong)


def test_rings_are_found_where_chains_lead_into_them() -> None:
    turns = {id: Turn(place, 0, id) for place, id in enumerate("abcx")}
    assert [turn.id for turn in rings(turns, {"a": "b", "b": "c", "c": "a", "x": "b"})] == ["a", "b", "c"]
    assert rings(turns, {"a": "b", "b": "c", "c": None, "x": "b"}) == []
