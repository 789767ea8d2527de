"""What the lexical index of a graph is asked for, by the words of a query.

While the graph's keys are rotated each document has its terms by one of two keys. Both are asked, the one before first,
and what they tell is taken together: what changes over meanwhile is found twice, and counts once.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import asyncpg

from loci_server.search.fusion import Candidate
from loci_server.search.query import Filter
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items


class Statistics(NamedTuple):
    """How many documents there are, their mean length in terms, and how many hold each word."""

    documents: float
    mean_length: float
    holding: Mapping[str, float]


async def statistics_of(items: Items, handle: GraphHandle, words: Sequence[str]) -> Statistics:
    """Of a graph, for words as they are analysed; there must be one."""
    by_token = {tokenizer.term(word): word for tokenizer in handle.tokenizers for word in words}
    holding = dict.fromkeys(words, 0.0)
    rows = await items.fetch("lexical_statistics", handle, [*by_token])
    for row in rows:
        holding[by_token[row["term"]]] += row["holding"]
    return Statistics(rows[0]["documents"], rows[0]["mean_length"], holding) if rows else Statistics(0.0, 1.0, holding)


async def ranked(
    items: Items,
    handle: GraphHandle,
    words: Sequence[str],
    weights: Mapping[str, float] | None,
    filter: Filter,
    limit: int,
    needed: Sequence[str] = (),
) -> list[Candidate]:
    """Documents by BM25, the best first; only such as hold all words that are `needed`. `weights`: of the words, in
    place of those by the statistics; to be given where the graph has two tokenizers."""
    weighed = [weights[word] for word in words] if weights is not None else None
    found = []
    for tokenizer in handle.tokenizers:
        arguments = [tokenizer.term(word) for word in words], weighed, filter, limit
        if needed:
            rows = await items.fetch("search_holding", handle, *arguments, [tokenizer.term(word) for word in needed])
        else:
            rows = await items.fetch("search_lexical", handle, *arguments)
        found.append(candidates(rows))
    return merged(found, limit)


def candidates(rows: Sequence[asyncpg.Record]) -> list[Candidate]:
    return [Candidate(row[0], row[1]) for row in rows]


def merged(found: Sequence[list[Candidate]], limit: int) -> list[Candidate]:
    """One ranking of several."""
    if len(found) == 1:
        return found[0]
    return best({document: score for ranking in found for document, score in ranking}, limit)


def best(scores: Mapping[int, float], limit: int) -> list[Candidate]:
    """The documents with the highest scores."""
    order = sorted(scores.items(), key=lambda each: (-each[1], each[0]))
    return [Candidate(document, score) for document, score in order[:limit]]
