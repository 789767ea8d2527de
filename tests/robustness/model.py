"""A graph in memory: mutations do to it what they promise to do, and it says which changes a commit makes.

Written from the contract (proto/loci/v1), not from the server.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from loci.names import id_of
from loci.v1.change_pb2 import (
    CHANGE_KIND_CREATED,
    CHANGE_KIND_DELETED,
    CHANGE_KIND_RENAMED,
    CHANGE_KIND_UPDATED,
    Change,
    ChangeKind,
)
from loci.v1.commit_service_pb2 import EdgeUpdate, Mutation, NodeUpdate
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain.ids import derived_edge_id

Item = TypeVar("Item", Node, Edge)


class Refused(Exception):
    """The contract does not allow it."""


@dataclass
class Side(Generic[Item]):
    """The nodes, or the edges, while a commit is at work: as they are now, and what each of them was before."""

    stored: dict[str, Item]
    now: dict[str, Item] = field(init=False)
    origins: dict[str, str | None] = field(default_factory=dict)
    """The former id of what the commit touched; None for what it made."""
    taken: list[str] = field(default_factory=list)
    """Former ids of what was removed or renamed."""
    erased: set[str] = field(default_factory=set)
    """Those of them that were hard-deleted."""

    def __post_init__(self) -> None:
        self.now = dict(self.stored)

    def add(self, id: str, item: Item) -> None:
        if id in self.now:
            raise Refused(f"{id} is there")
        self.now[id], self.origins[id] = item, None

    def get(self, id: str) -> Item:
        if id not in self.now:
            raise Refused(f"{id} is not there")
        return self.now[id]

    def replace(self, id: str, item: Item) -> None:
        self.now[id] = item
        self.origins.setdefault(id, id)

    def remove(self, id: str, *, hard: bool = False) -> str | None:
        """What it was before the commit."""
        self.get(id)
        del self.now[id]
        origin = self.origins.pop(id, id)
        if origin is not None:
            self.taken.append(origin)
            if hard:
                self.erased.add(origin)
        return origin

    def move(self, id: str, new: str, item: Item) -> None:
        if new in self.now:
            raise Refused(f"{new} is there")
        self.origins[new] = self.remove(id)
        self.now[new] = item

    def gone(self) -> list[str]:
        kept = set(self.origins.values())
        return [id for id in dict.fromkeys(self.taken) if id not in kept]


class Model:
    """The graph at one revision."""

    def __init__(self, graph: str) -> None:
        self.parent = f"graphs/{graph}"
        self.nodes: dict[str, Node] = {}
        self.edges: dict[str, Edge] = {}

    def apply(self, revision: int, time: Timestamp, mutations: Iterable[Mutation]) -> list[Change]:
        """Commits them. The changes, with the images before and after, nodes first. Raises Refused."""
        nodes, edges = Side(self.nodes), Side(self.edges)
        for mutation in mutations:
            self._mutate(nodes, edges, mutation)
        changes = [*_changes(self.parent, "nodes", nodes, revision, time)]
        changes += _changes(self.parent, "edges", edges, revision, time)
        self.nodes, self.edges = nodes.now, edges.now
        return changes

    def _mutate(self, nodes: Side[Node], edges: Side[Edge], mutation: Mutation) -> None:
        match mutation.WhichOneof("mutation"):
            case "create_node":
                nodes.add(id_of(mutation.create_node.name), _new_node(mutation.create_node))
            case "update_node":
                _update_node(nodes, mutation.update_node)
            case "delete_node":
                id, hard = id_of(mutation.delete_node.name), mutation.delete_node.hard
                nodes.remove(id, hard=hard)
                for edge in _incident(edges, id):
                    edges.remove(edge, hard=hard)
            case "rename_node":
                _rename_node(nodes, edges, id_of(mutation.rename_node.name), mutation.rename_node.new_node_id)
            case "create_edge":
                _create_edge(nodes, edges, mutation.create_edge)
            case "update_edge":
                _update_edge(nodes, edges, mutation.update_edge)
            case "delete_edge":
                edges.remove(id_of(mutation.delete_edge.name))


def _new_node(given: Node) -> Node:
    node = _copy(given)
    node.type = node.type or "node"
    if not node.HasField("salience"):
        node.salience = 0.5
    return node


def _update_node(nodes: Side[Node], update: NodeUpdate) -> None:
    id = id_of(update.node.name)
    if id not in nodes.now and update.allow_missing:
        nodes.add(id, _new_node(update.node))
        return
    node = _copy(nodes.get(id))
    _patch(node, update.node, update.update_mask.paths)
    nodes.replace(id, node)


def _rename_node(nodes: Side[Node], edges: Side[Edge], old: str, new: str) -> None:
    nodes.move(old, new, _copy(nodes.get(old)))
    for id in _incident(edges, old):
        edge = _copy(edges.now[id])
        derived = id == _derived(edge)
        edge.source = new if edge.source == old else edge.source
        edge.target = new if edge.target == old else edge.target
        if derived:
            edges.move(id, _derived(edge), edge)
        else:
            edges.replace(id, edge)


def _create_edge(nodes: Side[Node], edges: Side[Edge], given: Edge) -> None:
    edge = _copy(given)
    if edge.source == edge.target:
        raise Refused("an edge from a node to itself")
    nodes.get(edge.source)
    nodes.get(edge.target)
    if not edge.HasField("weight"):
        edge.weight = 1.0
    edges.add(id_of(edge.name) or _derived(edge), edge)


def _update_edge(nodes: Side[Node], edges: Side[Edge], update: EdgeUpdate) -> None:
    id = id_of(update.edge.name) or _derived(update.edge)
    if id not in edges.now and update.allow_missing:
        _create_edge(nodes, edges, update.edge)
        return
    edge = _copy(edges.get(id))
    _patch(edge, update.edge, update.update_mask.paths)
    edges.replace(id, edge)


def _patch(item: Item, update: Item, paths: Iterable[str]) -> None:
    """Fields of a mask. Properties are merged; a null deletes its key."""
    for path in paths:
        if path == "properties":
            for key, value in update.properties.fields.items():
                if value.HasField("null_value"):
                    item.properties.fields.pop(key, None)
                else:
                    item.properties.fields[key].CopyFrom(value)
        else:
            setattr(item, path, getattr(update, path))


def _incident(edges: Side[Edge], node: str) -> list[str]:
    return [id for id, edge in edges.now.items() if node in (edge.source, edge.target)]


def _derived(edge: Edge) -> str:
    return derived_edge_id(edge.source, edge.relation, edge.target)


def _copy(item: Item) -> Item:
    copy = type(item)()
    copy.CopyFrom(item)
    return copy


def _changes(parent: str, kind: str, side: Side[Item], revision: int, time: Timestamp) -> Iterable[Change]:
    def name(id: str) -> str:
        return f"{parent}/{kind}/{id}"

    for id in side.gone():
        yield _change(CHANGE_KIND_DELETED, name(id), "", None, side.stored[id], hard=id in side.erased)
    for id, origin in side.origins.items():
        item = side.now[id]
        before = None if origin is None else side.stored[origin]
        item.name, item.revision = name(id), revision
        item.create_time.CopyFrom(time if before is None else before.create_time)
        item.update_time.CopyFrom(time)
        if origin is None:
            yield _change(CHANGE_KIND_CREATED, name(id), "", item, None)
        elif origin == id:
            yield _change(CHANGE_KIND_UPDATED, name(id), "", item, before)
        else:
            yield _change(CHANGE_KIND_RENAMED, name(id), name(origin), item, before)


def _change(
    kind: "ChangeKind.ValueType",
    name: str,
    previous: str,
    after: Node | Edge | None,
    before: Node | Edge | None,
    *,
    hard: bool = False,
) -> Change:
    change = Change(kind=kind, name=name, previous_name=previous, hard=hard)
    if isinstance(after, Node):
        change.node.CopyFrom(after)
    elif after is not None:
        change.edge.CopyFrom(after)
    if isinstance(before, Node):
        change.node_before.CopyFrom(before)
    elif before is not None:
        change.edge_before.CopyFrom(before)
    return change
