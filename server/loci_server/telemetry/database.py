"""One span and one measurement for every named SQL statement, and the state of the connection pool.

A statement is known by its name in the .sql files. Its text and its parameters never come here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from typing import Final, Protocol

from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.semconv._incubating.attributes.db_attributes import (
    DB_CLIENT_CONNECTION_POOL_NAME,
    DB_CLIENT_CONNECTION_STATE,
)
from opentelemetry.semconv._incubating.metrics.db_metrics import DB_CLIENT_CONNECTION_COUNT, DB_CLIENT_CONNECTION_MAX
from opentelemetry.semconv.attributes.db_attributes import (
    DB_OPERATION_NAME,
    DB_QUERY_SUMMARY,
    DB_RESPONSE_STATUS_CODE,
    DB_SYSTEM_NAME,
)
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.semconv.metrics.db_metrics import DB_CLIENT_OPERATION_DURATION
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, Status, StatusCode, get_current_span

from loci_server.telemetry.setup import Telemetry

SECONDS_BUCKETS: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10)
"""What the conventions advise for `db.client.operation.duration`."""

_FAILED = Status(StatusCode.ERROR)


class Running(Protocol):
    """A statement that is being executed: `with telemetry.statement("node_get"): …`."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class PoolState:
    """Connections of a pool, as counted now."""

    idle: int
    used: int
    limit: int


class StatementTelemetry:
    """Tells of every statement that the store executes."""

    def __init__(self, telemetry: Telemetry) -> None:
        self.tracer = telemetry.tracer if telemetry.tracing else None
        self._meter = telemetry.meter
        self.duration = (
            telemetry.meter.create_histogram(
                DB_CLIENT_OPERATION_DURATION,
                unit="s",
                description="Duration of database client operations.",
                explicit_bucket_boundaries_advisory=SECONDS_BUCKETS,
            )
            if telemetry.metering
            else None
        )
        self._silent = not (telemetry.tracing or telemetry.metering)
        self._statements: dict[str, _Statement] = {}

    def statement(self, name: str) -> Running:
        """A context manager around the execution of the statement `name`.

        It makes a span only below another one: what the server does on its own, such as polling, is measured but makes
        no traces of one span.
        """
        if self._silent:
            return _SILENT
        statement = self._statements.get(name)
        if statement is None:
            statement = self._statements[name] = _Statement(name)
        return _Recorded(self, statement)

    def observe_pool(self, name: str, read: Callable[[], PoolState]) -> None:
        """Report the pool `name`. `read` is called from another thread whenever metrics are collected."""
        labels = {DB_CLIENT_CONNECTION_POOL_NAME: name}
        idle = {**labels, DB_CLIENT_CONNECTION_STATE: "idle"}
        used = {**labels, DB_CLIENT_CONNECTION_STATE: "used"}

        def count(_: CallbackOptions) -> list[Observation]:
            state = read()
            return [Observation(state.idle, idle), Observation(state.used, used)]

        self._meter.create_observable_up_down_counter(
            DB_CLIENT_CONNECTION_COUNT, [count], unit="{connection}", description="Connections by their state."
        )
        self._meter.create_observable_up_down_counter(
            DB_CLIENT_CONNECTION_MAX,
            [lambda _: [Observation(read().limit, labels)]],
            unit="{connection}",
            description="The number of connections that the pool may open.",
        )


class _Statement:
    """What is the same for all executions of one statement, built once."""

    __slots__ = ("_failures", "attributes", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.attributes = {DB_SYSTEM_NAME: "postgresql", DB_OPERATION_NAME: name, DB_QUERY_SUMMARY: name}
        self._failures: dict[str, dict[str, str]] = {}

    def failed(self, error: BaseException) -> dict[str, str]:
        """The attributes of an execution that raised: its SQLSTATE or the name of its class, never its message."""
        sqlstate = getattr(error, "sqlstate", None)
        kind = sqlstate or type(error).__name__
        attributes = self._failures.get(kind)
        if attributes is None:
            attributes = self._failures[kind] = {**self.attributes, ERROR_TYPE: kind}
            if sqlstate:
                attributes[DB_RESPONSE_STATUS_CODE] = sqlstate
        return attributes


class _Recorded:
    __slots__ = ("_owner", "_span", "_started", "_statement")

    def __init__(self, owner: StatementTelemetry, statement: _Statement) -> None:
        self._owner = owner
        self._statement = statement
        self._span: Span | None = None
        self._started = 0.0

    def __enter__(self) -> None:
        tracer = self._owner.tracer
        if tracer is not None and get_current_span() is not INVALID_SPAN:
            statement = self._statement
            self._span = tracer.start_span(
                statement.name,
                None,
                SpanKind.CLIENT,
                statement.attributes,
                record_exception=False,
                set_status_on_exception=False,
            )
        self._started = perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        attributes = self._statement.attributes if error is None else self._statement.failed(error)
        if self._owner.duration is not None:
            self._owner.duration.record(perf_counter() - self._started, attributes)
        if self._span is not None:
            if error is not None:
                self._span.set_attributes(attributes)
                self._span.set_status(_FAILED)
            self._span.end()


class _Silent:
    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        return None


_SILENT = _Silent()
