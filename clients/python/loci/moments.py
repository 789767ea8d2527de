"""When a read looks at a graph: record time and fact time."""

from datetime import datetime
from typing import TypeAlias

from loci.v1.as_of_pb2 import AsOf

from .values import made, timestamp

AsOfLike: TypeAlias = AsOf | int | datetime | None
"""A revision, a time (with its zone), or both axes by `as_of`; None is now."""


def as_of(*, revision: int | None = None, time: datetime | None = None, valid_at: str = "") -> AsOf:
    """What the graph held after a revision or at a time (record time), and of it what held at a date (fact time, EDTF).

    "What did we believe on 3 May about April": `as_of(time=datetime(2026, 5, 3, tzinfo=UTC), valid_at="2026-04")`.
    """
    if revision is not None and time is not None:
        raise TypeError("give a revision or a time, not both")
    message = made(AsOf, valid_at=valid_at, revision=revision)
    if time is not None:
        message.time.CopyFrom(timestamp(time, "as_of.time"))
    return message


def as_of_message(given: AsOfLike) -> AsOf | None:
    match given:
        case None | AsOf():
            return given
        case bool():
            raise TypeError("as_of: give a revision, a datetime, or loci.as_of(...)")
        case int():
            return as_of(revision=given)
        case datetime():
            return as_of(time=given)
        case _:
            raise TypeError("as_of: give a revision, a datetime, or loci.as_of(...)")
