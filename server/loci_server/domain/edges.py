"""Mutations of edges."""

from loci.v1.commit_service_pb2 import EdgeDelete, EdgeUpdate, Mutation
from loci.v1.edge_pb2 import Edge
from loci_server.domain import names
from loci_server.domain.ids import derived_edge_id
from loci_server.domain.items import Kind, Result
from loci_server.domain.nodes import OUTPUT_FIELDS, check_etag
from loci_server.domain.patch import patch_edge
from loci_server.domain.validation import check_edge
from loci_server.domain.workspace import WorkingEdge, Workspace
from loci_server.errors import EdgeExists, EdgeNotFound, EndpointMissing, InvalidField

DEFAULT_WEIGHT = 1.0


def edge_mutation(workspace: Workspace, which: str, mutation: Mutation, field: str) -> Result:
    """Applies one. `field` is the path of the mutation within its request, for errors."""
    match which:
        case "create_edge":
            return create(workspace, mutation.create_edge, f"{field}edge")
        case "update_edge":
            return update(workspace, mutation.update_edge, field)
        case _:
            return delete(workspace, mutation.delete_edge, f"{field}name")


def complete(edge: Edge) -> Edge:
    """A copy with defaults filled in and without what only the server says."""
    copy = Edge()
    copy.CopyFrom(edge)
    for name in OUTPUT_FIELDS:
        copy.ClearField(name)  # type: ignore[arg-type]
    if not copy.HasField("weight"):
        copy.weight = DEFAULT_WEIGHT
    return copy


def create(workspace: Workspace, given: Edge, field: str) -> Result:
    edge = complete(given)
    validity = check_edge(edge, field)
    identity = edge_id(workspace, given, field)
    edge.name = names.edge_name(workspace.graph, identity)
    if identity in workspace.edges:
        raise EdgeExists(resource=edge.name)
    for end in ("source", "target"):
        node = getattr(edge, end)
        if node not in workspace.nodes:
            raise EndpointMissing(field=f"{field}.{end}", resource=names.node_name(workspace.graph, node))
        workspace.expect_node_present(node)
    workspace.edges[identity] = WorkingEdge(edge, None, validity)
    return Result(Kind.EDGE, identity)


def update(workspace: Workspace, given: EdgeUpdate, field: str) -> Result:
    identity = edge_id(workspace, given.edge, f"{field}edge")
    name = names.edge_name(workspace.graph, identity)
    working = workspace.edges.get(identity)
    if working is None:
        if not given.allow_missing:
            raise EdgeNotFound(resource=name)
        blank = Edge(name=name, source=given.edge.source, relation=given.edge.relation, target=given.edge.target)
        patch_edge(blank, given.edge, given.update_mask.paths, f"{field}edge")
        return create(workspace, blank, f"{field}edge")
    check_etag(given.edge.etag, working.message.etag, name)
    message = Edge()
    message.CopyFrom(working.message)
    patch_edge(message, given.edge, given.update_mask.paths, f"{field}edge")
    if not message.HasField("weight"):
        message.weight = DEFAULT_WEIGHT
    validity = check_edge(message, f"{field}edge")
    workspace.edges[identity] = WorkingEdge(message, working.origin, validity)
    return Result(Kind.EDGE, identity)


def delete(workspace: Workspace, given: EdgeDelete, field: str) -> Result:
    graph, identity = names.parse_edge(given.name, field)
    check_graph(workspace, graph, field)
    working = workspace.edges.get(identity)
    if working is None:
        erased = given.hard and workspace.erase_trace(Kind.EDGE, identity)
        if not (erased or given.allow_missing):
            raise EdgeNotFound(resource=given.name)
        return Result(Kind.EDGE, identity, deleted=True)
    check_etag(given.etag, working.message.etag, given.name)
    if given.hard:
        workspace.erase(Kind.EDGE, working.origin)
    del workspace.edges[identity]
    return Result(Kind.EDGE, identity, deleted=True)


def edge_id(workspace: Workspace, edge: Edge, field: str) -> str:
    """The id in the edge's name, or the derived one."""
    if not edge.name:
        if not (edge.source and edge.relation and edge.target):
            raise InvalidField(field=f"{field}.name", detail="give it, or source, relation and target")
        return derived_edge_id(edge.source, edge.relation, edge.target)
    graph, identity = names.parse_edge(edge.name, f"{field}.name")
    check_graph(workspace, graph, f"{field}.name")
    return identity


def check_graph(workspace: Workspace, graph: str, field: str) -> None:
    if graph != workspace.graph:
        raise InvalidField(field=field, detail="it names another graph than the request")
