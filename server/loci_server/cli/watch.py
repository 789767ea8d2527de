"""`loci watch`: prints what changes in a graph, as it happens."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.item_output import change_kind, withheld
from loci_server.cli.output import as_dict, harmless, local_time, one_line, remark
from loci_server.cli.session import Session
from loci_server.cli.words import word

if TYPE_CHECKING:
    from loci.v1.change_pb2 import Change
    from loci.v1.watch_service_pb2 import CommitChanges, GraphEvent

ALL = "-"


class Kind(StrEnum):
    """What can happen to an item."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    RENAMED = "renamed"


@client_command
def command(
    session: Session,
    graph: Annotated[str, typer.Argument(metavar="GRAPH", help="The id of the graph; `-` is all graphs.")],
    after: Annotated[int | None, typer.Option(min=0, metavar="REVISION", help="Begin behind this revision.")] = None,
    oldest: Annotated[bool, typer.Option("--oldest", help="Begin with the oldest commit that is kept.")] = False,
    token: Annotated[
        str | None, typer.Option(metavar="TOKEN", help="Begin behind the commit that had this token.")
    ] = None,
    types: Annotated[list[str] | None, typer.Option("--type", help="Only nodes of this type. May be repeated.")] = None,
    relation: Annotated[list[str] | None, typer.Option(help="Only edges of this relation. May be repeated.")] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(help="Only this item: `nodes/N`, `edges/E`, or its full name. May be repeated."),
    ] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only this kind of change. May be repeated.")] = None,
    before: Annotated[bool, typer.Option("--before", help="With --json: also what was there before.")] = False,
) -> None:
    """Print each commit of a graph, or of all, from now on, until Ctrl-C. Cut connections are bridged;
    nothing is left out.

    With --json: one commit a line, with a resume_token to give to --token.
    """
    if token == "":
        raise typer.BadParameter("a token cannot be empty; leave it out to begin now")
    if sum((after is not None, oldest, bool(token))) > 1:
        raise typer.BadParameter("give one of --after, --oldest and --token")
    kinds = [one.value for one in kind or ()]
    options: Any = {
        "start": "oldest" if oldest else "now",
        "resume_token": token or "",
        "node_types": types or (),
        "relations": relation or (),
        "names": name or (),
        "kinds": kinds,
        "include_before": before,
    }
    if graph == ALL and after is not None:
        raise typer.BadParameter("revisions are of one graph: give --oldest or --token with all graphs")
    if graph == ALL and any(not one.startswith("graphs/") for one in name or ()):
        raise typer.BadParameter("with all graphs, give --name in full: graphs/GRAPH/nodes/NODE")
    told: Iterable[CommitChanges | GraphEvent]
    if graph == ALL:
        told = session.client.watch_all(**options)
    else:
        told = session.client.watch(graph, after_revision=after, **options)
    if session.output.as_json:
        for one in told:
            session.output.json(as_dict(one))
            flush()
        return
    last = ""
    try:
        for one in told:
            for line in lines(one):
                print(harmless(line))
            flush()
            last = getattr(one, "resume_token", last)  # events have none
    except KeyboardInterrupt:
        if last:
            wanted = {"--type": types, "--relation": relation, "--name": name, "--kind": kinds}
            remark(f"to go on: {going_on(graph, wanted, last)}")
        raise


def going_on(graph: str, wanted: Mapping[str, Sequence[str] | None], token: str) -> str:
    """The command that goes on behind a token, which is bound to what was wanted."""
    options = [part for option, values in wanted.items() for value in values or () for part in (option, value)]
    return shlex.join(["loci", "watch", graph, *options, "--token", token])


def lines(told: "CommitChanges | GraphEvent") -> list[str]:
    """A commit for people: its head, and a line for each change. Or what became of a graph."""
    from loci.v1.watch_service_pb2 import GraphEvent, GraphEventKind

    graph = told.graph.removeprefix("graphs/")
    if isinstance(told, GraphEvent):
        return [f"{graph}  {word(GraphEventKind, told.kind)}"]
    where = f"{graph}  " if graph else ""
    reason = f"  {one_line(told.note)}" if told.note else ""
    return [
        f"{where}{told.revision}  {local_time(told.commit_time)}  key {told.api_key}{reason}",
        *(f"    {line(change)}" for change in told.changes),
    ]


def line(change: "Change") -> str:
    what = change.name.split("/", 2)[2]
    if change.previous_name:
        what = f"{change.previous_name.split('/', 2)[2]} → {what}"
    said = f"  {withheld(change)}" if withheld(change) else ""
    if change.HasField("node"):
        node = change.node
        said = f"  {node.type}  {one_line(': '.join(filter(None, (node.label, node.text))))}"
    elif change.HasField("edge"):
        said = f"  {change.edge.source} {change.edge.relation} {change.edge.target}"
    return f"{change_kind(change):<8} {what}{said}"


def flush() -> None:
    """Whoever reads a pipe gets each commit at once."""
    import sys

    sys.stdout.flush()
