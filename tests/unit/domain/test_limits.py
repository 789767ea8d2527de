"""Limits: a count of 0 is its default, and what is too much is said with both figures."""

import pytest

from loci_server.domain.limits import bounded, check_bytes, check_count
from loci_server.errors import InvalidField, LimitExceeded


def test_zero_is_the_default_and_what_fits_is_kept() -> None:
    assert bounded("page_size", 0, 1, 1000, 100) == 100
    assert bounded("page_size", 1, 1, 1000, 100) == 1
    assert bounded("page_size", 1000, 1, 1000, 100) == 1000


def test_a_negative_count_is_an_invalid_field() -> None:
    with pytest.raises(InvalidField, match="page_size"):
        bounded("page_size", -1, 1, 1000, 100)


def test_a_count_that_is_too_small_says_what_is_allowed() -> None:
    with pytest.raises(InvalidField) as caught:
        bounded("max_tokens", -5, 1, 100_000, 0)
    assert caught.value.message == "max_tokens: must be from 1 to 100000, or 0 for none, not -5."
    with pytest.raises(InvalidField, match="page_size: must be from 1 to 1000, or 0 for the default of 100, not -1"):
        bounded("page_size", -1, 1, 1000, 100)
    with pytest.raises(InvalidField, match="max_depth: must be from 0 to 10, not -1"):
        bounded("max_depth", -1, 0, 10, 0)


def test_a_count_that_is_too_large_says_both_figures() -> None:
    with pytest.raises(LimitExceeded) as caught:
        bounded("page_size", 1001, 1, 1000, 100)
    assert caught.value.metadata["actual"] == "1001"
    assert caught.value.metadata["limit"] == "1000"


def test_text_is_measured_in_bytes_of_utf_8() -> None:
    check_bytes("note", "é" * 4, 8)
    with pytest.raises(LimitExceeded, match="note: 10 bytes"):
        check_bytes("note", "é" * 5, 8)


def test_items_are_counted() -> None:
    check_count("names", 3, 3)
    with pytest.raises(LimitExceeded, match="names: 4 items"):
        check_count("names", 4, 3)
