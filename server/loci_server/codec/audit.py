"""Entries and filters of the audit, between the wire and the rest."""

from google.rpc.code_pb2 import Code

from loci.v1 import audit_pb2 as pb
from loci_server.audit.entry import opened
from loci_server.audit.names import graph_of
from loci_server.audit.verification import Anchor
from loci_server.crypto.audit import TenantAuditKeys
from loci_server.domain import names
from loci_server.domain.limits import MAX_METHOD_BYTES, check_bytes
from loci_server.domain.validation import check_timestamp
from loci_server.errors import ContentUnreadable, InvalidField, InvalidName
from loci_server.store.audit import Filter, Link
from loci_server.store.times import moment, write_timestamp

MAC_BYTES = 32


def entry_message(parent: str, keys: TenantAuditKeys, link: Link) -> pb.AuditEntry:
    """An entry as callers see it, with what is sealed of it if that opens."""
    stored = link.stored
    try:
        entry = opened(keys, stored)
    except ContentUnreadable:
        entry = pb.AuditEntry(unreadable=True)
    entry.name = f"{parent}/auditEntries/{link.sequence}"
    entry.sequence = link.sequence
    write_timestamp(entry.time, stored.time)
    entry.method = stored.marks.method[:MAX_METHOD_BYTES]
    if stored.marks.status in Code.values():
        entry.code = stored.marks.status
    entry.revision = stored.revision
    entry.mac = link.mac
    return entry


def audit_filter(wanted: pb.AuditFilter, tenant_id: str, keys: TenantAuditKeys) -> Filter:
    """Raises InvalidField, InvalidName, LimitExceeded."""
    field = "filter.outcome"
    if wanted.outcome not in pb.AuditOutcome.values():
        raise InvalidField(field=field, detail="it is not an AuditOutcome")
    for name in ("start_time", "end_time"):
        if wanted.HasField(name):
            check_timestamp(getattr(wanted, name), f"filter.{name}")
    check_bytes("filter.method", wanted.method, MAX_METHOD_BYTES)
    if "\0" in wanted.method:
        raise InvalidField(field="filter.method", detail="it holds a NUL character")
    graph, token = _resource(wanted.resource, tenant_id, keys)
    return Filter(
        _actor(wanted.api_key),
        graph,
        token,
        wanted.method.removeprefix("/") or None,
        moment(wanted.start_time) if wanted.HasField("start_time") else None,
        moment(wanted.end_time) if wanted.HasField("end_time") else None,
        None if not wanted.outcome else wanted.outcome == pb.AUDIT_OUTCOME_REFUSED,
    )


def anchor_of(request: pb.VerifyAuditRequest) -> Anchor | None:
    """Raises InvalidField."""
    if not request.HasField("anchor"):
        return None
    if request.anchor.sequence < 0:
        raise InvalidField(field="anchor.sequence", detail="it must not be negative")
    if len(request.anchor.mac) != MAC_BYTES:
        raise InvalidField(field="anchor.mac", detail=f"it must have {MAC_BYTES} bytes")
    return Anchor(request.anchor.sequence, request.anchor.mac)


def _actor(name: str) -> int | None:
    if not name:
        return None
    if "/identities/" in name:
        return -names.parse_identity(name, "filter.api_key", allow_own=True)[1]
    _, key = names.parse_api_key(name, "filter.api_key", allow_own=True)
    if not (key.isascii() and key.isdigit() and len(key) <= 19 and int(key) < 1 << 63):
        raise InvalidName(field="filter.api_key", detail="the id of an API key is a number.")
    return int(key)


def _resource(name: str, tenant_id: str, keys: TenantAuditKeys) -> tuple[str | None, int | None]:
    """The graph or the token that a name is found by."""
    if not name:
        return None, None
    field, parts = "filter.resource", name.split("/")
    if parts[0] == "graphs":
        if name == names.ALL_GRAPHS:  # of watches
            return parts[1], None
        if len(parts) == 2:
            return names.parse_graph(name, field), None
        names.parse_entity(name, field)
        return graph_of(name), keys.token(name)
    if parts[0] == "erasures":
        names.parse_erasure(name, field)
        return None, keys.token(name)
    if parts[0] != "tenants":
        detail = "must be the name of a graph, a node, an edge, a tenant, an API key, an identity or an erasure."
        raise InvalidName(field=field, detail=detail)
    if len(parts) == 2:
        tenant, rest = names.parse_tenant(name, field, allow_own=True), ""
    elif "/identities/" in name:
        tenant, number = names.parse_identity(name, field, allow_own=True)
        rest = f"/identities/{number}"
    else:
        tenant, key = names.parse_api_key(name, field, allow_own=True)
        rest = f"/apiKeys/{key}"
    own = tenant_id if tenant == names.OWN_TENANT else tenant
    return None, keys.token(f"{names.tenant_name(own)}{rest}")
