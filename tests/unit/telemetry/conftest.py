"""Telemetry that records into memory, and an environment without OTEL_ variables."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, Metric, NumberDataPoint
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from loci_server.telemetry.setup import Telemetry


@dataclass
class Recorded:
    """Telemetry and what it recorded."""

    spans: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)
    reader: InMemoryMetricReader = field(default_factory=InMemoryMetricReader)

    def __post_init__(self) -> None:
        self.telemetry = Telemetry.of(
            [SimpleSpanProcessor(self.spans)], [self.reader], server_address="127.0.0.1", server_port=50051
        )

    def span(self, name: str) -> ReadableSpan:
        [found] = [span for span in self.spans.get_finished_spans() if span.name == name]
        return found

    def metrics(self) -> dict[str, Metric]:
        data = self.reader.get_metrics_data()
        return {
            metric.name: metric
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def points(self, name: str) -> dict[frozenset[tuple[str, object]], float]:
        """The data points of a metric, by attributes: the count of a histogram, else the value."""
        return {
            frozenset((point.attributes or {}).items()): point.value
            if isinstance(point, NumberDataPoint)
            else point.count
            for point in self.metrics()[name].data.data_points
        }

    def bounds(self, name: str) -> set[tuple[float, ...]]:
        """The bucket boundaries of a histogram."""
        points = self.metrics()[name].data.data_points
        return {tuple(point.explicit_bounds) for point in points if isinstance(point, HistogramDataPoint)}


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    recorded = Recorded()
    yield recorded
    assert recorded.telemetry.shutdown()


@pytest.fixture(autouse=True)
def no_otel_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)
