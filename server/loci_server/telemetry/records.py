"""What may be written of a log record: a filter that every record passes before it reaches stderr.

Arguments are let through by an allow-list of plain values; messages, protobufs, bytes, containers and long strings are
replaced by their type and size. Keys and passwords are blanked wherever they stand. Exceptions lose their messages
unless those are known to be harmless (`loci_server.telemetry.exceptions`).
"""

import datetime
import logging
import math
import uuid
from collections.abc import Mapping, Sized
from enum import Enum
from numbers import Number
from pathlib import PurePath
from typing import Final

from google.protobuf.message import Message

from loci_server.telemetry.exceptions import describe, render
from loci_server.telemetry.redaction import redact

MAX_ARGUMENT: Final = 300
"""Characters of the longest string that is written as an argument."""
MAX_MESSAGE: Final = 2000
"""Characters of a message of our own; those of other packages are cut at MAX_ARGUMENT and at the first line."""

OWN_LOGGERS: Final = ("loci_server", "loci")
STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PLAIN = (datetime.date, datetime.time, datetime.timedelta, uuid.UUID, PurePath)


class Redaction(logging.Filter):
    """Makes a record safe, in place, so that a handler after this one sees no more than this one did."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _message(record)
        record.args = None
        for name in vars(record).keys() - STANDARD:
            setattr(record, name, safe(getattr(record, name)))
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = render(record.exc_info[1])
        elif record.exc_text:
            record.exc_text = None
        record.exc_info = None
        record.stack_info = None
        return True


def safe(value: object) -> object:
    """A value that may be written: itself if it is plain, else its type and size."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, str):
        return redact(value) if len(value) <= MAX_ARGUMENT else f"<{type(value).__name__}, {len(value)} characters>"
    if isinstance(value, Number):
        return str(value) if isinstance(value, float) and not math.isfinite(value) else value
    if isinstance(value, BaseException):
        return describe(value)
    if isinstance(value, type):
        return value.__qualname__
    if isinstance(value, _PLAIN):
        return redact(str(value))[:MAX_ARGUMENT]
    return _outline(value)


def _outline(value: object) -> str:
    if isinstance(value, Message):
        return f"<{value.DESCRIPTOR.full_name}, {value.ByteSize()} bytes>"
    name = type(value).__name__
    if isinstance(value, (bytes, bytearray)):
        return f"<{name}, {len(value)} bytes>"
    if isinstance(value, memoryview):
        return f"<{name}, {value.nbytes} bytes>"
    return f"<{name}, {len(value)} items>" if isinstance(value, Sized) else f"<{name}>"


def _message(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, str):
        return str(safe(record.msg))
    own = record.name.partition(".")[0] in OWN_LOGGERS
    text = record.msg
    if own and len(text) > MAX_ARGUMENT:
        return str(safe(text))  # no message of ours is that long by itself: this is a text without its format
    if record.args:
        try:
            text %= _safe_arguments(record.args)
        except (TypeError, ValueError, KeyError):
            text += " (its arguments do not fit)"
    if not own:
        return _foreign(record.name, text)
    text = redact(text)
    return text if len(text) <= MAX_MESSAGE else f"{text[:MAX_MESSAGE]}… ({len(text)} characters)"


def _safe_arguments(args: tuple[object, ...] | Mapping[str, object]) -> tuple[object, ...] | dict[str, object]:
    if isinstance(args, Mapping):
        return _Named({key: safe(value) for key, value in args.items()})
    return tuple(safe(value) for value in args)


class _Named(dict[str, object]):
    """Arguments by name. logging also makes this of a dict that is the only argument of `%s`: then only its size."""

    def __repr__(self) -> str:
        return f"<dict, {len(self)} items>"


def _foreign(logger: str, text: str) -> str:
    """A message that others wrote: asyncio, say, puts the arguments of callbacks and the repr of exceptions into it."""
    first = text.partition("\n")[0]
    if logger == "asyncio":
        first = first.partition("(")[0]
    return redact(first)[:MAX_ARGUMENT]
