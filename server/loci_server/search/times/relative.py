"""Rules for what is said from the speaker's own time: "yesterday", "last Sunday", "two weeks ago", "the past month".

Last and next weeks, months and years are the calendar's; the past or coming so many are counted from today. "Next
Friday" is the Friday of next week.
"""

import re
from datetime import timedelta

from loci_server.search.times.period import DAY, Period, Unit, about, holding, moved, third
from loci_server.search.times.place import Place, Reading, Rule
from loci_server.search.times.words import (
    COUNT,
    HOURS,
    MONTH,
    UNIT,
    WEEKDAY,
    WEEKDAYS,
    WHICH,
    S,
    count_of,
    each,
    either,
    unit_of,
)

_BACK = frozenset({"last", "past", "previous"})
_HABIT = frozenset(each("a an every each any some most other per black good ash cyber casual super"))
"""Words behind which a weekday is a habit or a name."""
_SPANNING = frozenset(each("over in within during for throughout"))
_QUARTERS = {Unit.YEAR: Unit.QUARTER, Unit.MONTH: Unit.WEEK}
"""Four of which are one, about."""
_OUR_DAY = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_WEEKDAYS_FROM = re.compile(rf"s?{S}?(?:to|through|thru|-|–){S}?{WEEKDAY}")
_WEEKDAYS_TO = re.compile(r"(?:\b(?:to|through|thru)\s{1,3}|[-–]\s?)$")
_OF_SOMETHING = re.compile(rf"{S}(?:of|in){S}(?!this|last|{MONTH})")


def _day(found: re.Match[str], place: Place) -> Reading:
    day = place.today + _OUR_DAY[found[0]] * DAY
    return Reading((Period.of(day, day + DAY),))


def _other_day(found: re.Match[str], place: Place) -> Reading:
    back = 7 if unit_of(found["unit"]) is Unit.DAY else 31
    return Reading((Period.of(place.today - back * DAY, place.today),))


def _this(found: re.Match[str], place: Place) -> Reading:
    word = found["unit"]
    period = holding(place.today, Unit.DAY if word in ("morning", "afternoon", "evening") else unit_of(word))
    if word == "weekend" and place.today.weekday() < 3 and not place.ahead:  # on these days it may be either
        return Reading((holding(place.today - 7 * DAY, Unit.WEEKEND), period))
    tomorrow = place.today + DAY
    if found["part"] == "earlier" and tomorrow < period.end:
        period = Period.of(period.first, tomorrow)
    elif found["part"] == "later" and place.today > period.first:
        period = Period.of(place.today, period.end)
    return Reading((period,))


def _ago(found: re.Match[str], place: Place) -> Reading:
    """Two weeks ago, a week or two ago, a year and a half ago, three Sundays ago, five days from now."""
    least, most = count_of(found["count"])
    if more := found["or"]:
        most = max(most, {"two": 2, "three": 3}[more]) if more != "so" else most
    sign = -1 if found["ago"] else 1
    word = found["unit"].rstrip("s") if found["unit"] else ""
    if found["weekday"]:
        day = place.today - ((place.today.weekday() - WEEKDAYS[found["weekday"]]) % 7 or 7) * DAY
        day -= 7 * (most - 1) * DAY
        return Reading((Period.of(day, day + DAY),))
    if word in HOURS:
        first = place.moment + sign * timedelta(seconds=HOURS[word] * most)
        return Reading((holding(first.date(), Unit.DAY),))
    unit = unit_of(word)
    if found["half"] and unit in _QUARTERS:
        unit, least, most = _QUARTERS[unit], least * 4 + 2, most * 4 + 2
    return Reading((about(place.today, unit, sign * least, sign * most),))


def _half_ago(found: re.Match[str], place: Place) -> Reading:
    unit, count = {"year": (Unit.MONTH, 6), "month": (Unit.WEEK, 2), "decade": (Unit.YEAR, 5)}[found["unit"]]
    return Reading((about(place.today, unit, -count, -count),))


def _soon(found: re.Match[str], place: Place) -> Reading | None:
    """In two weeks: a time only where the sentence tells of the future, else how long something took."""
    if not (found["time"] or place.ahead):
        return None
    least, most = count_of(found["count"])
    return Reading((about(place.today, unit_of(found["unit"]), least, most),))


