"""Resource names from ids and back: `graphs/{graph}/nodes/{node}`.

Wherever the client takes an id it also takes a whole name. Builders that know no graph make relative names
(`nodes/ann`); the client completes them when it sends them.
"""

from typing import Literal

from . import values
from .errors import InvalidName

Kind = Literal["nodes", "edges"]

OWN_TENANT = "-"
"""The tenant of the caller's own credential."""
INSTALLATION = "installation"
"""In the place of a tenant: the audit of calls that were refused before their tenant was known."""


def graph_name(graph: str) -> str:
    """`alice` or `graphs/alice` to `graphs/alice`. Raises TypeError."""
    if not isinstance(graph, str):
        raise TypeError(f"graph: give a str, not a {type(graph).__name__}")
    return values.text(graph if graph.startswith("graphs/") else f"graphs/{graph}", "graph")


def node_name(graph: str, node: str) -> str:
    """The name of a node from its id, relative name or name."""
    return _item_name(graph, "nodes", node)


def edge_name(graph: str, edge: str) -> str:
    """The name of an edge from its id, relative name or name."""
    return _item_name(graph, "edges", edge)


def tenant_name(tenant: str) -> str:
    """`acme` or `tenants/acme` to `tenants/acme`; `-` is the caller's own."""
    return tenant if tenant.startswith("tenants/") else f"tenants/{tenant}"


def api_key_name(tenant: str, api_key: str) -> str:
    """The name of an API key from its id or name."""
    return api_key if api_key.startswith("tenants/") else f"{tenant_name(tenant)}/apiKeys/{api_key}"


def identity_name(tenant: str, identity: str) -> str:
    """The name of an identity from its name, its id, or `identities/{identity}` as commits tell it."""
    if identity.startswith("tenants/"):
        return identity
    return f"{tenant_name(tenant)}/identities/{identity.removeprefix('identities/')}"


def id_of(name: str) -> str:
    """The last part of a name: `ann` of `graphs/alice/nodes/ann`."""
    return name.rpartition("/")[2]


def relative(kind: Kind, item: str) -> str:
    """`nodes/ann` from `ann`; what is relative or whole already stays. Raises TypeError."""
    if not isinstance(item, str):
        raise TypeError(f"id: give a str, not a {type(item).__name__}")
    return values.text(item if "/" in item else f"{kind}/{item}", "id")


def node_id(node: str) -> str:
    """The id of a node from its id, relative name or name. Anything else stays, for the server to refuse."""
    match node.split("/"):
        case ["nodes", item] | ["graphs", _, "nodes", item]:
            return item
    return node


def completed(graph: str, name: str) -> str:
    """A relative name (`nodes/ann`) inside its graph; whole names and empty ones stay. Raises InvalidName for the name
    of something in another graph."""
    if not name:
        return name
    parent = graph_name(graph)
    if not name.startswith("graphs/"):
        return f"{parent}/{name}"
    if not name.startswith(f"{parent}/"):
        raise InvalidName(f"{name} is not in {parent}")
    return name


def moved(graph: str, kind: Kind, name: str) -> str:
    """The same node or edge in this graph, whichever graph it was named in, or by its id alone; empty stays empty."""
    if not name:
        return name
    if "/" not in name:
        return _item_name(graph, kind, name)
    path, _, item = name.rpartition("/")
    return f"{graph_name(graph)}/{path.rpartition('/')[2]}/{item}"


def _item_name(graph: str, kind: Kind, item: str) -> str:
    return completed(graph, relative(kind, item))
