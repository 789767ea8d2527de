"""Traces, metrics and logs by OpenTelemetry; never content in any of them."""
