"""From text to the terms that lexical search compares, the same for documents and for queries.

Text is folded (compatibility forms, case, accents), split into words, freed of English stop words and stemmed (Snowball
English) where a word is plain letters. Scripts that put no space between words, and Korean, give pairs of neighbouring
characters; Han and Hangul characters also stand alone, as many are words. A change to any of this changes what is
indexed: raise ANALYSIS_VERSION with it.
"""

import re
import sys
import unicodedata
from threading import Lock
from typing import Final

from Stemmer import Stemmer

ANALYSIS_VERSION: Final = 1

MAX_TERM_CHARS: Final = 64
"""Longer words are cut."""

_CACHED_WORDS = 100_000

_STOP_TEXT = """
a about after again all also am an and any are arent as at be because been before being between both but by can cannot
cant could couldnt did didnt do does doesnt doing dont down during each few for from further get got had hadnt has hasnt
have havent having he hed her here heres hers herself hes him himself his how i id if ill im in into is isnt it itd itll
its itself ive just let lets me more most my myself no nor not now of off on once only or other our ours ourselves out
over own same she shed shes should shouldnt so some such than that thats the their theirs them themselves then there
theres these they theyd theyll theyre theyve this those through to too under until up very was wasnt we wed were werent
weve what whats when where which while who whom whos whose why with wont would wouldnt you youd youll your youre yours
yourself yourselves youve
"""
_STOP_WORDS = frozenset(_STOP_TEXT.split())
"""Left out on purpose: may, will, us, mark and other words that are names, months or verbs as well."""

_ACCENTS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]+")
"""Combining accents, and characters that are not seen."""
_APOSTROPHES = "\u2018\u2019\u201b\u02bc"
_MARKS = "".join(
    char for char in map(chr, range(0x370, 0x12000)) if unicodedata.category(char) in ("Mn", "Mc")
)  # the vowels of Indic scripts among them, which \w lacks
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_ASCII_FOLDED = bytes(ord(char.lower()) if char.isalnum() or char == "'" else 32 for char in map(chr, range(128)))
_ASCII_FOLDED += bytes(128)
"""What separates words is a space."""
_LETTERS = rf"\w+(?:(?=[^\0-\u036f])[{_MARKS}]+\w*)*"  # the look-ahead spares Latin text a walk through all marks
_WORD = re.compile(rf"{_LETTERS}(?:'{_LETTERS})*")

_ALONE = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"
"""Han and Hangul."""
_KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
_SOUTH_EAST = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u1000-\u103f\u1050-\u109d\u1780-\u17d3"
"""Thai, Lao, Burmese and Khmer."""
_UNSPACED = re.compile(f"([{_ALONE}{_KANA}{_SOUTH_EAST}]+)")
_STANDS_ALONE = re.compile(f"[{_ALONE}]")


def terms(text: str) -> list[str]:
    """The terms of a text in their order, with repeats. Empty if it holds nothing but stop words. Never raises."""
    found: list[str] = []
    for word in words(text):
        found += _analysed[word]
    return found


def words(text: str) -> list[str]:
    """The folded words of a text, before stop words are dropped and the others stemmed."""
    plain = text if text.isascii() else fold(text)
    if not plain.isascii():
        return _WORD.findall(plain)
    plain = plain.encode().translate(_ASCII_FOLDED).decode()
    if "'" in plain and _has_loose_apostrophes(plain):
        return _ASCII_WORD.findall(plain)
    return plain.split()  # the same, at a fifth of the cost


def _has_loose_apostrophes(plain: str) -> bool:
    """Whether one stands elsewhere than within a word. Quicker than a pattern."""
    return " '" in plain or "' " in plain or "''" in plain or plain.startswith("'") or plain.endswith("'")


def characters(text: str) -> list[str]:
    """The folded words of a text without their apostrophes; in scripts without spaces, and Korean, each character is a
    word. Nothing is dropped and nothing stemmed: what stands beside what."""
    found: list[str] = []
    for word in words(text):
        plain = word.replace("'", "")
        if plain.isascii():
            found.append(plain)
        else:
            for place, part in enumerate(_UNSPACED.split(plain)):
                found += part if place % 2 else [part] if part else []
    return found


def terms_of(word: str) -> tuple[str, ...]:
    """The terms that a folded word stands for: mostly one, none for a stop word."""
    return _analysed[word]


def fold(text: str) -> str:
    """The text without what search takes no heed of: compatibility forms, case, accents. Idempotent."""
    if text.isascii():
        return text.lower().replace("_", " ")  # \w has the underscore
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
    plain = unicodedata.normalize("NFKC", plain).replace("_", " ")
    for apostrophe in _APOSTROPHES:
        plain = plain.replace(apostrophe, "'")
    return plain


class _Analysed(dict[str, tuple[str, ...]]):
    """The terms of each folded word seen lately."""

    def __init__(self) -> None:
        self._stemmer = Stemmer("english", 0)
        self._lock = Lock()  # a stemmer must not be used by two threads at once

    def __missing__(self, word: str) -> tuple[str, ...]:
        found = tuple(self._analyse(word))
        if len(word) <= MAX_TERM_CHARS:
            if len(self) >= _CACHED_WORDS:
                self.clear()
            self[word] = found
        return found

    def _analyse(self, word: str) -> list[str]:
        if word.isascii():
            return self._word(word)
        found: list[str] = []
        for place, part in enumerate(_UNSPACED.split(word)):
            if place % 2:
                found += _pairs(part)
            elif part:
                found += self._word(part)
        return found

    def _word(self, word: str) -> list[str]:
        plain = word.removesuffix("'s").replace("'", "")[:MAX_TERM_CHARS]
        if not plain or plain in _STOP_WORDS:
            return []
        if plain.isascii() and plain.isalpha():
            with self._lock:
                plain = self._stemmer.stemWord(plain)
        return [sys.intern(plain)]


def _pairs(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    return _STANDS_ALONE.findall(run) + [run[place : place + 2] for place in range(len(run) - 1)]


_analysed = _Analysed()
