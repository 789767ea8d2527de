"""Times between PostgreSQL (aware datetimes) and protobuf Timestamps, exact to the microsecond."""

from datetime import UTC, datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def write_timestamp(target: Timestamp, moment: datetime) -> None:
    delta = moment - EPOCH
    target.seconds = delta.days * 86_400 + delta.seconds
    target.nanos = delta.microseconds * 1000


def timestamp(moment: datetime) -> Timestamp:
    result = Timestamp()
    write_timestamp(result, moment)
    return result


def moment(source: Timestamp) -> datetime:
    """Nanoseconds are cut. Raises OverflowError outside the years 1 to 9999."""
    return EPOCH + timedelta(seconds=source.seconds, microseconds=source.nanos // 1000)
