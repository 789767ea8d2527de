"""Periods of whole days, and the calendar: units of time, how to go so many of them away, and what holds a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

DAY = timedelta(days=1)


class Precision(StrEnum):
    """How long a period is, by the unit that holds it."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    """Longer than a decade."""


_LONGEST = (
    (1, Precision.DAY),
    (7, Precision.WEEK),
    (31, Precision.MONTH),
    (92, Precision.SEASON),
    (366, Precision.YEAR),
    (3653, Precision.DECADE),
)
"""Days."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """lower <= t < upper, in UTC. Both are midnights and lower < upper."""

    lower: datetime
    upper: datetime

    @classmethod
    def of(cls, first: date, end: date) -> "Period":
        """From the first day to before `end`. Raises ValueError if there is no day between."""
        if first >= end:
            raise ValueError("a period has a day at least")
        return cls(midnight(first), midnight(end))

    @property
    def first(self) -> date:
        return self.lower.date()

    @property
    def end(self) -> date:
        """The day behind the last."""
        return self.upper.date()

    @property
    def days(self) -> int:
        return (self.upper - self.lower).days

    @property
    def precision(self) -> Precision:
        return next((precision for most, precision in _LONGEST if self.days <= most), Precision.CENTURY)


class Unit(StrEnum):
    """What texts count time in."""

    DAY = "day"
    WEEK = "week"
    WEEKEND = "weekend"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DECADE = "decade"


_STEP = {
    Unit.DAY: relativedelta(days=1),
    Unit.WEEK: relativedelta(weeks=1),
    Unit.WEEKEND: relativedelta(weeks=1),
    Unit.MONTH: relativedelta(months=1),
    Unit.QUARTER: relativedelta(months=3),
    Unit.YEAR: relativedelta(years=1),
    Unit.DECADE: relativedelta(years=10),
}
_HALF = {
    Unit.DAY: relativedelta(),
    Unit.WEEK: relativedelta(days=3),
    Unit.WEEKEND: relativedelta(days=3),
    Unit.MONTH: relativedelta(days=15),
    Unit.QUARTER: relativedelta(days=45),
    Unit.YEAR: relativedelta(months=6),
    Unit.DECADE: relativedelta(years=5),
}


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def moved(day: date, unit: Unit, count: int) -> date:
    """The day so many units later, or earlier; the last of its month where that month is shorter."""
    later: date = day + _STEP[unit] * count
    return later


def holding(day: date, unit: Unit) -> Period:
    """The calendar's unit that holds a day. Weeks begin on Monday; a weekend is the one that ends the day's week."""
    match unit:
        case Unit.DAY:
            first = day
        case Unit.WEEK:
            first = day - day.weekday() * DAY
        case Unit.WEEKEND:
            saturday = day + (5 - day.weekday()) * DAY
            return Period.of(saturday, saturday + 2 * DAY)
        case Unit.MONTH:
            first = day.replace(day=1)
        case Unit.QUARTER:
            first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case Unit.YEAR:
            first = date(day.year, 1, 1)
        case Unit.DECADE:
            first = date(day.year // 10 * 10, 1, 1)
    return Period.of(first, moved(first, unit, 1))


def about(day: date, unit: Unit, nearest: int, farthest: int) -> Period:
    """What people mean by so many units away from a day: negative is earlier.

    One number gives half a unit on either side, as "a month ago" is no exact day; days are exact. Two numbers ("a few
    weeks", 2 to 5) give the days from one to the other.
    """
    if nearest == farthest and unit is Unit.WEEKEND:
        return holding(moved(day, unit, nearest), unit)
    low, high = sorted((nearest, farthest))
    slack = _HALF[unit] if low == high else relativedelta()
    return Period.of(moved(day, unit, low) - slack, moved(day, unit, high) + slack + DAY)


def third(period: Period, part: int) -> Period:
    """The beginning (0), middle (1) or end (2) of a period."""
    cut = period.days // 3
    if not cut:
        return period
    borders = (period.first, period.first + cut * DAY, period.end - cut * DAY, period.end)
    return Period.of(borders[part], borders[part + 1])
