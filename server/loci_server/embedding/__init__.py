"""Embedders: what turns texts into vectors, behind one small protocol.

`minilm` computes in this process, `ollama` and `openai` ask a service. Nothing here knows of graphs, tenants or the
database. Importing this package loads no model runtime and no HTTP client: the one that is chosen is loaded.
"""

from loci_server.embedding.choice import Embedders
from loci_server.embedding.chunking import passages
from loci_server.embedding.factory import make_embedder, make_embedders, make_previous
from loci_server.embedding.provider import Embedder, Purpose

__all__ = ["Embedder", "Embedders", "Purpose", "make_embedder", "make_embedders", "make_previous", "passages"]
