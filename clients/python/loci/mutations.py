"""The mutations of a commit: each builder gives one, and names are relative to the graph that is committed to."""

from collections.abc import Iterable
from typing import Unpack

from loci.v1.commit_service_pb2 import EdgeDelete, EdgeUpdate, Mutation, NodeDelete, NodeRename, NodeUpdate

from . import messages, names, values
from .messages import EdgeFields, NodeFields


def create_node(id: str = "", **fields: Unpack[NodeFields]) -> Mutation:
    """Makes a node; fails if there is one. Without an id it gets a new UUIDv7."""
    return Mutation(create_node=messages.node(id, **fields))


def update_node(
    id: str,
    *,
    etag: str = "",
    allow_missing: bool = False,
    update_mask: Iterable[str] | None = None,
    **fields: Unpack[NodeFields],
) -> Mutation:
    """Changes the fields that are given (or those of update_mask); properties are merged."""
    node = messages.node(id, **fields)
    node.etag = values.text(etag, "etag")
    mask = messages.field_mask(fields, update_mask)
    return Mutation(update_node=NodeUpdate(node=node, update_mask=mask, allow_missing=allow_missing))


def delete_node(id: str, *, etag: str = "", allow_missing: bool = False, hard: bool = False) -> Mutation:
    """Removes a node and the edges at it; with `hard` also from the history."""
    name = names.relative("nodes", id)
    return Mutation(delete_node=values.made(NodeDelete, name=name, etag=etag, allow_missing=allow_missing, hard=hard))


def rename_node(id: str, new_id: str, *, etag: str = "") -> Mutation:
    """Gives a node another id; edges and history follow."""
    return Mutation(
        rename_node=values.made(
            NodeRename, {"new_node_id": "new_id"}, name=names.relative("nodes", id), new_node_id=new_id, etag=etag
        )
    )


def create_edge(source: str, relation: str, target: str, *, id: str = "", **fields: Unpack[EdgeFields]) -> Mutation:
    """Makes an edge; fails if there is one."""
    return Mutation(create_edge=messages.edge(source, relation, target, id=id, **fields))


def update_edge(
    id: str = "",
    *,
    source: str = "",
    relation: str = "",
    target: str = "",
    etag: str = "",
    allow_missing: bool = False,
    update_mask: Iterable[str] | None = None,
    **fields: Unpack[EdgeFields],
) -> Mutation:
    """Changes an edge, found by its id or by source, relation and target."""
    edge = messages.edge(source, relation, target, id=id, **fields)
    edge.etag = values.text(etag, "etag")
    mask = messages.field_mask(fields, update_mask)
    return Mutation(update_edge=EdgeUpdate(edge=edge, update_mask=mask, allow_missing=allow_missing))


def delete_edge(id: str, *, etag: str = "", allow_missing: bool = False, hard: bool = False) -> Mutation:
    """Removes an edge; with `hard` also from the history."""
    name = names.relative("edges", id)
    return Mutation(delete_edge=values.made(EdgeDelete, name=name, etag=etag, allow_missing=allow_missing, hard=hard))


def in_graph(graph: str, mutation: Mutation) -> Mutation:
    """A copy of the mutation whose relative names are completed."""
    copy = Mutation()
    copy.CopyFrom(mutation)
    kind = copy.WhichOneof("mutation")
    if kind is None:
        return copy
    change = getattr(copy, kind)
    named = change.node if kind == "update_node" else change.edge if kind == "update_edge" else change
    named.name = names.completed(graph, named.name)
    return copy
