"""What a servicer knows of the call that it serves, beside the request."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Protocol

from google.protobuf.message import DecodeError, Message

from loci_server.audit.auditor import Auditor
from loci_server.audit.trail import Trail
from loci_server.errors import LociError
from loci_server.identity.principal import Principal, Scope
from loci_server.rpc.observer import CallSpan, Metadata


class Connection(Protocol):
    """The part of a gRPC context that tells of the other end."""

    def peer(self) -> str: ...

    def invocation_metadata(self) -> Metadata | None: ...


@dataclass(slots=True)
class Call:
    """One call that was let in. `peer` and `trace_id` are worked out when they are asked for: most calls never do. So
    are `metadata` and `request` of one that may last."""

    method: str
    """Full name with its leading slash: `/loci.v1.NodeService/GetNode`."""
    principal: Principal
    deadline: float
    """loop.time() at which the caller stops waiting; infinity for a stream that has no deadline."""
    sent: Metadata | None
    """What the caller sent along; None: it is asked of the connection."""
    draining: asyncio.Event
    """Set when the server begins to shut down: a long stream ends soon after, and says how to go on."""
    span: CallSpan
    connection: Connection
    scopes: frozenset[Scope]
    """That the method asks for, any of them."""
    auditor: Auditor | None
    """None: the calls of this method are not audited."""
    kind: type[Message]
    """Of its requests."""
    first: Message | bytes | None = None
    """The first of them, once it was decoded. Bytes take less room where it has to be kept for long."""
    audited: bool = False
    """It has left an entry of its own in the audit."""
    refusal: LociError | None = None
    """Why the server ended it before its end: its caller is not let in any more."""
    write_timeout: float | None = None
    """Seconds that one message of a stream may wait for the caller; None: for ever."""
    idle_timeout: float | None = None
    """Seconds that a stream of requests may wait for the next of them; None: for ever."""

    @property
    def metadata(self) -> Metadata:
        """What the caller sent along. Holds the credential: never log it."""
        return self.sent if self.sent is not None else self.connection.invocation_metadata() or ()

    @property
    def request(self) -> Message | None:
        """The first message, once it was decoded."""
        return self.kind.FromString(self.first) if isinstance(self.first, bytes) else self.first

    def note(self, raw: bytes) -> None:
        """Reads a request for the audit that is refused before it is served. One that cannot be read is left out."""
        if self.auditor is not None and self.auditor.is_on:
            with contextlib.suppress(DecodeError, ValueError):
                self.first = self.kind.FromString(raw)

    @property
    def trail(self) -> Trail:
        """How a write leaves its entry in the audit."""
        return Trail(self.auditor, self)

    def end(self, code: str, reason: str | None) -> None:
        """Tells those who watch calls how it ended."""
        if self.auditor is not None:
            self.auditor.ended(self, code, reason)
        self.span.end(code, reason)

    @property
    def peer(self) -> str:
        """Address of the other end, as gRPC writes it: `ipv4:127.0.0.1:40312`."""
        return self.connection.peer()

    @property
    def trace_id(self) -> str:
        """32 hex digits under which the log and the traces know this call."""
        return self.span.trace_id
