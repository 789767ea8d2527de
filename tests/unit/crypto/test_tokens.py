"""Tokens are equal for equal terms of one graph and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.crypto.tokens import Marks, Tokenizer

TEXT = st.text(max_size=20)


@given(st.lists(TEXT, unique=True))
def test_terms_have_tokens_of_their_own_that_stay(terms: list[str]) -> None:
    first, again = Tokenizer(b"k" * 32), Tokenizer(b"k" * 32)
    made = [first.term(term) for term in terms]
    assert made == [again.term(term) for term in terms]
    assert len(set(made)) == len(terms)
    assert all(-(1 << 63) <= token < 1 << 63 for token in made)


@given(TEXT)
def test_another_key_gives_other_tokens(term: str) -> None:
    one, other = Tokenizer(b"k" * 32), Tokenizer(b"o" * 32)
    assert one.term(term) != other.term(term)
    assert one.property(term, b"v") != other.property(term, b"v")


@given(st.lists(st.tuples(TEXT, st.binary(max_size=20)), min_size=2, max_size=2, unique=True))
def test_properties_do_not_run_into_each_other(pairs: list[tuple[str, bytes]]) -> None:
    one = Tokenizer(b"k" * 32)
    assert one.property(*pairs[0]) != one.property(*pairs[1])


def test_a_term_is_no_property() -> None:
    one = Tokenizer(b"k" * 32)
    assert one.term("a") != one.property("a", b"")


def test_a_mark_stands_for_one_digest_under_one_key() -> None:
    one, other = Marks(b"k" * 32), Marks(b"o" * 32)
    assert one.mark(b"digest") == Marks(b"k" * 32).mark(b"digest")
    assert len({one.mark(b"digest"), one.mark(b"other"), other.mark(b"digest")}) == 3
    assert len(one.mark(b"digest")) == 16


def test_what_all_graphs_remember_together_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loci_server.crypto.tokens.MAX_REMEMBERED", 10)
    graphs = [Tokenizer(bytes([number]) * 32) for number in range(4)]
    for number in range(100):
        graphs[number % 4].remember(str(number), (number,))
        assert sum(len(graph.words) for graph in graphs) <= 10
    assert graphs[3].words["99"] == (99,)


def test_tokens_tell_which_of_two_versions_of_the_key_made_them() -> None:
    for version in (1, 2, 7):
        one = Tokenizer(b"k" * 32, version)
        tokens = [one.term("a"), one.mention("a"), one.property("a", b"1"), one.claim(b"same", "a")]
        assert len(set(tokens)) == 4
        assert {token & 1 for token in tokens} == {version & 1}
        assert all(-(1 << 63) <= token < 1 << 63 for token in tokens)
