"""`loci erasures`: what was erased, and how far it is. Needs a key with the scope ADMIN."""

from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.output import time_of
from loci_server.cli.session import Session
from loci_server.cli.waiting import until_over
from loci_server.cli.words import word

if TYPE_CHECKING:
    from loci.v1.erasure_pb2 import Erasure

app = group("Erasures of graphs and tenants (needs the scope ADMIN, or OPERATOR for other tenants).")
DUMPS = "(With the key provider `local` a dump from before stays readable by the root key.)"
COLUMNS = ("erasure", "what", "state", "rows removed", "asked", "ended", "failure")


@app.command("list")
@client_command
def _list(
    session: Session,
    tenant: Annotated[
        str,
        typer.Option(
            metavar="TENANT",
            help="Whose, also of one that was erased; default: the caller's own. `installation`: of all tenants.",
        ),
    ] = "-",
) -> None:
    """List erasures, latest first."""
    session.output.messages(session.client.list_erasures(tenant), COLUMNS, row, "Nothing was erased.")


@app.command()
@client_command
def show(session: Session, erasure: Annotated[str, typer.Argument(metavar="ERASURE", help="Its id.")]) -> None:
    """Show how far an erasure is. `loci receipt get` prints its receipt when it is over."""
    show_erasure(session, session.client.get_erasure(erasure))


def show_erasure(session: Session, erasure: "Erasure") -> None:
    session.output.message(erasure, lambda: zip(COLUMNS, row(erasure), strict=True))


def until_erased(session: Session, begun: "Erasure", *, wait: bool) -> "Erasure":
    from loci.v1.erasure_pb2 import ERASURE_STATE_DONE, ErasureState

    return until_over(
        begun, ErasureState, ERASURE_STATE_DONE, lambda: session.client.get_erasure(begun.name), wait=wait
    )


def row(erasure: "Erasure") -> tuple[str, ...]:
    from loci.names import id_of
    from loci.v1 import erasure_pb2

    return (
        id_of(erasure.name),
        erasure.resource,
        word(erasure_pb2.ErasureState, erasure.state),
        str(sum(erasure.row_counts.values())),
        time_of(erasure, "request_time", seconds=True),
        time_of(erasure, "end_time", seconds=True),
        erasure.failure_reason,
    )
