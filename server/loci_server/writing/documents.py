"""What a node's text becomes for search: keyed terms now, vectors now or by a job."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from weakref import ref

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.crypto.tokens import Tokenizer
from loci_server.domain.structs import scalar_tokens
from loci_server.search.analysis import MAX_TERM_CHARS, terms_of, words

LONG_TEXT = 16_000
"""Characters; some milliseconds of work."""


def searchable_text(node: Node) -> str:
    """Label, aliases and text, a line each."""
    return "\n".join(part for part in (node.label, *node.aliases, node.text) if part)


def frequencies(tokenizer: Tokenizer, text: str) -> dict[int, int]:
    """The keyed terms of a text and how often each occurs."""
    known = tokenizer.words
    if not isinstance(known, _Words):
        known = tokenizer.words = _Words(tokenizer)
    return Counter(chain.from_iterable(map(known.__getitem__, words(text))))


class _Words(dict[str, tuple[int, ...]]):
    """The tokens of the words that a graph's texts held lately. Looked up without leaving the interpreter's C code."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = ref(tokenizer)

    def __missing__(self, word: str) -> tuple[int, ...]:
        tokenizer = self._tokenizer()
        assert tokenizer is not None
        tokens = tuple(tokenizer.term(term) for term in terms_of(word))
        if len(word) <= MAX_TERM_CHARS:
            tokenizer.remember(word, tokens)
        return tokens


async def document_terms(tokenizer: Tokenizer, text: str) -> dict[int, int]:
    """As `frequencies`, but a long text is analysed beside the loop, so that other calls go on."""
    if len(text) < LONG_TEXT:
        return frequencies(tokenizer, text)
    return await asyncio.to_thread(frequencies, tokenizer, text)


def property_tokens(tokenizer: Tokenizer, message: Node | Edge) -> Sequence[int]:
    """One token for each top-level property with a scalar value."""
    if not message.HasField("properties"):
        return ()
    return tuple({tokenizer.property(key, value) for key, value in scalar_tokens(message.properties)})
