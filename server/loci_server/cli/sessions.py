"""`loci session`: conversations."""

from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.item_options import Graph, Limit, Note, Properties, page_size, print_some
from loci_server.cli.output import one_line, time_of
from loci_server.cli.parsing import new_id, properties, words
from loci_server.cli.session import Session as CommandSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loci.v1.memory_service_pb2 import Session
    from loci.v1.node_pb2 import Node

app = group("Sessions: conversations whose turns are kept in their order.")

SessionId = Annotated[str, typer.Argument(metavar="SESSION", help="Its id.")]


@app.command()
@client_command
def start(
    session: CommandSession,
    graph: Graph,
    identity: Annotated[str | None, typer.Argument(metavar="[SESSION]", help="Its id; default: a new UUID.")] = None,
    title: Annotated[str, typer.Option(help="What it is about.")] = "",
    given: Properties = None,
    note: Note = None,
) -> None:
    """Begin a session."""
    made = session.client.start_session(
        graph, new_id(identity), title=title, metadata=properties(given or ()) or None, note=note
    )
    session.output.message(made, lambda: _rows(made))


@app.command()
@client_command
def append(
    session: CommandSession,
    graph: Graph,
    identity: SessionId,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What was said; `-` is standard input.")],
    speaker: Annotated[str, typer.Option("--speaker", "-s", help="Who said it.")] = "",
    note: Note = None,
) -> None:
    """Add what was said to the end of a session."""
    done = session.client.append_turns(graph, identity, [(speaker, words(text))], note=note)
    session.output.message(done.session, lambda: _rows(done.session))


@app.command("list")
@client_command
def _list(session: CommandSession, graph: Graph, limit: Limit = 100) -> None:
    """List the sessions of a graph in order of id."""
    found = session.client.list_sessions(graph, page_size=page_size(limit))
    print_some(session.output, found, limit, ("session", "begun", "last", "turns", "title"), _row)


@app.command("show", hidden=True)
@app.command()
@client_command
def transcript(session: CommandSession, graph: Graph, identity: SessionId, limit: Limit = 0) -> None:
    """Print what was said in a session, in its order."""
    found = session.client.transcript(graph, identity, page_size=page_size(limit))
    print_some(session.output, found, limit, ("when", "who", "said"), _turn_row)


def _rows(found: "Session") -> "Iterator[tuple[str, object]]":
    yield "session", found.session_id
    yield "title", found.title
    yield "begun", time_of(found, "start_time")
    yield "last", time_of(found, "last_time")
    yield "turns", found.turn_count


def _row(found: "Session") -> tuple[object, ...]:
    times = time_of(found, "start_time"), time_of(found, "last_time")
    return found.session_id, *times, found.turn_count, one_line(found.title)


def _turn_row(node: "Node") -> tuple[object, ...]:
    return time_of(node, "event_time"), one_line(node.label, 40), one_line(node.text)
