"""Answers to writes: made before the commit without revision and times, and stamped with them afterwards."""

from datetime import datetime

from loci.v1.commit_service_pb2 import CommitResponse, MutationResult
from loci_server.domain import names
from loci_server.domain.items import Kind, Outcome
from loci_server.store.rows import etag
from loci_server.store.times import write_timestamp


def unstamped(graph: str, outcome: Outcome) -> CommitResponse:
    """The answer without what only the commit decides."""
    nodes = {change.id: change.message for change in outcome.nodes}
    edges = {change.id: change.message for change in outcome.edges}
    response = CommitResponse()
    for result in outcome.results:
        answer = response.results.add(affected_edge_count=result.affected_edges)
        name = names.node_name if result.kind is Kind.NODE else names.edge_name
        node = nodes.get(result.id) if result.kind is Kind.NODE else None
        edge = edges.get(result.id) if result.kind is Kind.EDGE else None
        if result.deleted:
            answer.deleted = name(graph, result.id)
        elif node is not None:
            answer.node.CopyFrom(node)
            answer.node.ClearField("embedding")
        elif edge is not None:
            answer.edge.CopyFrom(edge)
        else:  # a later mutation of the same commit removed or renamed it
            answer.deleted = name(graph, result.id)
    return response


def stamped(response: CommitResponse, revision: int, time: datetime) -> CommitResponse:
    """The answer with the revision and times of its commit; as it is if there was none (revision 0)."""
    if revision == 0:
        return response
    response.revision = revision
    write_timestamp(response.commit_time, time)
    for result in response.results:
        _stamp(result, revision, time)
    return response


def _stamp(result: MutationResult, revision: int, time: datetime) -> None:
    which = result.WhichOneof("result")
    if which not in ("node", "edge"):
        return
    item = result.node if which == "node" else result.edge
    item.revision = revision
    item.etag = etag(revision)
    write_timestamp(item.update_time, time)
    if not item.HasField("create_time"):
        write_timestamp(item.create_time, time)
