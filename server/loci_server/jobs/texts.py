"""Documents that are to be embedded: their texts read, and given to an embedder."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loci.v1.node_pb2 import Node
from loci_server.embedding import Embedder, Purpose
from loci_server.errors import ContentUnreadable, TextRefused
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.rows import open_node
from loci_server.writing.documents import document_passages

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that waits, and what is to be embedded of it. One that went or does not open has nothing."""

    number: int
    passages: list[str]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of passages, a row each, with the documents and places that they are of."""

    places: Sequence[tuple[int, int]]
    vectors: NDArray[np.float32]
    refused: Sequence[int]
    """Documents whose text the embedder refuses."""


async def read_documents(
    items: Items, handle: GraphHandle, numbers: Sequence[int], wanted: Callable[[Node], bool] = lambda node: True
) -> list[Document]:
    """The documents, in this order. One whose node is not `wanted` has nothing."""
    found: dict[int, list[str]] = {number: [] for number in numbers}
    for row in await items.fetch("get_documents", handle, numbers):
        try:
            node = open_node(handle, row)
        except ContentUnreadable:
            log.warning("a document does not open and is not embedded")
            continue
        if wanted(node):
            found[row["doc_no"]] = await document_passages(node)
    return [Document(number, texts) for number, texts in found.items()]


async def embed_documents(embedder: Embedder, documents: Sequence[Document]) -> Embedded | None:
    """What the embedder makes of them, or None if they have no text at all. A text that it refuses holds up no other.
    Raises EmbedderUnavailable."""
    texts = [text for document in documents for text in document.passages]
    if not texts:
        return None
    try:
        vectors = await embedder.embed(texts, Purpose.DOCUMENT)
    except TextRefused:
        if len(documents) == 1:
            return Embedded((), np.zeros((0, 0), np.float32), [documents[0].number])
        half = len(documents) // 2
        return _joined([await embed_documents(embedder, part) for part in (documents[:half], documents[half:])])
    places = [(document.number, place) for document in documents for place in range(len(document.passages))]
    return Embedded(places, vectors, ())


def _joined(parts: Sequence[Embedded | None]) -> Embedded:
    there = [part for part in parts if part is not None]
    some = [part.vectors for part in there if len(part.vectors)]
    return Embedded(
        [place for part in there for place in part.places],
        np.concatenate(some) if some else np.zeros((0, 0), np.float32),
        [number for part in there for number in part.refused],
    )
