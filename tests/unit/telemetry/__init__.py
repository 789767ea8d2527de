"""Tests of loci_server.telemetry."""
