"""Mutations of nodes."""

from loci.v1.commit_service_pb2 import Mutation, NodeDelete, NodeRename, NodeUpdate
from loci.v1.node_pb2 import Node
from loci_server.domain import limits, names
from loci_server.domain.claims import settle
from loci_server.domain.ids import uuid7
from loci_server.domain.items import Kind, Result
from loci_server.domain.patch import patch_node
from loci_server.domain.validation import check_node
from loci_server.domain.workspace import WorkingNode, Workspace
from loci_server.errors import EtagMismatch, InvalidField, NodeExists, NodeNotFound

DEFAULT_TYPE = "node"
DEFAULT_SALIENCE = 0.5
OUTPUT_FIELDS = ("create_time", "update_time", "revision", "etag")


def node_mutation(workspace: Workspace, which: str, mutation: Mutation, field: str) -> Result:
    """Applies one. `field` is the path of the mutation within its request, for errors."""
    match which:
        case "create_node":
            return create(workspace, mutation.create_node, f"{field}node")
        case "update_node":
            return update(workspace, mutation.update_node, field)
        case "delete_node":
            return delete(workspace, mutation.delete_node, f"{field}name")
        case _:
            return rename(workspace, mutation.rename_node, field)


def complete(node: Node) -> Node:
    """A copy with defaults filled in and without what only the server says."""
    copy = Node()
    copy.CopyFrom(node)
    for name in OUTPUT_FIELDS:
        copy.ClearField(name)  # type: ignore[arg-type]
    if not copy.type:
        copy.type = DEFAULT_TYPE
    if not copy.HasField("salience"):
        copy.salience = DEFAULT_SALIENCE
    if copy.HasField("claim"):
        settle(copy.claim)
    return copy


def create(workspace: Workspace, given: Node, field: str) -> Result:
    identity = own_id(workspace, given.name, field) if given.name else uuid7()
    node = complete(given)
    node.name = names.node_name(workspace.graph, identity)
    validity = check_node(node, field)
    if identity in workspace.nodes:
        raise NodeExists(resource=node.name)
    workspace.nodes[identity] = WorkingNode(node, None, validity)
    return Result(Kind.NODE, identity)


def update(workspace: Workspace, given: NodeUpdate, field: str) -> Result:
    identity = own_id(workspace, given.node.name, f"{field}node")
    working = workspace.nodes.get(identity)
    if working is None:
        if not given.allow_missing:
            raise NodeNotFound(resource=given.node.name)
        blank = Node(name=given.node.name)
        patch_node(blank, given.node, given.update_mask.paths)
        return create(workspace, blank, f"{field}node")
    check_etag(given.node.etag, working.message.etag, given.node.name)
    message = Node()
    message.CopyFrom(working.message)
    patch_node(message, given.node, given.update_mask.paths)
    if not given.node.HasField("embedding") and has_other_text(message, working.message):
        message.ClearField("embedding")
    if not given.node.HasField("claim") and message.text != working.message.text:
        message.ClearField("claim")  # it was made of the text before
    if not message.type:
        message.type = DEFAULT_TYPE
    if not message.HasField("salience"):
        message.salience = DEFAULT_SALIENCE
    if message.HasField("claim"):
        settle(message.claim)
    validity = check_node(message, f"{field}node")
    workspace.nodes[identity] = WorkingNode(message, working.origin, validity)
    return Result(Kind.NODE, identity)


def has_other_text(node: Node, before: Node) -> bool:
    """Whether a vector that the caller gave for the text before, or for the label where there is none, is stale."""
    return (node.text or node.label) != (before.text or before.label)


def delete(workspace: Workspace, given: NodeDelete, field: str) -> Result:
    identity = own_id(workspace, given.name, field, suffix="")
    working = workspace.nodes.get(identity)
    if working is None:
        erased = given.hard and workspace.erase_trace(Kind.NODE, identity)
        if not (erased or given.allow_missing):
            raise NodeNotFound(resource=given.name)
        return Result(Kind.NODE, identity, deleted=True)
    check_etag(given.etag, working.message.etag, given.name)
    edges = workspace.incident(identity)
    if given.hard:
        workspace.erase(Kind.NODE, working.origin)
        for edge in edges:
            workspace.erase(Kind.EDGE, workspace.edges[edge].origin)
    for edge in edges:
        del workspace.edges[edge]
    del workspace.nodes[identity]
    return Result(Kind.NODE, identity, deleted=True, affected_edges=len(edges))


def rename(workspace: Workspace, given: NodeRename, field: str) -> Result:
    identity = own_id(workspace, given.name, f"{field}name", suffix="")
    new = given.new_node_id
    names.check_id(new, f"{field}new_node_id", limits.MAX_ID_BYTES)
    working = workspace.nodes.get(identity)
    if working is None:
        raise NodeNotFound(resource=given.name)
    check_etag(given.etag, working.message.etag, given.name)
    if new in workspace.nodes:
        raise NodeExists(resource=names.node_name(workspace.graph, new))
    message = Node()
    message.CopyFrom(working.message)
    message.name = names.node_name(workspace.graph, new)
    moved = workspace.move_edges(identity, new)
    del workspace.nodes[identity]
    workspace.nodes[new] = WorkingNode(message, working.origin, check_node(message))
    return Result(Kind.NODE, new, affected_edges=moved)


def own_id(workspace: Workspace, name: str, field: str, suffix: str = ".name") -> str:
    """The id in a node's name, which must be of the workspace's graph."""
    graph, identity = names.parse_node(name, f"{field}{suffix}")
    if graph != workspace.graph:
        raise InvalidField(field=f"{field}{suffix}", detail="it names another graph than the request")
    return identity


def check_etag(given: str, current: str, resource: str) -> None:
    if given and given != current:
        raise EtagMismatch(resource=resource)
