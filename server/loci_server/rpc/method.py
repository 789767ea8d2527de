"""One method of the contract as the pipeline serves it, and the gate that every call of it passes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import grpc
from google.protobuf.message import Message

from loci_server.audit.auditor import Auditor
from loci_server.errors import Draining, RightsChanged
from loci_server.identity.guesses import address_of
from loci_server.identity.principal import ANONYMOUS, Principal, Scope
from loci_server.rpc.admission import Admission, Rates
from loci_server.rpc.call import Call
from loci_server.rpc.deadline import Deadlines
from loci_server.rpc.decode import decoded
from loci_server.rpc.guard import Guard
from loci_server.rpc.identity import Authenticator, presented_by
from loci_server.rpc.observer import CallSpan, Metadata, RpcObserver
from loci_server.rpc.reach import Reach
from loci_server.rpc.scopes import Scopes

Context: TypeAlias = "grpc.aio.ServicerContext[bytes, bytes]"


@dataclass(frozen=True, slots=True)
class Gate:
    """What all calls of a server pass: is it up, is there room, who is it, may they, and how long."""

    admission: Admission
    rates: Rates | None
    authenticator: Authenticator
    deadlines: Deadlines
    guard: Guard
    draining: asyncio.Event
    observer: RpcObserver
    auditor: Auditor | None
    idle_timeout: float
    """Seconds that a stream waits for the other end."""

    def enter(self) -> None:
        """Raises Draining or TooManyRequests. `admission.leave` is the way out."""
        if self.draining.is_set():
            raise Draining(retry_after=0.0)
        self.admission.enter()

    async def admit(self, call: Call, context: Context) -> int:
        """Lets a call in that is made by whom it says, and returns the key of its tenant, for `dismiss`. Raises what
        `enter`, `identify` and `place` do."""
        self.enter()
        try:
            await self.identify(call, context)
            return await self.place(call.principal)
        except BaseException:
            self.admission.leave()
            raise

    def admit_stranger(self, peer: str) -> str:
        """Lets a call in that asks for no credential, also while the server drains, and returns its address, for
        `dismiss`. Raises TooManyRequests."""
        address = address_of(peer)
        self.admission.enter()
        try:
            self.admission.enter_share(address)
        except BaseException:
            self.admission.leave()
            raise
        return address

    def dismiss(self, share: int | str) -> None:
        """The way out of `admit` and `admit_stranger`."""
        self.admission.leave_share(share)
        self.admission.leave()

    async def place(self, principal: Principal) -> int:
        """Counts a call that was let in for its tenant, whose key it returns; `admission.leave_share` is the way out.
        Raises RateLimited, TooManyRequests."""
        tenant = principal.tenant_key
        if self.rates is not None:
            await self.rates.charge(tenant)
        self.admission.enter_share(tenant, reserved=principal.may(Scope.OPERATOR))
        return tenant

    async def identify(self, call: Call, context: Context) -> None:
        """Finds out who calls, also if the call is then refused. Raises Unauthenticated, PermissionDenied,
        Unavailable; of a stream that runs RightsChanged, if its credential is another caller's now, or may do other
        things."""
        presented, before = presented_by(call.metadata, context), call.principal
        found = self.authenticator.cached(presented)
        if found is None:
            found = await self.authenticator.authenticate(presented, context.peer())
        if before is not ANONYMOUS and found != before:
            raise RightsChanged(retry_after=0.0)
        call.principal = found
        call.principal.require_any(call.scopes)


@dataclass(frozen=True, slots=True)
class Method:
    """What is the same for all calls of one method."""

    name: str
    """`/loci.v1.NodeService/GetNode`"""
    serve: Callable[..., Any]
    """The servicer's method."""
    request: type[Message]
    scopes: Scopes
    reach: Reach
    gate: Gate

    @property
    def is_public(self) -> bool:
        return not self.scopes

    def read(self, raw: bytes, call: Call) -> Message:
        """A request of this call, which it is granted: the one way from bytes to a servicer. Raises UndecodableMessage,
        GraphNotGranted."""
        request = decoded(self.request, raw)
        if call.first is None:
            call.first = request
        if call.principal.graphs.limited:
            self.reach.check(request, call.principal.graphs)
        return request

    def call(self, deadline: float, metadata: Metadata | None, span: CallSpan, context: Context) -> Call:
        """A call of it, by nobody yet."""
        gate, kind = self.gate, self.request
        auditor = gate.auditor if self.scopes else None
        return Call(
            self.name,
            ANONYMOUS,
            deadline,
            metadata,
            gate.draining,
            span,
            context,
            self.scopes,
            auditor,
            kind,
            write_timeout=gate.idle_timeout,
            idle_timeout=gate.idle_timeout,
        )
