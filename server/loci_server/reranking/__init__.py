"""Rerankers: what scores candidates against a query by reading both together, behind one small protocol.

All ask a service; `none` is the default. Nothing here knows of graphs, tenants or the database. Importing this package
loads no HTTP client: it is loaded when a reranker is made.
"""

from loci_server.reranking.factory import make_reranker
from loci_server.reranking.provider import Reranker, RerankerUnavailable

__all__ = ["Reranker", "RerankerUnavailable", "make_reranker"]
