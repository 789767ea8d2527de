"""`loci audit`: who did what, and whether the record of it is whole. Needs the scope ADMIN, or OPERATOR for others."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.failures import Failed
from loci_server.cli.output import as_dict, local_time, remark
from loci_server.cli.parsing import optional_moment
from loci_server.cli.session import Session

if TYPE_CHECKING:
    from loci.v1.audit_pb2 import AuditAnchor, AuditEntry, VerifyAuditResponse

app = group("The audit: who did what (needs the scope ADMIN, or OPERATOR for another tenant or the installation).")
COLUMNS = ("time", "key", "from", "method", "result", "what", "request")


class Outcome(StrEnum):
    """How a call ended."""

    OK = "ok"
    REFUSED = "refused"


Tenant = Annotated[
    str,
    typer.Option(
        metavar="TENANT", help="Whose; default: the caller's own. `installation`: refused before a tenant was known."
    ),
]


@app.command("list")
@client_command
def _list(
    session: Session,
    tenant: Tenant = "-",
    key: Annotated[
        str,
        typer.Option(
            metavar="KEY|identities/NUMBER",
            help="Only of this API key or identity, as the table names it.",
        ),
    ] = "",
    resource: Annotated[
        str,
        typer.Option(metavar="NAME", help="Only what touched it: graphs/G, graphs/G/nodes/N, tenants/T, erasures/E, …"),
    ] = "",
    method: Annotated[str, typer.Option(metavar="METHOD", help="Only this one, such as NodeService/GetNode.")] = "",
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Not before this.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Before this.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="Only calls that ended so.")] = None,
    oldest_first: Annotated[bool, typer.Option("--oldest-first", help="In the other order.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="So many at most.")] = 100,
) -> None:
    """List entries, latest first."""
    listed = partial(
        session.client.list_audit_entries,
        tenant,
        resource=resource,
        method=method if not method or method.startswith("loci.") else f"loci.v1.{method}",
        start_time=optional_moment(since, "--since"),
        end_time=optional_moment(until, "--until"),
        outcome=None if outcome is None else outcome.value,
        oldest_first=oldest_first,
        page_size=min(limit, 1000),
    )
    entries = listed(api_key=key)
    if key.isdecimal():  # as `loci identities list` prints identities, and `loci keys list` keys
        first = next(entries, None)
        entries = listed(api_key=f"identities/{key}") if first is None else chain([first], entries)
    session.output.messages(islice(entries, limit), COLUMNS, _row, "There is no such entry.")


@app.command()
@client_command
def export(
    session: Session,
    tenant: Tenant = "-",
    after: Annotated[int, typer.Option(min=0, metavar="SEQUENCE", help="Begin behind this entry.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Append to this file.")] = None,
) -> None:
    """Print all entries as JSON Lines in the order of their chain, and last, on stderr, the anchor of the end."""
    import json

    last: AuditEntry | None = None
    target = sys.stdout if out is None else out.open("a", encoding="utf-8")
    try:
        for last in session.client.export_audit_entries(tenant, first_sequence=after + 1):
            target.write(json.dumps(as_dict(last), ensure_ascii=False) + "\n")
    finally:
        if out is not None:
            target.close()
    if last is not None:
        remark(f"anchor {last.sequence}:{last.mac.hex()}")


@app.command()
@client_command
def verify(
    session: Session,
    tenant: Tenant = "-",
    anchor: Annotated[
        str | None, typer.Option(metavar="SEQUENCE:MAC", help="As an earlier verify or export printed it.")
    ] = None,
) -> None:
    """Compute the chain anew. Ends with 1 if an entry was changed, removed or added, and says which."""
    given = None if anchor is None else _anchor(anchor)
    found = session.client.verify_audit(tenant, anchor=given)
    if session.output.as_json:
        session.output.json(as_dict(found))
    else:
        session.output.fields(_shown(found))
    if found.problem:
        raise Failed(f"the audit is not whole: {_problem(found)}")
    if given is not None and not found.anchor_met:
        remark(f"The anchor lies before entry {found.first_sequence}, the first that is kept: it was not compared.")


def _anchor(text: str) -> "AuditAnchor":
    from loci.v1.audit_pb2 import AuditAnchor

    sequence, _, mac = text.partition(":")
    try:
        return AuditAnchor(sequence=int(sequence), mac=bytes.fromhex(mac))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not SEQUENCE:MAC", param_hint="--anchor") from None


def _problem(found: "VerifyAuditResponse") -> str:
    from loci.v1.audit_pb2 import AuditProblem

    said = {
        AuditProblem.AUDIT_PROBLEM_CHANGED: f"entry {found.bad_sequence} was changed",
        AuditProblem.AUDIT_PROBLEM_MISSING: f"entry {found.bad_sequence} is missing",
        AuditProblem.AUDIT_PROBLEM_ADDED: f"entry {found.bad_sequence} was put there by somebody else",
        AuditProblem.AUDIT_PROBLEM_HEAD: "the record of where it begins and ends was changed",
        AuditProblem.AUDIT_PROBLEM_ANCHOR: f"it does not go on from the anchor; it differs from entry "
        f"{found.bad_sequence} on",
    }
    return said.get(found.problem, f"problem {found.problem} at entry {found.bad_sequence}")


def _shown(found: "VerifyAuditResponse") -> Iterator[tuple[str, object]]:
    if not found.problem:
        yield "chain", "intact"
    yield "checked", f"{found.verified_count} entries from {found.first_sequence} on"
    if found.anchor.sequence:
        yield "anchor", f"{found.anchor.sequence}:{found.anchor.mac.hex()}"


def _row(entry: "AuditEntry") -> tuple[Any, ...]:
    from google.rpc.code_pb2 import Code

    result = "ok" if not entry.code else entry.reason or Code.Name(entry.code)
    times = f" ×{entry.call_count}" if entry.call_count > 1 else ""
    more = entry.resource_count - len(entry.resources)
    what = ", ".join(entry.resources) + (f" and {more} more" if more > 0 else "")
    who = "unreadable" if entry.unreadable else _who(entry.api_key)
    method = entry.method.removeprefix("loci.v1.")
    return local_time(entry.time, seconds=True), who, entry.peer, method, f"{result}{times}", what, entry.request_id


def _who(name: str) -> str:
    """`7` of an API key, `identities/7` of an identity: as `--key` takes it."""
    from loci.names import id_of

    return f"identities/{id_of(name)}" if "/identities/" in name else id_of(name)
