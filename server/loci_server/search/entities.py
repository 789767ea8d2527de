"""Names in a text, by their capital letters and without a model: people, places, works, products, acronyms.

For scripts that have letter case; others give none. A word that only begins a sentence is a name where something else
says so: it stands with a capital inside a sentence, too, owns something, or does what people do. "And" joins nothing,
as it stands between two people far more often than within one name.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from loci_server.search import analysis
from loci_server.search.common_words import CALENDAR_WORDS, COMMON_WORDS, FIRST_IN_NAMES

MAX_ENTITIES: Final = 32
"""Further names of a text are left out."""
MAX_CANDIDATES: Final = 128
"""Words of a text that are looked at because they may be names."""
MAX_WORDS: Final = 8
"""Words of one name; what is longer is a heading."""

_HONORIFICS = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof"})
_SMALL = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "vs", "with"})
_PEOPLE_DO = re.compile(
    r" (?:(?:just|also|really|always|never|recently) )?(?:said|says|told|asked|asks|thinks|thought|loves|loved|likes"
    r"|liked|lives|lived|went|moved|wants|wanted|called|met|bought|got|gave|came|knows|knew|plays|played|visited"
    r"|started|joined|works|worked|hates|prefers|owns|adopted|married|is|was|has|had)\b| and [A-Z]"
)
_ABSTRACT = re.compile("(?:ing|tion|ness|ment)$")
"""Endings of words that are rarely a name when they begin a sentence."""


_LETTERS_END: Final = 0x20000
"""No script beyond has letter case; to look at all of Unicode takes half a second at each start."""


def _class(categories: frozenset[str]) -> str:
    """A set of all characters of some Unicode categories, for a regular expression."""
    found = [code for code in range(_LETTERS_END) if unicodedata.category(chr(code)) in categories]
    ranges: list[list[int]] = []
    for code in found:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" if last > first else chr(first) for first, last in ranges)


_PARTICLE = "(?:of the|of|the|&|de la|de|del|della|di|da|do|dos|du|la|le|van der|van den|van|von|der|bin|al|el|y)"
_NUMBER = r"[0-9]{1,4}[A-Za-z]{0,2}\b(?![.,:%]?[0-9%])"


def _pattern(upper: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """What may be a name, or the title of something in quotes; `upper`: the capital letters that there are."""
    word = rf"(?:[{upper}]|[a-z]{{1,2}}[A-Z])\w{{0,40}}(?:(?:[.&-]|['’](?!s\b))\w{{1,40}}){{0,4}}"
    part = rf"(?:(?:[{upper}](?:\.[{upper}]){{0,3}}|Dr|Mrs?|Ms|Prof|St|Mt)\.(?= [{upper}])|{word})"
    name = rf"{part}(?: (?:(?:{_PARTICLE} )?{part}|{_NUMBER})){{0,{MAX_WORDS + 8}}}"
    return re.compile(
        rf"(?<!\w)(?:(?P<name>{name})"
        r"|[\"“](?P<double>[^\"“”\n]{2,80})[\"”]|['‘](?P<single>[^'‘’\"\n]{2,80})['’](?!\w))",
        flags,
    )


_FOUND = _pattern(_class(frozenset({"Lu", "Lt"})))
_FOUND_IN_ASCII = _pattern("A-Z", re.ASCII)
"""The same there, at half of the cost."""
_OWNER = re.compile(r"['’]s?(?!\w)")
_BEGINS = re.compile(r"(?:^|[.!?:;…\n•*#>|–—]|\b[0-9]{1,2}[.)])[\s\"'“”‘’(\[*_-]*$")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Words that may be a name."""

    words: tuple[str, ...]
    begins: bool
    """Whether nothing but its place at the beginning of a sentence may explain the first capital."""
    told: bool = False
    """Whether what follows tells that it is a person or has possessions."""
    title: bool = False
    """Whether it stood in quotes."""


