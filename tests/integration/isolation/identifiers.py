"""What in a request points at something: every string and bytes field of the contract is either such an identifier or
content. A new field that stands in neither list fails the test that names it."""

import re
from collections import defaultdict
from collections.abc import Iterable

from google.protobuf.message import Message

from tests.leaves import leaves

NAME, ID, TOKEN, RESUME, REQUEST, IMPORT, QUERY, ETAG, WORD, MAC = (
    *("name", "id", "page token", "resume token", "request id", "import id", "query id", "etag", "word", "mac"),
)
"""Kinds of identifiers. A word is what filters select by: a type, a relation, a key, a model."""

BY_NAME = {
    **dict.fromkeys(("name", "names", "parent", "parents", "node_name", "start_names", "seed_names"), NAME),
    **dict.fromkeys(("source_name", "target_name", "exists", "absent", "supersedes", "resource", "api_key"), NAME),
    **dict.fromkeys(("node_id", "new_node_id", "edge_id", "graph_id", "tenant_id", "session_id", "session"), ID),
    **{"page_token": TOKEN, "resume_token": RESUME, "request_id": REQUEST, "import_id": IMPORT, "query_id": QUERY},
    **{"etag": ETAG, "mac": MAC},
    **dict.fromkeys(("type", "types", "node_types", "relation", "relations", "model", "slot", "method", "paths"), WORD),
}
"""By the name of the field, where its full name does not say otherwise."""
BY_FULL_NAME = {
    **dict.fromkeys(("Edge.source", "Edge.target", "EdgeFilter.source", "EdgeFilter.target"), ID),
    **dict.fromkeys(("Slot.name", "PropertyComparison.key", "SearchFields.properties", "Struct.key"), WORD),
    **dict.fromkeys(("NodeFilter.properties[key]", "EdgeFilter.properties[key]", "Slot.subject", "Slot.value"), WORD),
    **dict.fromkeys(("RememberRequest.source", "Evidence.source"), ID),
    "ApiKey.graphs": NAME,
}
CONTENT = frozenset(
    (
        *("aliases", "comment", "display_name", "label", "note", "query", "speaker", "text", "title", "subject"),
        *("value", "valid_at", "valid_from", "valid_to"),
    )
)


def kind_of(field: str) -> str | None:
    """The kind of identifier that a field holds (`Node.name`, as tests.leaves names it); None for content. Raises
    LookupError for one that nobody has thought about."""
    if field in BY_FULL_NAME:
        return BY_FULL_NAME[field]
    name = field.rpartition(".")[2]
    if name in BY_NAME:
        return BY_NAME[name]
    if name in CONTENT:
        return None
    raise LookupError(f"{field} is neither an identifier nor content")


class Pool:
    """Identifiers of one tenant, by kind; names by their collection as well. None holds the word `secret`."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._known: defaultdict[str, dict[str | bytes, None]] = defaultdict(dict)

    def add(self, kind: str, *values: str | bytes) -> None:
        for value in values:
            if value and self._secret not in str(value):
                self._known[kind][value] = None

    def learn(self, messages: Iterable[Message]) -> None:
        """Takes what requests and answers hold."""
        for message in messages:
            for leaf in leaves(message):
                field = leaf.kind.rpartition(".")[2].replace("next_page_token", "page_token")
                kind = BY_FULL_NAME.get(leaf.kind, BY_NAME.get(field))
                if kind is not None:
                    self.add(kind, leaf.value)
                if kind == NAME and isinstance(leaf.value, str):
                    self.add(collection(leaf.value), leaf.value)
                    self.add(ID, leaf.value.rpartition("/")[2])

    def of(self, kind: str) -> list[str | bytes]:
        return list(self._known[kind])

    def like(self, name: str) -> list[str | bytes]:
        """Names of the same collection; any, if there is none."""
        return self.of(collection(name)) or self.of(NAME)


def collection(name: str) -> str:
    """`graphs/g/nodes/n` is one of `graphs/nodes`."""
    return "/".join(re.findall("[^/]+", name)[::2])
