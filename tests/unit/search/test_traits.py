"""What texts and questions look like, told without a model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.search.traits import about_the_asker, asks_when, first_person, names_time, questions


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("When did I move here?", True),
        ("What is my dog called?", True),
        ("Where have we been, and what did I\u2019ve said", True),
        ("What did you tell me about my dog?", False),
        ("When did Ann move?", False),
        ("Is this mine?", True),
        ("Which mines are in Wales?", False),
        ("Chi sono i migliori", False),
        ("Var bor jag i Oslo", False),
        ("What did US troops do?", False),
        ("", False),
    ],
)
def test_a_question_about_the_asker_is_told(query: str, expected: bool) -> None:
    assert about_the_asker(query) is expected


@pytest.mark.parametrize(
    ("text", "own", "asking"),
    [
        ("I sold my car.", 0.5, 0.0),
        ("You should sell the car! Why not?", 0.0, 0.5),
        ("How are you?", 0.0, 1.0),
        ("", 0.0, 0.0),
        ("Ich habe mein Auto verkauft.", 0.0, 0.0),
        ("no end of a sentence", 0.0, 0.0),
        ("version 1.2?3 of it.", 0.0, 0.0),
    ],
)
def test_traits_of_a_text(text: str, own: float, asking: float) -> None:
    assert first_person(text) == pytest.approx(own)
    assert questions(text) == pytest.approx(asking)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We met last Tuesday.", True),
        ("Two weeks ago it rained.", True),
        ("In May we leave.", True),
        ("It was 1997.", True),
        ("We went there on 3 March 2020", True),
        ("You may march on.", False),
        ("There are 300 of them.", False),
        ("", False),
    ],
)
def test_a_text_that_says_when_is_told(text: str, expected: bool) -> None:
    assert names_time(text) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("When did Ann move?", True),
        ("In which year was it?", True),
        ("what day is the fair", True),
        ("Who was there when it rained?", False),
        ("", False),
    ],
)
def test_a_question_that_asks_when_is_told(query: str, expected: bool) -> None:
    assert asks_when(query) is expected


@given(st.text())
def test_traits_are_shares(text: str) -> None:
    assert 0 <= first_person(text) <= 1
    assert 0 <= questions(text) <= 1
    for told in (about_the_asker, asks_when, names_time):
        assert told(text) in (True, False)
