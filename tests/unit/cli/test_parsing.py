"""What people write on the command line becomes the value they mean, or is refused with a reason."""

import io
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer

from loci_server.cli.parsing import as_of, expiry, moment, properties, text_of, whole_numbers, words

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_a_property_is_json_or_else_a_string() -> None:
    given = ["n=5", "x=1.5", "yes=true", "none=null", 'list=["a"]', "word=blue", 'quoted="5"', "url=http://a?b=c", "e="]
    assert properties(given) == {
        "n": 5,
        "x": 1.5,
        "yes": True,
        "none": None,
        "list": ["a"],
        "word": "blue",
        "quoted": "5",
        "url": "http://a?b=c",
        "e": "",
    }


def test_what_json_has_not_stays_a_string() -> None:
    assert properties(["n=NaN", "i=-Infinity"]) == {"n": "NaN", "i": "-Infinity"}


@pytest.mark.parametrize("wrong", ["colour", "=blue", "big=9007199254740993", "a={bad", "b=[1,", 'c="x'])
def test_a_property_that_cannot_be_sent_is_refused(wrong: str) -> None:
    with pytest.raises(typer.BadParameter):
        properties([wrong])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", NOW + timedelta(days=30)),
        ("12h", NOW + timedelta(hours=12)),
        ("2w", NOW + timedelta(weeks=2)),
        ("2027-01-01T00:00:00Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2027-01-01T00:00:00+01:00", datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_key_ends_after_a_span_or_at_a_time(text: str, expected: datetime) -> None:
    assert expiry(text, lambda: NOW) == expected


@pytest.mark.parametrize("text", ["soon", "2026-01-30", "30", "-5d", "30 d", "0d"])
def test_a_key_does_not_end_in_the_past_or_never(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        expiry(text, lambda: NOW)


def test_a_wrong_span_is_answered_with_the_forms_there_are() -> None:
    with pytest.raises(typer.BadParameter, match=r"30m, 12h, 7d.*2027-01-31"):
        expiry("1x", lambda: NOW)


def test_a_dash_is_standard_input_without_the_end_of_its_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert words("a - b") == "a - b"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("one\ntwö\r\n".encode())))
    assert words("-") == "one\ntwö"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))
    with pytest.raises(typer.BadParameter, match="not UTF-8"):
        words("-")


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
def test_a_date_without_a_zone_is_one_of_this_place() -> None:
    assert moment("2027-01-01", "--expires") == datetime(2026, 12, 31, 15, tzinfo=UTC)


def test_text_comes_from_an_option_a_file_or_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "text"
    file.write_text("from a file\n")
    assert text_of("said", None) == "said"
    assert text_of(None, None) is None
    assert text_of(None, file) == "from a file\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("gelesen: ü".encode())))
    assert text_of(None, Path("-")) == "gelesen: ü"


def test_text_is_given_once_and_is_text(tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_bytes(b"\xff\xfe" + os.urandom(4) + b"\xff")
    with pytest.raises(typer.BadParameter, match="not both"):
        text_of("said", file)
    with pytest.raises(typer.BadParameter, match="not UTF-8"):
        text_of(None, file)


def test_cuts_are_whole_numbers_in_order() -> None:
    assert whole_numbers("10,5,10", "--k") == (5, 10)
    for wrong in ("", "5,", "0", "x", "-1"):
        with pytest.raises(typer.BadParameter):
            whole_numbers(wrong, "--k")


def test_a_date_is_as_of_its_end() -> None:
    assert as_of("2026-05-03T12:00Z").time.ToDatetime(UTC) == datetime(2026, 5, 3, 12, tzinfo=UTC)
    day = as_of("2026-05-03").time.ToDatetime() - as_of("2026-05-03T00:00").time.ToDatetime()
    assert timedelta(hours=23) <= day + timedelta(microseconds=1) <= timedelta(hours=25)
    assert as_of("7").revision == 7
