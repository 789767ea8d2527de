"""The times that a text names: one pass over it, rule by rule at each place where one may begin."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from loci_server.search.times.dates import DATES
from loci_server.search.times.months import MONTHS_AND_YEARS
from loci_server.search.times.period import Period
from loci_server.search.times.place import Place, Reading
from loci_server.search.times.relative import COMPOUND, RELATIVE
from loci_server.search.times.spans import Mention, follows, joined, narrowed, reaching
from loci_server.search.times.words import (
    DECADES,
    HOURS,
    MONTHS,
    NUMBERS,
    ORDINALS,
    SEASONS,
    UNITS,
    WEEKDAYS,
    each,
    either,
    lowered,
)

MAX_MENTIONS: Final = 16
"""Further times of a text are left out."""

_MAX_PLACES = 1024
"""Places of a text that are looked at closely. A text that is full of "may" and "last" ends there."""

_LONGEST_BEGINNING = 64
"""Characters of an expression before the word that it needs."""

_RULES = COMPOUND + DATES + MONTHS_AND_YEARS + RELATIVE
_CAPTURE = re.compile(r"\(\?P<\w+>")
_BEGINNINGS = [
    *(*MONTHS, *WEEKDAYS, *SEASONS, *NUMBERS, *ORDINALS, *UNITS),
    *each("mon tues tue wed thurs thur thu fri sat sun christmas xmas new valentine valentines halloween hallowe'en"),
    *each("thanksgiving easter good independence the that this these my our last past previous next coming upcoming"),
    *each("few couple several half today tonight yesterday tomorrow earlier later in over on at for during early mid"),
    *each("late beginning start middle end q1 q2 q3 q4"),
]
"""Words that an expression can begin with, beside numbers."""


def any_rule(beginning: str) -> re.Pattern[str]:
    """What any rule matches, at words that begin so: to find places, which rules then read one by one."""
    patterns = "|".join(_CAPTURE.sub("(?:", pattern.pattern).replace("(?P=sep)", "[/.-]") for pattern, _ in _RULES)
    return re.compile(rf"\b(?={beginning})(?:{patterns})")


_ANY = any_rule(rf"[0-9]|{either(_BEGINNINGS)}\b")
_NEEDED = (
    [*MONTHS, *WEEKDAYS, *SEASONS, *DECADES, *UNITS, *HOURS]
    + [word + "s" for word in (*UNITS, *HOURS, *WEEKDAYS)]
    + each("today tonight yesterday tomorrow morning afternoon evening christmas xmas valentine valentines halloween")
    + each("hallowe'en thanksgiving easter independence")
)
_QUICK = re.compile(rf"(?<![a-z]){either(_NEEDED)}\b|[12][0-9]{{3}}|[0-9](?:[/.-][0-9]|0'?s)|[’'][0-9]{{2}}")
"""One of these is in each expression."""
_WORDS = frozenset(word.partition("'")[0].encode() for word in _NEEDED)
_LETTERS = bytes(
    ord(char.lower()) if char.isalpha() else ord("0") if char.isdigit() else ord(" ") for char in map(chr, range(128))
)
_LETTERS += bytes(128)
"""Lower case; any digit is a 0, all else a space."""


def mentioned(text: str, at: datetime) -> list[Period]:
    """The times that a text names, said (or asked) at `at`: in order, each once, at most MAX_MENTIONS. Never raises.

    "Since" and "after" a time reach up to the day of `at`; "before" a time gives that time itself. An ambiguous
    date such as 03/04/2023 gives both readings, the American one first. A time of day alone gives nothing.
    """
    if not names_times(text):
        return []
    found: dict[Period, None] = {}
    for period in _periods(text, lowered(text), at):
        found[period] = None
        if len(found) == MAX_MENTIONS:
            break
    return list(found)


def names_times(text: str) -> bool:
    """A quick look whether there may be a time in a text: never False where there is one."""
    if text.isascii():
        plain = text.encode().translate(_LETTERS)
        if b"0" not in plain and _WORDS.isdisjoint(plain.split()):
            return False  # most texts, at a third of the cost
    return _QUICK.search(text.lower()) is not None


def _periods(text: str, plain: str, at: datetime) -> Iterator[Period]:
    waiting: Mention | None = None  # it may be the first half of a span
    for mention in _mentions(text, plain, at):
        if waiting is not None:
            if span := joined(plain, waiting, mention):
                waiting = None
                yield span
                continue
            yield from reaching(plain, waiting, at)
        waiting = mention
    if waiting is not None:
        yield from reaching(plain, waiting, at)


def _mentions(text: str, plain: str, at: datetime) -> Iterator[Mention]:
    position = end_before = looked = 0
    for first, end in _stretches(plain):
        position = max(position, first)
        while found := _ANY.search(plain, position, end + _LONGEST_BEGINNING):
            start = found.start()
            looked += 1
            if looked > _MAX_PLACES:
                return
            mention = _read(text, plain, start, at, second=follows(plain, end_before, start))
            if mention is None:
                position = start + 1
                continue
            yield narrowed(plain, mention)
            position = end_before = mention.end


def _stretches(plain: str) -> Iterator[tuple[int, int]]:
    """The parts of a text that can hold expressions: around each needed word, and together where they are near."""
    first = end = 0
    for needed in _QUICK.finditer(plain):
        start = max(0, needed.start() - _LONGEST_BEGINNING)
        if start > end:
            if end:
                yield first, end
            first = start
        end = needed.end()
    if end:
        yield first, end


def date_at(text: str, plain: str, position: int, at: datetime) -> int | None:
    """Where the date ends that stands at a position, or None if none does."""
    mention = _read(text, plain, position, at)
    return mention.end if mention else None


def _read(
    text: str, plain: str, start: int, at: datetime, *, second: bool = False, nested: bool = False
) -> Mention | None:
    """What the first rule that matches at a place makes of it."""

    def inner(position: int) -> Reading | None:
        if nested:
            return None  # "a week before a week before …" is not followed
        mention = _read(text, plain, position, at, second=True, nested=True)
        return Reading(mention.reading.periods, mention.reading.yearless, mention.end) if mention else None

    for pattern, read in _RULES:
        if found := pattern.match(plain, start):
            place = Place(text, plain, start, found.end(), at, second, inner)
            try:
                reading = read(found, place)
            except (ValueError, OverflowError):  # there is no such day, or none that a date can hold
                continue
            if reading and reading.periods:
                return Mention(start, reading.end or found.end(), reading)
    return None
