"""Times in texts: what is named is found, and what only looks like a time is not."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.search.times import MAX_MENTIONS, Period, Precision, mentioned, mentions
from loci_server.search.times.mentions import names_times

AT = datetime(2023, 5, 24, 15, 30, tzinfo=UTC)
"""A Wednesday."""


def shown(periods: list[Period]) -> str:
    """Each as its first day, and the day behind its last if it has more than one."""
    return ", ".join(f"{period.first}" if period.days == 1 else f"{period.first}/{period.end}" for period in periods)


DATES = [
    ("We met on March 3rd, 2023.", "2023-03-03"),
    ("March 3, 2023 was cold", "2023-03-03"),
    ("on Mar. 3 2023", "2023-03-03"),
    ("3 March 2023", "2023-03-03"),
    ("the 3rd of March, 2023", "2023-03-03"),
    ("the third of March 2023", "2023-03-03"),
    ("March third", "2023-03-03"),
    ("3 March", "2023-03-03"),
    ("december 24th", "2022-12-24"),
    ("on may 3", "2023-05-03"),
    ("what happened on 9 july?", "2022-07-09, 2023-07-09"),
    ("I will be there on 9 July", "2023-07-09"),
    ("the exercises since April 10 will help", "2023-04-10/2023-05-25"),
    ("May 5, 2021 and june 6, 2022", "2021-05-05, 2022-06-06"),
    ("Friday, 3 March 2023", "2023-03-03"),
    ("Fri, Mar 3, 2023", "2023-03-03"),
    ("Friday, March the 3rd", "2023-03-03"),
    ("2023-03-03", "2023-03-03"),
    ("at 2023-03-03T10:00:00Z it broke", "2023-03-03"),
    ("2023/3/3", "2023-03-03"),
    ("in 2023-03", "2023-03-01/2023-04-01"),
    ("03/14/2023", "2023-03-14"),
    ("14/03/2023", "2023-03-14"),
    ("03/04/2023", "2023-03-04, 2023-04-03"),
    ("3/3/23", "2023-03-03"),
    ("03.04.2023", "2023-04-03"),
    ("on 7/22", "2022-07-22, 2023-07-22"),
    ("before the 3/22 trip", "2023-03-22"),
    ("29 February 2020", "2020-02-29"),
    ("on 29 February", "2020-02-29"),
    ("31 February 2020", "2020-02-01/2020-03-01"),
    ("5 December of last year", "2022-12-05"),
    ("June 3-7, 2022", "2022-06-03/2022-06-08"),
    ("from the 3rd to the 7th of June", "2022-06-03/2022-06-08, 2023-06-03/2023-06-08"),
    ("March 3rd to 7th, 2022", "2022-03-03/2022-03-08"),
    ("August 11 to September 2, 2022", "2022-08-11/2022-09-03"),
    ("between August 11 and August 15 2022", "2022-08-11/2022-08-16"),
    ("from 28 December to 3 January 2023", "2022-12-28/2023-01-04"),
]
MONTHS = [
    ("in July", "2022-07-01/2022-08-01"),
    ("in May", "2023-05-01/2023-06-01"),
    ("in may", "2023-05-01/2023-06-01"),
    ("in march we moved", "2023-03-01/2023-04-01"),
    ("last May", "2022-05-01/2022-06-01"),
    ("last December", "2022-12-01/2023-01-01"),
    ("this March", "2023-03-01/2023-04-01"),
    ("this August", "2023-08-01/2023-09-01"),
    ("next July", "2023-07-01/2023-08-01"),
    ("next May", "2024-05-01/2024-06-01"),
    ("We're going to Spain in July", "2023-07-01/2023-08-01"),
    ("In July we'll marry", "2023-07-01/2023-08-01"),
    ("I was going to Spain in July", "2022-07-01/2022-08-01"),
    ("We will talk. It rained in July.", "2022-07-01/2022-08-01"),
    ("July was hot", "2022-07-01/2022-08-01"),
    ("January 2022", "2022-01-01/2022-02-01"),
    ("may 2022", "2022-05-01/2022-06-01"),
    ("March of 2021", "2021-03-01/2021-04-01"),
    ("in March '21", "2021-03-01/2021-04-01"),
    ("July of last year", "2022-07-01/2022-08-01"),
    ("in March and May", "2023-03-01/2023-04-01, 2023-05-01/2023-06-01"),
    ("between March and May", "2023-03-01/2023-06-01"),
    ("between November and February 2022", "2021-11-01/2022-03-01"),
    ("from November to February", "2022-11-01/2023-03-01"),
    ("early March", "2023-03-01/2023-03-11"),
    ("mid-March 2021", "2021-03-11/2021-03-22"),
    ("at the end of March", "2023-03-22/2023-04-01"),
    ("since April", "2023-04-01/2023-05-25"),
    ("after April 2023", "2023-05-01/2023-05-25"),
    ("until July we will wait", "2023-05-24/2023-08-01"),
    ("valid until February 2026", "2026-02-01/2026-03-01"),
    ("from mid-May to mid-October 2022", "2022-05-11/2022-10-22"),
    ("the second week of November", "2022-11-08/2022-11-15"),
    ("the last Friday of April", "2023-04-28"),
    ("first weekend in April 2022", "2022-04-02/2022-04-04"),
    ("the last week of this month", "2023-05-25/2023-06-01"),
]
YEARS = [
    ("in 2022", "2022-01-01/2023-01-01"),
    ("since 2021", "2021-01-01/2023-05-25"),
    ("in the year 1066? no, in the year 1866", "1866-01-01/1867-01-01"),
    ("in 2019 and 2020", "2019-01-01/2020-01-01, 2020-01-01/2021-01-01"),
    ("early 2021", "2021-01-01/2021-05-02"),
    ("by the end of 2021", "2021-09-02/2022-01-01"),
    ("2019-2021", "2019-01-01/2022-01-01"),
    ("from 2019 to 2021", "2019-01-01/2022-01-01"),
    ("between 2019 and 2021", "2019-01-01/2022-01-01"),
    ("2010-12", "2010-01-01/2013-01-01"),
    ("the summer of 2021", "2021-06-01/2021-09-01"),
    ("summer of '21", "2021-06-01/2021-09-01"),
    ("summer of '99", "1999-06-01/1999-09-01"),
    ("winter 2021", "2021-12-01/2022-03-01"),
    ("fall 2020", "2020-09-01/2020-12-01"),
    ("last summer", "2022-06-01/2022-09-01"),
    ("last spring", "2022-03-01/2022-06-01"),
    ("this spring", "2023-03-01/2023-06-01"),
    ("next summer", "2023-06-01/2023-09-01"),
    ("last fall", "2022-09-01/2022-12-01"),
    ("Q3 2022", "2022-07-01/2022-10-01"),
    ("the 1990s", "1990-01-01/2000-01-01"),
    ("in the 90s", "1990-01-01/2000-01-01"),
    ("the nineties", "1990-01-01/2000-01-01"),
    ("last Christmas", "2022-12-25"),
    ("on New Year's Eve", "2022-12-31"),
    ("Thanksgiving 2022", "2022-11-24"),
    ("next Easter", "2024-03-31"),
    ("for Halloween", "2022-10-31"),
]
RELATIVE = [
    ("today", "2023-05-24"),
    ("tonight", "2023-05-24"),
    ("this morning", "2023-05-24"),
    ("yesterday", "2023-05-23"),
    ("I'm free tomorrow", "2023-05-25"),
    ("last night", "2023-05-23"),
    ("the day before yesterday", "2023-05-22"),
    ("the day after tomorrow", "2023-05-26"),
    ("the other day", "2023-05-17/2023-05-24"),
    ("three days ago", "2023-05-21"),
    ("an hour ago", "2023-05-24"),
    ("16 hours ago", "2023-05-23"),
    ("two weeks ago", "2023-05-07/2023-05-14"),
    ("2 weeks ago", "2023-05-07/2023-05-14"),
    ("a week or two ago", "2023-05-10/2023-05-18"),
    ("two or three days ago", "2023-05-21/2023-05-23"),
    ("2-3 days ago", "2023-05-21/2023-05-23"),
    ("a few months ago", "2022-12-24/2023-03-25"),
    ("a couple of weeks ago", "2023-05-07/2023-05-14"),
    ("a month ago", "2023-04-09/2023-05-10"),
    ("about 5 years ago", "2017-11-24/2018-11-25"),
    ("a year and a half ago", "2021-10-10/2022-01-09"),
    ("half a year ago", "2022-11-09/2022-12-10"),
    ("two Sundays ago", "2023-05-14"),
    ("two weekends ago", "2023-05-13/2023-05-15"),
    ("three days from now", "2023-05-27"),
    ("in two weeks' time", "2023-06-04/2023-06-11"),
    ("I'll go in two days", "2023-05-26"),
    ("last week", "2023-05-15/2023-05-22"),
    ("this week", "2023-05-22/2023-05-29"),
    ("next week", "2023-05-29/2023-06-05"),
    ("last month", "2023-04-01/2023-05-01"),
    ("this month", "2023-05-01/2023-06-01"),
    ("next month", "2023-06-01/2023-07-01"),
    ("last year", "2022-01-01/2023-01-01"),
    ("earlier this year", "2023-01-01/2023-05-25"),
    ("late last year", "2022-09-02/2023-01-01"),
    ("the beginning of last month", "2023-04-01/2023-04-11"),
    ("by the end of the month", "2023-05-22/2023-06-01"),
    ("the past two weeks", "2023-05-10/2023-05-25"),
    ("over the last three months", "2023-02-24/2023-05-25"),
    ("these past few days", "2023-05-19/2023-05-25"),
    ("past week", "2023-05-17/2023-05-25"),
    ("the past week", "2023-05-17/2023-05-25"),
    ("in the last year", "2022-05-24/2023-05-25"),
    ("over the next month", "2023-05-24/2023-06-25"),
    ("the next two weeks", "2023-05-24/2023-06-08"),
    ("this past week", "2023-05-17/2023-05-25"),
    ("last weekend", "2023-05-20/2023-05-22"),
    ("We went sailing this weekend", "2023-05-20/2023-05-22, 2023-05-27/2023-05-29"),
    ("We will go sailing this weekend", "2023-05-27/2023-05-29"),
    ("I won this Monday", "2023-05-22"),
    ("I'll play this Monday", "2023-05-29"),
    ("next weekend", "2023-06-03/2023-06-05"),
    ("over the weekend", "2023-05-20/2023-05-22"),
    ("the weekend before last", "2023-05-13/2023-05-15"),
    ("the week before last", "2023-05-08/2023-05-15"),
    ("the week after next", "2023-06-05/2023-06-12"),
    ("the Sunday before last", "2023-05-14"),
    ("last Sunday", "2023-05-21"),
    ("last Wednesday", "2023-05-17"),
    ("on Sunday", "2023-05-21"),
    ("Wednesday", "2023-05-24"),
    ("I'll see her on Sunday", "2023-05-28"),
    ("this Friday", "2023-05-26"),
    ("this past Friday", "2023-05-19"),
    ("next Friday", "2023-06-02"),
    ("this coming Friday", "2023-05-26"),
    ("Tuesday of last week", "2023-05-16"),
    ("Friday next week", "2023-06-02"),
    ("from last Monday to yesterday", "2023-05-22/2023-05-24"),
    ("since last Friday", "2023-05-19/2023-05-25"),
    ("two weeks before March 15, 2023", "2023-02-26/2023-03-05"),
    ("the week before 16 November 2022", "2022-11-09/2022-11-16"),
    ("the Friday after March 3, 2023", "2023-03-10"),
    ("the day before Christmas", "2022-12-24"),
    ("the day after 2023-03-03", "2023-03-04"),
    ("a week from Friday", "2023-05-19"),
    ("a week from next Friday", "2023-06-06/2023-06-13"),
    ("last weekend before April 10, 2023", "2023-04-08/2023-04-10"),
]
NOTHING = [
    "",
    "   ",
    "You may go. It may rain. May I come in?",
    "We may 3 times a day",
    "they march for peace, March on!",
    "a second, wait a second",
    "April said so, and June agreed with August's plan",
    "It cost 2000 dollars, or $2022, or 1999.95",
    "in 2000 steps",
    "since 2000 people came",
    "version 2023.1.4 and 10.0.12",
    "call 555-2023 or +1-202-555-0143",
    "call 03-04-20231",
    "at 5 pm, 17:30 and 9:15",
    "the meeting lasts two hours",
    "it takes three days",
    "in two weeks I lost 5 pounds",
    "every Sunday, on Mondays, each Friday",
    "on a Sunday",
    "Monday to Friday, Monday through Thursday",
    "Black Friday",
    "narrated by one January Jones",
    "today's changing world",
    "one day, some day, the day, these days",
    "years ago",
    "twice a week, per month, all year",
    "half of 1/2",
    "a fall from the stairs in spring shoes",
    "the next day it rained",
    "the last day of school",
    "the last year of college",
    "in her 30s",
    "Edge of the seat at night",
    "0 days ago",
    "le chat et mon ami, la mar, sept jours",
    "il martes, am Sonntag, en mars",
    "昨日、東京へ行きました。",
    "вчера и завтра",
    "99/99/9999 and 2023-13-45 and 13/13/2023",
    "𝕞𝕒𝕪 ſunday ıan",
]


@pytest.mark.parametrize(("text", "expected"), DATES + MONTHS + YEARS + RELATIVE)
def test_a_text_names_these_times(text: str, expected: str) -> None:
    assert shown(mentioned(text, AT)) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_a_text_names_no_time(text: str) -> None:
    assert shown(mentioned(text, AT)) == ""


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("yesterday", Precision.DAY),
        ("last weekend", Precision.WEEK),
        ("last week", Precision.WEEK),
        ("in July", Precision.MONTH),
        ("the past month", Precision.MONTH),
        ("last summer", Precision.SEASON),
        ("the past quarter", Precision.SEASON),
        ("in 2020", Precision.YEAR),
        ("the 1990s", Precision.DECADE),
        ("from 1990 to 2005", Precision.CENTURY),
    ],
)
def test_a_period_tells_how_precise_it_is(text: str, precision: Precision) -> None:
    assert [period.precision for period in mentioned(text, AT)] == [precision]


def test_today_is_the_day_of_the_speaker() -> None:
    late = datetime(2023, 5, 24, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    [period] = mentioned("today", late)
    assert period == Period(datetime(2023, 5, 24, tzinfo=UTC), datetime(2023, 5, 25, tzinfo=UTC))
    assert mentioned("today", late.replace(tzinfo=None)) == [period]


def test_each_time_is_given_once_and_in_order() -> None:
    assert shown(mentioned("Yesterday, today, and yesterday again", AT)) == "2023-05-23, 2023-05-24"


def test_a_text_gives_a_bounded_number_of_times() -> None:
    text = "; ".join(f"{day} March 2020" for day in range(1, 31))
    assert len(mentioned(text, AT)) == MAX_MENTIONS


@pytest.mark.parametrize("at", [datetime.min, datetime.max, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31)])
@pytest.mark.parametrize("text", [text for text, _ in DATES + MONTHS + YEARS + RELATIVE])
def test_no_time_breaks_at_the_edges_of_the_calendar(text: str, at: datetime) -> None:
    mentioned(text, at)


PIECES = [piece for text, _ in DATES + MONTHS + YEARS + RELATIVE for piece in (text, *text.split())]
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from([*PIECES, *NOTHING, " ", "-", ",", "'", "ſ", "İ", "٣", "\n"]), max_size=30).map(" ".join),
    st.lists(st.sampled_from([*PIECES, " ", "  ", "-"]), max_size=30).map("".join),
)


@given(texts, st.datetimes())
def test_no_text_breaks_it(text: str, at: datetime) -> None:
    found = mentioned(text, at)
    assert len(found) == len(set(found)) <= MAX_MENTIONS
    assert all(period.lower < period.upper and period.lower.tzinfo is UTC for period in found)


EVERYWHERE = mentions.any_rule("")


@given(texts)
def test_the_quick_look_misses_no_time(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("loci_server.search.times.mentions.names_times", lambda text: True)
        patch.setattr("loci_server.search.times.mentions._QUICK", re.compile("(?s).+"))  # look everywhere
        patch.setattr("loci_server.search.times.mentions._ANY", EVERYWHERE)
        found = mentioned(text, AT)
    assert mentioned(text, AT) == found
    assert not found or names_times(text)


@given(st.text(st.characters(categories=("Lo",)), max_size=100))
def test_scripts_without_letter_case_cost_only_the_quick_look(text: str) -> None:
    assert not names_times(text)


HOSTILE = [
    *("last ", "last   ", "may ", "the day before ", "two weeks before ", "in 2 ", "from March to ", "a ", "1/1/"),
    *("2023-", "March 3 to ", "3 to 3 to ", "'90s ", "the second ", "between may and ", "1 or 1 or ", "on a Sunday "),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_is_bounded(piece: str) -> None:
    """Counted in rules that were tried, not in seconds."""
    tried = 0

    def counting(pattern, read):  # type: ignore[no-untyped-def]
        def counted(found, place):  # type: ignore[no-untyped-def]
            nonlocal tried
            tried += 1
            return read(found, place)

        return pattern, counted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mentions, "_RULES", tuple(counting(*rule) for rule in mentions._RULES))
        counts = []
        for size in (10_000, 20_000, 40_000):
            tried = 0
            mentioned(piece * (size // len(piece)), AT)
            counts.append(tried)
    assert counts[2] <= min(4 * counts[0] + 100, 4096)
