"""What a node names becomes terms that are none of its words."""

from datetime import UTC, datetime

from loci.v1.node_pb2 import Node
from loci_server.search.mentions import mentions, names_of, terms_of_times
from loci_server.search.times import Period, mentioned

SAID = datetime(2031, 4, 10, 12, tzinfo=UTC)


def said(text: str, **more: object) -> Node:
    node = Node(text=text, **more)  # type: ignore[arg-type]
    node.event_time.FromDatetime(SAID)
    return node


def test_label_and_aliases_are_names_as_they_stand_and_names_in_texts_are_found() -> None:
    node = Node(label="blue harbour", aliases=["The Quay", "x " * 20], text="We met Maria Vogel at Lumen Labs.")
    assert names_of(node) == ["blue harbour", "the quay", "maria vogel", "lumen labs"]


def test_times_are_understood_from_when_it_was_said() -> None:
    assert "day:2031-04-09" in mentions(said("It broke yesterday."))
    assert mentions(said("It broke.")) == []


def test_a_time_of_a_query_and_that_of_a_text_share_a_term_where_they_overlap() -> None:
    asked: list[Period] = mentioned("what happens next month?", SAID)
    assert set(terms_of_times(asked)) & set(mentions(said("The launch is on 2031-05-03.")))
    assert not set(terms_of_times(asked)) & set(mentions(said("The launch is on 2031-06-03.")))


def test_a_very_long_text_is_read_in_part() -> None:
    assert mentions(Node(text="word " * 4000 + "Maria Vogel said so in May 2031.")) == []
