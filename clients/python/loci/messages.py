"""Builders for nodes and edges, and the fields that a caller may give them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from google.protobuf.field_mask_pb2 import FieldMask

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Claim, Embedding, Node

from . import names, values
from .values import Json


class NodeFields(TypedDict, total=False):
    """What a caller may say about a node. None is as if not given; in an update it clears the field."""

    type: str | None
    """Default `node`."""
    label: str | None
    aliases: Sequence[str] | None
    text: str | None
    properties: Mapping[str, Json] | None
    """In an update they are merged: None deletes a key, keys that are not named stay."""
    valid_from: str | None
    """EDTF: `1985`, `1985-04`, `198X`, `1985~`."""
    valid_to: str | None
    event_time: datetime | None
    salience: float | None
    """0 to 1; default 0.5."""
    embedding: tuple[str, Sequence[float]] | None
    """The model's id and the vector."""
    expire_time: datetime | None
    """From then on nobody finds it, and the server hard-deletes it."""
    superseded: bool | None
    """Something newer took its place."""
    claim: Claim | None
    """What it states; `remember` gives it one."""


class EdgeFields(TypedDict, total=False):
    """What a caller may say about an edge beside its ends. None is as in NodeFields."""

    properties: Mapping[str, Json] | None
    weight: float | None
    """Default 1."""
    valid_from: str | None
    valid_to: str | None


NODE_FIELDS = frozenset(NodeFields.__annotations__)
EDGE_FIELDS = frozenset(EdgeFields.__annotations__)


def node(id: str = "", *, graph: str | None = None, **fields: Unpack[NodeFields]) -> Node:
    """A Node. Without a graph its name is relative, and the client completes it when it sends it.

    Raises TypeError for a field that nodes do not have, TypeError or ValueError for a value that cannot be sent.
    """
    _check("node", NODE_FIELDS, fields)
    result = Node(name=_name(graph, "nodes", id))
    _fill(result, fields)
    return result


def edge(
    source: str,
    relation: str,
    target: str,
    *,
    id: str = "",
    graph: str | None = None,
    **fields: Unpack[EdgeFields],
) -> Edge:
    """An Edge between two node ids. Without an id, the server derives one from source, relation and target."""
    _check("edge", EDGE_FIELDS, fields)
    name = _name(graph, "edges", id)
    result = values.made(Edge, name=name, source=names.node_id(source), relation=relation, target=names.node_id(target))
    _fill(result, fields)
    return result


def field_mask(given: Iterable[str], update_mask: Iterable[str] | None = None) -> FieldMask:
    """The mask that was asked for, or else the fields that were given."""
    paths = sorted(given) if update_mask is None else list(values.listed(update_mask, "update_mask"))
    return values.made(FieldMask, {"paths": "update_mask"}, paths=paths)


def embedding(model: str, vector: Sequence[float]) -> Embedding:
    """A vector and the id of the model that made it."""
    return values.made(Embedding, {"model": "embedding", "values": "embedding"}, model=model, values=vector)


def _fill(message: Any, fields: Mapping[str, Any]) -> None:
    for key, value in fields.items():
        match key, value:
            case _, None:
                continue
            case "properties", _:
                message.properties.CopyFrom(values.struct(value))
            case (("event_time" | "expire_time"), _):
                getattr(message, key).CopyFrom(values.timestamp(value, key))
            case "claim", Claim():
                message.claim.CopyFrom(value)
            case "claim", _:
                raise TypeError("claim: give a Claim of loci.v1.node_pb2")
            case "embedding", (model, vector):
                message.embedding.CopyFrom(embedding(model, vector))
            case "aliases", str():
                raise TypeError("aliases: give a list of strings, not one string")
            case "aliases", _:
                message.aliases.extend(
                    values.text(alias, "aliases") if isinstance(alias, str) else alias for alias in value
                )
            case "embedding", _:
                raise TypeError("embedding: give the model's id and the vector, as a pair")
            case _:
                try:
                    setattr(message, key, value)
                except UnicodeEncodeError as error:
                    raise values.unencodable(key, error) from None
                except TypeError:
                    wanted = type(getattr(message, key)).__name__
                    raise TypeError(f"{key}: give a {wanted}, not a {type(value).__name__}") from None


def _name(graph: str | None, kind: names.Kind, item: str) -> str:
    if not item:
        return ""
    name = names.relative(kind, item)
    return name if graph is None else names.completed(graph, name)


def _check(kind: str, known: frozenset[str], fields: Mapping[str, Any]) -> None:
    for field in fields:
        if field not in known:
            raise TypeError(f"a {kind} has no field {field!r}; it has {', '.join(sorted(known))}")
