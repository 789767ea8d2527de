"""`loci serve`: runs a server in the foreground."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from loci_server.cli.failures import guarded


def command(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0 picks a free one; default 50051.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Worker processes; default 1.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the bundled PostgreSQL, keyring and first API key.")
    ] = None,
    database_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="A PostgreSQL of your own. If it holds a password, use LOCI_DATABASE_URL: options are seen by all.",
        ),
    ] = None,
    embedder: Annotated[
        Literal["minilm", "ollama", "openai", "none"] | None, typer.Option(help="What turns texts into vectors.")
    ] = None,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of the Prometheus endpoint /metrics; default none.")
    ] = None,
    log_format: Annotated[
        Literal["auto", "json", "text"] | None, typer.Option(help="`auto` is text on a terminal, else JSON.")
    ] = None,
) -> None:
    """Run a server until it is stopped (Ctrl-C or SIGTERM).

    Needs nothing set up: without a database it runs its own PostgreSQL. Each option can also be given as a LOCI_
    variable in the environment; docs/configuration.md lists them all.
    """
    given: dict[str, Any] = {
        "host": host,
        "port": port,
        "workers": workers,
        "data_dir": data_dir,
        "database_url": database_url,
        "embedder": embedder,
        "metrics_port": metrics_port,
        "log_format": log_format,
    }
    with guarded():
        from loci_server.app import run
        from loci_server.settings import Settings

        code = run(Settings(**{name: value for name, value in given.items() if value is not None}))
    raise typer.Exit(code)
