"""Names in texts: found by their capitals, and ordinary sentences give none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.search import entities as module
from loci_server.search.entities import MAX_ENTITIES, entities

NAMES = [
    ("We talked to Caroline yesterday", "caroline"),
    ("Did Caroline go to the race?", "caroline"),
    ("What did Melanie buy for Caroline?", "melanie, caroline"),
    ("Caroline and Melanie met in Paris.", "caroline, melanie, paris"),
    ("Caroline's adoption was approved", "caroline"),
    ("Caroline’s adoption was approved", "caroline"),
    ("The boss of James' brother", "james"),
    ("Melanie went home", "melanie"),
    ("Alice is a nurse, she said", "alice"),
    ("Hey Mel, how are you?", "mel"),
    ("Thanks, Evan! You rock", "evan"),
    ("Melanie! I saw Ann with Melanie", "melanie, ann"),
    ("Gouache Melanie bought, as gouache is cheap", "melanie"),
    ("it was to Sam I Ann gave", "sam, ann"),
    ("my new Fitbit Versa 3 is great", "fitbit versa 3"),
    ("the iPhone 13 Pro and an eBay order", "iphone 13 pro, ebay"),
    ("I fly with American Airlines to New York City", "american airlines, new york city"),
    ("New York is large", "new york"),
    ("San Francisco in May", "san francisco"),
    ("I read The Lord of the Rings again", "lord of the rings"),
    ("the University of Washington", "university of washington"),
    ("we love Ludwig van Beethoven and Leonardo da Vinci", "ludwig van beethoven, leonardo da vinci"),
    ("Rio de Janeiro, Alexander the Great", "rio de janeiro, alexander the great"),
    ("at Johnson & Johnson", "johnson johnson"),
    ("she sees Dr. Patel and Mrs. Johnson", "patel, johnson"),
    ("books by J.K. Rowling and George R. R. Martin", "jk rowling, george r r martin"),
    ("near St. Mary's Church", "st mary, church"),
    ("NASA and the EU met", "nasa, eu"),
    ("NASA launched it", "nasa"),
    ("we use GPT-4 with TensorFlow", "gpt 4, tensorflow"),
    ("born in the U.S. of course", "us"),
    ('I just finished "The Great Gatsby" there', "the great gatsby"),
    ("I ran in the 'Run for the Cure' event", "run for the cure"),
    ("“Becoming Nicole” by Amy Ellis Nutt", "becoming nicole, amy ellis nutt"),
    ("We saw Émile Zola in Zürich", "emile zola, zurich"),
    ("мы были в Санкт-Петербурге с Анной", "санкт петербурге, аннои"),
    ("στην Αθήνα με τον Νίκο", "αθηνα, νικο"),
    ("Big Sur was lovely, Max", "big sur, max"),
    ("my friend O'Brien works at McDonald's", "o'brien, mcdonald"),
    ("meet Will and Mark at noon", "mark"),
    ("Coca-Cola or Pepsi", "coca cola, pepsi"),
    ("I met Ann. I met Ann. I met Bob", "ann, bob"),
    ("I told Sam I love Rome", "sam, rome"),
    ("On Monday Caroline left", "caroline"),
    ("Last March Emma moved to Oslo", "emma, oslo"),
]
ORDINARY = [
    "",
    "I think Monday is fine",
    "In March we will see. It was Friday. In May, then!",
    "Yes. No! Wow, that's cool. Thanks so much. Yeah, sure.",
    "The weather is nice. She said so. They've been away. It's late.",
    "Painting is fun. Running helps me. Creativity matters. Motivation is key.",
    "Life is short. Music helps. Work was hard. Family is everything.",
    "I'm glad. I've seen it. I'll go, and I'd stay. Am I late?",
    "What happened? How long ago was it? Which one? Who knows?",
    "However, we left. Additionally, it rained. Maybe later. Definitely!",
    "SO MUCH FUN",
    "I LOVE THIS SO MUCH",
    "It starts at 5 PM or 6 AM",
    'He said "Wow" and "I love you so much" and "Really?"',
    "Yoga helps. I do yoga daily",
    "the Yoga class is like all yoga classes",
    "1. Choose a place. 2. Set a budget. 3. Write it down.",
    "- Check the oil\n- Clean the chain\n* Use a rag",
    "Don't go there. Can't wait. Let's see. That's all.",
    "Plan B and vitamin C",
    "see Resistance Training below, as resistance training helps",
    "a quiet day at home with the kids",
    "東京へ行きました。",
    "ذهبت إلى القاهرة",
    "हम दिल्ली गए",
    "😀 — … 123 4.5",
]


@pytest.mark.parametrize(("text", "expected"), NAMES)
def test_a_text_has_these_names(text: str, expected: str) -> None:
    assert ", ".join(entities(text)) == expected


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sentences_have_none(text: str) -> None:
    assert entities(text) == []


def test_a_heading_with_capitals_is_no_name() -> None:
    assert entities("**Warm Up Properly**: it is wise to warm up, and properly so.") == []
    assert entities("**Nine Ways That You Can Truly Make Lasting Friends Anywhere**") == []


def test_names_are_bounded() -> None:
    assert len(entities(", ".join(f"x Name{number}" for number in range(100)))) == MAX_ENTITIES


ALPHABET = "aAbÉzßǅİ .'’\"“”&-1\nI"
texts = st.one_of(
    st.text(max_size=200),
    st.text(ALPHABET, max_size=200),
    st.lists(st.sampled_from([text for text, _ in NAMES] + ORDINARY), max_size=5).map(" ".join),
)


@given(texts)
def test_no_text_breaks_it(text: str) -> None:
    found = entities(text)
    assert len(found) == len(set(found)) <= MAX_ENTITIES
    assert all(name and name == name.strip() for name in found)


@given(st.text(st.characters(categories=("Ll", "Lo", "Zs")), max_size=100))
def test_without_capitals_there_are_no_names(text: str) -> None:
    assert entities(text) == []


@pytest.mark.parametrize("piece", ["A ", "Aa Bb ", "A.", "A'a ", '"A ', "'A ", "Aa of ", "A1 1 ", "“Aa ", "Aa-", "I "])
def test_the_work_is_bounded(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in places that were looked at, not in seconds: no more than one for each character."""
    looked = 0

    class Counting:
        def __init__(self, pattern: re.Pattern[str]) -> None:
            self.pattern = pattern

        def search(self, text: str, position: int) -> object:
            nonlocal looked
            looked += 1
            return self.pattern.search(text, position)

    for name in ("_FOUND", "_FOUND_IN_ASCII"):
        monkeypatch.setattr(module, name, Counting(getattr(module, name)))
    text = piece * (20_000 // len(piece))
    entities(text)
    assert 0 < looked <= len(text) + 1


PLAIN = st.lists(
    st.sampled_from([*(word for text, _ in NAMES for word in text.split() if word.isascii()), ". ", '"', "'", "\n"])
).map(" ".join)


@given(st.one_of(PLAIN, st.text(st.characters(codec="ascii"), max_size=100)))
def test_plain_text_gives_the_same_names_beside_letters_with_accents(text: str) -> None:
    assert entities(text) == entities(f"é. {text}")
