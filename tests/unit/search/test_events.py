"""A time that counts from an event is known once the event is found."""

from datetime import UTC, date, datetime

import pytest

from loci.v1.node_pb2 import Node
from loci_server.search.events import event_of, time_of

QUESTION = "What did she buy two weeks before her birthday trip?"


def told(text: str) -> Node:
    node = Node(text=text)
    node.event_time.FromDatetime(datetime(2031, 5, 20, 9, tzinfo=UTC))
    return node


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("My birthday trip begins today, hurrah!", date(2031, 5, 6), date(2031, 5, 6)),
        ("The birthday trip was on 2031-05-17.", date(2031, 5, 3), date(2031, 5, 3)),
        ("We planned the birthday trip in 2030.", date(2031, 5, 6), date(2031, 5, 6)),
    ],
)
def test_the_event_was_on_a_day_that_its_text_names_or_when_that_was_said(text: str, first: date, last: date) -> None:
    event = event_of(QUESTION)
    assert event is not None
    period = time_of(event, [told(text)])
    assert period is not None
    assert period.first <= first
    assert period.end > last
    assert period.days <= 7


def test_what_lacks_the_words_of_the_event_is_not_it() -> None:
    event = event_of(QUESTION)
    assert event is not None
    assert time_of(event, [told("The trip was long."), told("A cake.")]) is None
    assert time_of(event, []) is None


@pytest.mark.parametrize("query", ["Where did he live before the war?", "What came after?", "two weeks ago", ""])
def test_without_a_distance_nothing_is_looked_up(query: str) -> None:
    assert event_of(query) is None
