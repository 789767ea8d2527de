"""The pieces of work of the load generator, by name. Their arguments and results are JSON."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bench.loads.bulk import import_nodes
from bench.loads.searches import search
from bench.loads.unary import create_nodes, get_nodes
from bench.loads.watches import catch_up, close_watches, open_watches, watch_arrivals, write_at_pace

WORK: Mapping[str, Callable[..., Awaitable[Any]]] = {
    "catch_up": catch_up,
    "close_watches": close_watches,
    "create_nodes": create_nodes,
    "get_nodes": get_nodes,
    "import_nodes": import_nodes,
    "open_watches": open_watches,
    "search": search,
    "watch_arrivals": watch_arrivals,
    "write_at_pace": write_at_pace,
}
