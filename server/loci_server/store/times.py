"""Times between PostgreSQL (aware datetimes) and protobuf Timestamps, exact to the microsecond."""

from datetime import UTC, datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def aware(moment: datetime) -> datetime:
    """A time as asyncpg reads it, with its zone.

    asyncpg stores the first and the last microsecond that a datetime can hold as infinite times, and gives them back
    without a zone.
    """
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def write_timestamp(target: Timestamp, moment: datetime) -> None:
    delta = aware(moment) - EPOCH
    target.seconds = delta.days * 86_400 + delta.seconds
    target.nanos = delta.microseconds * 1000


def microseconds(moment: datetime) -> int:
    """Since 1970."""
    return (aware(moment) - EPOCH) // MICROSECOND


def timestamp(moment: datetime) -> Timestamp:
    result = Timestamp()
    write_timestamp(result, moment)
    return result


def moment(source: Timestamp) -> datetime:
    """Nanoseconds are cut. Raises OverflowError outside the years 1 to 9999."""
    return EPOCH + timedelta(seconds=source.seconds, microseconds=source.nanos // 1000)
