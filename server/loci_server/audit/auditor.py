"""Decides what of a call goes into the audit, and makes its entries.

A write leaves its entry in its own transaction. Refused calls, and reads where they are wanted, wait in a buffer for a
moment and are written together.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Protocol

from google.protobuf.message import Message
from google.rpc.code_pb2 import Code

from loci_server.audit.buffer import Buffer
from loci_server.audit.entry import OK, Ending, Origin, row
from loci_server.audit.names import by_graph, graph_of, named
from loci_server.crypto.audit import AuditKeys
from loci_server.domain.audit import INSTALLATION, without_port
from loci_server.identity.principal import Principal, Scope
from loci_server.store.audit import AuditRow

CANCELLED: Final = "CANCELLED"
log = logging.getLogger(__name__)


class Extent(StrEnum):
    """What is recorded."""

    OFF = "off"
    WRITES = "writes"
    """And administration, and refused calls."""
    ALL = "all"


class AuditedCall(Protocol):
    """What the audit looks at in a call."""

    @property
    def method(self) -> str: ...
    @property
    def principal(self) -> Principal: ...
    @property
    def metadata(self) -> Sequence[tuple[str, str | bytes]]: ...
    @property
    def peer(self) -> str: ...
    @property
    def trace_id(self) -> str: ...
    @property
    def scopes(self) -> frozenset[Scope]: ...
    @property
    def request(self) -> Message | None: ...

    audited: bool
    """It has left an entry of its own."""


class Auditor:
    """Makes the entries of one installation."""

    def __init__(self, extent: Extent, keys: AuditKeys, buffer: Buffer) -> None:
        self._keys = keys
        self._buffer = buffer
        self.is_on = extent is not Extent.OFF
        self.keeps_reads = extent is Extent.ALL

    def write(self, call: AuditedCall, names: Sequence[str], count: int | None = None) -> AuditRow | None:
        """The entry of a write to one graph, for the transaction that writes. None: there is to be none."""
        if not self.is_on:
            return None
        graph = graph_of(names[0]) if names else ""
        return row(self._keys, call.principal.tenant_key, origin_of(call), OK, graph, names, count)

    def administration(self, call: AuditedCall, tenant_key: int, names: Sequence[str]) -> list[AuditRow]:
        """The entries of a change to a tenant, its keys or its graphs: in the caller's chain, and in that of the tenant
        if it is another. There the caller's address stays out."""
        if not self.is_on:
            return []
        own, origin = call.principal.tenant_key, origin_of(call)
        graph = graph_of(names[0])
        rows = [row(self._keys, own, origin, OK, graph, names)]
        if tenant_key != own:
            hidden = Origin(origin.actor, origin.api_key, origin.method, "", "", origin.trace_id)
            rows.append(row(self._keys, tenant_key, hidden, OK, graph, names))
        return rows

    def ended(self, call: AuditedCall, code: str, reason: str | None) -> None:
        """Told of the end of every call. Never raises what a caller could cause."""
        if not self.is_on or not self._is_wanted(call, code):
            return
        principal, request = call.principal, call.request
        origin = origin_of(call)
        names = named(request, principal.tenant_id) if request is not None else []
        ending = Ending(Code.Value(code), reason or "", datetime.now(UTC))
        for graph, of_graph in by_graph(names).items():
            self._buffer.add(principal.tenant_key or INSTALLATION, origin, ending, graph, of_graph)

    def _is_wanted(self, call: AuditedCall, code: str) -> bool:
        if code == "OK":
            return self.keeps_reads and not call.audited
        # Whoever leaves a read ends it, as for a watch is the rule.
        left = code == CANCELLED and Scope.READ in call.scopes
        return self.keeps_reads or not left


def origin_of(call: AuditedCall) -> Origin:
    principal = call.principal
    agent = next((value for name, value in call.metadata if name == "user-agent"), "")
    return Origin(
        principal.key_id,
        principal.name if principal.key_id else "",
        call.method.removeprefix("/"),
        without_port(call.peer),
        agent if isinstance(agent, str) else "",
        call.trace_id,
        getattr(call.request, "request_id", ""),
    )
