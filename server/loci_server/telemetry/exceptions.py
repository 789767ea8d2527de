"""Exceptions as text for the log: their frames and classes, but not messages that could quote what a caller sent.

`ValueError: invalid literal for int() with base 10: 'my diary'`, the DETAIL of a constraint violation and a validation
error all quote values. So a message is written only if it is one of Loci's own errors, and rebuilt from codes
for those of the database and of the operating system.
"""

import os
import ssl
import traceback
from collections.abc import Iterator
from typing import Final

from loci_server.errors import LociError
from loci_server.telemetry.redaction import redact

_HARMLESS = (ImportError, NameError, RecursionError)
_LONGEST: Final = 2000
"""Characters of one message."""
_MOST: Final = 20
"""Exceptions written of one chain or group."""
_CAUSED: Final = "The above exception was the direct cause of the following exception:"
_DURING: Final = "During handling of the above exception, another exception occurred:"


def describe(error: BaseException) -> str:
    """One line: the class, and what can be said of it without quoting anything."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    known = _known(error)
    if known:
        return f"{name}: {redact(known)[:_LONGEST]}"
    return f"{name} (message withheld)" if error.args else name


def render(error: BaseException) -> str:
    """The traceback, causes first, as Python prints it but for the messages."""
    return "\n".join(_chain(error, set()))


def _known(error: BaseException) -> str:
    if isinstance(error, LociError):
        return error.message
    if type(error).__module__.partition(".")[0] == "asyncpg":
        facts = ((name, getattr(error, name, None)) for name in ("sqlstate", "constraint_name", "table_name"))
        return " ".join(f"{name}={value}" for name, value in facts if value)
    if isinstance(error, ssl.SSLError):
        return f"[SSL] {error.reason}"
    if isinstance(error, OSError):
        return f"[Errno {error.errno}] {os.strerror(error.errno)}" if isinstance(error.errno, int) else ""
    if isinstance(error, _HARMLESS):
        return str(error)
    return ""


def _chain(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before, words = (error.__cause__, _CAUSED) if error.__cause__ else (error.__context__, _DURING)
    if before is not None and (error.__cause__ or not error.__suppress_context__) and _is_new(before, seen):
        yield from _chain(before, seen)
        yield f"\n{words}\n"
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):"
        for frame in traceback.extract_tb(error.__traceback__).format():
            yield frame.rstrip("\n")
    yield describe(error)
    if isinstance(error, BaseExceptionGroup):
        for number, inner in enumerate(error.exceptions, 1):
            if _is_new(inner, seen):
                yield f"  --- {number} of {len(error.exceptions)} ---"
                yield from (f"  {line}" for part in _chain(inner, seen) for line in part.split("\n"))


def _is_new(error: BaseException, seen: set[int]) -> bool:
    return id(error) not in seen and len(seen) < _MOST
