"""The part of AdminService that reads the audit."""

import struct
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime

from loci.v1 import audit_pb2 as pb
from loci_server.audit.buffer import Buffer
from loci_server.audit.chain import Chains
from loci_server.audit.verification import Anchor, Verifier
from loci_server.codec.audit import anchor_of, audit_filter, entry_message
from loci_server.codec.page_tokens import PageTokens
from loci_server.crypto.audit import AuditKeys
from loci_server.domain.audit import EPOCH, INSTALLATION, MICROSECOND
from loci_server.domain.limits import (
    DEFAULT_PAGE_SIZE,
    MAX_PAGE_SIZE,
    MAX_VERIFIED_ENTRIES,
    bounded,
)
from loci_server.domain.names import INSTALLATION_NAME, OWN_TENANT, parse_tenant, tenant_name
from loci_server.errors import Draining, InvalidField, InvalidName
from loci_server.identity.principal import Scope
from loci_server.services.call import Call
from loci_server.store.audit import Audit
from loci_server.store.tenants import Tenants

PLACE = struct.Struct(">qq")
CHECKED = struct.Struct(">q32s")
LATEST, EARLIEST = (datetime.max.replace(tzinfo=UTC), (1 << 63) - 1), (datetime.min.replace(tzinfo=UTC), 0)
PAGE = 500
"""Entries in one message of an export."""


@dataclass(frozen=True, slots=True)
class Whose:
    """A chain: of a tenant, or of the installation."""

    tenant_key: int
    tenant_id: str
    name: str


class AuditReader:
    """Lists, exports and verifies chains."""

    def __init__(
        self, audit: Audit, chains: Chains, buffer: Buffer, keys: AuditKeys, tenants: Tenants, tokens: PageTokens
    ) -> None:
        self._audit = audit
        self._chains = chains
        self._buffer = buffer
        self._keys = keys
        self._tenants = tenants
        self._tokens = tokens
        self._verifier = Verifier(audit, keys)

    async def entries(self, request: pb.ListAuditEntriesRequest, call: Call) -> pb.ListAuditEntriesResponse:
        whose = await self._whose(request.parent, call)
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        if request.order not in pb.AuditOrder.values():
            raise InvalidField(field="order", detail="it is not an AuditOrder")
        keys = self._keys.of(whose.tenant_key)
        filter = audit_filter(request.filter, whose.tenant_id, keys)
        own = call.principal.tenant_key
        position = self._tokens.decode(own, request, request.page_token, PLACE.unpack)
        newest_first = request.order != pb.AUDIT_ORDER_OLDEST_FIRST
        if position is None:
            await self._settle(whose)
            time, sequence = LATEST if newest_first else EARLIEST
        else:
            microseconds, sequence = position
            time = EPOCH + microseconds * MICROSECOND
        links = await self._audit.page(whose.tenant_key, filter, newest_first, time, sequence, size + 1)
        response = pb.ListAuditEntriesResponse(entries=[entry_message(whose.name, keys, one) for one in links[:size]])
        if len(links) > size:
            last = links[size - 1]
            place = PLACE.pack((last.stored.time - EPOCH) // MICROSECOND, last.sequence)
            response.next_page_token = self._tokens.encode(own, request, place)
        return response

    async def export(
        self, request: pb.ExportAuditEntriesRequest, call: Call
    ) -> AsyncGenerator[pb.ExportAuditEntriesResponse, None]:
        whose = await self._whose(request.parent, call)
        if request.first_sequence < 0:
            raise InvalidField(field="first_sequence", detail="it must not be negative")
        keys = self._keys.of(whose.tenant_key)
        await self._settle(whose)
        following = request.first_sequence
        while True:
            stretch = await self._audit.stretch(whose.tenant_key, following, PAGE)
            if not stretch.links:
                return
            yield pb.ExportAuditEntriesResponse(entries=[entry_message(whose.name, keys, one) for one in stretch.links])
            if len(stretch.links) < PAGE or stretch.links[-1].sequence == LATEST[1]:
                return
            if call.draining.is_set():
                raise Draining
            following = stretch.links[-1].sequence + 1

    async def verify(self, request: pb.VerifyAuditRequest, call: Call) -> pb.VerifyAuditResponse:
        whose = await self._whose(request.parent, call)
        size = bounded("page_size", request.page_size, 1, MAX_VERIFIED_ENTRIES, MAX_VERIFIED_ENTRIES)
        anchor = anchor_of(request)
        own = call.principal.tenant_key
        position = self._tokens.decode(own, request, request.page_token, CHECKED.unpack)
        if position is None:
            await self._settle(whose)
        behind = None if position is None else Anchor(*position)
        found = await self._verifier.check(whose.tenant_key, behind, anchor, size)
        response = pb.VerifyAuditResponse(
            verified_count=found.count,
            anchor=pb.AuditAnchor(sequence=found.last.sequence, mac=found.last.mac),
            problem=int(found.problem),  # type: ignore[arg-type]
            bad_sequence=found.bad_sequence,
            first_sequence=found.first_sequence,
            anchor_met=found.anchor_met,
        )
        if not found.problem and not found.is_complete:
            place = CHECKED.pack(found.last.sequence, found.last.mac)
            response.next_page_token = self._tokens.encode(own, request, place)
        return response

    async def _settle(self, whose: Whose) -> None:
        """What was acknowledged before is in the chain."""
        await self._buffer.flush()
        await self._chains.catch_up(whose.tenant_key)

    async def _whose(self, parent: str, call: Call) -> Whose:
        """The chain that is meant. One of another tenant takes an operator, and is not said to exist else."""
        own = call.principal
        if parent == INSTALLATION_NAME:
            own.require(Scope.OPERATOR)
            return Whose(INSTALLATION, "", INSTALLATION_NAME)
        try:
            tenant_id = parse_tenant(parent, "parent", allow_own=True)
        except InvalidName:
            raise InvalidName(field="parent", detail="must be `tenants/{tenant}` or `installation`.") from None
        if tenant_id in (OWN_TENANT, own.tenant_id):
            return Whose(own.tenant_key, own.tenant_id, tenant_name(own.tenant_id))
        own.require(Scope.OPERATOR)
        row = await self._tenants.find(tenant_id)
        return Whose(row["tenant_key"], tenant_id, tenant_name(tenant_id))
