"""Which resources a request names. Only what is a name as it should be: anything else may be content."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from loci_server.domain import names
from loci_server.errors import InvalidName

MAX_LOOKS: Final = 2000
"""Fields and texts that are looked at: a request of 16 MiB must not take longer."""
DEPTH: Final = 4
IDS: Final = {"graph_id": "graphs/", "tenant_id": "tenants/", "node_id": "/nodes/", "edge_id": "/edges/"}
"""What stands before an id that is given apart; before that its parent, if it has one."""
NAMING: Final = frozenset(("name", "names", "parent", "parents", "resource", "api_key", "supersedes"))
UNNAMED: Final = frozenset(("display_name", "items", "properties"))
"""Fields that hold no names, or too many."""
PARSERS: Final[Sequence[Callable[[str], object]]] = (
    names.parse_graph,
    names.parse_entity,
    names.parse_tenant,
    names.parse_api_key,
    names.parse_identity,
    names.parse_erasure,
)


def named(request: Message, tenant_id: str) -> list[str]:
    """The names in a request, each once, in its order. `tenants/-` is the caller's own tenant."""
    found: dict[str, None] = {}
    for text in islice(candidates(request, DEPTH), MAX_LOOKS):
        if text is None:
            continue
        if text.startswith("tenants/-"):
            text = f"tenants/{tenant_id}{text[len('tenants/-') :]}"
        if is_name(text):
            found[text] = None
    return [*found]


def is_name(text: str) -> bool:
    if text == names.ALL_GRAPHS:
        return True
    if not text.startswith(("graphs/", "tenants/", "erasures/")):
        return False
    for parse in PARSERS:
        try:
            parse(text)
        except InvalidName:
            continue
        return True
    return False


def graph_of(name: str) -> str:
    """The id of the graph that a name belongs to; empty for others."""
    return name.split("/")[1] if name.startswith("graphs/") else ""


def by_graph(found: Sequence[str]) -> dict[str, list[str]]:
    """The names of each graph; under "" those of none, if there are no others."""
    groups: dict[str, list[str]] = {}
    for name in found:
        groups.setdefault(graph_of(name), []).append(name)
    if len(groups) > 1:
        groups.pop("", None)
    return groups or {"": []}


def candidates(message: Message, depth: int) -> Iterator[str | None]:
    """Texts in fields that are meant for names; None for each message that is looked into."""
    yield None
    for field, value in message.ListFields():
        if field.name in UNNAMED:
            continue
        if field.type == FieldDescriptor.TYPE_STRING:
            yield from texts(message, field, value)
        elif field.type == FieldDescriptor.TYPE_MESSAGE and depth:
            for inner in (value,) if isinstance(value, Message) else value:
                if isinstance(inner, Message) and inner.DESCRIPTOR.file.package == "loci.v1":
                    yield from candidates(inner, depth - 1)
                else:
                    break


def texts(message: Any, field: FieldDescriptor, value: Any) -> Iterator[str]:
    if field.name in IDS:
        yield f"{getattr(message, 'parent', '')}{IDS[field.name]}{value}"
    elif field.name in NAMING or field.name.endswith(("_name", "_names")):
        yield from (value,) if isinstance(value, str) else value
