"""What of a commit passes a filter, by the words of the contract: as the item was before, or as it is after."""

from collections.abc import Iterable

from loci.v1.change_pb2 import Change
from loci.v1.watch_service_pb2 import WatchFilter


def passing(changes: Iterable[Change], filter: WatchFilter) -> list[Change]:
    """The changes with both images that pass."""
    return [change for change in changes if passes(change, filter)]


def passes(change: Change, filter: WatchFilter) -> bool:
    if filter.kinds and change.kind not in filter.kinds:
        return False
    if filter.names and change.name not in filter.names and change.previous_name not in filter.names:
        return False
    if not filter.node_types and not filter.relations:
        return True
    if "/nodes/" in change.name:
        return any(node.type in filter.node_types for node in (change.node, change.node_before) if node.name)
    return any(edge.relation in filter.relations for edge in (change.edge, change.edge_before) if edge.name)
