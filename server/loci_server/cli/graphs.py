"""`loci graphs`: the memory spaces of a tenant."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.confirmation import confirm
from loci_server.cli.output import time_of
from loci_server.cli.parsing import new_id
from loci_server.cli.session import Session

if TYPE_CHECKING:
    from loci.v1.graph_pb2 import Graph

app = group("Graphs, the memory spaces of a tenant.")
COLUMNS = ("graph", "name", "revision", "created", "updated", "deleted")
GraphId = Annotated[str, typer.Argument(metavar="GRAPH", help="Its id.")]


@app.command("list")
@client_command
def _list(
    session: Session,
    deleted: Annotated[bool, typer.Option("--deleted", help="Show deleted ones too.")] = False,
) -> None:
    """List the graphs of the tenant."""
    found = session.client.list_graphs(show_deleted=deleted)
    session.output.messages(found, COLUMNS, _row, "There is no graph; `loci graphs create NAME` makes one.")


@app.command()
@client_command
def create(
    session: Session,
    graph: Annotated[str | None, typer.Argument(metavar="[GRAPH]", help="Its id; default: a new UUID.")] = None,
    name: Annotated[str, typer.Option(help="A name for people.")] = "",
) -> None:
    """Make a graph."""
    _show(session, session.client.create_graph(new_id(graph), display_name=name))


@app.command()
@client_command
def get(session: Session, graph: GraphId) -> None:
    """Show one graph."""
    _show(session, session.client.get_graph(graph))


@app.command()
@client_command
def stats(session: Session, graph: GraphId) -> None:
    """Count what is in a graph."""
    found = session.client.get_graph_stats(graph)
    rows = [
        ("revision", found.revision),
        ("nodes", found.node_count),
        ("edges", found.edge_count),
        ("searchable nodes", found.document_count),
        ("waiting to be embedded", found.pending_embedding_count),
    ]
    session.output.message(found, lambda: rows)


@app.command()
@client_command
def delete(
    session: Session, graph: GraphId, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
) -> None:
    """Hide a graph and all in it. `loci graphs undelete` brings it back whole."""
    confirm(f"Delete the graph {graph} and all in it?", yes=yes)
    _show(session, session.client.delete_graph(graph))


@app.command()
@client_command
def undelete(session: Session, graph: GraphId) -> None:
    """Bring a deleted graph back."""
    _show(session, session.client.undelete_graph(graph))


def _row(graph: "Graph") -> tuple[str, ...]:
    from loci.names import id_of

    times = (time_of(graph, field) for field in ("create_time", "update_time", "delete_time"))
    return id_of(graph.name), graph.display_name, str(graph.revision), *times


def _show(session: Session, graph: "Graph") -> None:
    def rows() -> Iterator[tuple[str, str]]:
        return zip(COLUMNS, _row(graph), strict=True)

    session.output.message(graph, rows)
