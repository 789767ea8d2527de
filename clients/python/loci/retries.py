"""When a failed call is worth another try, and after how long: pure rules over the typed error.

gRPC itself repeats UNAVAILABLE after short pauses (connection.service_config). What is left for the client: waits that
the server asks for with RetryInfo, write contention, and streams that were cut. A wait that the deadline leaves no time
for is not begun: the refusal is raised, and not the deadline.
"""

import random
from uuid import uuid4

from .connection import MAX_ATTEMPTS
from .errors import Aborted, LociError, ResourceExhausted, Unavailable, WriteContention

MAX_WAITS = 10
"""Tries of a unary call whose server says when to come back: enough for a database to recover."""
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 5.0


def new_request_id() -> str:
    """Minted once per write and kept over its retries, so that the write happens once."""
    return str(uuid4())


def answer_lost() -> Unavailable:
    """A call ended well, but without its answer: gRPC drops the message if the connection breaks just after it."""
    return Unavailable("the connection broke before the answer was read", reason="", retry_after=FIRST_PAUSE)


def unary_pause(error: LociError, attempt: int, remaining: float, *, known: bool) -> float | None:
    """Seconds to wait before the next try of a unary call, or None to give up.

    `attempt` counts from 1, `remaining` is what the deadline leaves. `known`: the server has answered before, so that
    one which cannot be reached is being restarted; else its address may be wrong, which is told soon.
    """
    if isinstance(error, ResourceExhausted | Unavailable | Aborted) and error.retry_after is not None:
        if attempt >= MAX_WAITS:
            return None
        pause = error.retry_after + _backoff(attempt) * random.random()  # noqa: S311 - jitter # nosec B311
    elif _contended(error, attempt) or (known and isinstance(error, Unavailable) and not error.reason):
        pause = _jittered(attempt)
    else:
        return None
    return pause if pause < remaining else None


def stream_pause(error: LociError, attempt: int) -> float | None:
    """Seconds to wait before a cut stream is taken up again, or None if it failed for good."""
    if error.retry_after is not None:
        return error.retry_after + _jittered(attempt)
    # INTERNAL or CANCELLED without a reason is not from Loci: a proxy or gRPC itself reset the stream.
    cut = isinstance(error, Unavailable | ResourceExhausted | WriteContention) or error.code == "DEADLINE_EXCEEDED"
    reset = error.code in ("INTERNAL", "CANCELLED") and not error.reason
    return _jittered(attempt) if cut or reset else None


def _contended(error: LociError, attempt: int) -> bool:
    return isinstance(error, WriteContention) and attempt < MAX_ATTEMPTS


def _backoff(attempt: int) -> float:
    return min(FIRST_PAUSE * 2.0 ** min(attempt - 1, 10), LONGEST_PAUSE)


def _jittered(attempt: int) -> float:
    return _backoff(attempt) * (0.5 + random.random() / 2)  # noqa: S311 - jitter # nosec B311
