"""`loci migrate`: brings a database to the tables of this version, or says what is missing."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.failures import guarded
from loci_server.cli.output import Output, local_time, remark

if TYPE_CHECKING:
    from loci_server.settings import Settings
    from loci_server.store.migrations import Applied, Migration


def command(
    database_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Default: LOCI_MIGRATION_DATABASE_URL, LOCI_DATABASE_URL, else the bundled PostgreSQL.",
        ),
    ] = None,
    status: Annotated[bool, typer.Option("--status", help="Only say what is applied and what is pending.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")] = False,
) -> None:
    """Apply the migrations that a database lacks. `loci serve` does so too; this is for doing it beforehand."""
    with guarded():
        from loci_server.settings import Settings

        with database(Settings(), database_url, create=not status) as url:
            _status(url, Output(as_json=json)) if status else _migrate(url, Output(as_json=json))


@contextmanager
def database(settings: "Settings", given: str | None = None, *, create: bool = False) -> Iterator[str]:
    """URL of the database to migrate; the bundled one runs meanwhile. `create`: it is made where there is none."""
    configured = settings.migration_database_url or settings.database_url
    if given or configured:
        yield given or configured.get_secret_value()  # type: ignore[union-attr]
        return
    from loci_server.embedded import BundledPostgres

    start = BundledPostgres.start if create else BundledPostgres.start_existing
    with start(settings.data_dir) as server:
        yield server.url


def _status(url: str, output: Output) -> None:
    from loci_server.store import migrations

    found = asyncio.run(migrations.status(url))
    rows = [_applied(row) for row in found.applied] + [_pending(migration) for migration in found.pending]
    _show(rows, output)
    if found.pending:
        remark(f"{len(found.pending)} pending; apply with `loci migrate`.")
    else:
        remark("The database is up to date.")


def _migrate(url: str, output: Output) -> None:
    from loci_server.store import migrations

    done = asyncio.run(migrations.migrate(url))
    _show([_applied(row) for row in done], output)
    remark(f"Applied {len(done)}." if done else "The database was up to date.")


Row = dict[str, str | int]


def _applied(row: "Applied") -> Row:
    when = row.applied_at.isoformat().replace("+00:00", "Z")
    return {"version": row.version, "name": row.name, "state": "applied", "applied_at": when}


def _pending(migration: "Migration") -> Row:
    return {"version": migration.version, "name": migration.name, "state": "pending"}


def _show(rows: list[Row], output: Output) -> None:
    from datetime import datetime

    if output.as_json:
        for row in rows:
            output.json(row)
    elif rows:
        cells = [
            (
                f"{row['version']:04}",
                row["name"],
                row["state"],
                local_time(datetime.fromisoformat(str(row["applied_at"]))) if "applied_at" in row else "",
            )
            for row in rows
        ]
        output.table(("version", "name", "state", "applied"), cells)
