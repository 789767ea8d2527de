"""Dates of the contract as intervals of time: what PostgreSQL can hold of what `loci_server.domain.edtf` reads.

Years 1 to 9999 can be stored. A bound at or beyond their edge is open; what lies wholly outside is refused.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf

from loci_server.domain.edtf import Span, UnreadableError, read_span
from loci_server.domain.limits import MAX_EDTF_BYTES
from loci_server.errors import InvalidDate, UnfitDate

_START = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open interval of time, lower <= t < upper, in UTC. None is unbounded."""

    lower: datetime | None
    upper: datetime | None


UNBOUNDED = Interval(None, None)


def parse_date(text: str, field: str) -> Interval:
    """The time that an EDTF string may mean, from its earliest to behind its latest instant.

    Empty and `..` are unbounded. Raises InvalidDate.
    """
    if not text:
        return UNBOUNDED
    return _interval(_read(text, field), field)


def parse_validity(valid_from: str, valid_to: str, field_prefix: str) -> Interval:
    """From the earliest instant that `valid_from` may mean to behind the latest one of `valid_to`.

    An interval `A/B` may stand in `valid_from` if `valid_to` is empty. Raises InvalidDate, naming
    `{field_prefix}.valid_from` or `.valid_to`, or without a prefix `valid_from` or `valid_to`.
    """
    if not valid_from and not valid_to:
        return UNBOUNDED
    before = f"{field_prefix}." if field_prefix else ""
    from_field, to_field = f"{before}valid_from", f"{before}valid_to"
    if "/" in valid_to:
        raise UnfitDate(field=to_field, detail="an interval can stand in valid_from only.")
    lower, end = _read(valid_from, from_field)
    if "/" in valid_from:
        if valid_to:
            raise UnfitDate(field=to_field, detail="must be empty when valid_from is an interval.")
        return _interval((lower, end), from_field)
    _, upper = _read(valid_to, to_field)
    if lower == inf:
        raise UnfitDate(field=from_field, detail="is beyond the year 9999.")
    if upper == -inf:
        raise UnfitDate(field=to_field, detail="is before the year 1.")
    if lower >= upper:
        raise UnfitDate(field=to_field, detail=f"must not end before {from_field} begins.")
    return _interval((lower, upper), from_field)


def _read(text: str, field: str) -> Span:
    if len(text) > MAX_EDTF_BYTES:
        raise InvalidDate(field=field, detail=f"longer than {MAX_EDTF_BYTES} bytes.")
    try:
        return read_span(text)
    except UnreadableError as problem:
        raise InvalidDate(field=field, detail=str(problem)) from None


def _interval(span: Span, field: str) -> Interval:
    lower, upper = span
    if lower == inf or upper == -inf:
        raise UnfitDate(field=field, detail="lies wholly outside the years 1 to 9999.")
    if lower >= upper:
        raise UnfitDate(field=field, detail="must not end before it begins.")
    return Interval(
        None if lower == -inf else _START + timedelta(seconds=lower),
        None if upper == inf else _START + timedelta(seconds=upper),
    )
