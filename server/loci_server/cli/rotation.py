"""`loci rotation`: new keys in the place of those in use. Needs a key with the scope ADMIN, or OPERATOR for other
tenants and the installation."""

from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.output import time_of
from loci_server.cli.session import Session
from loci_server.cli.waiting import Wait, until_over
from loci_server.cli.words import word

if TYPE_CHECKING:
    from loci.v1.keys_pb2 import KeyRotation

app = group("New keys in the place of those in use (needs the scope ADMIN).")
COLUMNS = (
    *("what", "state", "done", "version", "wrapped by", "made"),
    *("encryptions", "unreadable", "began", "ended", "failure"),
)
What = Annotated[
    str,
    typer.Argument(
        metavar="GRAPH | tenants/TENANT | installation", help="A graph's id; `tenants/-` is the caller's own tenant."
    ),
]


@app.command("list")
@client_command
def _list(
    session: Session,
    tenant: Annotated[
        str, typer.Option(metavar="TENANT", help="Whose graphs; default: the caller's own tenant.")
    ] = "-",
) -> None:
    """List the graphs whose keys are being rotated, and how far they are."""
    session.output.messages(session.client.list_key_rotations(tenant), COLUMNS, _row, "No key is being rotated.")


@app.command()
@client_command
def show(session: Session, what: What) -> None:
    """Show which keys are in use, and how far their rotation is."""
    _show(session, session.client.get_key_rotation(what))


@app.command()
@client_command
def start(session: Session, what: What, wait: Wait = False) -> None:
    """Begin a rotation. It goes on in the background, and nobody has to wait for it."""
    from loci.v1.keys_pb2 import KEY_ROTATION_STATE_DONE, KeyRotationState

    client = session.client
    begun = client.rotate_keys(what)
    told = until_over(
        begun, KeyRotationState, KEY_ROTATION_STATE_DONE, lambda: client.get_key_rotation(what), wait=wait
    )
    _show(session, told)


def _row(rotation: "KeyRotation") -> tuple[str, ...]:
    from loci.v1 import keys_pb2

    began, ended = time_of(rotation, "begin_time", seconds=True), time_of(rotation, "end_time", seconds=True)
    return (
        rotation.name.removeprefix("graphs/"),
        word(keys_pb2.KeyRotationState, rotation.state),
        f"{rotation.done_count} of {rotation.total_count}" if began else "",
        str(rotation.version or ""),
        ", ".join(rotation.wrapping_kek_ids) or rotation.kek_id,
        time_of(rotation, "create_time", seconds=True),
        str(rotation.encryption_count or ""),
        str(rotation.unreadable_count or ""),
        began,
        ended,
        rotation.failure_reason,
    )


def _show(session: Session, rotation: "KeyRotation") -> None:
    session.output.message(rotation, lambda: zip(COLUMNS, _row(rotation), strict=True))
