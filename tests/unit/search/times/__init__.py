"""Tests of loci_server.search.times."""
