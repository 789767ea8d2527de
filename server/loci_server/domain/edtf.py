"""The notation EDTF (levels 0 to 2), read into spans of seconds.

Read here and not by a library: one that was measured takes 5 ms a date, loses the time of day and the last day of
some months, and prints what it cannot read. The rules, beside those of the standard:

- A qualified part (`1985~`, `?2004-06-~11`) is padded by one unit of itself on both sides, by two for `%`; the unit of
  a year is 1, 10, 100 or 1,000 by its trailing X. `1985~` is 1984 to 1986.
- Seasons are those of the north (21 and 25 are March to May), 29 to 32 of the south. A winter that begins in December
  ends with February of the next year.
- A time without an offset is UTC. Years are astronomical: 0000 is 1 BC.

Only years 1 to 9999 can be stored: a bound at or beyond their edge is infinite.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from math import inf

_DAY = 86_400
_END = date.max.toordinal() * _DAY
_CACHED = 8192

_DATE = re.compile(
    r"([?~%])?(-?)([0-9X]{4})(?:S([1-4]))?([?~%])?"
    r"(?:-([?~%])?([0-9X]{2})([?~%])?(?:-([?~%])?([0-9X]{2})([?~%])?)?)?",
)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:Z|([+-])(\d\d)(?::(\d\d))?)?", re.ASCII)
_LONG_YEAR = re.compile(r"Y(-?)([1-9]\d{0,99})(?:E([1-9]\d{0,99}))?(?:S([1-9]\d?))?", re.ASCII)

_PADDING = {None: 0, "?": 1, "~": 1, "%": 2}
_SEASONS = {
    "21": (3, 3), "22": (6, 3), "23": (9, 3), "24": (12, 3),
    "25": (3, 3), "26": (6, 3), "27": (9, 3), "28": (12, 3),
    "29": (9, 3), "30": (12, 3), "31": (3, 3), "32": (6, 3),
    "33": (1, 3), "34": (4, 3), "35": (7, 3), "36": (10, 3),
    "37": (1, 4), "38": (5, 4), "39": (9, 4),
    "40": (1, 6), "41": (7, 6),
}  # fmt: skip
"""First month and number of months."""

Span = tuple[float, float]
"""Seconds since 0001-01-01, half-open. Infinite where it is open and where it leaves years 1 to 9999."""

_Ymd = tuple[int, int, int]


class UnreadableError(ValueError):
    """What is wrong, without content."""


@lru_cache(maxsize=_CACHED)
def read_span(text: str) -> Span:
    """From the earliest to behind the latest instant that the text may mean; UnreadableError if it is not EDTF.

    Empty and `..` are all time. What lies wholly beyond the edge has two equal infinite bounds; an interval may end
    before it begins.
    """
    if "/" in text:
        start, slash, end = text.partition("/")
        if text == slash or "/" in end:
            raise UnreadableError("an interval is A/B, with at most one end left open.")
        return _ends(start, end)
    if text[:1] in ("[", "{"):
        if text[-1] != {"[": "]", "{": "}"}[text[0]]:
            raise UnreadableError("a set that is not closed.")
        spans = [_element(element.strip(" ")) for element in text[1:-1].split(",")]
        return min(lower for lower, _ in spans), max(upper for _, upper in spans)
    if text in ("", ".."):
        return -inf, inf
    return _atom(text)


def _element(text: str) -> Span:
    """One member of a set: a date, or A..B, ..B or A.. for consecutive dates."""
    start, dots, end = text.partition("..")
    if not start and not end:
        raise UnreadableError("a set with an empty member.")
    return _ends(start, end) if dots else _atom(text)


def _ends(start: str, end: str) -> Span:
    lower = _atom(start)[0] if start not in ("", "..") else -inf
    upper = _atom(end)[1] if end not in ("", "..") else inf
    return lower, upper


def _atom(text: str) -> Span:
    """A single date, with or without a time."""
    try:
        if found := _DATE.fullmatch(text):
            return _date(*found.groups())
        if found := _TIME.fullmatch(text):
            return _second(found)
        if found := _LONG_YEAR.fullmatch(text):
            return _long_year(*found.groups())
    except UnreadableError:
        raise
    except ValueError:
        raise UnreadableError("no such day or time.") from None
    raise UnreadableError("not of a form that EDTF knows.")


def _date(
    before_year: str | None,
    sign: str,
    year: str,
    significant: str | None,
    after_year: str | None,
    before_month: str | None,
    month: str | None,
    after_month: str | None,
    before_day: str | None,
    day: str | None,
    after_day: str | None,
) -> Span:
    """Any digit may be X. A qualifier before a part is for that part, one behind it also for all parts before."""
    first, last = _years(sign, year, significant, alone=month is None)
    if day is None and month in _SEASONS:
        month_first, months = _SEASONS[month]
        lower, upper = (first, month_first, 1), (last, month_first + months, 1)
    else:
        lower, upper = _days(first, last, month, day)
    all_parts = _PADDING[after_day]
    month_and_year = all_parts + _PADDING[after_month]
    pad_years = (month_and_year + _PADDING[after_year] + _PADDING[before_year]) * _unit(year)
    pad_months = month_and_year + _PADDING[before_month]
    if day is None and month in _SEASONS:
        pad_months *= _SEASONS[month][1]
    pad_days = all_parts + _PADDING[before_day]
    return _clamp(
        _midnight(lower, -(pad_years * 12 + pad_months), -pad_days),
        _midnight(upper, pad_years * 12 + pad_months, pad_days),
    )


def _years(sign: str, year: str, significant: str | None, *, alone: bool) -> tuple[int, int]:
    """The first and the last year."""
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if significant:
        if not alone or first != last:
            raise UnreadableError("significant digits are for a year alone.")
        unknown = 10 ** (4 - int(significant))
        first = first // unknown * unknown
        last = first + unknown - 1
    if not sign:
        return first, last
    if not last:
        raise UnreadableError("there is no year -0000.")
    return -last, -first


def _unit(year: str) -> int:
    return int(10 ** (4 - len(year.rstrip("X")))) if year != "XXXX" else 1


def _days(first: int, last: int, month: str | None, day: str | None) -> tuple[_Ymd, _Ymd]:
    """The first day that fits, and the one behind the last that fits."""
    months = _fitting(month, 12)
    if day is None:
        return (first, months[0], 1), (last, months[-1] + 1, 1)
    exact = first == last and len(months) == 1
    begin = _fitting_day(first, months[0], day, exact)[0]
    end = _fitting_day(last, months[-1], day, exact)[-1]
    return (first, months[0], begin), (last, months[-1], end + 1)


def _fitting(pattern: str | None, high: int) -> list[int]:
    """The numbers from 1 to `high` that a pattern of two characters, each a digit or X, stands for."""
    if pattern is None or pattern == "XX":
        return list(range(1, high + 1))
    if "X" not in pattern:
        found = [int(pattern)] if 1 <= int(pattern) <= high else []
    elif pattern[0] == "X":
        found = [number for number in range(1, high + 1) if number % 10 == int(pattern[1])]
    else:
        found = [number for number in range(1, high + 1) if number // 10 == int(pattern[0])]
    if not found:
        raise ValueError("no number fits")
    return found


def _fitting_day(year: int, month: int, pattern: str, exact: bool) -> list[int]:
    """As _fitting; a day that only some of several months have counts as the last of those that lack it."""
    length = _month_length(year, month)
    if exact or "X" in pattern:
        return _fitting(pattern, length)
    return [min(_fitting(pattern, 31 if month != 2 else 29)[0], length)]


def _second(found: re.Match[str]) -> Span:
    day, hour, minute, second, sign, offset_hour, offset_minute = found.groups()
    h, m, s = int(hour), int(minute), int(second)
    if m > 59 or s > 59 or h > 24 or (h == 24 and (m or s)):
        raise ValueError("no such time")
    offset = int(offset_hour or 0) * 3600 + int(offset_minute or 0) * 60
    if offset > 14 * 3600 or int(offset_minute or 0) > 59:
        raise ValueError("no such offset")
    start = (date.fromisoformat(day).toordinal() - 1) * _DAY + h * 3600 + m * 60 + s
    start += offset if sign == "-" else -offset
    return _clamp(start, start + 1)


def _long_year(sign: str, digits: str, exponent: str | None, significant: str | None) -> Span:
    if exponent is None and len(digits) < 5:
        raise UnreadableError("a year of up to four digits is written without Y.")
    if sign:
        return -inf, -inf
    zeros = int(exponent or 0)
    if len(digits) + zeros > 4:
        return inf, inf
    year = int(digits) * 10**zeros
    unknown = 10 ** max(0, len(str(year)) - int(significant)) if significant else 1
    first = year // unknown * unknown
    return _clamp(_midnight((first, 1, 1)), _midnight((first + unknown, 1, 1)))


def _midnight(day: _Ymd, months: int = 0, days: int = 0) -> float:
    """The beginning of a day, so many months and then days away, in seconds. Infinite beyond years 1 to 9999.

    A month behind December and a day behind the last of its month run on into the next.
    """
    year, month, number = day
    year, month = divmod(year * 12 + month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return -inf if year < 1 else inf
    if months:
        number = min(number, _month_length(year, month + 1) + (months > 0))
    return (date(year, month + 1, 1).toordinal() + number - 2 + days) * _DAY


def _month_length(year: int, month: int) -> int:
    return monthrange(year % 400 + 400, month)[1]  # the calendar repeats after 400 years


def _clamp(lower: float, upper: float) -> Span:
    """The span, infinite where it reaches the first or the last second that can be stored."""
    return (
        (-inf if lower <= 0 else inf if lower >= _END else lower),
        (-inf if upper <= 0 else inf if upper >= _END else upper),
    )
