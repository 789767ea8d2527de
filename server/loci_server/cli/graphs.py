"""`loci graphs`: the memory spaces of a tenant."""

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.confirmation import confirm
from loci_server.cli.erasures import DUMPS, show_erasure, until_erased
from loci_server.cli.output import time_of
from loci_server.cli.parsing import new_id
from loci_server.cli.session import Session
from loci_server.cli.waiting import Wait

if TYPE_CHECKING:
    from loci.v1.graph_pb2 import Graph, SearchFields


app = group("Graphs, the memory spaces of a tenant.")
COLUMNS = ("graph", "name", "revision", "queries", "created", "updated", "deleted")


class Switch(StrEnum):
    """Of what can be done or left."""

    ON = "on"
    OFF = "off"


GraphId = Annotated[str, typer.Argument(metavar="GRAPH", help="Its id.")]
Searched = Annotated[
    list[str] | None,
    typer.Option("--search-property", metavar="KEY", help="A property whose words are searched. May be repeated."),
]
LabelWeight = Annotated[int | None, typer.Option(min=1, max=10, help="Of label and aliases in a search; default 1.")]
TextWeight = Annotated[int | None, typer.Option(min=1, max=10, help="Of the text in a search; default 1.")]
PropertyWeight = Annotated[int | None, typer.Option(min=1, max=10, help="Of searched properties; default 1.")]


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
    searched: Searched = None,
    label_weight: LabelWeight = None,
    text_weight: TextWeight = None,
    property_weight: PropertyWeight = None,
) -> None:
    """Make a graph. By default label, aliases and text of its nodes are searched, alike."""
    fields = _search_fields(searched, label_weight, text_weight, property_weight)
    _show(session, session.client.create_graph(new_id(graph), display_name=name, search_fields=fields))


@app.command()
@client_command
def update(
    session: Session,
    graph: GraphId,
    name: Annotated[str | None, typer.Option(help="A name for people.")] = None,
    searched: Searched = None,
    label_weight: LabelWeight = None,
    text_weight: TextWeight = None,
    property_weight: PropertyWeight = None,
    plain: Annotated[bool, typer.Option("--plain-search", help="Search label, aliases and text, alike.")] = False,
) -> None:
    """Change a graph's name, or what of its nodes is searched: that is taken whole, and holds for what is written from
    then on."""
    fields = _search_fields(searched, label_weight, text_weight, property_weight)
    if plain and fields is not None:
        raise typer.BadParameter("give what is searched, or --plain-search, not both", param_hint="--plain-search")
    if plain:
        from loci.v1.graph_pb2 import SearchFields

        fields = SearchFields()
    if name is None and fields is None:
        raise typer.BadParameter("say what to change")
    _show(session, session.client.update_graph(graph, display_name=name, search_fields=fields))


@app.command()
@client_command
def history(
    session: Session,
    graph: GraphId,
    switch: Annotated[Switch, typer.Argument(help="Whether it is kept.")],
) -> None:
    """Keep what is asked of a graph (`loci queries`), or do so no more: what is there is then removed, too."""
    _show(session, session.client.update_graph(graph, query_history=switch is Switch.ON))


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
        ("bytes", found.byte_count),
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


@app.command()
@client_command
def erase(
    session: Session,
    graph: GraphId,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    wait: Wait = False,
) -> None:
    """Destroy a graph for good: its keys at once, its rows soon after, with a receipt (needs the scope ADMIN).

    Where the server keeps keys in a keyring (`local`), dumps of the database from before stay readable for who has its
    root key, until that is replaced; with Vault they do not.
    """
    confirm(f"Erase the graph {graph} and all in it, with no way back? {DUMPS}", yes=yes)
    show_erasure(session, until_erased(session, session.client.erase_graph(graph), wait=wait))


def _search_fields(
    searched: list[str] | None, label_weight: int | None, text_weight: int | None, property_weight: int | None
) -> "SearchFields | None":
    """None if nothing is said of them."""
    from loci.v1.graph_pb2 import SearchFields

    if not searched and label_weight is None and text_weight is None and property_weight is None:
        return None
    return SearchFields(
        properties=searched or (),
        label_weight=label_weight or 0,
        text_weight=text_weight or 0,
        property_weight=property_weight or 0,
    )


def _row(graph: "Graph") -> tuple[str, ...]:
    from loci.names import id_of

    times = (time_of(graph, field) for field in ("create_time", "update_time", "delete_time"))
    kept = "not kept" if graph.query_history_disabled else "kept"
    return id_of(graph.name), graph.display_name, str(graph.revision), kept, *times


def _show(session: Session, graph: "Graph") -> None:
    def rows() -> Iterator[tuple[str, str]]:
        yield from zip(COLUMNS, _row(graph), strict=True)
        yield "searched", _searched(graph.search_fields) if graph.HasField("search_fields") else ""

    session.output.message(graph, rows)


def _searched(fields: "SearchFields") -> str:
    weights = {"label": fields.label_weight, "text": fields.text_weight}
    weights |= {f"property {key}": fields.property_weight for key in fields.properties}
    return ", ".join(f"{name} ×{weight or 1}" for name, weight in weights.items())
