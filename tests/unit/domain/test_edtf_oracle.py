"""Our reading of EDTF agrees with that of the library `edtf`, which is too slow for a server (4 to 10 ms a date) and
prints what it cannot read."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from edtf import EDTFParseException, parse_edtf

from loci_server.domain.dates import parse_date
from loci_server.errors import InvalidDate

PLAIN = ("1985", "1985-04", "1985-12", "1985-04-12", "0850", "1900-02-28", "2000-02-29")
QUALIFIED = tuple(date + mark for date, mark in product(("1985", "1985-04", "1985-04-12", "2004-06"), "?~%"))
UNSPECIFIED = ("198X", "19XX", "1985-XX", "2004-06-XX", "1985-XX-XX")
SEASONS = ("2001-21", "2001-22", "2001-23")
INTERVALS = ("1964/2008", "2004-06/2006-08", "2004-02-01/2005-02-08", "2004-02-01/2005", "1984~/2004-06", "1984?/2004%")
OPEN = ("1985-04-12/..", "1985-04/..", "1985/..", "../1985-04-12", "../1985-04", "../1985")
SETS = ("[1667,1668]", "[1667..1670]", "[1760-01,1760-02,1760-12]")
TOLERANCE = timedelta(days=2)
"""The library counts in whole days, and in years of 365.25 of them where a date is uncertain."""


def instant(parts: object) -> datetime | None:
    if isinstance(parts, float):
        return None
    year, month, day = parts[:3]  # type: ignore[index]
    return datetime(year, month, day, tzinfo=UTC)


def close(ours: datetime | None, theirs: datetime | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return abs(ours - theirs) <= TOLERANCE


@pytest.mark.parametrize("text", PLAIN + QUALIFIED + UNSPECIFIED + SEASONS + INTERVALS + OPEN + SETS)
def test_bounds_are_those_of_the_library(text: str) -> None:
    theirs = parse_edtf(text)
    ours = parse_date(text, "date")
    upper = instant(theirs.upper_fuzzy())
    assert close(ours.lower, instant(theirs.lower_fuzzy()))
    assert close(ours.upper, None if upper is None else upper + timedelta(days=1))


@pytest.mark.parametrize("text", ["hello", "1985-13", "1985-04-31x", "85", "1985/hello", "X985-04-12-01"])
def test_what_the_library_refuses_is_refused(text: str) -> None:
    with pytest.raises(EDTFParseException):
        parse_edtf(text)
    with pytest.raises(InvalidDate):
        parse_date(text, "date")
