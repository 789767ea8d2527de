"""`loci identities`: who has acted by a token or a client certificate."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.output import time_of
from loci_server.cli.session import Session

if TYPE_CHECKING:
    from loci.v1.identity_pb2 import Identity

app = group("Who has acted by a token or a client certificate (needs ADMIN, or OPERATOR for another tenant).")
COLUMNS = ("identity", "known by", "issuer", "subject", "first acted")
KNOWN_BY = {1: "SPIFFE id", 2: "DNS name", 3: "token"}


@app.command("list")
@client_command
def _list(
    session: Session,
    tenant: Annotated[str, typer.Option(metavar="TENANT", help="Of whom; default: the caller's own tenant.")] = "-",
) -> None:
    """List the identities of a tenant."""
    found = session.client.list_identities(tenant)
    session.output.messages(found, COLUMNS, _row, "Nobody has acted without an API key.")


def _row(identity: "Identity") -> tuple[Any, ...]:
    number = identity.name.rpartition("/")[2]
    known_by = KNOWN_BY.get(identity.kind, "")
    return number, known_by, identity.issuer, identity.subject, time_of(identity, "create_time")
