"""What a node's text becomes for search: keyed terms now, vectors now or by a job."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from weakref import ref

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.crypto.tokens import Tokenizer
from loci_server.domain.claims import sameness, slot_of
from loci_server.domain.fields import Fields
from loci_server.domain.items import NodeChange
from loci_server.domain.structs import scalar_tokens
from loci_server.embedding import passages
from loci_server.search.analysis import MAX_TERM_CHARS, terms_of, words
from loci_server.search.mentions import mentions
from loci_server.search.times import names_times
from loci_server.store.rows import Terms

LONG_TEXT = 16_000
"""Characters; some milliseconds of work."""
LONG_TO_READ = 500
"""Characters; so many may name so much that it takes some milliseconds to see."""
LONG_LABEL = 100
"""Characters of a label that stand before each passage; of a longer one only these."""
MAX_PASSAGES = 1000
"""Of one node. No text within the limits has more."""


def searchable_text(node: Node) -> str:
    """Label, aliases and text, a line each: what every graph searches of a node, and what is embedded."""
    return "\n".join(part for part in (node.label, *node.aliases, node.text) if part)


def has_text(node: Node) -> bool:
    """Whether its searchable text is more than white space."""
    text, label = node.text, node.label
    if (text and not text.isspace()) or (label and not label.isspace()):
        return True
    return any(not alias.isspace() for alias in node.aliases)


def embedded_passages(node: Node) -> list[str]:
    """What is embedded of a node, a vector each: the label, its aliases, and the passages of its text, each behind the
    label. A label stands alone only where there is no text, or where it is so long that it is a text by itself."""
    label = node.label.strip()
    prefix = label[:LONG_LABEL]
    found = cut(label) if len(label) > LONG_LABEL or not node.text.strip() else []
    aliases = ", ".join(alias for alias in node.aliases if alias.strip())
    for text in (aliases, node.text):
        found += [f"{prefix}: {passage}" if prefix else passage for passage in cut(text)]
    return found[:MAX_PASSAGES]


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in passages(text)]


def frequencies(tokenizer: Tokenizer, text: str) -> dict[str, int]:
    """The keyed terms of a text, in decimal, and how often each occurs."""
    known = tokenizer.words
    if not isinstance(known, _Words):
        known = tokenizer.words = _Words(tokenizer)
    return Counter(chain.from_iterable(map(known.__getitem__, words(text))))


class _Words(dict[str, tuple[str, ...]]):
    """The tokens of the words that a graph's texts held lately. Looked up without leaving the interpreter's C code."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = ref(tokenizer)

    def __missing__(self, word: str) -> tuple[str, ...]:
        tokenizer = self._tokenizer()
        assert tokenizer is not None
        tokens = tuple([str(tokenizer.term(term)) for term in terms_of(word)])
        if len(word) <= MAX_TERM_CHARS:
            tokenizer.remember(word, tokens)
        return tokens


def weighted_frequencies(tokenizer: Tokenizer, parts: Sequence[tuple[int, str]]) -> dict[str, int]:
    """Of several texts, each as if it stood there as often as its weight says."""
    if len(parts) == 1 and parts[0][0] == 1:
        return frequencies(tokenizer, parts[0][1])
    if all(weight == 1 for weight, _ in parts):
        return frequencies(tokenizer, "\n".join(text for _, text in parts))
    total: Counter[str] = Counter()
    for weight, text in parts:
        for token, count in frequencies(tokenizer, text).items():
            total[token] += weight * count
    return total


async def counted(tokenizer: Tokenizer, fields: Fields, node: Node) -> Terms:
    """The words of a node's document, without what it names."""
    parts = [(weight, "\n".join(texts)) for weight, texts in fields.parts(node)]
    if sum(len(text) for _, text in parts) < LONG_TEXT:
        return Terms(weighted_frequencies(tokenizer, parts))
    return Terms(await asyncio.to_thread(weighted_frequencies, tokenizer, parts))


async def analysed(tokenizer: Tokenizer, fields: Fields, node: Node) -> Terms | None:
    """The terms of a node's document, with weighted frequencies; None if there is nothing to search for. What is long
    is analysed beside the loop, so that other calls go on."""
    parts = [(weight, "\n".join(texts)) for weight, texts in fields.parts(node)]
    if not parts and not node.HasField("embedding"):
        return None
    if sum([len(text) for _, text in parts]) < LONG_TO_READ:
        return terms_of_parts(tokenizer, parts, node)
    return await asyncio.to_thread(terms_of_parts, tokenizer, parts, node)


def terms_of_parts(tokenizer: Tokenizer, parts: Sequence[tuple[int, str]], node: Node) -> Terms:
    return Terms(weighted_frequencies(tokenizer, parts), [tokenizer.mention(term) for term in mentions(node)])


def in_new_document(change: NodeChange, fields: Fields) -> NodeChange:
    """The change, with a new document if a property that is searched has another value, or if the text names times and
    was said at another one."""
    if change.new_document or change.message is None or change.stored is None:
        return change
    new, old = change.message, change.stored.message
    moved = new.event_time != old.event_time and names_times(new.text)
    if moved or (fields.properties and list(fields.values(new)) != list(fields.values(old))):
        return replace(change, new_document=True)
    return change


async def document_passages(node: Node) -> list[str]:
    """As `embedded_passages`, but a long text is cut beside the loop."""
    if len(node.text) < LONG_TEXT:
        return embedded_passages(node)
    return await asyncio.to_thread(embedded_passages, node)


def property_tokens(tokenizer: Tokenizer, message: Node | Edge) -> Sequence[int]:
    """One token for each top-level property with a scalar value, and those of what a node claims."""
    found: set[int] = set()
    if message.HasField("properties"):
        found.update(tokenizer.property(key, value) for key, value in scalar_tokens(message.properties))
    if isinstance(message, Node) and message.HasField("claim"):
        found.update(claim_tokens(tokenizer, message))
    return tuple(found)


def claim_tokens(tokenizer: Tokenizer, node: Node) -> list[int]:
    """The token of all memories that say the same, and, if the node fills a slot, that of all that do."""
    found = [tokenizer.claim(b"same", *sameness(node))]
    if node.claim.slot:
        found.append(tokenizer.claim(b"slot", *slot_of(node.claim)))
    return found
