"""`loci database`: programs of PostgreSQL on the bundled database, also while no server runs."""

from typing import Annotated

import typer

from loci_server.cli.failures import WRONG_USAGE, Failed, guarded

app = typer.Typer(help="The bundled PostgreSQL, for dumps and restores.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The bundled PostgreSQL, for dumps and restores."""


@app.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def _run(
    command: Annotated[list[str], typer.Argument(metavar="COMMAND...", help="Such as `pg_dump -Fc -f loci.dump`.")],
    create: Annotated[
        bool, typer.Option("--create", help="Make an empty database where LOCI_DATA_DIR has none, to restore into.")
    ] = False,
) -> None:
    """Run a command in which `psql`, `pg_dump` and `pg_restore` are those of the bundled PostgreSQL and reach it.

    The database is that in LOCI_DATA_DIR, and runs meanwhile, whether a server does or not. Ends as the command ends;
    with 1 where there is no database, unless --create is given before the command.
    """
    with guarded():
        code = _status(command, create=create)
    raise typer.Exit(code)


def _status(command: list[str], *, create: bool) -> int:
    """The exit status of the command."""
    import subprocess

    from loci_server.embedded import BundledPostgres
    from loci_server.settings import Settings

    settings = Settings()
    if settings.database_url is not None:
        raise Failed("LOCI_DATABASE_URL names a PostgreSQL of your own: call its programs yourself", code=WRONG_USAGE)
    start = BundledPostgres.start if create else BundledPostgres.start_existing
    with start(settings.data_dir) as postgres:
        environment = {name: value for name, value in postgres.client_environment.items() if _passed_on(name)}
        try:
            return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - whoever runs it says what # nosec B603
        except FileNotFoundError:
            raise Failed(f"there is no program {command[0]}", code=WRONG_USAGE) from None


def _passed_on(name: str) -> bool:
    """What the server is told, secrets among it, is not for other programs."""
    return not name.startswith("LOCI_")
