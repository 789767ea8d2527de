"""The tree of commands."""

from typing import Annotated

import typer

from loci_server.cli import (
    audit,
    database,
    doctor,
    edges,
    erasures,
    evaluate,
    exports,
    feedback,
    graphs,
    health,
    identities,
    imports,
    keyring,
    keys,
    migrate,
    nodes,
    queries,
    recall,
    receipts,
    reembed,
    remembering,
    rotation,
    salience,
    search,
    serve,
    sessions,
    tenants,
    watch,
)
from loci_server.cli.commands import add_shared_options

app = typer.Typer(
    help="Loci, a memory server for AI agents: run it, look after it, and use it from the terminal.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

SERVER = "Server"
ACCESS = "Access"
CONTENT = "Content"

app.command("serve", rich_help_panel=SERVER)(serve.command)
app.command("migrate", rich_help_panel=SERVER)(migrate.command)
app.command("health", rich_help_panel=SERVER)(health.command)
app.command("doctor", rich_help_panel=SERVER)(doctor.command)
app.add_typer(database.app, name="database", rich_help_panel=SERVER)
app.add_typer(keyring.app, name="keyring", rich_help_panel=SERVER)
app.add_typer(reembed.app, name="reembed", rich_help_panel=SERVER)
app.add_typer(rotation.app, name="rotation", rich_help_panel=SERVER)
app.add_typer(tenants.app, name="tenants", rich_help_panel=ACCESS)
app.add_typer(keys.app, name="keys", rich_help_panel=ACCESS)
app.add_typer(identities.app, name="identities", rich_help_panel=ACCESS)
app.add_typer(audit.app, name="audit", rich_help_panel=ACCESS)
app.add_typer(erasures.app, name="erasures", rich_help_panel=ACCESS)
app.add_typer(receipts.app, name="receipt", rich_help_panel=ACCESS)
app.add_typer(graphs.app, name="graphs", rich_help_panel=CONTENT)
app.add_typer(nodes.app, name="node", rich_help_panel=CONTENT)
app.add_typer(edges.app, name="edge", rich_help_panel=CONTENT)
app.command("remember", rich_help_panel=CONTENT)(remembering.remember)
app.command("recall", rich_help_panel=CONTENT)(recall.command)
app.command("forget", rich_help_panel=CONTENT)(remembering.forget)
app.add_typer(sessions.app, name="session", rich_help_panel=CONTENT)
app.add_typer(salience.app, name="salience", rich_help_panel=CONTENT)
app.add_typer(feedback.app, name="feedback", rich_help_panel=CONTENT)
app.command("queries", rich_help_panel=CONTENT)(queries.command)
app.command("search", rich_help_panel=CONTENT)(search.command)
app.command("watch", rich_help_panel=CONTENT)(watch.command)
app.command("import", rich_help_panel=CONTENT)(imports.command)
app.command("export", rich_help_panel=CONTENT)(exports.command)
app.add_typer(evaluate.app, name="eval", rich_help_panel=CONTENT)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"loci {version('loci-server')}")
        raise typer.Exit


@add_shared_options(app)
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Loci, a memory server for AI agents: run it, look after it, and use it from the terminal."""
