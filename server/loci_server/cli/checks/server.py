"""Whether a server answers where the client would look for it, and takes the client's key."""

import os
import socket
from collections.abc import Iterator
from typing import Any

from loci_server.cli.checks.finding import Finding, ok, problem, warning
from loci_server.cli.connection import Options, client_arguments, key_file, server_address
from loci_server.cli.failures import Failed, describe
from loci_server.settings import Settings

PATIENCE = 3.0


def server(options: Options) -> Iterator[Finding]:
    """Connects, and lists graphs."""
    from loci import Client, LociError
    from loci.errors import Unauthenticated, Unavailable

    try:
        arguments: dict[str, Any] = client_arguments(options)
        client = Client(**arguments)
    except (Failed, ValueError) as error:
        yield problem("api key", f"{error}.")
        return
    with client:
        try:
            client.wait_ready(min(options.timeout or PATIENCE, PATIENCE))
        except Unavailable:
            yield warning("server", f"No server answers at {client.address}; `loci serve` starts one.")
            yield from _key_file(options)
            return
        yield from _key_file(options)
        if arguments["api_key"] is None and arguments["token"] is None and options.client_cert is None:
            yield problem("api key", "A server answers, but there is no API key: give --api-key-file or LOCI_API_KEY.")
            return
        shown = "the API key" if arguments["api_key"] else "the token" if arguments["token"] else "the certificate"
        try:
            count = sum(1 for _ in client.list_graphs(timeout=options.timeout or PATIENCE))
        except Unauthenticated as error:
            yield problem("api key", f"The server at {client.address} refuses {shown}. {describe(error)}")
        except LociError as error:
            yield problem("server", f"The server at {client.address} answers with an error: {describe(error)}")
        else:
            yield ok("server", f"The server at {client.address} takes {shown}; its tenant has {_counted(count)}.")


def port(settings: Settings, options: Options) -> Iterator[Finding]:
    """Whether `loci serve` could listen, where no server of ours does."""
    if settings.port == 0:
        return
    host = settings.host.strip("[]")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
    except OSError as error:
        if server_address(options).rpartition(":")[2] == str(settings.port):
            return  # what answers there is looked at next
        yield warning("port", f"Port {settings.port} on {settings.host} cannot be listened on: {error.strerror}.")
    else:
        yield ok("port", f"Port {settings.port} on {settings.host} is free.")


def _key_file(options: Options) -> Iterator[Finding]:
    if os.environ.get("LOCI_API_KEY") and options.api_key_file is None:
        yield ok("api key", "The API key is that of LOCI_API_KEY.")
        return
    path = key_file(options, server_address(options))
    if path is None:
        return
    if path.stat().st_mode & 0o077:
        yield problem("api key", f"{path} may be read by others; make it private: chmod 600 {path}")
    else:
        yield ok("api key", f"The API key is that of {path}, which is private.")


def _counted(graphs: int) -> str:
    return "1 graph" if graphs == 1 else f"{graphs} graphs"
