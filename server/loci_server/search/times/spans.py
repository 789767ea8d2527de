"""What the words around an expression make of it: "between A and B", "the end of A", "since A"."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from loci_server.search.times.period import DAY, Period, third
from loci_server.search.times.place import Reading
from loci_server.search.times.words import S

_PART = r"(?:(?:early|mid|late)[\s-]\s?)?"
_TO = re.compile(rf"(?:\s?[-–—]\s?|,?{S}(?:to|until|till|through|thru){S}(?:the{S})?){_PART}")
_AND = re.compile(rf",?{S}(?:and|or|&){S}(?:(?:the|in){S})?{_PART}")
_BETWEEN = re.compile(rf"\bbetween{S}(?:the{S})?$")
_NARROW = re.compile(
    rf"\b(?:(?P<part>early|mid|middle|late)(?:-|{S}(?:in{S})?)|(?P<edge>beginning|start|middle|end){S}of{S})(?:the{S})?$"
)
_LEAD = re.compile(rf"\b(since|after|until|till){S}(?:(?:the|about|around){S})?$")
_LOOK_BACK = 32
_YEAR = 366


@dataclass(frozen=True, slots=True)
class Mention:
    """An expression in a text and what it means."""

    start: int
    end: int
    reading: Reading


def follows(plain: str, end_before: int, start: int) -> bool:
    """Whether what begins here is the second of two: nothing but "to" or "and" stands between."""
    return end_before > 0 and bool(_TO.fullmatch(plain, end_before, start) or _AND.fullmatch(plain, end_before, start))


def narrowed(plain: str, mention: Mention) -> Mention:
    """The part that "early", "mid" or "the end of" leaves of it."""
    found = _NARROW.search(plain, max(0, mention.start - _LOOK_BACK), mention.start)
    if found is None:
        return mention
    part = {"mid": 1, "middle": 1, "late": 2, "end": 2}.get(found["part"] or found["edge"], 0)
    periods = tuple(third(period, part) for period in mention.reading.periods)
    return Mention(found.start(), mention.end, replace(mention.reading, periods=periods))


def joined(plain: str, first: Mention, last: Mention) -> Period | None:
    """One period for "from A to B" and "between A and B", if that is how the two stand."""
    if not _TO.fullmatch(plain, first.end, last.start) and not (
        _AND.fullmatch(plain, first.end, last.start)
        and _BETWEEN.search(plain, max(0, first.start - _LOOK_BACK), first.start)
    ):
        return None
    lower, upper = first.reading.periods[0], last.reading.periods[0]
    try:
        if last.reading.yearless:
            upper = _in_year(upper, lower, latest=False)
        elif first.reading.yearless:
            lower = _in_year(lower, upper, latest=True)
        return Period.of(lower.first, upper.end)
    except (ValueError, OverflowError):
        return None


def _in_year(period: Period, beside: Period, *, latest: bool) -> Period:
    """The occurrence that begins last up to the beginning of `beside`, or first from there on."""
    years = beside.first.year - period.first.year
    found = _years_later(period, years)
    if latest and found.first > beside.first:
        return _years_later(period, years - 1)
    if not latest and found.first < beside.first:
        return _years_later(period, years + 1)
    return found


def _years_later(period: Period, years: int) -> Period:
    first = period.first.replace(year=period.first.year + years)
    return Period.of(first, period.end.replace(year=period.end.year + years))


def reaching(plain: str, mention: Mention, at: datetime) -> list[Period]:
    """The periods of a mention; behind "since", "after" and "until" up to the day of `at`, or from it."""
    found = _LEAD.search(plain, max(0, mention.start - _LOOK_BACK), mention.start)
    if found is None:
        return list(mention.reading.periods)
    return [_reach(period, found[1], at.date()) for period in mention.reading.periods]


def _reach(period: Period, word: str, today: date) -> Period:
    try:
        match word:
            case "since" if period.first <= today:
                return Period.of(period.first, today + DAY)
            case "after" if period.end <= today:
                return Period.of(period.end, today + DAY)
            case "until" | "till" if today < period.first and (period.end - today).days <= _YEAR:
                return Period.of(today, period.end)
    except OverflowError:
        pass  # the day of `at` is the last there is
    return period
