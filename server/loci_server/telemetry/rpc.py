"""One span and one measurement for every call that the server answers.

Names are those of the OpenTelemetry conventions for RPC: `rpc.method` is the full name, there is no `rpc.service`, and
`rpc.response.status_code` is the name of the gRPC status. Requests, answers, metadata and the text of errors are never
looked at, except for `traceparent` and `tracestate`.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from time import perf_counter
from typing import Final

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.semconv._incubating.attributes.rpc_attributes import (
    RPC_METHOD,
    RPC_RESPONSE_STATUS_CODE,
    RPC_SYSTEM_NAME,
)
from opentelemetry.semconv._incubating.metrics.rpc_metrics import RPC_SERVER_CALL_DURATION
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.semconv.attributes.server_attributes import SERVER_ADDRESS, SERVER_PORT
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from loci_server.telemetry.current import running
from loci_server.telemetry.setup import Telemetry

Metadata = Sequence[tuple[str, str | bytes]]

ACTIVE_REQUESTS: Final = "rpc.server.active_requests"
ERROR_REASON: Final = "loci.error.reason"
"""Attribute: the reason of ErrorInfo, a name of the enum ErrorReason."""
SECONDS_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""What the conventions advise for `rpc.server.call.duration`."""

_OTHER: Final = "_OTHER"
_SERVER_FAULTS = frozenset(("UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"))
_FAILED = Status(StatusCode.ERROR)
_ROOT = Context()
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
_propagator = TraceContextTextMapPropagator()


class RpcTelemetry:
    """Starts the span of each call.

    `methods` are the full names of all methods that are served (`loci.v1.NodeService/GetNode`, with or without a
    leading slash). A call of any other is told as `_OTHER`, so that callers cannot make up attribute values.
    """

    def __init__(self, telemetry: Telemetry, methods: Iterable[str]) -> None:
        server: dict[str, str | int] = {SERVER_ADDRESS: telemetry.server_address}
        if telemetry.server_port is not None:
            server[SERVER_PORT] = telemetry.server_port
        self.tracer = telemetry.tracer if telemetry.tracing else None
        self.duration = (
            telemetry.meter.create_histogram(
                RPC_SERVER_CALL_DURATION,
                unit="s",
                description="Measures the duration of an incoming Remote Procedure Call (RPC).",
                explicit_bucket_boundaries_advisory=SECONDS_BUCKETS,
            )
            if telemetry.metering
            else None
        )
        self._other = _Method(_OTHER, server)
        known = [_Method(name, server) for name in dict.fromkeys(name.removeprefix("/") for name in methods)]
        self._methods = {key: method for method in known for key in (method.name, f"/{method.name}")}
        self._counted = [*known, self._other]
        telemetry.meter.create_observable_up_down_counter(
            ACTIVE_REQUESTS, [self._observe_active], unit="{request}", description="Calls that are being answered."
        )

    def start_call(self, method: str, metadata: Metadata | None) -> "CallSpan":
        """Begin a call of `method`: its span is the current one until `CallSpan.end`, to be called in the same task."""
        return CallSpan(self, self._methods.get(method, self._other), metadata)

    def _observe_active(self, _: CallbackOptions) -> list[Observation]:
        return [Observation(method.active, method.attributes) for method in self._counted if method.was_called]


class CallSpan:
    """A call that is running. Made by `RpcTelemetry.start_call`."""

    __slots__ = ("_before", "_metadata", "_method", "_rpc", "_span", "_started", "_trace_id")

    def __init__(self, rpc: RpcTelemetry, method: "_Method", metadata: Metadata | None) -> None:
        self._rpc: RpcTelemetry | None = rpc
        self._method = method
        self._metadata = metadata
        self._trace_id = ""
        self._span: Span | None = None
        self._before = _ROOT
        method.active += 1
        running.set(self)
        if rpc.tracer is not None:
            self._span = rpc.tracer.start_span(
                method.name,
                _extract(metadata) if metadata else _ROOT,
                SpanKind.SERVER,
                method.span_attributes,
                record_exception=False,
                set_status_on_exception=False,
            )
            self._before = otel_context.get_current()
            otel_context.attach(set_span_in_context(self._span, self._before))
        self._started = perf_counter()

    @property
    def trace_id(self) -> str:
        """32 hex digits: the caller's trace if it sent one, else a new one. There is one even if tracing is off."""
        if not self._trace_id:
            if self._span is not None:
                self._trace_id = f"{self._span.get_span_context().trace_id:032x}"
            else:
                self._trace_id = _trace_id_of(self._metadata) or secrets.token_hex(16)
        return self._trace_id

    def end(self, status_code: str, error_reason: str | None = None) -> None:
        """End with the name of a gRPC status (`OK`, `NOT_FOUND`, …) and, if not OK, the reason. Only once counts."""
        rpc = self._rpc
        if rpc is None:
            return
        self._rpc = None
        self._method.active -= 1
        if rpc.duration is not None:
            rpc.duration.record(perf_counter() - self._started, self._method.ended(status_code, error_reason))
        if self._span is not None:
            self._span.set_attributes(_outcome(status_code, error_reason))
            if status_code in _SERVER_FAULTS:
                self._span.set_status(_FAILED)
            self._span.end()
            # Not detach(token): the end of a stream may come in another context, where a token is an error.
            otel_context.attach(self._before)
        running.set(None)


class _Method:
    """What is the same for all calls of one method, built once."""

    __slots__ = ("_ends", "active", "attributes", "name", "span_attributes")

    def __init__(self, name: str, server: dict[str, str | int]) -> None:
        self.name = name
        self.attributes = {RPC_SYSTEM_NAME: "grpc", RPC_METHOD: name}
        self.span_attributes = {**self.attributes, **server}
        self.active = 0
        self._ends: dict[tuple[str, str | None], dict[str, str]] = {}

    @property
    def was_called(self) -> bool:
        return bool(self.active or self._ends)

    def ended(self, status_code: str, error_reason: str | None) -> dict[str, str]:
        """The attributes of a measurement."""
        key = (status_code, error_reason)
        attributes = self._ends.get(key)
        if attributes is None:
            attributes = self._ends[key] = self.attributes | _outcome(status_code, error_reason)
        return attributes


def _outcome(status_code: str, error_reason: str | None) -> dict[str, str]:
    outcome = {RPC_RESPONSE_STATUS_CODE: status_code}
    if status_code != "OK":
        outcome[ERROR_TYPE] = status_code
    if error_reason:
        outcome[ERROR_REASON] = error_reason
    return outcome


def _extract(metadata: Metadata) -> Context:
    carrier: dict[str, list[str]] = {}
    for key, value in metadata:
        if key in ("traceparent", "tracestate") and isinstance(value, str):
            carrier.setdefault(key, []).append(value)
    return _propagator.extract(carrier, _ROOT) if "traceparent" in carrier else _ROOT


def _trace_id_of(metadata: Metadata | None) -> str:
    for key, value in metadata or ():
        if key == "traceparent" and isinstance(value, str):
            found = _TRACEPARENT.fullmatch(value)
            return found[1] if found else ""
    return ""
