"""Terms by which documents that name a time are found through an index that knows whole terms only.

A document says which days, months and years it touches; a query asks for those that it holds. What a document names
loosely ("in July") is marked so, and a query for one day of that month asks for the mark.

    day:2023-03-03      touches this day, and is no longer than two weeks
    month:2023-03       touches this month, and is no longer than half a year
    year:2023           touches this year
    all-month:2023-03   touches this month, is longer than two weeks and no longer than half a year
    all-year:2023       touches this year, and is longer than half a year

One term in common means that both overlap, up to the edges: of periods of a document that are marked `all-`, the whole
first and last month (year) count, and so do the first and last month (year) of a query that is asked by months (years).
No overlap is missed, but for documents' periods of over 20 years, which have no terms, and what does not fit in
MAX_QUERY_TERMS.
"""

from collections.abc import Iterable
from typing import Final

from loci_server.search.times.period import DAY, Period

MAX_QUERY_TERMS: Final = 64

_EXACT_DAYS = 14
_HALF_YEAR = 184
_MOST_DOCUMENT_DAYS = 20 * 366
_QUERY_DAYS = 45
_QUERY_MONTH_DAYS = 3 * 366


def document_terms(periods: Iterable[Period]) -> list[str]:
    """The terms of the times that a document names, each once: 3 for a day, 18 at most for two
    weeks, 42 for 20 years."""
    found: dict[str, None] = {}
    for period in periods:
        if period.days > _MOST_DOCUMENT_DAYS:
            continue
        if period.days <= _EXACT_DAYS:
            found.update(dict.fromkeys(_days(period)))
            found.update(dict.fromkeys(_months(period)))
        elif period.days <= _HALF_YEAR:
            found.update(dict.fromkeys(_months(period)))
            found.update(("all-" + month, None) for month in _months(period))
        else:
            found.update(("all-" + year, None) for year in _years(period))
        found.update(dict.fromkeys(_years(period)))
    return list(found)


def query_terms(periods: Iterable[Period]) -> list[str]:
    """The terms of documents that name a time within one of these: the most precise first, at most MAX_QUERY_TERMS.

    A period is asked for by days up to 45 days, by months up to three years, by years beyond.
    """
    precise: dict[str, None] = {}
    loose: dict[str, None] = {}
    for period in periods:
        if period.days <= _QUERY_DAYS:
            precise.update(dict.fromkeys(_days(period)))
            loose.update(("all-" + month, None) for month in _months(period))
        elif period.days <= _QUERY_MONTH_DAYS:
            precise.update(dict.fromkeys(_months(period)))
        if period.days <= _QUERY_MONTH_DAYS:
            loose.update(("all-" + year, None) for year in _years(period))
        else:
            precise.update(dict.fromkeys(_years(period)[:MAX_QUERY_TERMS]))
    return list(precise | loose)[:MAX_QUERY_TERMS]


def _days(period: Period) -> list[str]:
    return [f"day:{period.first + place * DAY}" for place in range(period.days)]


def _months(period: Period) -> list[str]:
    last = period.end - DAY
    first = period.first.year * 12 + period.first.month - 1
    months = range(first, last.year * 12 + last.month)
    return [f"month:{month // 12:04}-{month % 12 + 1:02}" for month in months]


def _years(period: Period) -> list[str]:
    return [f"year:{year:04}" for year in range(period.first.year, (period.end - DAY).year + 1)]
