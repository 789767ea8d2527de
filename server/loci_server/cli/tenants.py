"""`loci tenants`: the customers of the service. Needs a key with the scope OPERATOR."""

from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.confirmation import confirm
from loci_server.cli.erasures import show_erasure
from loci_server.cli.output import time_of
from loci_server.cli.session import Session

if TYPE_CHECKING:
    from loci.v1.admin_service_pb2 import Tenant

app = group("Tenants, the customers of the service (needs the scope OPERATOR).")
COLUMNS = ("tenant", "name", "created", "deleted")
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
    session: Session, tenant: TenantId, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
) -> None:
    """Destroy a tenant for good: its keys, its graphs and all else that is stored of it, with a receipt."""
    confirm(f"Erase the tenant {tenant} and all that it has, with no way back?", yes=yes)
    show_erasure(session, session.client.erase_tenant(tenant))


def _row(tenant: "Tenant") -> tuple[str, ...]:
    from loci.names import id_of

    created, deleted = time_of(tenant, "create_time"), time_of(tenant, "delete_time")
    return id_of(tenant.name), tenant.display_name, created, deleted


def _show(session: Session, tenant: "Tenant") -> None:
    session.output.message(tenant, lambda: zip(COLUMNS, _row(tenant), strict=True))
