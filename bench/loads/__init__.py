"""The pieces of work of the load generator, by name. Their arguments and results are JSON."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bench.loads.bulk import import_nodes
from bench.loads.graphs import import_talk, make_graphs
from bench.loads.searches import search, search_in_turns
from bench.loads.unary import create_latency, create_nodes, get_nodes, remember_latency
from bench.loads.watches import catch_up, close_watches, open_watches, watch_arrivals, write_at_pace

WORK: Mapping[str, Callable[..., Awaitable[Any]]] = {
    "catch_up": catch_up,
    "close_watches": close_watches,
    "create_latency": create_latency,
    "create_nodes": create_nodes,
    "remember_latency": remember_latency,
    "get_nodes": get_nodes,
    "import_nodes": import_nodes,
    "import_talk": import_talk,
    "make_graphs": make_graphs,
    "open_watches": open_watches,
    "search": search,
    "search_in_turns": search_in_turns,
    "watch_arrivals": watch_arrivals,
    "write_at_pace": write_at_pace,
}
