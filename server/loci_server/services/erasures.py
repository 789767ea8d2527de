"""Erasures and their receipts. A part of GraphService and AdminService."""

import json
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from google.protobuf.message import Message

from loci.v1 import erasure_pb2 as pb
from loci_server.codec.page_tokens import PageTokens
from loci_server.codec.writes import fingerprint, request_hash
from loci_server.crypto.installation import Installation
from loci_server.domain.audit import EPOCH, MICROSECOND
from loci_server.domain.limits import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, bounded
from loci_server.domain.names import (
    INSTALLATION_NAME,
    OWN_TENANT,
    erasure_name,
    graph_name,
    parse_erasure,
    parse_graph,
    parse_tenant,
    tenant_name,
)
from loci_server.domain.row import Row
from loci_server.errors import ErasureNotFound, GraphNotFound, InvalidField, InvalidName, TenantErased
from loci_server.identity.principal import Scope
from loci_server.services.call import Call
from loci_server.services.requests import RepeatableRequest
from loci_server.store.erasures import Erasures, State
from loci_server.store.handles import Handles
from loci_server.store.tenants import Tenants
from loci_server.store.times import microseconds, write_timestamp

STATES = {
    State.DONE: pb.ERASURE_STATE_DONE,
    State.CLOSING: pb.ERASURE_STATE_CLOSING,
    State.REMOVING: pb.ERASURE_STATE_REMOVING,
    State.DESTROYING: pb.ERASURE_STATE_DESTROYING_KEYS,
}
PLACE = struct.Struct(">q16s")
LATEST = datetime.max.replace(tzinfo=UTC), UUID(int=(1 << 128) - 1)


class Erasing:
    """Begins erasures and tells of them. `queued` is called when there is something to do, and something to hear."""

    def __init__(
        self,
        erasures: Erasures,
        tenants: Tenants,
        handles: Handles,
        installation: Installation,
        tokens: PageTokens,
        queued: Callable[[], None],
    ) -> None:
        self._erasures = erasures
        self._tenants = tenants
        self._handles = handles
        self._installation = installation
        self._tokens = tokens
        self._queued = queued
        self._key = installation.receipts.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    async def erase_graph(self, request: pb.EraseGraphRequest, call: Call) -> pb.EraseGraphResponse:
        """Raises InvalidName, GraphNotFound, RequestIdReused."""
        graph_id, own = parse_graph(request.name), call.principal
        row = await self._erasures.begin_graph(
            uuid4(),
            own.tenant_key,
            own.tenant_id,
            graph_id,
            own.name,
            self._repeat(request),
            call.trail.leave,
        )
        if row is None:
            raise GraphNotFound(resource=graph_name(graph_id))
        await self._handles.renew(own.tenant_key, row["graph_key"])
        self._queued()
        return pb.EraseGraphResponse(erasure=self._message(row))

    async def erase_tenant(self, request: pb.EraseTenantRequest, call: Call) -> pb.EraseTenantResponse:
        """Raises InvalidName, TenantNotFound, RequestIdReused."""
        tenant_id, own = parse_tenant(request.name), call.principal
        if tenant_id == own.tenant_id:
            raise InvalidField(field="name", detail="a tenant cannot erase itself")
        repeat = self._repeat(request)
        if (first := await self._erasures.repeated(tenant_id, repeat)) is not None:
            return pb.EraseTenantResponse(erasure=self._message(first))
        found = await self._tenants.find(tenant_id)
        row = await self._erasures.begin_tenant(
            uuid4(), found["tenant_key"], tenant_id, own.name, repeat, call.trail.leave
        )
        if row is None:
            raise TenantErased(resource=tenant_name(tenant_id))
        self._queued()
        return pb.EraseTenantResponse(erasure=self._message(row))

    async def get(self, request: pb.GetErasureRequest, call: Call) -> pb.GetErasureResponse:
        """Raises InvalidName, ErasureNotFound."""
        row = await self._erasures.find(parse_erasure(request.name))
        own = call.principal
        granted = own.graphs.holds(row["graph_id"]) if row["graph_key"] else not own.graphs.limited
        if not own.may(Scope.OPERATOR) and (row["tenant_key"] != own.tenant_key or not granted):
            raise ErasureNotFound(resource=request.name)
        return pb.GetErasureResponse(erasure=self._message(row))

    async def page(self, request: pb.ListErasuresRequest, call: Call) -> pb.ListErasuresResponse:
        """Raises InvalidName, TenantNotFound, ScopeMissing, InvalidPageToken."""
        own, parent = call.principal, request.parent
        tenant_id = None if parent == INSTALLATION_NAME else _tenant_of(parent)
        if tenant_id not in (OWN_TENANT, own.tenant_id):
            own.require(Scope.OPERATOR)
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        tenant_key = own.tenant_key
        place = self._tokens.decode(tenant_key, request, request.page_token, _place) or LATEST
        if tenant_id is None:
            rows = await self._erasures.page_of_all(*place, size + 1)
        elif tenant_id in (OWN_TENANT, own.tenant_id):
            rows = await self._erasures.page(tenant_key, *place, size + 1)
        else:
            rows = await self._erasures.page_by_id(tenant_id, *place, size + 1)
            if not rows:
                await self._tenants.find(tenant_id)
        response = pb.ListErasuresResponse(erasures=[self._message(row) for row in rows[:size]])
        if len(rows) > size:
            last = rows[size - 1]
            packed = PLACE.pack(microseconds(last["request_time"]), last["erasure_id"].bytes)
            response.next_page_token = self._tokens.encode(tenant_key, request, packed)
        return response

    def key(self) -> pb.GetReceiptKeyResponse:
        return pb.GetReceiptKeyResponse(public_key=self._key)

    def _repeat(self, request: RepeatableRequest) -> tuple[bytes, bytes] | None:
        """Hash and fingerprint of a request that may come again, keyed as they are stored."""
        hashed = request_hash(request.request_id)
        if hashed is None:
            return None
        return self._installation.mark(hashed), self._installation.mark(fingerprint(cast(Message, request)))

    def _message(self, row: Row) -> pb.Erasure:
        told = pb.Erasure(
            name=erasure_name(row["erasure_id"]),
            resource=graph_name(row["graph_id"]) if row["graph_key"] else tenant_name(row["tenant_id"]),
            tenant=tenant_name(row["tenant_id"]),
            state=STATES[row["state"]],
            row_counts=json.loads(row["counts"]),
            failure_reason=row["failure"] or "",
        )
        write_timestamp(told.request_time, row["request_time"])
        if row["end_time"] is not None:
            write_timestamp(told.end_time, row["end_time"])
            told.receipt.statement = row["statement"]
            told.receipt.signature = row["signature"]
            told.receipt.public_key = self._key
        return told


def _tenant_of(parent: str) -> str:
    try:
        return parse_tenant(parent, "parent", allow_own=True)
    except InvalidName:
        raise InvalidName(field="parent", detail="must be `tenants/{tenant}` or `installation`.") from None


def _place(packed: bytes) -> tuple[datetime, UUID]:
    time, identity = PLACE.unpack(packed)
    return EPOCH + time * MICROSECOND, UUID(bytes=identity)
