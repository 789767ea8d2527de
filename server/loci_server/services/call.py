"""What a servicer knows of the call that it serves, beside the request."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from loci_server.audit.trail import Trail
from loci_server.identity.principal import Principal


class ReaderStalled(Exception):
    """The caller has taken nothing for as long as the `write_timeout` of its call. Thrown into the stream, which may
    make an error of its own of it."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A message of a stream that is encoded already, as many streams send it."""

    raw: bytes


class Call(Protocol):
    """A call that was let in. The listener's own class (loci_server.rpc.call) has more."""

    @property
    def principal(self) -> Principal: ...

    @property
    def deadline(self) -> float:
        """loop.time() at which the caller stops waiting; infinity for a stream that has no deadline."""

    @property
    def draining(self) -> asyncio.Event:
        """Set when the server begins to shut down: a long stream ends soon after, and says how to go on."""

    write_timeout: float | None
    """Seconds that one message of the answer may wait for the caller; None: for ever."""

    @property
    def idle_timeout(self) -> float | None:
        """Seconds that a stream of requests may wait for the next of them; None: for ever."""

    @property
    def peer(self) -> str: ...

    @property
    def trail(self) -> Trail:
        """How a write leaves its entry in the audit."""
