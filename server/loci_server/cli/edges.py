"""`loci edge`: reads, writes, finds and removes single edges."""

from typing import Annotated, Any

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.confirmation import confirm
from loci_server.cli.item_options import (
    AllowMissing,
    AsOf,
    Edtf,
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
from loci_server.cli.item_output import EDGE_COLUMNS, REVISION_COLUMNS, edge_row, revision_row, show_edge
from loci_server.cli.parsing import as_of, properties
from loci_server.cli.session import Session

app = group("Edges: how nodes are related.")
EdgeId = Annotated[str, typer.Argument(metavar="EDGE", help="Its id.")]


@app.command()
@client_command
def get(session: Session, graph: Graph, edge: EdgeId, record: AsOf = None, valid_at: ValidAt = "") -> None:
    """Show one edge."""
    show_edge(session.output, session.client.get_edge(graph, edge, as_of=as_of(record, valid_at)))


@app.command()
@client_command
def create(
    session: Session,
    graph: Graph,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The id of the node it leaves.")],
    relation: Annotated[str, typer.Argument(metavar="RELATION", help="Such as `knows`.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The id of the node it enters.")],
    id: Annotated[str, typer.Option(help="Its id; default: derived from source, relation and target.")] = "",
    given: Properties = None,
    weight: Annotated[float | None, typer.Option(help="Default 1.")] = None,
    valid_from: Edtf = None,
    valid_to: Edtf = None,
    note: Note = None,
) -> None:
    """Make an edge between two nodes."""
    fields: Any = {"properties": properties(given or ()), "valid_from": valid_from, "valid_to": valid_to}
    made = session.client.create_edge(graph, source, relation, target, id=id, weight=weight, note=note, **fields)
    show_edge(session.output, made)


@app.command()
@client_command
def delete(
    session: Session,
    graph: Graph,
    edge: EdgeId,
    etag: Etag = "",
    allow_missing: AllowMissing = False,
    hard: Hard = False,
    yes: Yes = False,
    note: Note = None,
) -> None:
    """Remove an edge."""
    if hard:
        confirm(f"Take the edge {edge} out of the history for good?", yes=yes)
    done = session.client.delete_edge(graph, edge, etag=etag, allow_missing=allow_missing, hard=hard, note=note)
    session.output.message(done, lambda: [("revision", done.revision or "there was nothing")])


@app.command("list")
@client_command
def _list(
    session: Session,
    graph: Graph,
    relation: Annotated[list[str] | None, typer.Option(help="Only by this relation. May be repeated.")] = None,
    source: Annotated[str, typer.Option(metavar="NODE", help="Only those that leave this node.")] = "",
    target: Annotated[str, typer.Option(metavar="NODE", help="Only those that enter this node.")] = "",
    given: Properties = None,
    record: AsOf = None,
    valid_at: ValidAt = "",
    limit: Limit = 100,
) -> None:
    """List the edges of a graph in order of id."""
    wanted: Any = {
        "relations": relation or [],
        "source": source,
        "target": target,
        "properties": properties(given or ()),
    }
    moment = as_of(record, valid_at)
    found = session.client.list_edges(graph, filter=wanted, as_of=moment, page_size=page_size(limit))
    print_some(session.output, found, limit, EDGE_COLUMNS, edge_row)


@app.command()
@client_command
def history(session: Session, graph: Graph, edge: EdgeId, limit: Limit = 20) -> None:
    """List what happened to an edge, latest first."""
    found = session.client.list_edge_revisions(graph, edge, page_size=page_size(limit))
    print_some(session.output, found, limit, REVISION_COLUMNS, revision_row)


@app.command()
@client_command
def restore(
    session: Session,
    graph: Graph,
    edge: EdgeId,
    revision: Annotated[int, typer.Argument(metavar="REVISION", help="Of the graph, as `history` lists them.")],
    etag: Etag = "",
    note: Note = None,
) -> None:
    """Write an edge as it was at a revision, also one that was deleted."""
    show_edge(session.output, session.client.restore_edge(graph, edge, revision, etag=etag, note=note))
