"""The pieces of work of the load generator, by name. Their arguments and results are JSON."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bench.loads.bulk import import_nodes
from bench.loads.searches import search
from bench.loads.unary import create_nodes, get_nodes
from bench.loads.watches import watch_arrivals, write_at_pace

WORK: Mapping[str, Callable[..., Awaitable[Any]]] = {
    "create_nodes": create_nodes,
    "get_nodes": get_nodes,
    "import_nodes": import_nodes,
    "search": search,
    "watch_arrivals": watch_arrivals,
    "write_at_pace": write_at_pace,
}
