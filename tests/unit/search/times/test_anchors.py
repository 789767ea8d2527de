"""Times that hang on an event: the event is told, and the time once it is known when that was."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.search.times import Anchored, Period, anchored

TRIP = datetime(2023, 5, 24, 15, 30, tzinfo=UTC)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("query", "event", "first", "end"),
    [
        ("What did she buy two weeks before her birthday trip?", "her birthday trip", "2023-05-07", "2023-05-14"),
        ("Two weeks after her birthday trip, what did she buy?", "her birthday trip", "2023-06-04", "2023-06-11"),
        ("What happened the day before the wedding?", "the wedding", "2023-05-23", "2023-05-24"),
        ("What did we do the night after the wedding?", "the wedding", "2023-05-25", "2023-05-26"),
        ("Where was I the week before the race", "the race", "2023-05-17", "2023-05-24"),
        ("Where was I the week after the race", "the race", "2023-05-25", "2023-06-01"),
        ("the Friday before the race", "the race", "2023-05-19", "2023-05-20"),
        ("the weekend after the race", "the race", "2023-05-27", "2023-05-29"),
        ("the month following the move", "the move", "2023-05-25", "2023-06-25"),
        ("three days prior to the exam", "the exam", "2023-05-21", "2023-05-22"),
        ("a few days after Emma's party", "Emma's party", "2023-05-26", "2023-05-30"),
        ("How did she feel after the accident?", "the accident", "2023-05-24", "2023-06-24"),
        ("Where did he live before moving to Rome?", "moving to Rome", "2023-04-24", "2023-05-25"),
        ("How many days before my friend's party did I order?", "my friend's party", "2023-04-24", "2023-05-25"),
        ("What came before the 'Run for the Cure' event?", "the 'Run for the Cure' event", "2023-04-24", "2023-05-25"),
        ("after last weekend’s party", "last weekend’s party", "2023-05-24", "2023-06-24"),
    ],
)
def test_a_time_hangs_on_an_event(query: str, event: str, first: str, end: str) -> None:
    found = anchored(query)
    assert found is not None
    assert found.event == event
    assert found.when(TRIP) == Period.of(date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "Who is Emma named after her grandmother?",
        "who looks after the dog?",
        "two weeks before March 15, 2023",
        "the day after 2023-03-03",
        "after Christmas",
        "before 2020",
        "before 5 pm",
        "before that, after all, and before",
        "the week before last",
        "day after day",
        "After how many weeks did he call?",
        "after a long time",
        "before long",
        "Is it beforehand or in the afterlife?",
    ],
)
def test_no_time_hangs_on_an_event(query: str) -> None:
    assert anchored(query) is None


def test_an_event_that_took_long_is_left_at_its_edges() -> None:
    trip = Period.of(date(2023, 5, 1), date(2023, 5, 11))
    for query, first, end in (
        ("the day before the trip", date(2023, 4, 30), date(2023, 5, 1)),
        ("the day after the trip", date(2023, 5, 11), date(2023, 5, 12)),
    ):
        found = anchored(query)
        assert found is not None
        assert found.when(trip) == Period.of(first, end)


def test_a_long_event_is_cut() -> None:
    found = anchored("before " + "the trip " * 10_000)
    assert found is not None
    assert len(found.event) <= 200


@given(
    st.text(max_size=100), st.sampled_from(["two weeks before ", "the Friday after ", "before ", "999 years before "])
)
def test_no_query_breaks_it(text: str, words: str) -> None:
    for query in (text, text + words + text, words * 3 + text):
        found = anchored(query)
        assert found is None or (isinstance(found, Anchored) and found.event)
        if found:
            found.when(datetime.min)
            found.when(datetime.max)
            found.when(TRIP)
