"""What of a node is searched by its words, and how much each part of it counts.

The weights are those of BM25F in its simple form (Robertson, Zaragoza and Taylor, Simple BM25 Extension to Multiple
Weighted Fields, 2004): a part of weight w counts as if it stood there w times, in frequencies and in the length of the
document. They are whole numbers, so that this holds to the letter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from loci.v1.graph_pb2 import SearchFields
from loci.v1.node_pb2 import Node
from loci_server.domain.limits import (
    MAX_FIELD_WEIGHT,
    MAX_PROPERTY_KEY_BYTES,
    MAX_SEARCHED_PROPERTIES,
    bounded,
    check_bytes,
    check_count,
)
from loci_server.domain.structs import texts_under
from loci_server.errors import InvalidField


@dataclass(frozen=True, slots=True)
class Fields:
    """The choice of a graph. `properties`: keys of top-level properties whose words are searched."""

    properties: tuple[str, ...] = ()
    label_weight: int = 1
    """Of aliases, too."""
    text_weight: int = 1
    property_weight: int = 1

    def parts(self, node: Node) -> list[tuple[int, list[str]]]:
        """Weights, and what counts by them: texts that a phrase does not reach across."""
        found: list[tuple[int, list[str]]] = []
        if names := [part for part in (node.label, *node.aliases) if part]:
            found.append((self.label_weight, names))
        if text := node.text:
            found.append((self.text_weight, [text]))
        if self.properties and (values := list(self.values(node))):
            found.append((self.property_weight, values))
        return found

    def values(self, node: Node) -> Iterator[str]:
        """The texts of the chosen properties."""
        return texts_under(node.properties, self.properties)


TEXTS_ONLY: Final = Fields()
"""Of a graph that has chosen nothing."""


def fields_of(given: SearchFields, field: str) -> Fields:
    """Raises InvalidField, LimitExceeded."""
    keys = tuple(given.properties)
    check_count(f"{field}.properties", len(keys), MAX_SEARCHED_PROPERTIES, "properties")
    for place, key in enumerate(keys):
        path = f"{field}.properties[{place}]"
        if not key:
            raise InvalidField(field=path, detail="a key cannot be empty.")
        check_bytes(path, key, MAX_PROPERTY_KEY_BYTES)
        if key in keys[:place]:
            raise InvalidField(field=path, detail="it is named twice.")
    weights = [
        bounded(f"{field}.{name}", getattr(given, name), 1, MAX_FIELD_WEIGHT, 1)
        for name in ("label_weight", "text_weight", "property_weight")
    ]
    return Fields(keys, *weights)
