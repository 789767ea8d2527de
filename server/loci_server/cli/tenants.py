"""`loci tenants`: the customers of the service. Needs a key with the scope OPERATOR."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.confirmation import confirm
from loci_server.cli.erasures import DUMPS, show_erasure, until_erased
from loci_server.cli.output import time_of
from loci_server.cli.session import Session
from loci_server.cli.waiting import Wait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loci.v1.admin_service_pb2 import Quota, Tenant

app = group("Tenants, the customers of the service (needs the scope OPERATOR).")
COLUMNS = ("tenant", "name", "created", "deleted")
Limit = Annotated[str | None, typer.Option(metavar="NUMBER|default")]
TenantId = Annotated[str, typer.Argument(metavar="TENANT", help="Its id.")]


@app.command("list")
@client_command
def _list(
    session: Session,
    deleted: Annotated[bool, typer.Option("--deleted", help="Show deleted ones too.")] = False,
) -> None:
    """List all tenants."""
    session.output.messages(session.client.list_tenants(show_deleted=deleted), COLUMNS, _row, "There is no tenant.")


@app.command()
@client_command
def create(
    session: Session,
    tenant: TenantId,
    name: Annotated[str, typer.Option(help="A name for people.")] = "",
) -> None:
    """Make a tenant. `loci keys create --tenant TENANT` then makes a key for it."""
    _show(session, session.client.create_tenant(tenant, display_name=name))


@app.command()
@client_command
def update(
    session: Session,
    tenant: TenantId,
    name: Annotated[str | None, typer.Option(help="A name for people.")] = None,
    requests_per_second: Limit = None,
    request_burst: Limit = None,
    max_graphs: Limit = None,
    max_nodes: Limit = None,
    max_bytes: Limit = None,
) -> None:
    """Change the name or the quota of a tenant. Of a quota 0 is no limit, `default` what the server is set up with."""
    given = {
        "requests_per_second": requests_per_second,
        "request_burst": request_burst,
        "max_graphs": max_graphs,
        "max_nodes": max_nodes,
        "max_bytes": max_bytes,
    }
    quota: Any = {field: _limit(value, field) for field, value in given.items() if value is not None}
    if name is None and not quota:
        raise typer.BadParameter("give a name or a limit")
    updated = session.client.update_tenant(tenant, display_name=name, **quota)
    session.output.message(updated, lambda: [*zip(COLUMNS, _row(updated), strict=True), *_quota(updated.quota)])


@app.command()
@client_command
def usage(
    session: Session,
    tenant: Annotated[str, typer.Argument(metavar="TENANT", help="Its id; default: the caller's own tenant.")] = "-",
) -> None:
    """Show what a tenant has, and its quota. Of one's own tenant it needs the scope ADMIN."""
    found = session.client.get_tenant_usage(tenant)
    limits = found.quota

    def fields() -> list[tuple[str, object]]:
        return [
            ("graphs", _of(found.graph_count, limits.max_graphs)),
            ("nodes", _of(found.node_count, limits.max_nodes)),
            ("edges", found.edge_count),
            ("bytes", _of(found.byte_count, limits.max_bytes)),
            ("calls a second", limits.requests_per_second or "no limit"),
            ("calls at once", limits.request_burst or limits.requests_per_second or "no limit"),
        ]

    session.output.message(found, fields)


@app.command()
@client_command
def delete(
    session: Session, tenant: TenantId, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
) -> None:
    """Refuse the keys of a tenant from now on. Nothing is removed."""
    confirm(f"Delete the tenant {tenant} and refuse its keys?", yes=yes)
    _show(session, session.client.delete_tenant(tenant))


@app.command()
@client_command
def undelete(session: Session, tenant: TenantId) -> None:
    """Bring a deleted tenant back."""
    _show(session, session.client.undelete_tenant(tenant))


@app.command()
@client_command
def erase(
    session: Session,
    tenant: TenantId,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    wait: Wait = False,
) -> None:
    """Destroy a tenant for good: its keys, its graphs and all else that is stored of it, with a receipt.

    Where the server keeps keys in a keyring (`local`), dumps of the database from before stay readable for who has its
    root key, until that is replaced; with Vault they do not.
    """
    confirm(f"Erase the tenant {tenant} and all that it has, with no way back? {DUMPS}", yes=yes)
    show_erasure(session, until_erased(session, session.client.erase_tenant(tenant), wait=wait))


def _limit(text: str, field: str) -> int | None:
    if text == "default":
        return None
    if not text.isdecimal():
        option = f"--{field.replace('_', '-')}"
        raise typer.BadParameter(f"{text!r} is neither a whole number of at least 0 nor `default`", param_hint=option)
    return int(text)


def _quota(quota: "Quota") -> "Iterator[tuple[str, object]]":
    """What was set for it; the rest is as the server is set up, which `loci tenants usage` shows."""
    for field in quota.DESCRIPTOR.fields:
        value = getattr(quota, field.name) or "no limit"
        yield field.name.replace("_", " "), value if quota.HasField(field.name) else "default"  # type: ignore[arg-type]


def _of(count: int, limit: int) -> str:
    return f"{count} of {limit}" if limit else f"{count}"


def _row(tenant: "Tenant") -> tuple[str, ...]:
    from loci.names import id_of

    created, deleted = time_of(tenant, "create_time"), time_of(tenant, "delete_time")
    return id_of(tenant.name), tenant.display_name, created, deleted


def _show(session: Session, tenant: "Tenant") -> None:
    session.output.message(tenant, lambda: zip(COLUMNS, _row(tenant), strict=True))
