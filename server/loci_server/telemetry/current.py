"""Which call is running: what lets a log line or an error carry its trace id, whether or not spans are recorded."""

from contextvars import ContextVar
from typing import Protocol

from opentelemetry.trace import get_current_span


class Traced(Protocol):
    """Something that runs under a trace id."""

    @property
    def trace_id(self) -> str: ...


running: ContextVar[Traced | None] = ContextVar("loci_running_call", default=None)
"""The call that the current task serves. Set and cleared by `CallSpan`."""


def current_trace_id() -> str:
    """32 hex digits; empty outside of calls and spans."""
    return current_ids()[0]


def current_ids() -> tuple[str, str]:
    """Trace id and span id in hex. Without a span, the id of the call's trace and no span id."""
    context = get_current_span().get_span_context()
    if context.is_valid:
        return f"{context.trace_id:032x}", f"{context.span_id:016x}"
    call = running.get()
    return (call.trace_id, "") if call is not None else ("", "")
