"""Times that hang on an event: "two weeks before her birthday trip" is known only once the trip has been found."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from loci_server.search import analysis
from loci_server.search.times.mentions import date_at
from loci_server.search.times.period import Period, Unit, holding, moved
from loci_server.search.times.relative import BESIDE, beside
from loci_server.search.times.words import S, lowered

MAX_EVENT_CHARS = 200

_MOST_PLACES = 64
_LONG = 30
"""Days that count as before or after an event where nothing is said."""
_ANCHOR = re.compile(rf"\b(?:{BESIDE}|(?P<bare>before|after|prior{S}to)\b)")
_NO_TIME = re.compile(
    r"\b(?:nam(?:ed|ing)|call(?:ed|s)?|look(?:s|ed|ing)?|tak(?:es?|ing)|took|go(?:es|ing)?|went|r[au]n|ask(?:s|ed)?"
    r"|sought|day|week|month|year|time|one|over|never|as|like|than)\s{1,3}$"
)
"""Words behind which a bare "before" or "after" tells no time: named after, week after week."""
_EVENT_END = re.compile(rf"[?!;\n]|[.,](?=\s|$)|\s(?:did|does|do|and{S}(?:what|who|how|when|where|why))\b")
_TRAILING = " \t.,:;!?"
_NO_EVENT = re.compile(
    r"[0-9]|(?:how|what|which|who|whose|when)\b|hours\b"
    r"|(?:a )?(?:long(?: time)?|last|next|day|week|month|year|time)\b\W*$"
)
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""To see that something is a date it does not matter which."""


@dataclass(frozen=True, slots=True)
class Offset:
    """How a time lies to its event: the words of a count and a unit, or of one unit, or neither."""

    way: str
    """`before` or `after`."""
    count: str | None = None
    unit: str | None = None
    one: str | None = None


@dataclass(frozen=True, slots=True)
class Anchored:
    """A time so far before or after an event that a text names."""

    offset: Offset
    event: str
    """The words of the event, as they were written."""

    @property
    def tells_how_far(self) -> bool:
        """Whether it is so many weeks before the event, not just some time before."""
        return bool(self.offset.count or self.offset.one)

    def when(self, happened: Period | datetime) -> Period | None:
        """The time that is meant, if this is when the event was. Where no distance is said, the 30 days beside it, with
        the event itself. The day of a datetime is that of its own zone. None if there is no such date."""
        offset = self.offset
        try:
            if isinstance(happened, datetime):
                happened = holding(happened.date(), Unit.DAY)
            if offset.count or offset.one:
                said = {"way": offset.way, "count": offset.count, "unit": offset.unit, "one": offset.one}
                return beside(happened, said)
            if offset.way == "before":
                return Period.of(moved(happened.first, Unit.DAY, -_LONG), happened.end)
            return Period.of(happened.first, moved(happened.end, Unit.DAY, _LONG))
        except (ValueError, OverflowError):
            return None


def anchored(query: str) -> Anchored | None:
    """The first time in a query that hangs on an event; None if there is none, or the event is itself a date.

    Never raises.
    """
    plain = lowered(query)
    for found in islice(_ANCHOR.finditer(plain), _MOST_PLACES):
        bare = found["bare"]
        if bare and _NO_TIME.search(plain, max(0, found.start() - 16), found.start()):
            continue
        event = _event(query, plain, found.end())
        if event:
            way = "before" if (bare or found["way"]) in ("before", "prior to") else "after"
            return Anchored(Offset(way, found["count"], found["unit"], found["one"]), event)
    return None


def _event(query: str, plain: str, start: int) -> str | None:
    """The words up to the end of the clause, if they are an event and no date."""
    first = start + len(plain[start : start + 3]) - len(plain[start : start + 3].lstrip())
    date_end = date_at(query, plain, first, _ANY_TIME)
    if _NO_EVENT.match(plain, first) or (date_end is not None and not plain.startswith("'s", date_end)):
        return None
    stop = _EVENT_END.search(plain, first, first + MAX_EVENT_CHARS)
    event = query[first : stop.start() if stop else first + MAX_EVENT_CHARS].strip(_TRAILING)
    return event if analysis.terms(event) else None
