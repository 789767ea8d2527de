"""Dates: EDTF becomes bounds that are exact to the second, and any other text a typed error at once."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.domain.dates import UNBOUNDED, Interval, parse_date, parse_validity
from loci_server.errors import InvalidDate

# EDTF, and the first second of its interval and the first one behind it. `-` is unbounded.
EXAMPLES = """
                              -                    -
..                            -                    -
../..                         -                    -
1985                          1985-01-01           1986-01-01
1985-04                       1985-04-01           1985-05-01
1985-12                       1985-12-01           1986-01-01
1985-04-12                    1985-04-12           1985-04-13
2024-02-29                    2024-02-29           2024-03-01
198X                          1980-01-01           1990-01-01
19XX                          1900-01-01           2000-01-01
XXXX                          -                    -
1985-XX                       1985-01-01           1986-01-01
1985-04-XX                    1985-04-01           1985-05-01
1985-XX-XX                    1985-01-01           1986-01-01
1985-1X                       1985-10-01           1986-01-01
1985-04-1X                    1985-04-10           1985-04-20
198X-02-29                    1980-02-29           1989-03-01
1985~                         1984-01-01           1987-01-01
1985?                         1984-01-01           1987-01-01
1985%                         1983-01-01           1988-01-01
198X~                         1970-01-01           2000-01-01
1985-04~                      1984-03-01           1986-06-01
1985-04-12~                   1984-03-11           1986-05-14
2004-06-~11                   2004-06-10           2004-06-13
2004?-06-11                   2003-06-11           2005-06-12
?2004-06-~11                  2003-06-10           2005-06-13
2004-03-31~                   2003-02-27           2005-05-02
1985-21                       1985-03-01           1985-06-01
1985-24                       1985-12-01           1986-03-01
1985-31                       1985-03-01           1985-06-01
1985-33                       1985-01-01           1985-04-01
1985-41                       1985-07-01           1986-01-01
1985-04-12T23:20:30           1985-04-12T23:20:30  1985-04-12T23:20:31
1985-04-12T23:20:30Z          1985-04-12T23:20:30  1985-04-12T23:20:31
1985-04-12T23:20:30+02:00     1985-04-12T21:20:30  1985-04-12T21:20:31
1985-04-12T23:20:30-04        1985-04-13T03:20:30  1985-04-13T03:20:31
1985-12-31T23:59:59Z          1985-12-31T23:59:59  1986-01-01
1985-04-12T24:00:00Z          1985-04-13           1985-04-13T00:00:01
1985/1990                     1985-01-01           1991-01-01
1985/1985                     1985-01-01           1986-01-01
../1990                       -                    1991-01-01
/1990                         -                    1991-01-01
1985/..                       1985-01-01           -
1985/                         1985-01-01           -
1985~/1990-06                 1984-01-01           1990-07-01
2004-06-11T10:00:00Z/2004     2004-06-11T10:00:00  2005-01-01
[1667,1668]                   1667-01-01           1669-01-01
[1668,1667,1670..1672]        1667-01-01           1673-01-01
{1667, 1668-12}               1667-01-01           1669-01-01
[..1984]                      -                    1985-01-01
[1984-12..]                   1984-12-01           -
Y17E2                         1700-01-01           1701-01-01
1950S2                        1900-01-01           2000-01-01
0001                          -                    0002-01-01
0001~                         -                    0003-01-01
9999                          9999-01-01           -
9999-12-31T23:59:59Z          9999-12-31T23:59:59  -
-0044/1990                    -                    1991-01-01
1990/Y17E7                    1990-01-01           -
"""

INVALID = """
1985-13 1985-00 1985-04-31 1985-04-00 2023-02-29 2023-02-29~ 1985-42 1985-20 1985-2X-01 1985-02-3X 85 985 19855 1985-4
1985T 1985-04-12T25:00:00Z 1985-04-12T24:00:01Z 1985-04-12T23:60:00Z 1985-04-12T23:20:60Z 1985-04-12T23:20:30+15:00
1985-04-12T23:20:30.5Z 1985-04-12T23:20Z 1985-04-12t23:20:30z 1985-04-12/1985-04-11 1990/1985 / // 1985/1986/1987 [ []
{1985
[1985} [1985,] [..] [] 1985..1990 0000 -0000 -0044 -000X Y1985 Y17E7 Y-17E7 Y170000002 Y1E99999999999999999999
1950S0 1950S9 1950S999999999999 1950S2-04 open unknown today 1985u ١٩٨٥ １９８５ 1985~~ ~ ? ^ 0001-01-01T00:00:00+14:00
9999-12-31T24:00:00Z 1985-04-12T23:20:30ZZ
""".split()  # noqa: SIM905


def _rows() -> list[tuple[str, str, str]]:
    rows = [re.fullmatch(r"(.{30})(\S+) +(\S+)", line) for line in EXAMPLES.strip("\n").splitlines()]
    found = [(row[1].rstrip(), row[2], row[3]) for row in rows if row]
    assert len(found) == len(rows)
    return found


def _instant(text: str) -> datetime | None:
    return None if text == "-" else datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("text", "lower", "upper"), _rows())
def test_edtf_has_these_bounds(text: str, lower: str, upper: str) -> None:
    assert parse_date(text, "valid_at") == Interval(_instant(lower), _instant(upper))


@pytest.mark.parametrize("text", [*INVALID, " 1985", "1985 ", "1985\n", "1985-04-12 23:20:30", "\0", "1985\0"])
def test_what_is_no_storable_date_is_refused_by_name_and_without_content(text: str) -> None:
    with pytest.raises(InvalidDate) as caught:
        parse_date(text, "valid_at")
    assert caught.value.message.startswith("valid_at: ")
    assert len(text) < 8 or text not in caught.value.message


edtf_like = st.text("0123456789XTZSEY-:+/.,~?%[]{} ", max_size=128)


@given(
    edtf_like | st.text(max_size=140) | st.from_regex(r"[~?%]?[0-3X]{4}(-[~?%]?[0-4X]{2}[~?%]?){0,2}", fullmatch=True)
)
def test_any_text_is_an_interval_or_a_typed_error(text: str) -> None:
    try:
        interval = parse_date(text, "valid_at")
    except InvalidDate:
        return
    assert interval.lower is None or interval.upper is None or interval.lower < interval.upper


@given(st.dates(min_value=date(1, 1, 2), max_value=date(9999, 12, 30)))
def test_a_day_is_that_day(day: date) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert parse_date(day.isoformat(), "f") == Interval(start, start + timedelta(days=1))


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_a_time_with_an_offset_is_that_second(moment: datetime, minutes: int) -> None:
    moment = moment.replace(microsecond=0)
    hours, rest = divmod(abs(minutes), 60)
    text = f"{moment.isoformat()}{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
    start = (moment - timedelta(minutes=minutes)).replace(tzinfo=UTC)
    assert parse_date(text, "f") == Interval(start, start + timedelta(seconds=1))


@given(
    st.from_regex(r"1[89][0-9][0-9X]-(0[1-9]|1[0-2]|XX)(-(0[1-9]|1[0-9]|2[0-8]|XX))?", fullmatch=True),
    st.sampled_from("~?%"),
)
def test_a_doubt_only_widens(text: str, qualifier: str) -> None:
    plain, doubted = parse_date(text, "f"), parse_date(text + qualifier, "f")
    assert plain.lower
    assert plain.upper
    assert doubted.lower
    assert doubted.upper
    assert doubted.lower < plain.lower
    assert doubted.upper > plain.upper


def test_a_text_that_is_too_long_is_refused() -> None:
    parse_date("[" + ",".join(["1985"] * 25) + "]", "f")
    with pytest.raises(InvalidDate, match="longer"):
        parse_date("1" * 129, "f")


def test_validity_runs_from_the_earliest_start_to_the_latest_end() -> None:
    assert parse_validity("", "", "node") == UNBOUNDED
    assert parse_validity("1985~", "199X", "node") == Interval(_instant("1984-01-01"), _instant("2000-01-01"))
    assert parse_validity("1985", "", "node") == Interval(_instant("1985-01-01"), None)
    assert parse_validity("..", "1985", "node") == Interval(None, _instant("1986-01-01"))
    assert parse_validity("1985", "1985", "node") == Interval(_instant("1985-01-01"), _instant("1986-01-01"))
    assert parse_validity("[1667,1668]", "1700", "node") == Interval(_instant("1667-01-01"), _instant("1701-01-01"))


def test_an_interval_stands_in_valid_from_alone() -> None:
    assert parse_validity("1985/1990", "", "edge") == parse_date("1985/1990", "f")
    for pair in (("1985/1990", "1991"), ("1985/1990", ".."), ("1985", "1986/1990"), ("", "1986/1990")):
        with pytest.raises(InvalidDate, match=r"edge\.valid_to"):
            parse_validity(*pair, "edge")


def test_a_start_before_the_year_1_and_an_end_after_9999_are_open() -> None:
    assert parse_validity("-0044", "1990", "node") == Interval(None, _instant("1991-01-01"))
    assert parse_validity("1990", "Y17E7", "node") == Interval(_instant("1990-01-01"), None)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "field"),
    [
        ("1990", "1985", "valid_to"),
        ("1985", "1984", "valid_to"),
        ("Y17E7", "", "valid_from"),
        ("", "-0044", "valid_to"),
        ("nonsense", "", "valid_from"),
        ("", "nonsense", "valid_to"),
        ("1990/1985", "", "valid_from"),
    ],
)
def test_a_validity_that_cannot_be_is_refused(valid_from: str, valid_to: str, field: str) -> None:
    with pytest.raises(InvalidDate, match=rf"node\.{field}"):
        parse_validity(valid_from, valid_to, "node")


def test_an_end_before_the_beginning_is_told_by_both_fields() -> None:
    with pytest.raises(InvalidDate) as caught:
        parse_validity("1990", "1985", "")
    assert caught.value.message == "valid_to: must not end before valid_from begins."
    with pytest.raises(InvalidDate) as caught:
        parse_validity("1990/1985", "", "node")
    assert caught.value.message == "node.valid_from: must not end before it begins."
