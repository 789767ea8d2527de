"""The words of time, and the pieces that the rules are made of: regular expressions over lower-cased text.

Each piece is bounded: spaces come one to three at a time and numbers have few digits, so that the work for a text grows
with its length only.
"""

import re
from collections.abc import Iterable
from datetime import date

from dateutil.easter import easter

from loci_server.search.times.period import DAY, Unit

S = r"\s{1,3}"


def each(words: str) -> list[str]:
    """The words of a line."""
    return words.split()


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest that fits. Common beginnings are shared, which `re` leaves to us."""
    tails: dict[str, list[str]] = {}
    for word in words:
        tails.setdefault(word[:1], []).append(word[1:])
    ends = tails.pop("", None) is not None
    branches = "|".join(re.escape(first) + (either(rest) if any(rest) else "") for first, rest in tails.items())
    return f"(?:{branches})" + "?" * ends


_MONTH_NAMES = each("january february march april may june july august september october november december")
_ABBREVIATED = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10}
MONTHS = {name: place + 1 for place, name in enumerate(_MONTH_NAMES)} | _ABBREVIATED | {"nov": 11, "dec": 12}
CLEAR_MONTHS = frozenset(each("january february july september october november december"))
"""Those that are nothing else: no verb, no first name."""
VERBS = frozenset({"may", "march", "mar"})

LEADS = frozenset(
    each("in on since until till by during from before after around of early late mid between through for at over")
)
"""Words behind which even "may" and "may 3" are times."""
PRONOUNS = frozenset(each("every each you i we they he she it"))
"""Words behind which they never are."""

WEEKDAYS = {name: place for place, name in enumerate(each("monday tuesday wednesday thursday friday saturday sunday"))}
_WEEKDAYS_ABBREVIATED = each("mon tues tue wed thurs thur thu fri sat sun")

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""First month of three, as in EDTF: winter 2021 begins in December 2021."""

NUMBERS = {
    word: number
    for number, word in enumerate(each("one two three four five six seven eight nine ten eleven twelve"), start=1)
} | {"a": 1, "an": 1, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
_VAGUE = {"couple": (2, 2), "few": (2, 5), "several": (3, 7)}
ORDINALS = {
    word: number
    for number, word in enumerate(
        each(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
            "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        start=1,
    )
} | {"twenty-first": 21, "twenty-second": 22, "twenty-third": 23, "thirtieth": 30, "thirty-first": 31}
DECADES = {
    word: number * 10
    for number, word in enumerate(each("twenties thirties forties fifties sixties seventies eighties nineties"), 2)
}

UNITS = {
    "day": Unit.DAY, "night": Unit.DAY, "week": Unit.WEEK, "weekend": Unit.WEEKEND, "month": Unit.MONTH,
    "quarter": Unit.QUARTER, "year": Unit.YEAR, "yr": Unit.YEAR, "decade": Unit.DECADE,
}  # fmt: skip
HOURS = {"hour": 3600, "hr": 3600, "minute": 60, "min": 60}
"""Seconds."""


MONTH = either(MONTHS) + r"\b"
WEEKDAY = either(WEEKDAYS) + r"\b"
ANY_WEEKDAY = either([*WEEKDAYS, *_WEEKDAYS_ABBREVIATED]) + r"\b"
SEASON = either(SEASONS) + r"\b"
UNIT = either(UNITS)
YEAR_NUMBER = "(?:1[5-9]|20|21)[0-9]{2}"
YEAR = rf"{YEAR_NUMBER}(?![\w%]|[.,:/-]?[0-9])"
DAY_NUMBER = rf"(?:(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![\w%]|[.,:/][0-9])|{either(ORDINALS)}\b)"
WHICH = rf"(?:this{S}(?:past|coming)|last|past|this|next|coming|upcoming)"
WHICH_ONE = f"(?P<which>{WHICH})"
TO = rf"(?:\s?[-–—]\s?|{S}(?:to|and|until|till|through|thru){S}(?:the{S})?)"
OF_YEAR = (
    rf"(?:(?:{S}of)?,?{S}(?P<year>{YEAR})|(?:{S}of)?{S}'(?P<short>[0-9]{{2}})\b"
    rf"|(?:{S}of)?{S}(?P<other>last|this|next){S}year\b)"
)
_NUMBER = rf"(?:[0-9]{{1,3}}|{either(NUMBERS)})"
COUNT = (
    rf"(?:(?:a{S}(?:good{S})?)?few|a{S}couple(?:{S}of)?|couple{S}of|several"
    rf"|{_NUMBER}(?:(?:\s?[-–]\s?|{S}(?:or|to){S}){_NUMBER})?)\b"
)


_ASCII_LOWER = {upper: chr(upper + 32) for upper in range(ord("A"), ord("Z") + 1)} | {0x2019: "'"}


def lowered(text: str) -> str:
    """What the rules read: lower case for ASCII letters alone, so that no character changes its place."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def count_of(words: str) -> tuple[int, int]:
    """The least and the most that a COUNT means. Raises ValueError for none."""
    numbers = [
        NUMBERS.get(word) or int(word)
        for word in re.findall(r"[0-9]+|[a-z]+", words)
        if word in NUMBERS or word.isdigit()
    ]
    for word, bounds in _VAGUE.items():
        if word in words:
            return bounds
    if not numbers or not all(numbers):
        raise ValueError("no number")
    return min(numbers[-2:]), max(numbers[-2:])


def unit_of(word: str) -> Unit:
    return UNITS[word.removesuffix("s")]


def day_of(word: str) -> int:
    """The number of a DAY_NUMBER."""
    return ORDINALS.get(word) or int(re.sub("[a-z]+", "", word))


def _thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + ((3 - first.weekday()) % 7 + 21) * DAY


HOLIDAYS = {
    r"(?:christmas|xmas){S}eve": lambda year: date(year, 12, 24),
    r"(?:christmas|xmas)(?:{S}day)?": lambda year: date(year, 12, 25),
    r"new{S}year'?s'?{S}eve": lambda year: date(year, 12, 31),
    r"new{S}year(?:'s|s'|s{S}day|'s{S}day)": lambda year: date(year, 1, 1),
    r"valentine'?s'?(?:{S}day)?": lambda year: date(year, 2, 14),
    r"hallowe'?en": lambda year: date(year, 10, 31),
    r"thanksgiving(?:{S}day)?": _thanksgiving,
    r"easter(?:{S}sunday)?": easter,
    r"easter{S}monday": lambda year: easter(year) + DAY,
    r"good{S}friday": lambda year: easter(year) - 2 * DAY,
    r"independence{S}day": lambda year: date(year, 7, 4),
}
"""The day of each in a year."""
