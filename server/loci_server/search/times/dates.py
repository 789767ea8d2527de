"""Rules for days of the calendar: 2023-03-03, 3/14/2023, March 3rd, Christmas."""

import re
from collections.abc import Callable
from datetime import date

from loci_server.search.times.period import DAY, Period
from loci_server.search.times.place import Place, Reading, Rule
from loci_server.search.times.recurring import Span, months, one_day, recurring
from loci_server.search.times.words import (
    ANY_WEEKDAY,
    DAY_NUMBER,
    HOLIDAYS,
    LEADS,
    MONTH,
    MONTHS,
    OF_YEAR,
    ORDINALS,
    PRONOUNS,
    TO,
    VERBS,
    WHICH_ONE,
    S,
    day_of,
)

_NUMBERED = r"(?<![\w$€£#.,:/+-])"
_WEEKDAY_BEFORE = rf"(?:{ANY_WEEKDAY}\.?,?{S}(?:the{S})?)?"


def _iso(found: re.Match[str], place: Place) -> Reading | None:
    year, month = int(found["y"]), int(found["m"])
    if found["d"]:
        return Reading((Period.of(*one_day(year, month, int(found["d"]))),))
    if month > year % 100:  # 2010-12 is rather a span of years
        return None
    return Reading((Period.of(*months(year, month, 1)),))


def _slashed(found: re.Match[str], place: Place) -> Reading:
    """Month first, as in the USA, and day first: both where both can be."""
    year = int(found["y"])
    if year < 100:
        year += place.today.year // 100 * 100
        year -= 100 if year > place.today.year + 5 else 0
    readings = [(int(found["a"]), int(found["b"])), (int(found["b"]), int(found["a"]))]
    if found["sep"] == ".":
        readings = readings[1:]
    periods = [Period.of(*one_day(year, month, day)) for month, day in readings if month <= 12]
    return Reading(tuple(dict.fromkeys(periods)))


def _slashed_day(found: re.Match[str], place: Place) -> Reading | None:
    """7/22, month first; only where a word tells that it is no fraction."""
    month, day = int(found["a"]), int(found["b"])
    led = place.lead in ("on", "since", "until", "by")
    if not led and not (
        day > 12 and (place.lead in ("before", "after", "from") or place.plain.startswith("the ", place.start - 4))
    ):
        return None
    return recurring(found, place, lambda year: one_day(year, month, day), exact=True)


def _day_in_month(found: re.Match[str], place: Place) -> Reading | None:
    """3 March, March 3rd, the 3rd of March 2023, March 3 to 7."""
    name, month = found["month"], MONTHS[found["month"]]
    groups = found.groupdict()
    first, last = day_of(groups.get("from") or found["day"]), day_of(groups.get("to") or found["day"])
    plain_number = found["day"].isdigit()
    sure = bool(found["year"] or groups.get("of")) or place.lead in LEADS
    if (
        name in VERBS
        and not sure
        and (place.lead in PRONOUNS or not place.capital(found.start("month")))
        and plain_number
    ):
        return None
    if found["day"] in ORDINALS and not sure and not place.capital(found.start("month")):
        return None

    def days(year: int) -> Span:
        return date(year, month, first), date(year, month, last) + DAY

    return recurring(found, place, days, exact=True)


def _holiday(pattern: str, day: Callable[[int], date]) -> Rule:
    def read(found: re.Match[str], place: Place) -> Reading | None:
        said = found["which"] or found["year"] or found["short"] or found["other"]
        if not said and place.lead not in LEADS:
            return None
        return recurring(found, place, lambda year: (day(year), day(year) + DAY), exact=True)

    return re.compile(rf"(?:{WHICH_ONE}{S})?{pattern.replace('{S}', S)}\b(?:{OF_YEAR})?"), read


DATES: tuple[Rule, ...] = (
    (re.compile(r"(?<![\w./-])(?P<y>[0-9]{4})-(?P<m>[0-9]{2})(?:-(?P<d>[0-9]{2}))?(?![0-9]|[-/.][0-9])"), _iso),
    (re.compile(r"(?<![\w./-])(?P<y>[0-9]{4})/(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})(?![0-9]|[-/.][0-9])"), _iso),
    (
        re.compile(
            r"(?<![\w./-])(?P<a>[0-9]{1,2})(?P<sep>[/.-])(?P<b>[0-9]{1,2})(?P=sep)"
            r"(?P<y>[0-9]{4}|(?<=/)[0-9]{2})(?![\w%]|[-/.][0-9])"
        ),
        _slashed,
    ),
    (re.compile(r"(?<![\w./-])(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})(?![\w%]|[-/.][0-9])"), _slashed_day),
    (
        re.compile(
            rf"{_NUMBERED}{_WEEKDAY_BEFORE}(?:the{S})?(?:(?P<from>{DAY_NUMBER}){TO})?(?P<day>{DAY_NUMBER})(?P<of>{S}of)?"
            rf"(?:{S}|-)(?P<month>{MONTH})\.?(?:{OF_YEAR})?"
        ),
        _day_in_month,
    ),
    (
        re.compile(
            rf"{_WEEKDAY_BEFORE}(?P<month>{MONTH})\.?{S}(?:the{S})?(?P<day>{DAY_NUMBER})"
            rf"(?:{TO}(?P<to>{DAY_NUMBER})(?!{S}(?:of{S})?{MONTH}))?(?:{OF_YEAR})?"
        ),
        _day_in_month,
    ),
    *(_holiday(pattern, day) for pattern, day in HOLIDAYS.items()),
)
