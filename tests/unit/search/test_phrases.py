"""Phrases are found in queries as people quote, and in texts word by word."""

import pytest

from loci.v1.node_pb2 import Node
from loci_server.domain.fields import TEXTS_ONLY, Fields
from loci_server.search.phrases import MAX_PHRASE_WORDS, MAX_PHRASES, Weighed, held, line_of, lines_of, phrases_of


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"red bicycle"', [["red", "bicycle"]]),
        ('Who said "I can\'t wait" to Ann?', [["i", "cant", "wait"]]),
        ("Did he read “The Hobbit” or «Der Herr der Ringe»?", [["the", "hobbit"], ["der", "herr", "der", "ringe"]]),
        ("„Guten Tag“ sagte er", [["guten", "tag"]]),
        ('"Oslo"', [["oslo"]]),
        ('"東京タワー"', [["東", "京", "タ", "ワ", "ー"]]),
        ('"same thing" and "Same  thing!"', [["same", "thing"]]),
        ("no quotes", []),
        ('one stray " quote', []),
        ('a 5" pipe and a 6" pipe', []),
        ('a 5" pipe and a "red bicycle"', [["red", "bicycle"]]),
        ('"to be or not to be"', []),
        ('"" " " "?!"', []),
        ("it's Ann's and Bob's", []),
        ('word"in the middle"of words', []),
    ],
)
def test_what_stands_in_quotes_is_a_phrase(query: str, expected: list[list[str]]) -> None:
    assert [phrase.line.split() for phrase in phrases_of(query)] == expected


def test_phrases_are_bounded() -> None:
    assert len(phrases_of(" ".join(f'"word{number}"' for number in range(20)))) == MAX_PHRASES
    assert not phrases_of('"' + "word " * (MAX_PHRASE_WORDS + 1) + '"')
    assert phrases_of('"' + "word " * MAX_PHRASE_WORDS + '"')


@pytest.mark.parametrize(
    ("phrase", "text", "count"),
    [
        ("red bicycle", "My RED, bicycle; the red bicycle!", 2),
        ("red bicycle", "red and a bicycle", 0),
        ("red bicycle", "red bicycles", 0),
        ("ed bicycle", "red bicycle", 0),
        ("a b", "a b a b", 2),
        ("cafe noir", "Café Noir", 1),
        ("don't go", "Dont go", 1),
        ("京都", "私は東京都に住む", 1),
        ("京市", "私は東京都に住む", 0),
        ("well known", "a well-known man", 1),
    ],
)
def test_a_phrase_is_counted_word_by_word(phrase: str, text: str, count: int) -> None:
    assert line_of(text).count(line_of(phrase)) == count


def test_a_phrase_stands_in_one_text_of_a_node() -> None:
    (phrase,) = phrases_of('"red bicycle"')
    assert held([phrase], lines_of(Node(text="a red bicycle"), TEXTS_ONLY)) == [True]
    assert held([phrase], lines_of(Node(label="red", text="bicycle"), TEXTS_ONLY)) == [False]
    assert held([phrase], lines_of(Node(aliases=["red", "bicycle"]), TEXTS_ONLY)) == [False]
    node = Node()
    node.properties.update({"k": ["red bicycle"]})
    assert held([phrase], lines_of(node, TEXTS_ONLY)) == [False]
    assert held([phrase], lines_of(node, Fields(("k",)))) == [True]


def test_what_a_phrase_adds_is_bm25_of_its_frequency_and_weight() -> None:
    (phrase,) = phrases_of('"red bicycle"')
    weighed = Weighed([(phrase, 3.0)], mean=10.0)
    node = Node(label="red bicycle", text="a red bicycle, that red bicycle")
    once = lines_of(node, TEXTS_ONLY)
    assert weighed.score(once, 10) == pytest.approx(3.0 * 3 / (3 + 1.2))
    assert weighed.score(once, 20) == pytest.approx(3.0 * 3 / (3 + 1.2 * (0.25 + 0.75 * 2)))
    assert weighed.score(lines_of(node, Fields(label_weight=4)), 10) == pytest.approx(3.0 * 6 / (6 + 1.2))
    assert weighed.score(lines_of(Node(text="red"), TEXTS_ONLY), 10) == 0
