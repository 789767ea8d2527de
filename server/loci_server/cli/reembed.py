"""`loci reembed`: how graphs come to another embedding model. Needs a key with the scope ADMIN."""

from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.output import time_of
from loci_server.cli.session import Session
from loci_server.cli.words import word

if TYPE_CHECKING:
    from loci.v1.admin_service_pb2 import Reembedding

app = group("Graphs that are embedded anew (needs the scope ADMIN).")
COLUMNS = ("graph", "state", "documents", "model", "next model", "refused", "began", "ended", "failure")
GraphId = Annotated[str, typer.Argument(metavar="GRAPH", help="Its id.")]


@app.command("list")
@client_command
def _list(
    session: Session,
    tenant: Annotated[
        str, typer.Option(metavar="TENANT", help="Whose graphs; default: the caller's own tenant.")
    ] = "-",
) -> None:
    """List the graphs that are under way, and how far they are."""
    session.output.messages(session.client.list_reembeddings(tenant), COLUMNS, _row, "No graph is embedded anew.")


@app.command()
@client_command
def show(session: Session, graph: GraphId) -> None:
    """Show by which model a graph is searched, and how far it is with another one."""
    _show(session, session.client.get_reembedding(graph))


@app.command()
@client_command
def start(session: Session, graph: GraphId) -> None:
    """Embed all texts of a graph anew. After a change of the embedder that happens by itself."""
    _show(session, session.client.reembed_graph(graph))


def _row(reembedding: "Reembedding") -> tuple[str, ...]:
    from loci.names import id_of
    from loci.v1 import admin_service_pb2

    began, ended = time_of(reembedding, "begin_time"), time_of(reembedding, "end_time")
    counts = f"{reembedding.done_count} of {reembedding.document_count}" if began else ""
    return (
        id_of(reembedding.graph),
        word(admin_service_pb2.ReembeddingState, reembedding.state),
        counts,
        reembedding.model,
        reembedding.next_model,
        str(reembedding.refused_count or ""),
        began,
        ended,
        reembedding.failure_reason,
    )


def _show(session: Session, reembedding: "Reembedding") -> None:
    session.output.message(reembedding, lambda: zip(COLUMNS, _row(reembedding), strict=True))
