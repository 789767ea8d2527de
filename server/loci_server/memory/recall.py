"""Recall: the memories of several graphs that bear on a question, and a text of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import quote

from loci.v1.node_pb2 import Node
from loci_server.domain.limits import PAGE_BYTES
from loci_server.domain.names import parse_node
from loci_server.search.concurrency import together
from loci_server.search.packing import CountTokens, Memory, Packed, characters, pack
from loci_server.search.query import Query
from loci_server.search.searcher import Found, Hit, Page, Searcher
from loci_server.search.shaping import Opened, moment_of
from loci_server.store.handles import GraphHandle


@dataclass(frozen=True, slots=True)
class Recalled:
    """The best memories of all graphs, what was packed of them, and the page of each graph, in the order given."""

    hits: Sequence[Hit]
    cut: bool
    """There was no room for all that were asked for."""
    context: Packed | None
    pages: Sequence[Page]


class Recaller:
    """Finds and packs."""

    def __init__(self, searcher: Searcher, count: CountTokens = characters) -> None:
        self._searcher = searcher
        self._count = count

    async def recall(self, asked: Sequence[tuple[GraphHandle, Query]], limit: int, max_tokens: int) -> Recalled:
        """At most `limit` memories; no context for `max_tokens` 0. The queries must have profiles. Raises what
        Searcher.find does."""
        periods = await together(self._searcher.time_of_event(*each) for each in asked)
        asked = [(handle, query.within(period)) for (handle, query), period in zip(asked, periods, strict=True)]
        found = await self._searcher.find(asked)
        pages = [
            await self._searcher.page(handle, query, each, 0, limit)
            for (handle, query), each in zip(asked, found, strict=True)
        ]
        best = sorted((hit for page in pages for hit in page.hits), key=lambda hit: (-hit.score, hit.node.name))[:limit]
        sizes = accumulate(hit.node.ByteSize() for hit in best)
        hits = [hit for hit, size in zip(best, sizes, strict=True) if size <= PAGE_BYTES]
        # Beside the loop: a tokenizer takes a second for the longest texts.
        packing = asyncio.to_thread(pack, memories(asked, found), max_tokens, self._count) if max_tokens else None
        context = await packing if packing is not None else None
        return Recalled(hits, len(hits) < len(best), context, pages)


def memories(asked: Sequence[tuple[GraphHandle, Query]], found: Sequence[Found]) -> list[Memory]:
    """What may be packed: the heads of all graphs."""
    several = len(asked) > 1
    return [
        memory(f"{handle.graph_id}/" if several else "", item)
        for (handle, _), each in zip(asked, found, strict=True)
        for item in each.head
    ]


def memory(prefix: str, item: Opened) -> Memory:
    node = item.node
    _, identity = parse_node(node.name)
    return Memory(node.name, prefix + cited(identity), moment_of(node), node.label, node.text, item.score, remark(node))


def cited(identity: str) -> str:
    """An id within brackets: what would end them or the line is written as in a URL."""
    return "".join(quote(char) if char in "[]" or not char.isprintable() else char for char in identity)


def remark(node: Node) -> str:
    """When a memory holds, as EDTF, whether it is superseded, and whether it is contested."""
    valid = (
        f"{node.valid_from or '..'}/{node.valid_to or '..'}"
        if node.valid_to or "/" not in node.valid_from
        else node.valid_from
    )
    parts = [f"valid {valid}"] if node.valid_from or node.valid_to else []
    if node.superseded:
        parts.append("superseded")
    if node.claim.contested:
        parts.append("contested")
    return ", ".join(parts)
