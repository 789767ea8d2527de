"""Whatever stopped a call, as an error of our own tree.

What is not foreseen here is a defect of the server: it is logged once, with its traceback, under the trace id that the
caller is given, and the caller learns nothing else of it.
"""

import asyncio
import logging
from collections.abc import Iterator
from typing import Final

import asyncpg

from loci_server.errors import DatabaseUnavailable, DeadlineExceeded, Internal, LociError, WriteContention
from loci_server.rpc.observer import CallSpan

RETRY_AFTER: Final = 1.0
"""Seconds to wait for a database that is away."""

_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    ConnectionError,
)
_CONTENTION = (asyncpg.TransactionRollbackError, asyncpg.LockNotAvailableError)

_log = logging.getLogger(__name__)


def fault(error: BaseException, method: str, span: CallSpan, seconds: float | None) -> LociError:
    """The error to answer with. `seconds` is what the call was given, if it had a deadline."""
    found = [_known(leaf, seconds) for leaf in _leaves(error)]
    known = [one for one in found if one is not None]
    if known and len(known) == len(found):
        return known[0]
    _log.error("%s failed; trace id %s", method, span.trace_id, exc_info=error)
    return Internal(trace_id=span.trace_id)


def _known(error: BaseException, seconds: float | None) -> LociError | None:
    if isinstance(error, LociError):
        return error
    if isinstance(error, TimeoutError | asyncpg.QueryCanceledError):
        return DeadlineExceeded(seconds="?" if seconds is None else f"{seconds:g}")
    if isinstance(error, _CONTENTION):
        return WriteContention()
    if isinstance(error, _AWAY) or (isinstance(error, asyncpg.InterfaceError) and _is_closed(error)):
        return DatabaseUnavailable(retry_after=RETRY_AFTER)
    return None


def _is_closed(error: asyncpg.InterfaceError) -> bool:
    """InterfaceError is also raised for wrong use, which is a defect."""
    text = str(error)
    return "is closed" in text or "is closing" in text


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """What the groups of a TaskGroup hold, without the cancellations that the first failure caused."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _leaves(one)
    elif not isinstance(error, asyncio.CancelledError):
        yield error
