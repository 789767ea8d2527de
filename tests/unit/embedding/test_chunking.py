"""How texts are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.embedding import chunks

words = st.text(st.sampled_from("ab.!? \n\t。"), max_size=400)
texts = st.one_of(words, st.text(max_size=300))
sizes = st.integers(1, 60).flatmap(lambda limit: st.tuples(st.just(limit), st.integers(0, limit // 2)))


@given(texts, sizes)
def test_spans_are_bounded_ordered_and_hold_every_visible_character(text: str, size: tuple[int, int]) -> None:
    limit, overlap = size
    spans = chunks(text, limit, overlap)
    held = [False] * len(text)
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert end - start <= limit
        assert text[start:end].strip()
        held[start:end] = [True] * (end - start)
    assert all(character.isspace() for character, inside in zip(text, held, strict=True) if not inside)
    for (start, end), (next_start, next_end) in pairwise(spans):
        assert start < next_start
        assert end < next_end
        assert end - next_start <= overlap


def test_a_short_text_is_one_span() -> None:
    assert chunks(" Hello. World. ") == [(0, 15)]
    assert chunks("x" * 1000) == [(0, 1000)]


@pytest.mark.parametrize("text", ["", " ", "\n\t\u3000" * 2000])
def test_a_blank_text_has_no_span(text: str) -> None:
    assert chunks(text) == []


def test_borders_are_set_where_sentences_end() -> None:
    text = "One two three. Four five six! Seven eight nine? Ten eleven twelve."
    assert [text[start:end] for start, end in chunks(text, 30, 0)] == [
        "One two three. Four five six!",
        "Seven eight nine?",
        "Ten eleven twelve.",
    ]


def test_borders_are_set_where_sentences_end_without_spaces() -> None:
    text = "私は東京に住んでいます。彼女は大阪に住んでいます。"
    assert [text[start:end] for start, end in chunks(text, 16, 0)] == [
        "私は東京に住んでいます。",
        "彼女は大阪に住んでいます。",
    ]


def test_spans_overlap_by_whole_words() -> None:
    text = "alpha beta gamma delta epsilon zeta eta theta"
    assert [text[start:end] for start, end in chunks(text, 24, 8)] == [
        "alpha beta gamma delta",
        "delta epsilon zeta eta",
        "eta theta",
    ]


def test_one_endless_word_is_cut_and_overlaps() -> None:
    assert chunks("x" * 2500) == [(0, 1000), (900, 1900), (1800, 2500)]


def test_long_texts_are_cut_in_linear_time() -> None:
    spans = chunks("Some words here. " * 200_000)
    assert spans[-1][1] == 17 * 200_000 - 1


@pytest.mark.parametrize(("limit", "overlap"), [(0, 0), (10, 6), (10, -1)])
def test_sizes_that_cannot_be_kept_are_refused(limit: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="limit must be"):
        chunks("text", limit, overlap)
