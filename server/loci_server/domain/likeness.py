"""When two texts say the same: the rule by which a memory is known as one that is there already.

Two texts say the same if they have the same words in the same order, apart from case, punctuation, articles, written
contractions and plural or third-person endings. That is all: what negates, counts, names, asks or speaks of the past
stays as it is, so that "likes" and "dislikes", "allergic" and "not allergic", "Austin" and "Boston", "lives" and
"lived" never pass for one another. Paraphrases do not, either: two memories are better than a wrong one.
"""

import re
import unicodedata
from typing import Final

PARSED: Final = 4000
"""Characters; of a longer text every character but for spaces counts."""
SAID: Final = 1000
"""Characters of a text that are read for whether it is over."""

_WORD = re.compile(r"\w+(?:['’.,:/-]\w+)*|[^\w\s]")
_SILENT = frozenset(".,;:!\"'()[]{}…«»„“”‘’`")
_ARTICLES = frozenset({"a", "an", "the"})
_IS = frozenset({"he", "here", "how", "it", "she", "that", "there", "what", "when", "where", "who"})
"""Before 's these mean "is"; other words own something."""
_ENDINGS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'m": "am"}
_WHOLE = {"can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not"), "cannot": ("can", "not")}

_NO_LONGER = re.compile(r"\bno longer\b", re.IGNORECASE)
_NOT, _ANY_MORE = re.compile(r"\bnot\b|n't\b", re.IGNORECASE), re.compile(r"\bany ?more\b", re.IGNORECASE)
_PAST = re.compile(
    r"(?<!\bam )(?<!\bis )(?<!\bare )(?<!\bbe )(?<!\bget )(?<!\bgot )(?<!'m )(?<!'s )(?<!'re )\bused to\b"
    r"|\bdid\b.{0,60}\buse to\b"
    r"|\b(?:formerly|previously|once) (?:had|was|were|owned|liked|loved|lived|worked|resided|studied)\b"
    r"|(?<!\bhas )(?<!\bhave )(?<!'ve )(?<!'s )\b(?:lived|resided|worked) (?:in|at|on|for|with|near|as)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(r"\b(?:now|currently|these days|again|since)\b", re.IGNORECASE)


def canonical(text: str) -> str:
    """The words of a text in the form in which they are compared; of one without words, every character."""
    text = unicodedata.normalize("NFKC", text)
    if len(text) > PARSED:
        return " ".join(text.split())
    found: list[str] = []
    begins = True
    for match in _WORD.finditer(text):
        word = match.group()
        if word in _SILENT:
            begins = begins or word in ".!?"
            continue
        if begins or word == "I":
            word = word[0].lower() + word[1:] if not word[1:].isupper() else word
        found += _plain(word)
        begins = word == "?"
    return " ".join(found) or " ".join(text.split())


def speaks_of_the_past(text: str) -> bool:
    """Whether an English text says that something is over: `used to live in`, `no longer`, `formerly had`, `worked
    at`."""
    text = text[:SAID].replace("’", "'")
    negated = _NOT.search(text)
    if _NO_LONGER.search(text) or (negated is not None and _ANY_MORE.search(text, negated.end())):
        return True
    return bool(_PAST.search(text)) and not _PRESENT.search(text)


def _plain(word: str) -> list[str]:
    word = word.replace("’", "'")
    lowered = word.lower()
    if word in _ARTICLES:  # "the"; "hepatitis A" has a name
        return []
    if lowered in _WHOLE:
        return list(_WHOLE[lowered])
    for ending, meaning in _ENDINGS.items():
        if lowered.endswith(ending) and len(word) > len(ending):
            return [_singular(word[: -len(ending)]), meaning]
    if lowered.endswith("'s") and lowered[:-2] in _IS:
        return [word[:-2], "is"]
    return [_singular(word)]


def _singular(word: str) -> str:
    """Without the ending of a plural or of the third person (the S-stemmer of Harman, 1991). Names stay as they are."""
    if len(word) <= 3 or not word.islower() or "'" in word:
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word
