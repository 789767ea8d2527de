"""`loci salience`: how much memories matter, and why."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.output import remark, time_of
from loci_server.cli.parsing import optional_moment
from loci_server.cli.progress import bars
from loci_server.cli.session import Session
from loci_server.cli.words import word

if TYPE_CHECKING:
    from loci.v1.salience_pb2 import Recalculation, Salience

app = group("How much memories matter: by importance, use, boost and feedback.")
COLUMNS = ("node", "salience", "importance", "use", "boost", "feedback", "half-life", "uses", "last used")
Graph = Annotated[str, typer.Argument(metavar="GRAPH", help="Its id.")]
Node = Annotated[str, typer.Argument(metavar="NODE", help="Its id.")]
POLL = 0.5


@app.command()
@client_command
def show(
    session: Session,
    graph: Graph,
    nodes: Annotated[list[str], typer.Argument(metavar="NODE…", help="Ids of up to 1,000 nodes.")],
) -> None:
    """Show what the salience of nodes is now, and the parts that it is the sum of (beside 0.5)."""
    found = session.client.batch_get_salience(graph, nodes)
    session.output.messages(found.saliences, COLUMNS, _row, "There is none of these nodes.")
    if found.missing:
        remark("Not there: " + ", ".join(found.missing))


@app.command()
@client_command
def boost(
    session: Session,
    graph: Graph,
    node: Node,
    by: Annotated[float, typer.Option("--by", min=-1, max=1, help="From -1 (lowest) to 1 (highest).")] = 1.0,
) -> None:
    """Lift a memory above its like, or lower it, until `loci salience unboost`."""
    _show(session, session.client.boost_memory(graph, node, by))


@app.command()
@client_command
def unboost(session: Session, graph: Graph, node: Node) -> None:
    """Take a boost back."""
    _show(session, session.client.boost_memory(graph, node, 0.0))


@app.command()
@client_command
def recalculate(
    session: Session,
    graph: Graph,
    moment: Annotated[
        str | None, typer.Option("--time", metavar="TIME", help="The moment to which time is counted; default: now.")
    ] = None,
    wait: Annotated[bool, typer.Option(help="Until it is done.")] = True,
) -> None:
    """Store the salience of all nodes, so that filters can compare it."""
    from loci.v1.salience_pb2 import RECALCULATION_STATE_RUNNING

    found = session.client.recalculate(graph, time=optional_moment(moment, "--time"))
    with bars() as drawn:
        bar = drawn.add("recalculating", found.node_count)
        while wait and found.state == RECALCULATION_STATE_RUNNING:
            bar.show(found.seen_count)
            time.sleep(POLL)
            found = session.client.get_recalculation(graph)
    _show_run(session, found)


@app.command()
@client_command
def progress(session: Session, graph: Graph) -> None:
    """Show how far the last recalculation is."""
    _show_run(session, session.client.get_recalculation(graph))


def _row(found: "Salience") -> tuple[str, ...]:
    from loci.names import id_of

    parts = (found.importance, found.use, found.boost, found.feedback)
    return (
        id_of(found.node_name),
        f"{found.value:.3f}",
        *(f"{part:+.3f}" if part else "" for part in parts),
        f"{found.half_life_days:g} d",
        str(found.use_count),
        time_of(found, "last_use_time"),
    )


def _show(session: Session, found: "Salience") -> None:
    def rows() -> Iterator[tuple[str, str]]:
        return zip(COLUMNS, _row(found), strict=True)

    session.output.message(found, rows)


def _show_run(session: Session, found: "Recalculation") -> None:
    from loci.v1.salience_pb2 import RecalculationState

    state = word(RecalculationState, found.state)
    rows = [
        ("state", "never" if state == "unspecified" else state),
        ("as of", time_of(found, "time")),
        ("begun", time_of(found, "begin_time")),
        ("done", time_of(found, "end_time")),
        ("nodes", found.node_count),
        ("seen", found.seen_count),
        ("changed", found.changed_count),
    ]
    session.output.message(found, lambda: rows)
