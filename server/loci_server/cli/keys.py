"""`loci keys`: API keys. Needs a key with the scope ADMIN, or OPERATOR for those of another tenant."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.confirmation import confirm
from loci_server.cli.failures import guarded
from loci_server.cli.output import Output, as_dict, remark, time_of
from loci_server.cli.parsing import expiry, span
from loci_server.cli.session import Session
from loci_server.cli.words import word

if TYPE_CHECKING:
    from loci.v1.admin_service_pb2 import ApiKey

app = group("API keys (needs the scope ADMIN, or OPERATOR for those of another tenant).")
COLUMNS = ("key", "name", "scopes", "graphs", "created", "expires", "revoked", "used")


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    OPERATOR = "operator"


Tenant = Annotated[str, typer.Option(metavar="TENANT", help="Whose keys; default: the caller's own tenant.")]


@app.command("list")
@client_command
def _list(session: Session, tenant: Tenant = "-") -> None:
    """List the keys of a tenant, without their secrets."""
    session.output.messages(session.client.list_api_keys(tenant), COLUMNS, _row, "There is no key.")


@app.command()
@client_command
def create(
    session: Session,
    scope: Annotated[
        list[Scope],
        typer.Option(help="What it may do; each but operator includes the one before. May be repeated."),
    ],
    graph: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GRAPH", help="Limit it to this graph; `team-*` for all whose id begins so. May be repeated."
        ),
    ] = None,
    tenant: Tenant = "-",
    name: Annotated[str, typer.Option(help="A name for people.")] = "",
    expires: Annotated[
        str | None, typer.Option(metavar="WHEN", help="`30d`, `12h` or a date such as 2027-01-31; default never.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the secret to a new file (mode 0600), do not print it.")
    ] = None,
) -> None:
    """Make a key. Its secret is shown once, now."""
    expire_time = None if expires is None else expiry(expires)
    for pattern in graph or ():
        if "*" in pattern[:-1]:
            raise typer.BadParameter(f"{pattern!r}: a star stands at the end only", param_hint="--graph")
    scopes: list[Any] = [word.value for word in scope]
    with _secret_file(out) as descriptor:
        made = session.client.create_api_key(
            scopes, graphs=graph or (), tenant=tenant, display_name=name, expire_time=expire_time
        )
        if descriptor is not None:
            os.write(descriptor, f"{made.secret}\n".encode())
    _show_secret(session, made.api_key, made.secret, out, {})


@app.command()
@client_command
def rotate(
    session: Session,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its id, as `loci keys list` shows it.")],
    overlap: Annotated[
        str, typer.Option(metavar="SPAN", help="How long both are good: `0s`, `30m`, `12h`; 30d at most.")
    ] = "24h",
    tenant: Tenant = "-",
    expires: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="When the new one ends; default: it lasts as long as the one before did."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the secret to a new file (mode 0600), do not print it.")
    ] = None,
) -> None:
    """Make a key that may do the same, and let this one end after a while. The secret is shown once, now."""
    how_long = span(overlap, "--overlap")
    expire_time = None if expires is None else expiry(expires)
    with _secret_file(out) as descriptor:
        made = session.client.rotate_api_key(key, overlap=how_long, tenant=tenant, expire_time=expire_time)
        if descriptor is not None:
            os.write(descriptor, f"{made.secret}\n".encode())
    _show_secret(session, made.api_key, made.secret, out, {"replaced": as_dict(made.replaced)})
    if not session.output.as_json:
        remark(f"The key {key} ends at {time_of(made.replaced, 'expire_time', seconds=True)}.")


@app.command()
@client_command
def revoke(
    session: Session,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its id, as `loci keys list` shows it.")],
    tenant: Tenant = "-",
    force: Annotated[
        bool, typer.Option("--force", help="Also the last valid key of its tenant with the scope OPERATOR.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Refuse a key for good, everywhere within ten seconds."""
    confirm(f"Revoke the key {key} for good?", yes=yes)
    revoked = session.client.revoke_api_key(key, force=force, tenant=tenant)
    session.output.message(revoked, lambda: _shown(revoked))


@app.command("make-operator")
def make_operator(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Write the secret to a new file (mode 0600).")],
    tenant: Annotated[str, typer.Option(metavar="TENANT", help="Whose key it is.")] = "default",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a key with the scopes ADMIN and OPERATOR in the database itself, where nobody has one any more.

    It takes the settings of the server (database and key provider), and no server.
    """
    with guarded():
        import asyncio

        from loci_server.bootstrap import make_operator_key
        from loci_server.cli.migrate import database
        from loci_server.settings import Settings

        settings = Settings()
        with _secret_file(out) as descriptor, database(settings) as url:
            key = asyncio.run(make_operator_key(settings, url, tenant))
            assert descriptor is not None
            os.write(descriptor, f"{key.encoded()}\n".encode())
        output = Output(as_json=json)
        if json:
            output.json({"api_key": f"tenants/{tenant}/apiKeys/{key.key_id}", "secret_file": str(out)})
        else:
            output.fields([("key", str(key.key_id)), ("secret in", out)])


@contextmanager
def _secret_file(path: Path | None) -> Iterator[int | None]:
    """A new private file, opened before the key is made: a key is never lost for want of a place to write it."""
    if path is None:
        yield None
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield descriptor
        os.fsync(descriptor)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _show_secret(session: Session, key: "ApiKey", secret: str, out: Path | None, more: dict[str, Any]) -> None:
    """A key that was just made, and where its secret is."""
    if session.output.as_json:
        place = {"secret": secret} if out is None else {"secret_file": str(out)}
        session.output.json({"api_key": as_dict(key), **place, **more})
        return
    session.output.fields(
        [*_shown(key), ("secret", secret if out is None else ""), ("secret in", "" if out is None else out)]
    )
    if out is None:
        remark("Keep the secret now: it cannot be shown again.")


def _row(key: "ApiKey") -> tuple[str, ...]:
    from loci.names import id_of
    from loci.v1 import admin_service_pb2

    scopes = ", ".join(word(admin_service_pb2.Scope, scope) for scope in key.scopes)
    times = (
        time_of(key, field, seconds=True) for field in ("create_time", "expire_time", "revoke_time", "last_use_time")
    )
    graphs = ", ".join(id_of(graph) for graph in key.graphs) or "all"
    return id_of(key.name), key.display_name, scopes, graphs, *times


def _shown(key: "ApiKey") -> Iterator[tuple[str, str]]:
    return zip(COLUMNS, _row(key), strict=True)
