"""Phrases: what stands in double quotes in a query is looked for as it stands there, word by word.

A phrase counts as a term of its own: it weighs what its words weigh together, and its frequency is how often it stands
in the texts (as Lucene's PhraseQuery). Stop words count here, endings and forms too; case, accents and what stands
between words do not. A phrase does not reach from one text of a node into another.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from loci.v1.node_pb2 import Node
from loci_server.domain.fields import Fields
from loci_server.search.analysis import characters, terms, words
from loci_server.search.bm25 import K1, B

MAX_PHRASES: Final = 4
MAX_PHRASE_WORDS: Final = 32
"""What is longer, or comes after the fourth, is words like others."""
_CURLY = "\u201c\u201d\u201e"
_QUOTED = re.compile(
    rf'(?<!\w)"([^"]+)"(?!\w)|[{_CURLY}]([^{_CURLY}"]+)[{_CURLY}]|\u00ab([^\u00ab\u00bb]+)\u00bb',
)
"""A sign of inches, or a quote that nobody closes, is none."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """`line`: its words as they stand in the line of a text. `terms`: what the index knows of them."""

    line: str
    terms: tuple[str, ...]

    def count(self, lines: Sequence[str]) -> int:
        return sum(line.count(self.line) for line in lines)


class Lines(NamedTuple):
    """Of one part of a node, with its weight: its texts, each as a line of words."""

    weight: int
    lines: Sequence[str]


def phrases_of(query: str) -> tuple[Phrase, ...]:
    """The phrases of a query, each once. One of stop words alone is none: the index does not know of it."""
    found: dict[str, Phrase] = {}
    for match in _QUOTED.finditer(query):
        quoted = next(part for part in match.groups() if part)
        known = tuple(sorted(set(terms(quoted))))
        if known and len(words(quoted)) <= MAX_PHRASE_WORDS:
            found.setdefault(line := line_of(quoted), Phrase(line, known))
    return tuple(found.values())[:MAX_PHRASES]


def line_of(text: str) -> str:
    """The words of a text, each with a space on either side; of scripts without spaces each character is one."""
    return "".join(f" {word} " for word in characters(text))


def lines_of(node: Node, fields: Fields) -> list[Lines]:
    return [Lines(weight, [line_of(text) for text in texts]) for weight, texts in fields.parts(node)]


def held(phrases: Sequence[Phrase], parts: Sequence[Lines]) -> list[bool]:
    """Which of the phrases stand in one of the texts."""
    lines = [line for part in parts for line in part.lines]
    return [phrase.count(lines) > 0 for phrase in phrases]


@dataclass(frozen=True, slots=True)
class Weighed:
    """Phrases with what they weigh in a graph, and the mean length of its documents."""

    phrases: Sequence[tuple[Phrase, float]]
    mean: float

    def score(self, parts: Sequence[Lines], length: int) -> float:
        """What the phrases add to the score of a document by BM25."""
        norm = K1 * (1 - B + B * length / self.mean)
        total = 0.0
        for phrase, weight in self.phrases:
            frequency = sum(part.weight * phrase.count(part.lines) for part in parts)
            total += weight * frequency / (frequency + norm)
        return total
