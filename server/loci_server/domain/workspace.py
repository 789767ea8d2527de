"""The state that the mutations of one commit work on, and the net change it ends in."""

from dataclasses import dataclass

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain import names
from loci_server.domain.dates import Interval
from loci_server.domain.ids import derived_edge_id
from loci_server.domain.items import (
    PRESENT,
    EdgeChange,
    Expectation,
    Kind,
    Loaded,
    NodeChange,
    Op,
    Outcome,
    Result,
    StoredEdge,
    StoredNode,
)
from loci_server.domain.validation import check_edge
from loci_server.errors import EdgeExists

TEXT_FIELDS = ("label", "aliases", "text", "embedding")


@dataclass(slots=True)
class WorkingNode:
    message: Node
    origin: StoredNode | None
    validity: Interval | None = None
    """Of a message that this commit wrote and that was checked; None for one that was only read."""


@dataclass(slots=True)
class WorkingEdge:
    message: Edge
    origin: StoredEdge | None
    validity: Interval | None = None
    """As in WorkingNode."""


class Workspace:
    """Nodes and edges by id as they stand after the mutations so far.

    Items that were not loaded are taken as absent: the store's unique keys and expectations prove it.
    """

    def __init__(self, graph: str, loaded: Loaded) -> None:
        self.graph = graph
        self.nodes: dict[str, WorkingNode] = {}
        self.edges: dict[str, WorkingEdge] = {}
        self._origins: dict[str, StoredNode] = {}
        self._edge_origins: dict[str, StoredEdge] = {}
        self._expected: dict[tuple[Kind, str], int] = {}
        self._erased: set[tuple[Kind, str]] = set()
        self._traces = loaded.traces
        self._absent = {(Kind.NODE, i) for i, n in loaded.nodes.items() if n is None}
        self._absent |= {(Kind.EDGE, i) for i, e in loaded.edges.items() if e is None}
        for node in loaded.nodes.values():
            if node is not None:
                self.nodes[node.id] = WorkingNode(node.message, node)
                self._origins[node.id] = node
        for edge in [*loaded.edges.values(), *loaded.incident]:
            if edge is not None and edge.id not in self._edge_origins:
                self.edges[edge.id] = WorkingEdge(edge.message, edge)
                self._edge_origins[edge.id] = edge

    def expect(self, kind: str, identity: str) -> Node | Edge | None:
        """The item as it was read, on which the commit then relies."""
        which = Kind.NODE if kind == "node" else Kind.EDGE
        stored = (self._origins if which is Kind.NODE else self._edge_origins).get(identity)
        self._expected[which, identity] = stored.revision if stored else 0
        return stored.message if stored else None

    def expect_node_present(self, identity: str) -> None:
        """The commit relies on the node being there, whatever it holds."""
        if identity in self._origins:
            self._expected.setdefault((Kind.NODE, identity), PRESENT)

    def erase(self, kind: Kind, origin: StoredNode | StoredEdge | None) -> None:
        """What the log holds of an item goes with it."""
        if origin is not None:
            self._erased.add((kind, origin.id))

    def erase_trace(self, kind: Kind, identity: str) -> bool:
        """What the log holds of an item that is gone already. False if there is nothing."""
        if (kind, identity) not in self._traces:
            return False
        self._erased.add((kind, identity))
        return True

    def incident(self, node_id: str) -> list[str]:
        return [i for i, e in self.edges.items() if node_id in (e.message.source, e.message.target)]

    def move_edges(self, old: str, new: str) -> int:
        """Edges of a renamed node follow; those with a derived id get the one of their new ends."""
        moved = self.incident(old)
        for edge_id in moved:
            working = self.edges.pop(edge_id)
            message = Edge()
            message.CopyFrom(working.message)
            derived = edge_id == derived_edge_id(message.source, message.relation, message.target)
            message.source = new if message.source == old else message.source
            message.target = new if message.target == old else message.target
            target_id = edge_id
            if derived:
                target_id = derived_edge_id(message.source, message.relation, message.target)
            if target_id in self.edges:
                raise EdgeExists(resource=names.edge_name(self.graph, target_id))
            message.name = names.edge_name(self.graph, target_id)
            self.edges[target_id] = WorkingEdge(message, working.origin, check_edge(message))
        return len(moved)

    def outcome(self, results: list[Result], graph_revision: int | None) -> Outcome:
        nodes = self._node_changes()
        edges = self._edge_changes()
        for change in nodes:
            self._rely(Kind.NODE, change.id, change.stored)
        for edge in edges:
            self._rely(Kind.EDGE, edge.id, edge.stored)
        expectations = [Expectation(kind, i, revision) for (kind, i), revision in self._expected.items()]
        return Outcome(nodes, edges, results, expectations, graph_revision)

    def _rely(self, kind: Kind, identity: str, stored: StoredNode | StoredEdge | None) -> None:
        if stored is not None:
            self._expected[kind, stored.id] = stored.revision
        elif (kind, identity) in self._absent:
            self._expected[kind, identity] = 0

    def _node_changes(self) -> list[NodeChange]:
        """What went comes first: its id may be taken again by what follows."""
        kept = {working.origin.id for working in self.nodes.values() if working.origin}
        changes = [
            NodeChange(self._end(Kind.NODE, i), i, stored, None) for i, stored in self._origins.items() if i not in kept
        ]
        changes += [
            NodeChange(Op.ERASED, i, StoredNode(i, Node(type=self._traces[kind, i]), 0), None)
            for kind, i in sorted(self._erased)
            if kind is Kind.NODE and i not in self._origins
        ]
        for identity, node in self.nodes.items():
            if node.validity is None:
                continue
            origin = node.origin
            new_document = origin is None or any(
                getattr(origin.message, name) != getattr(node.message, name) for name in TEXT_FIELDS
            )
            op = op_of(identity, origin)
            changes.append(NodeChange(op, identity, origin, node.message, node.validity, new_document))
        return changes

    def _edge_changes(self) -> list[EdgeChange]:
        kept = {working.origin.id for working in self.edges.values() if working.origin}
        changes = [
            EdgeChange(self._end(Kind.EDGE, i), i, stored, None)
            for i, stored in self._edge_origins.items()
            if i not in kept
        ]
        changes += [
            EdgeChange(Op.ERASED, i, StoredEdge(i, Edge(relation=self._traces[kind, i]), 0), None)
            for kind, i in sorted(self._erased)
            if kind is Kind.EDGE and i not in self._edge_origins
        ]
        for identity, edge in self.edges.items():
            if edge.validity is not None:
                op = op_of(identity, edge.origin)
                changes.append(EdgeChange(op, identity, edge.origin, edge.message, edge.validity))
        return changes

    def _end(self, kind: Kind, identity: str) -> Op:
        return Op.ERASED if (kind, identity) in self._erased else Op.DELETED


def op_of(identity: str, origin: StoredNode | StoredEdge | None) -> Op:
    """What became of an item that is there at the end."""
    if origin is None:
        return Op.CREATED
    return Op.UPDATED if origin.id == identity else Op.RENAMED
