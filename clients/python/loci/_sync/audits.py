# Generated from loci/_async/audits.py by `python -m tools.unasync`: change that file, not this one.
"""The audit: who did what. Needs a key with the scope ADMIN, or OPERATOR for that of another tenant."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Literal, TypeAlias

import grpc

from loci import values
from loci.errors import LociError, Unavailable, from_rpc
from loci.names import INSTALLATION, OWN_TENANT, api_key_name, identity_name, tenant_name
from loci.retries import stream_pause
from loci.v1 import audit_pb2 as service
from loci.v1.audit_pb2 import AuditAnchor, AuditEntry, AuditFilter, AuditOrder, AuditOutcome

from .imports import CONNECTION_LIFETIMES, PATIENCE
from .runtime import received, sleep
from .transport import Calls

Outcome: TypeAlias = Literal["ok", "refused"]


class Audits(Calls):
    """The audit of AdminService. `tenant` is an id or a name, by default the caller's own; `installation` holds the
    calls that were refused before their tenant was known."""

    def list_audit_entries(
        self,
        tenant: str = OWN_TENANT,
        *,
        api_key: str = "",
        resource: str = "",
        method: str = "",
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        outcome: Outcome | None = None,
        oldest_first: bool = False,
        page_size: int = 0,
        timeout: float | None = None,
    ) -> Iterator[AuditEntry]:
        """Entries that meet all conditions, latest first unless asked otherwise; `timeout` is for each page.

        `api_key`: id or name; of who has none, `identities/{identity}` or the whole name of the identity. `resource`:
        `graphs/ann` for everything in it, or the name of a node, an edge, a tenant, a key, an identity or an erasure.
        `method`: `loci.v1.NodeService/CreateNode`. `end_time`: before it.
        """
        wanted = values.made(
            AuditFilter,
            api_key=_actor_name(api_key) if api_key else "",
            resource=resource,
            method=method,
            start_time=values.optional_timestamp(start_time, "start_time"),
            end_time=values.optional_timestamp(end_time, "end_time"),
        )
        if outcome is not None:
            wanted.outcome = values.enum_value(AuditOutcome, "AUDIT_OUTCOME_", outcome, "outcome")
        request = values.made(
            service.ListAuditEntriesRequest,
            parent=_parent(tenant),
            filter=wanted,
            order=AuditOrder.AUDIT_ORDER_OLDEST_FIRST if oldest_first else AuditOrder.AUDIT_ORDER_NEWEST_FIRST,
            page_size=page_size,
        )
        for page in self._transport.pages(
            "AdminService/ListAuditEntries", request, service.ListAuditEntriesResponse, timeout
        ):
            for entry in page.entries:
                yield entry

    def export_audit_entries(
        self, tenant: str = OWN_TENANT, *, first_sequence: int = 0, timeout: float | None = None
    ) -> Iterator[AuditEntry]:
        """All entries in the order of their chain, from a sequence on (0: the first that is kept); cut connections are
        bridged. `timeout`: seconds to go on trying without progress, default 60."""
        request = values.made(service.ExportAuditEntriesRequest, parent=_parent(tenant), first_sequence=first_sequence)
        patience = PATIENCE if timeout is None else timeout
        moved_at = time.monotonic()
        attempt = 1
        while True:
            call = self._transport.server_stream(
                "AdminService/ExportAuditEntries",
                request,
                service.ExportAuditEntriesResponse,
                patience * CONNECTION_LIFETIMES,
            )
            failure: LociError = Unavailable("the server ended the stream early", reason="")
            try:
                for page in received(call):
                    for entry in page.entries:
                        yield entry
                        request.first_sequence = entry.sequence + 1
                    moved_at, attempt = time.monotonic(), 0
                return
            except grpc.RpcError as error:
                failure = from_rpc(error)
                failure.__cause__ = error
            finally:
                call.cancel()
            attempt += 1
            pause = stream_pause(failure, attempt)
            if pause is None or time.monotonic() + pause > moved_at + patience:
                raise failure
            sleep(pause)

    def verify_audit(
        self,
        tenant: str = OWN_TENANT,
        *,
        anchor: AuditAnchor | None = None,
        page_size: int = 0,
        timeout: float | None = None,
    ) -> service.VerifyAuditResponse:
        """Has the server compute the chain anew. `problem` of the answer is 0 if it is whole.

        Keep its `anchor` and give it to a later call, which then notices also if the end of the chain was set back.
        `timeout` is for each page.
        """
        request = values.made(service.VerifyAuditRequest, parent=_parent(tenant), anchor=anchor, page_size=page_size)
        whole = service.VerifyAuditResponse()
        for page in self._transport.pages("AdminService/VerifyAudit", request, service.VerifyAuditResponse, timeout):
            page.verified_count += whole.verified_count
            page.anchor_met |= whole.anchor_met
            whole = page
        return whole


def _parent(tenant: str) -> str:
    return INSTALLATION if tenant == INSTALLATION else tenant_name(tenant)


def _actor_name(actor: str) -> str:
    return (identity_name if actor.startswith("identities/") else api_key_name)(OWN_TENANT, actor)
