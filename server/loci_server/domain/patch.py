"""Updates: which fields of a node or edge an update touches, and what becomes of them.

Without a mask the fields that are set are written. A field in the mask that is not set is cleared. `properties` is a
merge patch (RFC 7396); `properties.KEY` sets or removes one key whole; `*` replaces everything.
"""

from collections.abc import Iterable
from typing import Protocol, cast

from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain.limits import MAX_MASK_PATHS, check_count
from loci_server.domain.structs import merge_patch
from loci_server.errors import InvalidField, InvalidFieldMask

NODE_FIELDS = frozenset(
    (
        "type",
        "label",
        "aliases",
        "text",
        "properties",
        "valid_from",
        "valid_to",
        "event_time",
        "salience",
        "embedding",
        "expire_time",
        "superseded",
        "claim",
    )
)
EDGE_FIELDS = frozenset(("properties", "weight", "valid_from", "valid_to"))
FIXED_EDGE_FIELDS = ("source", "relation", "target")


class Described(Protocol):
    properties: Struct


def patch_node(node: Node, update: Node, paths: Iterable[str]) -> None:
    """Applies an update to a node in place. Raises InvalidFieldMask."""
    _patch(node, update, list(paths), NODE_FIELDS)


def patch_edge(edge: Edge, update: Edge, paths: Iterable[str], field: str = "edge") -> None:
    """Applies an update to an edge in place. Raises InvalidFieldMask, and InvalidField for another source, relation or
    target."""
    for name in FIXED_EDGE_FIELDS:
        given = getattr(update, name)
        if given and given != getattr(edge, name):
            raise InvalidField(field=f"{field}.{name}", detail="it cannot be changed")
    _patch(edge, update, list(paths), EDGE_FIELDS)


def check_mask(paths: Iterable[str], fields: frozenset[str], field: str = "update_mask") -> None:
    paths = list(paths)
    check_count(f"{field}.paths", len(paths), MAX_MASK_PATHS, "paths")
    for path in paths:
        root, _, key = path.partition(".")
        if path != "*" and (root not in fields or (key and root != "properties") or path == "properties."):
            raise InvalidFieldMask(field=field, path=printable(path))


def printable(path: str) -> str:
    """A path as it may stand in a message: the key of a property is content."""
    root, dot, _ = path.partition(".")
    return root[:64] + ("…" if dot or len(root) > 64 else "")


def _patch(target: Message, update: Message, paths: list[str], fields: frozenset[str]) -> None:
    check_mask(paths, fields)
    if not paths:
        paths = [field.name for field, _ in update.ListFields() if field.name in fields]
    elif "*" in paths:
        for name in fields:
            _replace(target, update, name)
        return
    for path in paths:
        root, _, key = path.partition(".")
        if key:
            _replace_property(cast(Described, target), cast(Described, update), key)
        elif root == "properties" and update.HasField("properties"):
            merge_patch(cast(Described, target).properties, cast(Described, update).properties)
        else:
            _replace(target, update, root)


def _replace(target: Message, update: Message, name: str) -> None:
    target.ClearField(name)
    descriptor = update.DESCRIPTOR.fields_by_name[name]
    if descriptor.is_repeated:
        getattr(target, name).extend(getattr(update, name))
    elif descriptor.message_type is not None:
        if update.HasField(name):
            getattr(target, name).CopyFrom(getattr(update, name))
    elif not descriptor.has_presence or update.HasField(name):
        setattr(target, name, getattr(update, name))


def _replace_property(target: Described, update: Described, key: str) -> None:
    if key in update.properties.fields:
        target.properties.fields[key].CopyFrom(update.properties.fields[key])
    elif key in target.properties.fields:
        del target.properties.fields[key]
