"""How texts are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.embedding import passages
from loci_server.embedding.chunking import LEAST, LONGEST, MOST, WANTED

words = st.text(st.sampled_from("ab.!? \n\t。"), max_size=900)
parts = st.sampled_from(["word ", "word. ", "x" * 500, " " * 700, "\n", "No? ", "ab" * 30 + ". ", "这。"])
texts = st.one_of(words, st.text(max_size=300), st.lists(parts, max_size=200).map("".join))


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in passages(text)]


@given(texts)
def test_spans_are_bounded_ordered_and_hold_every_visible_character(text: str) -> None:
    spans = passages(text)
    held = [False] * len(text)
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert end - start <= LONGEST
        assert len(text) > WANTED * MOST // 2 or end - start <= MOST
        assert text[start:end] == text[start:end].strip()
        held[start:end] = [True] * (end - start)
    assert all(character.isspace() for character, inside in zip(text, held, strict=True) if not inside)
    assert all(end <= next_start for (_, end), (next_start, _) in pairwise(spans))


@given(texts)
def test_what_is_very_short_goes_with_what_is_beside_it(text: str) -> None:
    spans = passages(text)
    for (start, end), (next_start, next_end) in pairwise(spans):
        if end - start < LEAST:
            assert next_end - start > MOST
        if next_end - next_start < LEAST:
            assert next_end - start > MOST


sentences = st.integers(1, MOST - 2).map(lambda size: "x" * size + ". ")


@given(st.lists(sentences, max_size=60).map("".join))
def test_a_text_has_sixteen_passages_of_whole_sentences_or_they_are_long(text: str) -> None:
    spans = passages(text)
    assert all(text[end - 1] == "." for _, end in spans)
    assert len(spans) <= 2 * max(WANTED, len(text) / LONGEST)
    if max(map(len, text.split()), default=0) <= len(text) / WANTED <= LONGEST / 2:
        assert len(spans) <= WANTED


@pytest.mark.parametrize("text", ["", " ", "\n\t\u3000" * 2000])
def test_a_blank_text_has_no_span(text: str) -> None:
    assert passages(text) == []


def test_sentences_stand_alone_if_they_are_not_very_short() -> None:
    text = "She moved to Lisbon in spring. Her brother stayed there! Why?\nNo one has told me why. I do see now."
    assert cut(text) == [
        "She moved to Lisbon in spring.",
        "Her brother stayed there! Why?",
        "No one has told me why. I do see now.",
    ]
    assert cut("Hey Mel! Good to see you! How have you been?") == ["Hey Mel! Good to see you! How have you been?"]
    assert cut(" Hello. ") == ["Hello."]


def test_sentences_end_without_spaces_where_a_script_has_none() -> None:
    first, second = (
        "私は三年前から東京の小さな町に家族と一緒に静かに住んでいます。",
        "彼女は去年の春から大阪の大きな会社で毎日遅くまで働いています。",
    )
    assert cut(first + second) == [first, second]


def test_a_long_text_has_longer_passages_not_more() -> None:
    sentence = "This sentence has exactly fifty characters in it. "
    assert [len(cut(sentence * count)) for count in (1, 8, 16, 23, 64, 160)] == [1, 8, 16, 16, 16, 16]
    assert {len(passage) for passage in cut(sentence * 64)} == {4 * 50 - 1}
    assert {len(passage) for passage in cut(sentence * 2000)[:-1]} == {LONGEST - 1}


def test_a_sentence_without_an_end_is_cut_into_like_parts_between_words() -> None:
    found = cut("word " * 90)
    assert [len(passage) for passage in found] == [279, 169]
    assert all(passage.split() == ["word"] * len(passage.split()) for passage in found)
    assert [len(passage) for passage in cut("x" * 401)] == [251, 150]


def test_long_texts_are_cut_in_linear_time() -> None:
    assert passages("Some words here. " * 200_000)[-1][1] == 17 * 200_000 - 1
    assert passages("x" * 3_000_000)[-1][1] == 3_000_000
    assert passages("a" + " " * 3_000_000 + "b" + "\n" * 3_000_000)[-1][1] == 3_000_002
