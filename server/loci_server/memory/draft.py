"""Memories as a call changes them, and the edges between those that took the place of others."""

from dataclasses import dataclass, field
from typing import Final

from loci.v1.commit_service_pb2 import Mutation, NodeUpdate
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain.items import StoredNode

SUPERSEDES: Final = "SUPERSEDES"
"""The relation from a memory to those whose place it took."""
MEMBERS: Final = 1000
"""Facts of one slot that are looked at, those that were written last."""


@dataclass(slots=True)
class Draft:
    """Changed copies of what is there, by id."""

    changed: dict[str, Node] = field(default_factory=dict)
    before: dict[str, StoredNode] = field(default_factory=dict)

    def of(self, stored: StoredNode) -> Node:
        """The copy to change."""
        if stored.id not in self.changed:
            copy = Node()
            copy.CopyFrom(stored.message)
            self.changed[stored.id] = copy
            self.before[stored.id] = stored
        return self.changed[stored.id]

    def updates(self, first: str = "") -> list[NodeUpdate]:
        """What was changed, that of the node `first` first."""
        order = sorted(self.changed, key=lambda each: each != first)
        return [update_of(self.changed[each], self.before[each].message) for each in order]


def update_of(node: Node, before: Node) -> NodeUpdate:
    """What was changed of a memory. It was read with its revision, so no etag is needed."""
    update = NodeUpdate(node=node)
    update.node.ClearField("etag")
    paths = ["claim", "salience", "expire_time", "superseded", "valid_from", "valid_to"]
    paths += [f"properties.{key}" for key in node.properties.fields if key not in before.properties.fields]
    update.update_mask.paths.extend(paths)
    return update


def supersession(source: str, target: str) -> Mutation:
    """The edge from a memory to one whose place it took. Written twice it is one."""
    mutation = Mutation()
    mutation.update_edge.edge.CopyFrom(Edge(source=source, relation=SUPERSEDES, target=target))
    mutation.update_edge.allow_missing = True
    return mutation
