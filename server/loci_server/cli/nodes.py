"""`loci node`: reads, writes, finds and removes single nodes."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.confirmation import confirm
from loci_server.cli.item_options import (
    AllowMissing,
    AsOf,
    Etag,
    Graph,
    Hard,
    Limit,
    Note,
    Properties,
    ValidAt,
    Yes,
    page_size,
    print_some,
)
from loci_server.cli.item_output import NODE_COLUMNS, REVISION_COLUMNS, node_row, revision_row, show_node
from loci_server.cli.node_writing import create, update
from loci_server.cli.parsing import as_of, properties
from loci_server.cli.session import Session

if TYPE_CHECKING:
    from loci.v1.traversal_service_pb2 import Neighbor

app = group("Nodes: things, and memories that carry text.")
app.command()(create)
app.command()(update)

NodeId = Annotated[str, typer.Argument(metavar="NODE", help="Its id.")]
Types = Annotated[list[str] | None, typer.Option("--type", help="Only nodes of this type. May be repeated.")]


@app.command()
@client_command
def get(session: Session, graph: Graph, node: NodeId, record: AsOf = None, valid_at: ValidAt = "") -> None:
    """Show one node."""
    show_node(session.output, session.client.get_node(graph, node, as_of=as_of(record, valid_at)))


@app.command()
@client_command
def delete(
    session: Session,
    graph: Graph,
    node: NodeId,
    etag: Etag = "",
    allow_missing: AllowMissing = False,
    hard: Hard = False,
    yes: Yes = False,
    note: Note = None,
) -> None:
    """Remove a node and the edges at it."""
    if hard:
        confirm(f"Take the node {node} out of the history for good?", yes=yes)
    done = session.client.delete_node(graph, node, etag=etag, allow_missing=allow_missing, hard=hard, note=note)
    removed = [("revision", done.revision or "there was nothing"), ("edges removed", done.deleted_edge_count)]
    session.output.message(done, lambda: removed)


@app.command()
@client_command
def rename(
    session: Session,
    graph: Graph,
    node: NodeId,
    new_id: Annotated[str, typer.Argument(metavar="NEW", help="The new id.")],
    etag: Etag = "",
    note: Note = None,
) -> None:
    """Give a node another id. Edges, aliases and history follow."""
    done = session.client.rename_node(graph, node, new_id, etag=etag, note=note)
    session.output.message(done, lambda: [("node", done.node.name), ("edges moved", done.moved_edge_count)])


@app.command("list")
@client_command
def _list(
    session: Session,
    graph: Graph,
    types: Types = None,
    given: Properties = None,
    record: AsOf = None,
    valid_at: ValidAt = "",
    limit: Limit = 100,
) -> None:
    """List the nodes of a graph in order of id."""
    wanted: Any = {"types": types or [], "properties": properties(given or ())}
    moment = as_of(record, valid_at)
    found = session.client.list_nodes(graph, filter=wanted, as_of=moment, page_size=page_size(limit))
    print_some(session.output, found, limit, NODE_COLUMNS, node_row)


@app.command()
@client_command
def neighbors(
    session: Session,
    graph: Graph,
    node: NodeId,
    direction: Annotated[Literal["both", "outgoing", "incoming"], typer.Option(help="Of the edges.")] = "both",
    relation: Annotated[list[str] | None, typer.Option(help="Only by this relation. May be repeated.")] = None,
    types: Types = None,
    record: AsOf = None,
    valid_at: ValidAt = "",
    limit: Limit = 100,
) -> None:
    """List the edges at a node, each with the node at its other end."""
    from loci.names import node_id

    found = session.client.neighbors(
        graph,
        node,
        direction=direction,
        relations=relation or [],
        node_types=types or [],
        as_of=as_of(record, valid_at),
        page_size=page_size(limit),
    )

    def row(neighbor: "Neighbor") -> tuple[str, ...]:
        arrow = "→" if neighbor.edge.source == node_id(node) else "←"
        return arrow, neighbor.edge.relation, f"{neighbor.edge.weight:g}", *node_row(neighbor.node)

    print_some(session.output, found, limit, ("", "relation", "weight", *NODE_COLUMNS), row)


@app.command()
@client_command
def history(session: Session, graph: Graph, node: NodeId, limit: Limit = 20) -> None:
    """List what happened to a node, latest first."""
    found = session.client.list_node_revisions(graph, node, page_size=page_size(limit))
    print_some(session.output, found, limit, REVISION_COLUMNS, revision_row)


@app.command()
@client_command
def restore(
    session: Session,
    graph: Graph,
    node: NodeId,
    revision: Annotated[int, typer.Argument(metavar="REVISION", help="Of the graph, as `history` lists them.")],
    etag: Etag = "",
    note: Note = None,
) -> None:
    """Write a node as it was at a revision, also one that was deleted."""
    show_node(session.output, session.client.restore_node(graph, node, revision, etag=etag, note=note))
