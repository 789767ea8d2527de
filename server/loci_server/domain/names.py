"""Resource names: what `graphs/{graph}/nodes/{node}` and its like are made of, and which ids are allowed.

Reading a name stands on the path of every call, so the usual case is plain splitting. An error says what a name must
look like and never repeats what was sent.
"""

import unicodedata
from typing import Literal
from uuid import UUID

from loci_server.domain.limits import MAX_API_KEY_ID_BYTES, MAX_GRAPH_ID_BYTES, MAX_ID_BYTES, MAX_TENANT_ID_CHARS
from loci_server.errors import InvalidName

OWN_TENANT = "-"
"""The id in `tenants/-`: the tenant of the credential."""
INSTALLATION_NAME = "installation"
"""The installation as a whole, where a method takes it like a tenant."""
ALL_GRAPHS = "graphs/-"
"""The graphs of a tenant, where a method takes all of them."""

MOST_PARTS = 4
"""Of a name; what has more is none, however many."""

_LINE_BREAKS = "\u2028\u2029"
_UNWANTED = frozenset(("Cc", "Cs"))
_TENANT_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def parse_graph(name: str, field: str = "name") -> str:
    """The graph's id of `graphs/{graph}`."""
    parts = name.split("/", MOST_PARTS)
    if len(parts) != 2 or parts[0] != "graphs":
        raise InvalidName(field=field, detail="must be `graphs/{graph}`.")
    return check_graph_id(parts[1], field)


def parse_node(name: str, field: str = "name") -> tuple[str, str]:
    """The ids of graph and node of `graphs/{graph}/nodes/{node}`."""
    parts = name.split("/", MOST_PARTS)
    if len(parts) != 4 or parts[0] != "graphs" or parts[2] != "nodes":
        raise InvalidName(field=field, detail="must be `graphs/{graph}/nodes/{node}`.")
    return check_graph_id(parts[1], field), check_id(parts[3], field, MAX_ID_BYTES)


def parse_edge(name: str, field: str = "name") -> tuple[str, str]:
    """The ids of graph and edge of `graphs/{graph}/edges/{edge}`."""
    parts = name.split("/", MOST_PARTS)
    if len(parts) != 4 or parts[0] != "graphs" or parts[2] != "edges":
        raise InvalidName(field=field, detail="must be `graphs/{graph}/edges/{edge}`.")
    return check_graph_id(parts[1], field), check_id(parts[3], field, MAX_ID_BYTES)


def parse_entity(name: str, field: str = "name") -> tuple[Literal["node", "edge"], str, str]:
    """The kind, and the ids of graph and item, of a node's or an edge's name."""
    parts = name.split("/", MOST_PARTS)
    if len(parts) != 4 or parts[0] != "graphs" or parts[2] not in ("nodes", "edges"):
        detail = "must be `graphs/{graph}/nodes/{node}` or `graphs/{graph}/edges/{edge}`."
        raise InvalidName(field=field, detail=detail)
    kind: Literal["node", "edge"] = "node" if parts[2] == "nodes" else "edge"
    return kind, check_graph_id(parts[1], field), check_id(parts[3], field, MAX_ID_BYTES)


def parse_tenant(name: str, field: str = "name", *, allow_own: bool = False) -> str:
    """The tenant's id of `tenants/{tenant}`; with `allow_own` it may be OWN_TENANT."""
    parts = name.split("/", MOST_PARTS)
    if len(parts) != 2 or parts[0] != "tenants":
        raise InvalidName(field=field, detail="must be `tenants/{tenant}`.")
    return _tenant_or_own(parts[1], field, allow_own)


def parse_api_key(name: str, field: str = "name", *, allow_own: bool = False) -> tuple[str, str]:
    """The ids of tenant and key of `tenants/{tenant}/apiKeys/{api_key}`; with `allow_own` as in parse_tenant."""
    parts = name.split("/", MOST_PARTS)
    if len(parts) != 4 or parts[0] != "tenants" or parts[2] != "apiKeys":
        raise InvalidName(field=field, detail="must be `tenants/{tenant}/apiKeys/{api_key}`.")
    return _tenant_or_own(parts[1], field, allow_own), check_id(parts[3], field, MAX_API_KEY_ID_BYTES)


