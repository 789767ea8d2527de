"""What a commit does: mutations applied, in their order, to what was read.

Pure: `needs` says what to read, `apply` gives the changes or raises the error of the first mutation that cannot be
done. The store checks, under the graph's lock, that what was read is still so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from loci.v1.commit_service_pb2 import Mutation, Precondition
from loci.v1.edge_pb2 import Edge
from loci_server.domain import limits, names
from loci_server.domain.edges import edge_mutation
from loci_server.domain.ids import derived_edge_id
from loci_server.domain.items import Loaded, Outcome, Result
from loci_server.domain.nodes import node_mutation
from loci_server.domain.workspace import Workspace
from loci_server.errors import InvalidField, LimitExceeded, PreconditionFailed


@dataclass(slots=True)
class Needs:
    """What must be read before a commit can be decided."""

    nodes: set[str] = field(default_factory=set)
    edges: set[str] = field(default_factory=set)
    incident: set[str] = field(default_factory=set)
    """Nodes whose every edge is needed."""
    erased_nodes: set[str] = field(default_factory=set)
    """If they are gone: whether the log still holds something of them."""
    erased_edges: set[str] = field(default_factory=set)


def check_shape(mutations: Sequence[Mutation], preconditions: Sequence[Precondition]) -> None:
    """Raises for too many or for empty ones."""
    if not mutations:
        raise InvalidField(field="mutations", detail="give at least one")
    for name, given, limit in (
        ("mutations", len(mutations), limits.MAX_MUTATIONS),
        ("preconditions", len(preconditions), limits.MAX_PRECONDITIONS),
    ):
        if given > limit:
            raise LimitExceeded(field=name, actual=given, limit=limit, unit=name)


def needs(graph: str, mutations: Sequence[Mutation], preconditions: Sequence[Precondition]) -> Needs:
    """What to read. Names that cannot be understood are left to `apply`, which says so."""
    wanted = Needs()
    for mutation in mutations:
        match mutation.WhichOneof("mutation"):
            case "create_node":
                _want(wanted.nodes, mutation.create_node.name)
            case "update_node":
                _want(wanted.nodes, mutation.update_node.node.name)
            case "delete_node":
                _want(wanted.nodes, mutation.delete_node.name)
                _want(wanted.incident, mutation.delete_node.name)
                if mutation.delete_node.hard:
                    _want(wanted.erased_nodes, mutation.delete_node.name)
            case "rename_node":
                _want(wanted.nodes, mutation.rename_node.name)
                _want(wanted.incident, mutation.rename_node.name)
                _want_ids(wanted.nodes, mutation.rename_node.new_node_id)
            case "create_edge":
                _want_edge(wanted, mutation.create_edge)
            case "update_edge":
                _want_edge(wanted, mutation.update_edge.edge)
            case "delete_edge":
                _want(wanted.edges, mutation.delete_edge.name)
                if mutation.delete_edge.hard:
                    _want(wanted.erased_edges, mutation.delete_edge.name)
    for condition in preconditions:
        which = condition.WhichOneof("condition")
        if which and which != "graph_revision":
            name = condition.etag_match.name if which == "etag_match" else getattr(condition, which)
            _want(wanted.edges if "/edges/" in name else wanted.nodes, name)
    return wanted


def apply(graph: str, mutations: Sequence[Mutation], preconditions: Sequence[Precondition], loaded: Loaded) -> Outcome:
    """The outcome of the mutations. Raises the typed error of the first that cannot be done."""
    workspace = Workspace(graph, loaded)
    graph_revision = check_preconditions(workspace, preconditions)
    results: list[Result] = []
    single = len(mutations) == 1
    for index, mutation in enumerate(mutations):
        which = mutation.WhichOneof("mutation")
        field = "" if single else f"mutations[{index}]."
        if which is None:
            raise InvalidField(field=f"mutations[{index}]", detail="it is empty")
        handle = node_mutation if which.endswith("_node") else edge_mutation
        results.append(handle(workspace, which, mutation, field))
    return workspace.outcome(results, graph_revision)


def check_preconditions(workspace: Workspace, preconditions: Sequence[Precondition]) -> int | None:
    """Raises PreconditionFailed. Returns the graph revision that must still hold, if one is named."""
    graph_revision: int | None = None
    for index, condition in enumerate(preconditions):
        field = f"preconditions[{index}]"
        which = condition.WhichOneof("condition")
        if which is None:
            raise InvalidField(field=field, detail="it is empty")
        if which == "graph_revision":
            if graph_revision not in (None, condition.graph_revision):
                raise PreconditionFailed(field=field, detail="another one names another revision")
            graph_revision = condition.graph_revision
            continue
        name = condition.etag_match.name if which == "etag_match" else getattr(condition, which)
        kind, graph, identity = names.parse_entity(name, field)
        if graph != workspace.graph:
            raise InvalidField(field=field, detail="it names another graph")
        message = workspace.expect(kind, identity)
        if (message is None) != (which == "absent"):
            detail = "it is there" if which == "absent" else "it is not there"
        elif which == "etag_match" and message is not None and message.etag != condition.etag_match.etag:
            detail = "it was changed since and has another etag"
        else:
            continue
        raise PreconditionFailed(field=field, resource=name, detail=detail)
    return graph_revision


def _want(wanted: set[str], name: str) -> None:
    parts = name.split("/", 3)
    if len(parts) == 4:
        _want_ids(wanted, parts[3])


def _want_ids(wanted: set[str], *ids: str) -> None:
    """What cannot be an id is not read: PostgreSQL does not even take a NUL."""
    wanted.update(one for one in ids if len(one) <= limits.MAX_ID_BYTES and "\0" not in one)


def _want_edge(wanted: Needs, edge: Edge) -> None:
    if edge.name:
        _want(wanted.edges, edge.name)
    else:
        wanted.edges.add(derived_edge_id(edge.source, edge.relation, edge.target))
    _want_ids(wanted.nodes, edge.source, edge.target)
