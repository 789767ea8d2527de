"""The first hits in the order of a reranker, where the server has one. If it fails, they stay as they were."""

import logging
from collections.abc import Sequence
from typing import Final

from loci_server.reranking import Reranker, RerankerUnavailable
from loci_server.search.arms import ArmResult, State
from loci_server.search.fusion import Arm, Candidate
from loci_server.search.shaping import Opened

RERANKED: Final = 50
"""First hits of a search; so many whatever page is asked for."""
READ: Final = 2000
"""Characters of each text that the reranker reads."""
log = logging.getLogger(__name__)


async def reranked(reranker: Reranker, query: str, items: Sequence[Opened]) -> tuple[Sequence[Opened], ArmResult]:
    """The hits in their new order, and the report. The scores stay where they were: the first hit has the highest."""
    first = [item for item in items[:RERANKED] if item.said]
    if not query.strip() or len(first) < 2:
        return items, ArmResult(Arm.RERANKER, State.SKIPPED, reason="there is nothing to put into another order")
    try:
        given = await reranker.rerank(
            query, [f"{item.node.label}: {item.node.text}".strip(": ")[:READ] for item in first]
        )
    except RerankerUnavailable as error:
        log.warning("the reranker failed: %s", type(error).__name__)
        return items, ArmResult(Arm.RERANKER, State.FAILED, reason="the reranker did not answer")
    places = sorted(range(len(first)), key=lambda place: (-given[place], place))
    scores = sorted((item.score for item in first), reverse=True)
    order = [first[place] for place in places]
    for item, score in zip(order, scores, strict=True):
        item.score = score
    chosen = {item.document for item in first}
    others = [item for item in items if item.document not in chosen]
    candidates = [Candidate(first[place].document, given[place]) for place in places]
    return [*order, *others], ArmResult(Arm.RERANKER, State.OK, candidates)
