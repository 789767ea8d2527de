"""The log: standard library logging to stderr, as JSON lines or as text, with the ids of the trace on every line.

Nothing reaches stderr but through `Redaction`, uncaught exceptions included. Other packages are heard from WARNING on,
whatever level is set: some write what they send and receive at DEBUG.
"""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from loci_server.settings import Settings
from loci_server.telemetry.current import current_ids
from loci_server.telemetry.records import OWN_LOGGERS, STANDARD, Redaction

_log = logging.getLogger(__name__)


def configure(settings: Settings, *, stream: TextIO | None = None) -> None:
    """Send the log to stderr (or `stream`). Called once in each process, before anything else is logged.

    `settings.log_format` auto is text if the stream is a terminal and JSON otherwise. Calling it again replaces the
    handler of before; handlers that others put on the root logger stay.
    """
    stream = stream or sys.stderr
    handler = LogHandler(stream)
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and stream.isatty())
    handler.setFormatter(TextLines() if as_text else JsonLines())
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if type(kept) not in (LogHandler, logging.StreamHandler)]
    root.addHandler(handler)
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[settings.log_level]))
    for name in OWN_LOGGERS:
        logging.getLogger(name).setLevel(settings.log_level)
    sys.excepthook = _log_uncaught
    sys.unraisablehook = _log_unraisable
    threading.excepthook = _log_uncaught_in_thread


class LogHandler(logging.StreamHandler[TextIO]):
    """Writes redacted records, and never the record that it could not write."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.addFilter(Redaction())

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Stay silent: logging's own way prints the arguments."""


class JsonLines(logging.Formatter):
    """One JSON object a line: time (RFC 3339, UTC), level, logger, message, pid, trace_id, span_id, extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        trace_id, span_id = current_ids()
        line: dict[str, object] = {
            **_extra(record),
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
        }
        if trace_id:
            line["trace_id"] = trace_id
        if span_id:
            line["span_id"] = span_id
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """For people: time, level, logger, message, then extra fields and the trace."""

    def format(self, record: logging.LogRecord) -> str:
        trace_id, _ = current_ids()
        fields = [f"{name}={value}" for name, value in _extra(record).items()]
        if trace_id:
            fields.append(f"trace_id={trace_id}")
        line = f"{_time(record)} {record.levelname:<7} {record.name}: {record.getMessage()}"
        if fields:
            line += f"  [{' '.join(fields)}]"
        return f"{line}\n{record.exc_text}" if record.exc_text else line


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in STANDARD}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.critical("uncaught exception", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        _log.critical("uncaught exception in a thread", exc_info=args.exc_value)


def _log_unraisable(args: "sys.UnraisableHookArgs") -> None:
    if args.exc_value is not None:
        _log.error("exception that nobody could be given", exc_info=args.exc_value)
