"""Times are exact to the microsecond over the years 1 to 9999."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from loci_server.store.times import moment, timestamp


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_survives_both_ways(time: datetime) -> None:
    assert moment(timestamp(time)) == time


@given(st.datetimes(timezones=st.just(UTC)))
def test_it_is_what_protobuf_makes_of_it(time: datetime) -> None:
    expected = Timestamp()
    expected.FromDatetime(time)
    assert timestamp(time) == expected


def test_nanoseconds_are_cut() -> None:
    assert moment(Timestamp(seconds=-1, nanos=999_999_999)) == datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
