"""Traits of a text that tell how it may answer a question, whatever the question is about.

Deterministic and shallow: grammatical person by pronouns, which sentences ask, and whether a time is named. English:
questions of another language ask for none of these traits, and texts of another language are not judged by them.
"""

import re
from typing import Final

LOOKED_AT: Final = 2_000
"""Characters of a text."""

_FIRST_TEXT: Final = "i my me mine myself i'm i've i'd i'll we our ours ourselves we're we've we'd we'll"
_COMMON_TEXT: Final = "the is are was were did do does have has had what when where which who how why of and for with"
_SECOND_TEXT: Final = "you your yours yourself you're you've you'd you'll"
_FIRST: Final = frozenset(_FIRST_TEXT.split())
_COMMON: Final = frozenset(_COMMON_TEXT.split())
"""Words without which few English sentences are, and which few other languages have."""
_SECOND: Final = frozenset(_SECOND_TEXT.split())
_SPAN: Final = r"(?:days?|nights?|weeks?|weekends?|months?|years?|decades?)"
_SEASON: Final = r"(?:spring|summer|autumn|fall|winter|morning|afternoon|evening)"
_DAY: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH: Final = r"(?:january|february|april|june|july|august|september|october|november|december)"
_TIME: Final = re.compile(
    rf"\b(?:yesterday|today|tonight|tomorrow|ago|since|{_DAY}s?|{_MONTH}|(?:last|this|next) (?:{_SPAN}|{_SEASON})"
    r"|(?:in|of|on|early|late|mid) (?:march|may)|(?:march|may) \d|(?:19|20)\d\d"
    r"|just (?:got|had|went|started|finished))\b"
)
_WHEN: Final = re.compile(
    r"^\W*(?:when|how long ago|since when|(?:in |on )?(?:what|which) (?:date|day|month|year|time))\b"
)
_MARKS: Final = '.,;:!?"()[]*'


def first_person(text: str) -> float:
    """Share of the words that are pronouns of the first person. Of a long text, its beginning counts."""
    words = _words(text[:LOOKED_AT].lower())
    return sum(map(_FIRST.__contains__, words)) / (len(words) or 1)


def is_english(text: str) -> bool:
    """Whether a text holds any of the commonest English words."""
    return not _COMMON.isdisjoint(_words(text[:LOOKED_AT].lower()))


def questions(text: str) -> float:
    """Share of the sentences that ask."""
    beginning = text[:LOOKED_AT]
    asked = _ends(beginning, "?")
    return asked / ((asked + _ends(beginning, ".") + _ends(beginning, "!")) or 1)


def names_time(text: str) -> bool:
    """Whether it says when something was or will be: a day, a month, a year, or how long from now."""
    return _TIME.search(text[:LOOKED_AT].lower()) is not None


def about_the_asker(query: str) -> bool:
    """Whether a question is about whoever asks it: in the first person, and not about what the other one said."""
    words = frozenset(_words(query.lower()))
    return not _FIRST.isdisjoint(words) and _SECOND.isdisjoint(words) and not _COMMON.isdisjoint(words)


def asks_when(query: str) -> bool:
    """Whether a question is answered by a time."""
    return _WHEN.search(query.lower()) is not None


def _words(plain: str) -> list[str]:
    for mark in _MARKS:  # a fifth of the time that a table of them all takes
        plain = plain.replace(mark, " ")
    return plain.replace("\u2019", "'").split()


def _ends(text: str, mark: str) -> int:
    """Sentences that end so."""
    return text.count(f"{mark} ") + text.count(f"{mark}\n") + text.count(f'{mark}"') + text.endswith(mark)
