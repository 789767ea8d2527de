"""Tokens are counted as the configured tokenizer counts them."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from loci_server.search.packing import pack
from loci_server.search.tokens import PART, TokenizerUnreadableError, token_counter
from tests.unit.search.test_packing import memory


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """Each word and each run of punctuation is a token; of every text only four are kept, as if for a small model."""
    tokenizer = Tokenizer(WordLevel({"?": 0}, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.enable_truncation(4)
    file = tmp_path / "tokenizer.json"
    file.write_text(tokenizer.to_str())
    return file


def test_without_a_tokenizer_a_token_is_four_characters() -> None:
    count = token_counter(None)
    assert [count(text) for text in ("", "a", "abcd", "abcde")] == [0, 1, 1, 2]


def test_a_tokenizer_counts_all_of_a_text(words: Path) -> None:
    count = token_counter(words)
    assert count("") == 0
    assert count("one two three, four five") == 6
    assert count("word " * PART) == PART


def test_a_context_keeps_to_the_budget_of_the_tokenizer(words: Path) -> None:
    count = token_counter(words)
    memories = [memory(number, "some words that were said") for number in range(5)]
    for budget in range(1, 60):
        packed = pack(memories, budget, count)
        assert count(packed.text) == packed.tokens <= budget


def test_a_context_keeps_to_the_budget_where_a_whole_counts_for_more_than_its_lines() -> None:
    def count(text: str) -> int:
        return len(text) // 4 + 3 * text.count("\n[")

    memories = [memory(number, "some words that were said") for number in range(9)]
    for budget in (12, 40, 60):
        assert count(pack(memories, budget, count).text) <= budget


@pytest.mark.parametrize("content", ["", "{}", "no json", None])
def test_what_is_no_tokenizer_is_refused_by_name(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "tokenizer.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(TokenizerUnreadableError, match=r"tokenizer\.json"):
        token_counter(file)
