"""The preconditions of a commit: checked in its transaction, against the state before its first mutation."""

from loci.v1.commit_service_pb2 import EtagMatch, Precondition

from . import names, values


def graph_revision(revision: int) -> Precondition:
    """The graph is still at this revision."""
    return Precondition(graph_revision=revision)


def node_exists(id: str) -> Precondition:
    """There is such a node."""
    return Precondition(exists=names.relative("nodes", id))


def node_absent(id: str) -> Precondition:
    """There is no such node."""
    return Precondition(absent=names.relative("nodes", id))


def edge_exists(id: str) -> Precondition:
    """There is such an edge."""
    return Precondition(exists=names.relative("edges", id))


def edge_absent(id: str) -> Precondition:
    """There is no such edge."""
    return Precondition(absent=names.relative("edges", id))


def node_etag(id: str, etag: str) -> Precondition:
    """The node has this etag."""
    return Precondition(etag_match=values.made(EtagMatch, name=names.relative("nodes", id), etag=etag))


def edge_etag(id: str, etag: str) -> Precondition:
    """The edge has this etag."""
    return Precondition(etag_match=values.made(EtagMatch, name=names.relative("edges", id), etag=etag))


def in_graph(graph: str, precondition: Precondition) -> Precondition:
    """A copy of the precondition whose relative names are completed."""
    copy = Precondition()
    copy.CopyFrom(precondition)
    match copy.WhichOneof("condition"):
        case "exists":
            copy.exists = names.completed(graph, copy.exists)
        case "absent":
            copy.absent = names.completed(graph, copy.absent)
        case "etag_match":
            copy.etag_match.name = names.completed(graph, copy.etag_match.name)
    return copy
