"""Analysis: a word of a text is found by that word, however it is written, and no text breaks it."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.search import analysis
from loci_server.search.analysis import MAX_TERM_CHARS, fold, terms

anything = st.text(max_size=300)
words = st.text(st.characters(categories=("L", "Nd", "Mn", "Mc")), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("The dog and the dogs", ["dog", "dog"]),
        ("Caroline's adoption agency", ["carolin", "adopt", "agenc"]),
        ("Caroline’s", ["carolin"]),
        ("the students' running shoes", ["student", "run", "shoe"]),
        ("O'Brien", ["obrien"]),
        ("café CAFÉ cafe\u0301 cafe", ["cafe"] * 4),
        ("Straße STRASSE", ["strass", "strass"]),
        ("ＡＢＣ ﬁsh", ["abc", "fish"]),
        ("in 2023, 42 times", ["2023", "42", "time"]),
        ("snake_case kebab-case", ["snake", "case", "kebab", "case"]),
        ("snake_café", ["snake", "cafe"]),
        ("東京", ["東", "京", "東京"]),
        ("ねこ", ["ねこ"]),
        ("サッカー", ["サッ", "ッカ", "カー"]),
        ("ไทย", ["ไท", "ทย"]),
        ("iPhone買った", ["iphon", "買", "買っ", "った"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("ёлка", ["елка"]),
        ("می\u200cخواهم", ["میخواهم"]),
        ("😀 — …", []),
    ],
)
def test_a_text_has_these_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize("query", ["who is it?", "What was that, and why?", "can't you", "don’t", "it's"])
def test_nothing_but_stop_words_is_nothing_to_search(query: str) -> None:
    assert terms(query) == []


@pytest.mark.parametrize("name", ["May", "Will", "Mark", "US"])
def test_names_that_look_like_stop_words_are_kept(name: str) -> None:
    assert len(terms(name)) == 1


@pytest.mark.parametrize(
    ("query", "text"), [("犬", "犬が好きです"), ("물", "물을 마신다"), ("서울", "서울에서"), ("東京", "東京都")]
)
def test_a_word_is_found_where_no_space_stands_beside_it(query: str, text: str) -> None:
    assert set(terms(query)) <= set(terms(text))


@given(anything)
def test_any_text_gives_terms_within_the_bounds(text: str) -> None:
    for term in terms(text):
        assert 0 < len(term) <= MAX_TERM_CHARS
        assert not any(char.isspace() or char == "'" for char in term)


@given(anything)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(words, min_size=1, max_size=8), st.data())
def test_a_word_of_the_text_is_found_by_it(present: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(present))
    assert set(terms(word)) <= set(terms(" ".join(present)))


@given(words)
def test_the_same_word_in_other_forms_has_the_same_terms(word: str) -> None:
    assert terms(unicodedata.normalize("NFD", word)) == terms(unicodedata.normalize("NFC", word))


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1))
def test_case_does_not_matter(word: str) -> None:
    assert terms(word.upper()) == terms(word) == terms(word.title())


def test_a_long_word_is_cut_alike_everywhere() -> None:
    word = "9" * 5000
    assert terms(word) == terms(word + "9") == ["9" * MAX_TERM_CHARS]
    assert len(terms("漢" * 1000)) == 1999


@given(st.text("aZ7 '_.-\n\0", max_size=30))
def test_words_of_plain_text_are_letters_and_digits_with_apostrophes_between(text: str) -> None:
    assert analysis.words(text) == re.findall("[a-z0-9]+(?:'[a-z0-9]+)*", text.lower())
