"""`loci health`: asks a server whether it serves, for containers and scripts. Needs no key."""

from typing import Annotated

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.connection import client_arguments
from loci_server.cli.failures import Failed
from loci_server.cli.session import Session

SECONDS = 5.0


@client_command
def command(
    session: Session,
    part: Annotated[
        str, typer.Argument(metavar="[PART]", help="`database`, `embedder` or `keys`; default: the server.")
    ] = "",
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
            raise Failed(f"{address} does not answer: {error.code().name}") from None
    status = HealthCheckResponse.ServingStatus.Name(answer.status)
    if session.output.as_json:
        session.output.json({"address": address, "part": part, "status": status})
    else:
        typer.echo(status.lower().replace("_", " "))
    if answer.status != HealthCheckResponse.SERVING:
        raise typer.Exit(1)
