"""Tests of loci_server.embedding."""
