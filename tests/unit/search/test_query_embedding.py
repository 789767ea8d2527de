"""A query is embedded once, however many graphs are searched for it."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from loci_server.embedding import Purpose
from loci_server.errors import EmbedderUnavailable
from loci_server.search.arms import QueryEmbedding


class Counting:
    """An embedder that counts what it is asked, and refuses the first `refusals` times."""

    model = "counting"
    batch_size = 1
    local = True

    def __init__(self, refusals: int = 0) -> None:
        self.asked: list[str] = []
        self._refusals = refusals

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> NDArray[np.float32]:
        self.asked += texts
        await asyncio.sleep(0)
        if len(self.asked) <= self._refusals:
            raise EmbedderUnavailable(detail="it rests")
        return np.ones((len(texts), 2), np.float32)

    async def close(self) -> None: ...


async def test_all_graphs_share_one_vector() -> None:
    embedder = Counting()
    query = QueryEmbedding("kettle")
    vectors = await asyncio.gather(*(query.by(embedder) for _ in range(5)))
    assert embedder.asked == ["kettle"]
    assert all(vector is vectors[0] for vector in vectors)


async def test_one_that_was_refused_does_not_speak_for_the_others() -> None:
    embedder = Counting(refusals=1)
    query = QueryEmbedding("kettle")
    first, second = await asyncio.gather(query.by(embedder), query.by(embedder), return_exceptions=True)
    assert isinstance(first, EmbedderUnavailable)
    assert isinstance(second, np.ndarray)
    with pytest.raises(EmbedderUnavailable):
        await QueryEmbedding("kettle").by(Counting(refusals=1))