class _Lower:
    """The words that a text has in lower case, collected when one is first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __contains__(self, word: str) -> bool:
        return word in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self._text.replace(".", " ").replace(",", " ").split())


def entities(text: str) -> list[str]:
    """The names in a text, folded and without possessive: in order, each once, at most MAX_ENTITIES. Never raises."""
    if text.isascii() and text.islower() and '"' not in text and "'" not in text:
        return []  # nothing is written as a name is
    candidates = list(islice(_candidates(text), MAX_CANDIDATES))
    lower = _Lower(text)
    inside = {candidate.words[0] for candidate in candidates if not candidate.begins}
    found: dict[str, None] = {}
    for candidate in candidates:
        words = _name(candidate, lower, inside)
        if name := " ".join(analysis.words(" ".join(words).replace(".", ""))):
            found[name] = None
            if len(found) == MAX_ENTITIES:
                break
    return list(found)


def _candidates(text: str) -> Iterator[_Candidate]:
    position = 0
    pattern = _FOUND_IN_ASCII if text.isascii() else _FOUND
    while found := pattern.search(text, position):
        name, quoted = found["name"], found["double"] or found["single"]
        if name:
            position = found.end()
            if " " in name or not _is_common(name):
                yield from _runs(text, found)
        elif _is_title(words := tuple(quoted.split())):
            position = found.end()
            yield _Candidate(words, begins=False, title=True)
        else:
            position = found.start() + 1


def _runs(text: str, found: re.Match[str]) -> Iterator[_Candidate]:
    """The words of a match, apart where "I" stands between them."""
    begins = _BEGINS.search(text, max(0, found.start() - 8), found.start()) is not None
    told = bool(_OWNER.match(text, found.end()) or _PEOPLE_DO.match(text, found.end()))
    run: list[str] = []
    for word in found["name"].split(" "):
        if word == "I" or word.startswith(("I'", "I’")):
            if run:
                yield _Candidate(tuple(run), begins)
            run, begins = [], False
        else:
            run.append(word)
    if run:
        yield _Candidate(tuple(run), begins, told)


def _is_title(words: tuple[str, ...]) -> bool:
    """Whether words in quotes are written as the title of something is."""
    large = [word for word in words if word.lower() not in _SMALL]
    return (
        0 < len(words) <= MAX_WORDS
        and bool(large)
        and all(word[0].isupper() or word[0].isdigit() for word in (words[0], *large))
        and not (len(words) == 1 and (len(words[0]) < 3 or _is_common(words[0].rstrip(".,!?"))))
    )


def _name(candidate: _Candidate, lower: _Lower, inside: set[str]) -> list[str]:
    """The words of the name that a candidate holds; none if it is no name."""
    words = list(candidate.words)
    if candidate.title:
        return words
    first = words[0]
    while words and _stands_before(words[0], lower, begins=candidate.begins and words[0] is first):
        del words[0]
    while words and not _is_marked(words[-1]) and not analysis.terms_of(words[-1].lower()):
        del words[-1]
    if len(words) == 1:
        begins = candidate.begins and words[0] is first
        return words if _stands_alone(words[0], lower, told=not begins or candidate.told or first in inside) else []
    if len(words) > MAX_WORDS or (len(words) > 2 and all(word.isupper() for word in words)):
        return []
    if all(_is_common(word) or word[0].isdigit() or len(word) == 1 or word.lower() in lower for word in words):
        return []  # a heading with capitals
    return words


def _stands_before(word: str, lower: _Lower, *, begins: bool) -> bool:
    """Whether a name begins behind this word."""
    if _is_marked(word):
        return False
    plain = word.lower().rstrip(".")
    if plain in CALENDAR_WORDS or plain in _HONORIFICS or word.islower() or not analysis.terms_of(plain):
        return True
    if not begins or plain in FIRST_IN_NAMES:
        return False
    return plain in COMMON_WORDS or _ABSTRACT.search(plain) is not None or plain in lower


def _stands_alone(word: str, lower: _Lower, *, told: bool) -> bool:
    """Whether one word is a name."""
    plain = word.lower()
    if len(word) < 2 or word[0].isdigit() or plain in CALENDAR_WORDS or plain in _HONORIFICS:
        return False
    if _is_marked(word):
        return not (word.isupper() and (len(word) > 6 or _is_common(word) or plain in lower))
    return told and not _is_common(word) and plain not in lower


def _is_marked(word: str) -> bool:
    """Whether a word has capitals or digits behind its first letter, as acronyms and products do."""
    return not (word.istitle() and word.isalpha()) and any(char.isupper() or char.isdigit() for char in word[1:])


def _is_common(word: str) -> bool:
    plain = word.lower()
    return plain in COMMON_WORDS or plain in _SMALL or not analysis.terms_of(plain)
