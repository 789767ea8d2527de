"""One method of the contract as the pipeline serves it, and the gate that every call of it passes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import grpc
from google.protobuf.message import Message

from loci_server.audit.auditor import Auditor
from loci_server.errors import Draining
from loci_server.identity.principal import ANONYMOUS
from loci_server.rpc.admission import Admission
from loci_server.rpc.call import Call
from loci_server.rpc.deadline import Deadlines
from loci_server.rpc.identity import Authenticator, bearer_key
from loci_server.rpc.observer import CallSpan, Metadata, RpcObserver
from loci_server.rpc.scopes import Scopes

Context: TypeAlias = "grpc.aio.ServicerContext[bytes, bytes]"


@dataclass(frozen=True, slots=True)
class Gate:
    """What all calls of a server pass: is it up, is there room, who is it, may they, and how long."""

    admission: Admission
    authenticator: Authenticator
    deadlines: Deadlines
    draining: asyncio.Event
    observer: RpcObserver
    auditor: Auditor | None

    def enter(self) -> None:
        """Raises Draining or TooManyRequests. `admission.leave` is the way out."""
        if self.draining.is_set():
            raise Draining(retry_after=0.0)
        self.admission.enter()

    async def identify(self, call: Call, context: Context) -> None:
        """Finds out who calls, also if the call is then refused. Raises Unauthenticated, PermissionDenied,
        Unavailable."""
        key = bearer_key(call.metadata)
        call.principal = self.authenticator.cached(key) or await self.authenticator.authenticate(key, context.peer())
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
    gate: Gate

    @property
    def is_public(self) -> bool:
        return not self.scopes

    def call(self, deadline: float, metadata: Metadata, span: CallSpan, context: Context) -> Call:
        """A call of it, by nobody yet."""
        gate = self.gate
        auditor = gate.auditor if self.scopes else None
        return Call(self.name, ANONYMOUS, deadline, metadata, gate.draining, span, context, self.scopes, auditor)
