"""`loci health`: asks a server whether it serves, for containers and scripts. Needs no key."""

from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.connection import client_arguments
from loci_server.cli.failures import Failed
from loci_server.cli.session import Session

if TYPE_CHECKING:
    import grpc

SECONDS = 5.0
PARTS = "`database`, `embedder`, `keys`, `identities` or (with TLS) `certificate`"


@client_command
def command(
    session: Session,
    part: Annotated[str, typer.Argument(metavar="[PART]", help=f"{PARTS}; default: the server.")] = "",
) -> None:
    """Ask a server whether it serves. Status 0 if it does, 1 if not."""
    import grpc
    from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
    from grpc_health.v1.health_pb2_grpc import HealthStub

    from loci import TLS

    arguments = client_arguments(session.options)
    tls, address = arguments["tls"], arguments["address"]
    if tls:
        shown = tls if isinstance(tls, TLS) else TLS()
        channel = grpc.secure_channel(address, shown.credentials())
    else:
        channel = grpc.insecure_channel(address)
    with channel:
        try:
            answer = HealthStub(channel).Check(HealthCheckRequest(service=part), timeout=SECONDS)
        except grpc.RpcError as error:
            raise _failure(error, address, part) from None
    status = HealthCheckResponse.ServingStatus.Name(answer.status)
    if session.output.as_json:
        session.output.json({"address": address, "part": part, "status": status})
    else:
        typer.echo(status.lower().replace("_", " "))
    if answer.status != HealthCheckResponse.SERVING:
        raise typer.Exit(1)


def _failure(error: "grpc.RpcError", address: str, part: str) -> Exception:
    """What to say of a call that was not answered with a status."""
    from loci.errors import from_rpc

    refused = from_rpc(error)
    if refused.code == "NOT_FOUND":
        return Failed(f"{address} answers, and has no part {part!r}. Parts are {PARTS}")
    return refused if refused.code == "UNAVAILABLE" else Failed(f"{address} does not answer: {refused.code}")