def _counted(found: re.Match[str], place: Place) -> Reading | None:
    """Last week; the past two weeks; over the next month."""
    back = found["which"] in _BACK
    unit = unit_of(found["unit"])
    today, tomorrow = place.today, place.today + DAY
    if found["count"]:
        count = count_of(found["count"])[1]
        return Reading(
            (
                Period.of(moved(today, unit, -count), tomorrow)
                if back
                else Period.of(today, moved(today, unit, count) + DAY),
            )
        )
    if found["unit"].endswith("s") or _OF_SOMETHING.match(place.plain, found.end()):
        return None
    if found["unit"] == "night":
        return Reading((holding(today - DAY, Unit.DAY),)) if found["which"] == "last" and not found["the"] else None
    if unit is Unit.DAY:
        return None
    if unit is Unit.WEEKEND or (not found["the"] and found["which"] in ("last", "next")):
        return Reading((holding(moved(today, unit, -1 if back else 1), unit),))
    if back:
        return Reading((Period.of(moved(today, unit, -1), tomorrow),)) if found["which"] != "previous" else None
    if found["which"] != "next" or place.lead in _SPANNING:
        return Reading((Period.of(today, moved(today, unit, 1) + DAY),))
    return None  # "the next week" of a story


def _before_last(found: re.Match[str], place: Place) -> Reading | None:
    """The week before last, the Sunday after next."""
    word, sign = found["unit"], -1 if found["last"] else 1
    if word in WEEKDAYS:
        days = (WEEKDAYS[word] - place.today.weekday()) * sign % 7 or 7
        day = place.today + sign * (days + 7) * DAY
        return Reading((Period.of(day, day + DAY),))
    return Reading((holding(moved(place.today, unit_of(word), 2 * sign), unit_of(word)),))


def _weekday(found: re.Match[str], place: Place) -> Reading | None:
    wanted, which, today = WEEKDAYS[found["weekday"]], found["which"], place.today
    if week := found["week"]:
        monday = today + ({"last": -7, "this": 0, "next": 7}[week] - today.weekday()) * DAY
        day = monday + wanted * DAY
        return Reading((Period.of(day, day + DAY),))
    if not which and (place.lead in _HABIT or _WEEKDAYS_FROM.match(place.plain, found.end())):
        return None
    if not which and not place.follows and _WEEKDAYS_TO.search(place.plain, max(0, place.start - 10), place.start):
        return None
    back, forth = (today.weekday() - wanted) % 7, (wanted - today.weekday()) % 7
    if which in ("last", "past") or (which and which.endswith("past")):
        day = today - (back or 7) * DAY
    elif which == "next":
        day = today + (7 - today.weekday() + wanted) * DAY
    elif which == "this" and not place.ahead:
        day = today + (wanted - today.weekday()) * DAY
    elif which == "this" or (not which and place.ahead):
        day = today + forth * DAY
    elif which:
        day = today + (forth or 7) * DAY
    else:
        day = today - back * DAY
    return Reading((Period.of(day, day + DAY),))


def _weekend(found: re.Match[str], place: Place) -> Reading:
    """Over the weekend: the last one that has begun, or the next if the sentence tells of the future."""
    weekend = holding(place.today, Unit.WEEKEND)
    if weekend.first > place.today and not place.ahead:
        weekend = holding(place.today - 7 * DAY, Unit.WEEKEND)
    return Reading((weekend,))


def _edge(found: re.Match[str], place: Place) -> Reading:
    """The end of the month."""
    part = {"middle": 1, "end": 2}.get(found["edge"], 0)
    return Reading((third(holding(place.today, unit_of(found["unit"])), part),))


def _beside(found: re.Match[str], place: Place) -> Reading | None:
    """Two weeks before 3 March, the Friday after Christmas, the day before yesterday."""
    date = place.read(found.end())
    if date is None or (found["way"] == "from" and date.periods[0].end <= place.today):
        return None
    periods = tuple(beside(period, found.groupdict()) for period in date.periods)
    return Reading(periods, date.yearless, date.end)


