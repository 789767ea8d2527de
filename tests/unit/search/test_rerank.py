"""A reranker's order is taken, and a search never fails for the lack of one."""

from collections.abc import Sequence

import pytest

from loci.v1.node_pb2 import Node
from loci_server.reranking import RerankerUnavailable
from loci_server.search.arms import State
from loci_server.search.rerank import RERANKED, reranked
from loci_server.search.shaping import Opened, opened


class ByLength:
    """The longest text first."""

    asked: Sequence[str] = ()

    async def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        self.asked = texts
        return [float(len(text)) for text in texts]

    async def close(self) -> None: ...


class Away(ByLength):
    async def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        raise RerankerUnavailable(detail="away")


def hits(*texts: str) -> list[Opened]:
    found = [opened(number, Node(text=text), 3, 1.0) for number, text in enumerate(texts, 1)]
    for place, item in enumerate(found):
        item.score = 1.0 - place / 100
    return found


async def test_the_first_hits_are_put_into_its_order_with_falling_scores() -> None:
    order, report = await reranked(ByLength(), "q", hits("a", "ccc", "bb"))
    assert [item.document for item in order] == [2, 3, 1]
    assert [item.score for item in order] == sorted((item.score for item in order), reverse=True)
    assert report.state is State.OK
    assert [candidate.document for candidate in report.candidates] == [2, 3, 1]


async def test_those_behind_stay_behind() -> None:
    reranker = ByLength()
    order, _ = await reranked(reranker, "q", hits(*["x"] * RERANKED, "a much longer text"))
    assert len(reranker.asked) == RERANKED
    assert order[-1].document == RERANKED + 1


async def test_without_an_answer_the_order_stays_and_that_is_said() -> None:
    found = hits("a", "bb")
    order, report = await reranked(Away(), "q", found)
    assert order == found
    assert report.state is State.FAILED
    assert report.reason


@pytest.mark.parametrize(("query", "texts"), [(" ", ["a", "b"]), ("q", ["a"]), ("q", [])])
async def test_nothing_to_order_is_not_asked_for(query: str, texts: list[str]) -> None:
    reranker = ByLength()
    _, report = await reranked(reranker, query, hits(*texts))
    assert not reranker.asked
    assert report.state is State.SKIPPED
