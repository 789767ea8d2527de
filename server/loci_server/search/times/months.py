"""Rules for longer times of the calendar: months, their weeks, seasons, quarters, years and decades."""

import re
from datetime import date

from loci_server.search.times.period import DAY, Period, Unit, holding, moved
from loci_server.search.times.place import Place, Reading, Rule
from loci_server.search.times.recurring import months, recurring
from loci_server.search.times.words import (
    CLEAR_MONTHS,
    DECADES,
    LEADS,
    MONTH,
    MONTHS,
    OF_YEAR,
    PRONOUNS,
    SEASON,
    SEASONS,
    VERBS,
    WEEKDAY,
    WEEKDAYS,
    WHICH_ONE,
    YEAR,
    YEAR_NUMBER,
    S,
    day_of,
    either,
)

_YEAR_WORDS = re.compile(
    rf"(?:\b(?:in|since|by|during|until|till|from|before|after|around|circa|early|mid|late|year)"
    rf"|\b(?:end|beginning|start|middle|most|half|all|rest|class){S}of)(?:{S}the{S}year)?[\s-]{{1,3}}$"
)
_CAPITAL_NEXT = re.compile(rf"{S}[A-Z]")
_COUNTED = re.compile(
    rf"{S}(?:%|percent|people|persons|users|dollars|euros|pounds|usd|steps|words|characters|tokens|calories|kcal|"
    r"met(?:er|re)s|feet|miles|km|kg|mg|ml|m|ft|square|times|days|hours|minutes|hz|mhz|rpm|watts|points|copies|pages)\b"
)


def _month(found: re.Match[str], place: Place) -> Reading | None:
    name, which, lead = found["month"], found["which"], place.lead
    capital = place.capital(found.start("month"))
    if not (found["year"] or found["short"] or found["other"]):
        if place.plain.startswith("'s", found.end()) and name not in CLEAR_MONTHS and lead != "in":
            return None
        led = place.follows or lead in LEADS or lead == "month"
        if name not in VERBS:
            alone = capital and name in CLEAR_MONTHS and not _CAPITAL_NEXT.match(place.said, found.end())
            sure = bool(which) or led or alone
        elif which:
            sure = capital or which != "this"
        else:
            sure = led and (capital or lead in ("in", "since", "during"))
        if not sure or lead in PRONOUNS:
            return None
    elif name in VERBS and lead in PRONOUNS:
        return None
    return recurring(found, place, lambda year: months(year, MONTHS[name], 1))


def _part_of_month(found: re.Match[str], place: Place) -> Reading | None:
    """The second week of November, the last Friday of May."""
    groups = found.groupdict()
    if groups["month"]:
        [month] = recurring(found, place, lambda year: months(year, MONTHS[found["month"]], 1)).periods
    else:
        shift = {"last": -1, "next": 1}.get(groups["which"] or "", 0)
        month = holding(moved(place.today.replace(day=1), Unit.MONTH, shift), Unit.MONTH)
    last = found["nth"] == "last"
    nth = 0 if last else day_of(found["nth"]) - 1
    if found["what"] == "week":
        first = month.end - 7 * DAY if last else month.first + 7 * nth * DAY
        return Reading((Period.of(first, min(first + 7 * DAY, month.end)),))
    weekday = 5 if found["what"] == "weekend" else WEEKDAYS[found["what"]]
    if last:
        first = month.end - DAY
        first -= (first.weekday() - weekday) % 7 * DAY
    else:
        first = month.first + ((weekday - month.first.weekday()) % 7 + 7 * nth) * DAY
    return Reading((Period.of(first, first + (2 if found["what"] == "weekend" else 1) * DAY),))


def _season(found: re.Match[str], place: Place) -> Reading | None:
    if not (found["which"] or found["year"] or found["short"] or found["other"]):
        return None  # "in the summer" is as a rule every summer
    return recurring(found, place, lambda year: months(year, SEASONS[found["season"]], 3))


def _quarter(found: re.Match[str], place: Place) -> Reading:
    return recurring(found, place, lambda year: months(year, int(found["q"]) * 3 - 2, 3))


def _decade(found: re.Match[str], place: Place) -> Reading:
    if found["full"]:
        year = int(found["full"])
    else:
        year = place.today.year // 100 * 100 + (int(found["short"]) if found["short"] else DECADES[found["word"]])
        year -= 100 if year > place.today.year else 0
    return Reading((holding(date(year, 1, 1), Unit.DECADE),))


def _years(found: re.Match[str], place: Place) -> Reading | None:
    """2019 to 2021."""
    first, last = int(found["a"]), int(found["b"])
    if last < 100:
        last += first // 100 * 100
    if found["to"] == "and" and place.lead != "between":
        return None
    if not first < last <= first + 100 or _COUNTED.match(place.plain, found.end()):
        return None
    return Reading((Period.of(date(first, 1, 1), date(last + 1, 1, 1)),))


def _year_alone(found: re.Match[str], place: Place) -> Reading | None:
    """A number is a year only behind a word that says so."""
    led = _YEAR_WORDS.search(place.plain, max(0, place.start - 24), place.start)
    if not (led or place.follows) or _COUNTED.match(place.plain, found.end()):
        return None
    return Reading((holding(date(int(found["y"]), 1, 1), Unit.YEAR),))


MONTHS_AND_YEARS: tuple[Rule, ...] = (
    (
        re.compile(
            rf"(?:the{S})?(?P<nth>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th){S}(?P<what>week|weekend|{WEEKDAY})"
            rf"{S}(?:of|in){S}(?:(?P<month>{MONTH})(?:{OF_YEAR})?|(?:the|this|(?P<which>last|next)){S}month\b)"
        ),
        _part_of_month,
    ),
    (re.compile(rf"(?:{WHICH_ONE}{S})?(?P<month>{MONTH})\.?(?:{OF_YEAR})?"), _month),
    (re.compile(rf"(?:{WHICH_ONE}{S})?(?P<season>{SEASON})(?:{OF_YEAR})?"), _season),
    (re.compile(rf"q(?P<q>[1-4])(?:{OF_YEAR})"), _quarter),
    (
        re.compile(
            rf"(?:(?:the{S}(?:(?:early|mid|late)[\s-])?|(?:early|mid|late)[\s-])?(?:(?P<full>1[5-9][0-9]0|20[0-9]0)'?s)"
            rf"|the{S}(?:(?:early|mid|late)[\s-])?(?:'?(?P<short>[0-9]0)'?s|(?P<word>{either(DECADES)})))\b"
        ),
        _decade,
    ),
    (
        re.compile(
            rf"(?<![\w$€£#./-])(?P<a>{YEAR_NUMBER})(?:\s?[-–]\s?|{S}(?P<to>to|until|through|and){S})(?P<b>{YEAR}|(?<=[-–])[0-9]{{2}}(?![\w-]))"
        ),
        _years,
    ),
    (re.compile(rf"(?<![\w$€£#./])(?P<y>{YEAR})"), _year_alone),
)