def parse_erasure(name: str, field: str = "name") -> UUID:
    """The id of `erasures/{erasure}`."""
    folder, _, identity = name.partition("/")
    try:
        if folder != "erasures" or str(UUID(identity)) != identity:
            raise ValueError
    except ValueError:
        raise InvalidName(field=field, detail="must be `erasures/{erasure}`, with a UUID in lower case.") from None
    return UUID(identity)


def erasure_name(erasure: UUID) -> str:
    return f"erasures/{erasure}"


def parse_identity(name: str, field: str = "name", *, allow_own: bool = False) -> tuple[str, int]:
    """The id of the tenant and the number of `tenants/{tenant}/identities/{identity}`; with `allow_own` as in
    parse_tenant."""
    parts = name.split("/")
    if len(parts) != 4 or parts[0] != "tenants" or parts[2] != "identities":
        raise InvalidName(field=field, detail="must be `tenants/{tenant}/identities/{identity}`.")
    number = parts[3]
    if not (number.isascii() and number.isdigit() and len(number) <= 19 and 0 < int(number) < 1 << 63):
        raise InvalidName(field=field, detail="the id of an identity is a number.")
    return _tenant_or_own(parts[1], field, allow_own), int(number)


def graph_name(graph: str) -> str:
    return f"graphs/{graph}"


def node_name(graph: str, node: str) -> str:
    return f"graphs/{graph}/nodes/{node}"


def edge_name(graph: str, edge: str) -> str:
    return f"graphs/{graph}/edges/{edge}"


def tenant_name(tenant: str) -> str:
    return f"tenants/{tenant}"


def api_key_name(tenant: str, key: str) -> str:
    return f"tenants/{tenant}/apiKeys/{key}"


def identity_name(tenant: str, number: int) -> str:
    return f"tenants/{tenant}/identities/{number}"


def actor_id(actor: int) -> str:
    """Who acted, within its tenant: the id of an API key; of an identity, whose number is stored as one below 0,
    `identities/{identity}`."""
    return str(actor) if actor >= 0 else f"identities/{-actor}"


def actor_name(tenant: str, actor: int) -> str:
    """The whole name of who acted: an API key or an identity."""
    return api_key_name(tenant, str(actor)) if actor >= 0 else identity_name(tenant, -actor)


def check_id(value: str, field: str, limit: int = MAX_ID_BYTES) -> str:
    """The id itself, if it may be one; InvalidName if not.

    1 to `limit` bytes of UTF-8, without `/`, control characters and line breaks, without white space at either end,
    and not `.` or `..`. Ids are compared byte by byte: no Unicode normalisation is asked for or made.
    """
    if not value:
        raise InvalidName(field=field, detail="an id cannot be empty.")
    if not value.isprintable() and _has_controls(value):
        raise InvalidName(field=field, detail="an id cannot hold control characters.")
    if len(value) * 4 > limit and len(value.encode()) > limit:
        raise InvalidName(field=field, detail=f"an id has at most {limit} bytes.")
    if "/" in value:
        raise InvalidName(field=field, detail="an id cannot hold `/`.")
    if value[0].isspace() or value[-1].isspace():
        raise InvalidName(field=field, detail="an id cannot begin or end with white space.")
    if value in (".", ".."):
        raise InvalidName(field=field, detail="an id cannot be `.` or `..`.")
    return value


def check_graph_id(value: str, field: str) -> str:
    """As check_id. `-` is refused too: in `graphs/-` it stands for all graphs."""
    if value == "-":
        raise InvalidName(field=field, detail="a graph's id cannot be `-`, which stands for all graphs.")
    return check_id(value, field, MAX_GRAPH_ID_BYTES)


def check_tenant_id(value: str, field: str) -> str:
    """The tenant's id itself: 1 to 64 characters of `[a-z0-9-]`, beginning with a letter; InvalidName if not."""
    right = 0 < len(value) <= MAX_TENANT_ID_CHARS and value[0] in _TENANT_CHARS and value[0].isalpha()
    if not right or not _TENANT_CHARS.issuperset(value):
        detail = f"a tenant's id is 1 to {MAX_TENANT_ID_CHARS} characters of `[a-z0-9-]`, beginning with a letter."
        raise InvalidName(field=field, detail=detail)
    return value


def _tenant_or_own(value: str, field: str, allow_own: bool) -> str:
    if allow_own and value == OWN_TENANT:
        return value
    return check_tenant_id(value, field)


def _has_controls(value: str) -> bool:
    return any(char in _LINE_BREAKS or unicodedata.category(char) in _UNWANTED for char in value)
