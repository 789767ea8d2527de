"""Makes a function a client command: it gets a Session and the shared options, before or after the command's name."""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec

import typer

from loci_server.cli.connection import Options
from loci_server.cli.failures import guarded
from loci_server.cli.session import Session

P = ParamSpec("P")
PANEL = "Connection and output"


def _shared(
    *,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT", help="Where the server is (LOCI_ADDRESS; else 127.0.0.1:50051).", rich_help_panel=PANEL
        ),
    ] = None,
    api_key_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File with the API key (or LOCI_API_KEY, LOCI_API_KEY_FILE; else that of the local server).",
            rich_help_panel=PANEL,
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File with a token of an OIDC issuer instead of an API key (or LOCI_TOKEN_FILE).",
            rich_help_panel=PANEL,
        ),
    ] = None,
    tls: Annotated[bool, typer.Option("--tls", help="Connect over TLS.", rich_help_panel=PANEL)] = False,
    ca: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="PEM file of the certificates to trust; implies TLS.", rich_help_panel=PANEL),
    ] = None,
    client_cert: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="PEM file of a certificate to show to the server; implies TLS.", rich_help_panel=PANEL
        ),
    ] = None,
    client_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="PEM file of its private key.", rich_help_panel=PANEL)
    ] = None,
    insecure: Annotated[
        bool,
        typer.Option(
            "--insecure", help="Let the key go to another machine without TLS.", rich_help_panel=PANEL, hidden=False
        ),
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", min=0.001, help="For each call; default 30.", rich_help_panel=PANEL),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.", rich_help_panel=PANEL)] = False,
) -> None:
    """Only the signature is used."""


SHARED = tuple(inspect.signature(_shared).parameters.values())


def client_command(function: Callable[Concatenate[Session, P], None]) -> Callable[..., None]:
    """The function as typer shall see it: with the shared options beside its own, and the context for the session."""

    @wraps(function)
    def run(ctx: typer.Context, **arguments: Any) -> None:
        options = _taken(ctx, arguments)
        with guarded(), Session(options) as session:
            function(session, **arguments)  # type: ignore[call-arg]

    _pretend(run, list(inspect.signature(function).parameters.values())[1:])
    return run


def add_shared_options(app: typer.Typer) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Lets a group take the shared options too, for the commands under it."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def remember(ctx: typer.Context, **arguments: Any) -> None:
            ctx.obj = _taken(ctx, arguments)

        _pretend(remember, list(inspect.signature(function).parameters.values()))
        app.callback()(remember)
        return function

    return decorate


def group(description: str) -> typer.Typer:
    """A command group that takes the shared options."""
    app = typer.Typer(help=description, no_args_is_help=True)

    @add_shared_options(app)
    def _callback() -> None: ...

    _callback.__doc__ = description
    return app


def _taken(ctx: typer.Context, arguments: dict[str, Any]) -> Options:
    """The shared options, taken out of the arguments, over those that stood before the name of the command."""
    given = Options(**{parameter.name: arguments.pop(parameter.name) for parameter in SHARED})
    return given.over(ctx.obj) if isinstance(ctx.obj, Options) else given


def _pretend(function: Callable[..., None], own: list[inspect.Parameter]) -> None:
    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    keyword = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *SHARED)]
    parameters = [context, *keyword]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
