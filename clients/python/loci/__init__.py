"""The Python client of Loci, a memory server for AI agents.

    from loci import AsyncClient

    async with AsyncClient() as loci:
        await loci.create_node("alice", "ann", type="person", label="Ann", text="Ann plays the cello.")
        answer = await loci.search("alice", "who makes music?")

`AsyncClient` and `Client` have the same methods; the second blocks. What comes back are the messages of `loci.v1`;
`properties` turns their properties into plain Python. What fails raises an error of `loci.errors`.
"""

from . import errors, mutations, names, preconditions
from ._async.client import AsyncClient
from ._sync.client import Client
from .connection import TLS
from .errors import ItemFailure, LociError
from .filters import edge_filter, node_filter
from .importing import ImportSummary
from .messages import edge, node
from .moments import as_of
from .queries import search_request
from .remembering import slot, turn
from .values import moment, properties

__all__ = [
    "TLS",
    "AsyncClient",
    "Client",
    "ImportSummary",
    "ItemFailure",
    "LociError",
    "as_of",
    "edge",
    "edge_filter",
    "errors",
    "moment",
    "mutations",
    "names",
    "node",
    "node_filter",
    "preconditions",
    "properties",
    "search_request",
    "slot",
    "turn",
]
