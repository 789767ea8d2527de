"""Tests of loci_server.reranking."""
