"""What comes every year ("in July", "on 3 March", "last summer", "at Christmas"): which one is meant.

What is said without a year is the latest such time that has begun, or the next one if the sentence tells of the
future. A day that is near on the other side counts as well: both are given.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date

from loci_server.search.times.period import DAY, Period
from loci_server.search.times.place import Place, Reading

_NEAR = 60 * DAY
_FAR = 183 * DAY

Span = tuple[date, date]
"""The first day and the one behind the last."""


def one_day(year: int, month: int, day: int) -> Span:
    first = date(year, month, day)
    return first, first + DAY


def months(year: int, month: int, count: int = 1) -> Span:
    last = year * 12 + month - 1 + count
    return date(year, month, 1), date(last // 12, last % 12 + 1, 1)


def recurring(found: re.Match[str], place: Place, of_year: Callable[[int], Span], *, exact: bool = False) -> Reading:
    """What `of_year` gives for the year that a match of OF_YEAR says, or for the one that fits.

    `exact` are single days, for which a near one on the other side counts.
    """
    groups = found.groupdict()
    year = said_year(groups, place.today.year)
    if year is not None:
        return Reading((Period.of(*of_year(year)),))
    which = groups.get("which")
    spans = _chosen(of_year, range(-1, 2), which, place, exact=exact)
    if not spans:  # a leap day comes every eight years at the least
        spans = _chosen(of_year, range(-8, 9), which, place, exact=exact)
    return Reading(tuple(Period.of(*span) for span in spans), yearless=True)


def said_year(groups: dict[str, str | None], this_year: int) -> int | None:
    """The year that a match of OF_YEAR says; '21 is of the past century if it were far in the future."""
    if year := groups.get("year"):
        return int(year)
    if short := groups.get("short"):
        number = this_year // 100 * 100 + int(short)
        return number if number <= this_year + 5 else number - 100
    if other := groups.get("other"):
        return this_year + {"last": -1, "this": 0, "next": 1}[other]
    return None


def _chosen(
    of_year: Callable[[int], Span], years: Iterable[int], which: str | None, place: Place, *, exact: bool
) -> list[Span]:
    today = place.today
    spans = []
    for year in years:
        try:
            spans.append(of_year(today.year + year))
        except (ValueError, OverflowError):
            continue
    past = [span for span in spans if span[1] <= today][-1:]
    now = [span for span in spans if span[0] <= today < span[1]]
    future = [span for span in spans if span[0] > today][:1]
    match which:
        case None if now:
            return now
        case None if place.ahead and not (past and future and future[0][0] - today > _FAR):
            return future
        case None:
            return past + [span for span in future if exact and span[0] - today <= _NEAR]
        case "this":
            return now or [span for span in spans if span[0].year == today.year]
        case "next" | "coming" | "upcoming" | "this coming":
            return future
        case _:
            return past