def beside(period: Period, said: dict[str, str | None]) -> Period:
    """What BESIDE says of a period. Raises ValueError and OverflowError."""
    before = said["way"] in ("before", "prior to")
    sign, base = (-1, period.first) if before else (1, period.end - DAY)
    if said["count"] and said["unit"]:
        least, most = count_of(said["count"])
        return about(base, unit_of(said["unit"]), sign * least, sign * most)
    one = said["one"] or ""
    if one in WEEKDAYS:
        days = (base.weekday() - WEEKDAYS[one]) * -sign % 7 or 7
        return Period.of(base + sign * days * DAY, base + (sign * days + 1) * DAY)
    if one in ("day", "night", "morning", "evening"):
        return Period.of(base + sign * DAY, base + (sign + 1) * DAY)
    if one == "weekend":
        days = (base.weekday() - 5) * -sign % 7 or 7
        return Period.of(base + sign * days * DAY, base + (sign * days + 2) * DAY)
    unit = unit_of(one)
    return Period.of(moved(base, unit, -1), base) if before else Period.of(period.end, moved(period.end, unit, 1))


BESIDE = (
    rf"(?:(?P<count>{COUNT}){S}(?P<unit>{UNIT})s?"
    rf"|(?:(?:the|that|last){S})?(?P<one>day|night|morning|evening|weekend|week|month|year|{WEEKDAY}))"
    rf"{S}(?P<way>before|after|prior{S}to|following|from)\b"
)
"""So much before or after what follows."""

COMPOUND: tuple[Rule, ...] = (
    (
        re.compile(
            rf"(?:the{S})?(?P<unit>weekend|week|month|year|{WEEKDAY}){S}(?:(?P<last>before{S}last)|after{S}next)\b"
        ),
        _before_last,
    ),
    (re.compile(rf"{BESIDE}{S}(?:(?:the|on){S})?"), _beside),
    (
        re.compile(
            rf"(?P<count>{COUNT}){S}(?:(?P<unit>(?:{UNIT}|{either(HOURS)})s?)|(?P<weekday>{WEEKDAY[:-2]})s)"
            rf"(?:{S}(?P<half>and{S}a{S}half)|{S}or{S}(?P<or>so|two|three))?"
            rf"{S}(?:(?P<ago>ago|back(?!{S}(?:to|in|at|from|on|and|up)\b))|from{S}(?:now|today)|hence)\b"
        ),
        _ago,
    ),
)
"""Rules to be tried before all others: what they match begins as something shorter does."""

RELATIVE: tuple[Rule, ...] = (
    (re.compile(rf"half{S}an?{S}(?P<unit>year|month|decade){S}ago\b"), _half_ago),
    (
        re.compile(
            rf"in{S}(?:about{S})?(?P<count>{COUNT}){S}(?P<unit>{UNIT})s?(?!{S}of\b)(?P<time>'?{S}time\b)?(?![\w'])"
        ),
        _soon,
    ),
    (
        re.compile(
            rf"(?:(?P<the>the|these|this|my|our){S})?(?P<which>last|past|previous|next|coming|upcoming){S}"
            rf"(?:(?P<count>{COUNT}){S})?(?P<unit>{UNIT}s?)\b(?!{S}(?:before|after){S}(?:last|next)\b)"
        ),
        _counted,
    ),
    (re.compile(r"(?:today(?!'s)|tonight|yesterday|tomorrow)\b"), _day),
    (re.compile(rf"the{S}other{S}(?P<unit>day|night|week)\b"), _other_day),
    (
        re.compile(
            rf"(?:(?P<part>earlier|later){S})?this{S}(?P<unit>morning|afternoon|evening|weekend|week|month|quarter|year|decade)\b"
        ),
        _this,
    ),
    (
        re.compile(
            rf"(?:(?P<which>{WHICH}){S})?(?P<weekday>{WEEKDAY})(?:{S}(?:of{S})?(?P<week>last|this|next){S}week\b)?"
        ),
        _weekday,
    ),
    (re.compile(rf"(?:over|on|at|for|during|in){S}the{S}weekend\b"), _weekend),
    (re.compile(rf"(?P<edge>beginning|start|middle|end){S}of{S}the{S}(?P<unit>week|month|quarter|year)\b"), _edge),
)
