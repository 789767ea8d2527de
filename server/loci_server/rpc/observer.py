"""What the pipeline tells of each call: when it begins and how it ends.

`loci_server.telemetry.rpc` makes spans and metrics of it; NullObserver makes nothing.
"""

import secrets
from collections.abc import Sequence
from typing import Protocol

Metadata = Sequence[tuple[str, str | bytes]]


class CallSpan(Protocol):
    """A call that is running."""

    @property
    def trace_id(self) -> str:
        """32 hex digits, the same for the whole life of the call."""

    def end(self, status_code: str, reason: str | None, /) -> None:
        """The name of a gRPC status and, unless it is OK, the reason without its prefix. Only the first end counts."""


class RpcObserver(Protocol):
    """Told of every call, also of those that are refused."""

    def start_call(self, method: str, metadata: Metadata, /) -> CallSpan:
        """`method` is the full name with its leading slash. Called, as `CallSpan.end`, in the task of the call."""


class NullObserver:
    """Tells nobody."""

    def start_call(self, method: str, metadata: Metadata, /) -> "NullSpan":
        return NullSpan()


class NullSpan:
    """Has a trace id, so that a defect can be found in the log, and nothing else."""

    __slots__ = ("_trace_id",)

    def __init__(self) -> None:
        self._trace_id = ""

    @property
    def trace_id(self) -> str:
        if not self._trace_id:
            self._trace_id = secrets.token_hex(16)
        return self._trace_id

    def end(self, status_code: str, reason: str | None, /) -> None:
        pass
