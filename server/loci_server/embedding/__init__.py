"""Embedders: what turns texts into vectors, behind one small protocol.

`minilm` computes in this process, `ollama` and `openai` ask a service. Nothing here knows of graphs, tenants or the
database. Importing this package loads no model runtime and no HTTP client: the one that is chosen is loaded.
"""

from loci_server.embedding.chunking import chunks
from loci_server.embedding.factory import make_embedder
from loci_server.embedding.provider import Embedder, Purpose

__all__ = ["Embedder", "Purpose", "chunks", "make_embedder"]
