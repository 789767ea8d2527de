"""Who calls with a token or a client certificate: what it proves, what the map makes of it, and its number in the log.

Answers are kept for a few seconds, and never beyond the end of the credential or a change of the map, so that a tenant
that is deleted, a rule that is taken away and a token that ends are refused everywhere soon.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from loci_server.errors import CertificateExpired, CredentialInvalid, CredentialMissing, IdentityUnknown
from loci_server.identity.authenticator import LIFETIME, MAX_CACHED
from loci_server.identity.certificates import proven_by
from loci_server.identity.map_file import MapFile
from loci_server.identity.mapping import IdentityMap, Mapped, claimed
from loci_server.identity.principal import Principal
from loci_server.identity.subject import Actor, Kind, Proven, Subject

if TYPE_CHECKING:
    from loci_server.identity.tokens.checker import TokenChecker

Presented = str | bytes
"""A token; or the certificate of the connection, as PEM. Only the connection itself gives the latter."""
MAX_NOTED: Final = 100_000
NO_RULES: Final = IdentityMap()


class Registry(Protocol):
    """Where identities are noted."""

    async def tenant_key(self, tenant_id: str, /) -> int | None:
        """Of a tenant that is there and not deleted."""

    def actor(self, tenant_key: int, named: Subject, /) -> Actor:
        """The number that it has."""

    async def note(self, actor: Actor, named: Subject, /) -> None:
        """Raises TooManyIdentities."""


class Known(NamedTuple):
    """An answer that is kept."""

    until: float
    map: IdentityMap
    principal: Principal


@dataclass(frozen=True, slots=True)
class Clock:
    """The times that count: that of day, in seconds since 1970, and one that never goes back."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


class Federation:
    """Resolves what is presented to principals. Without `tokens` none are taken; without `map_file` no certificates."""

    def __init__(
        self,
        registry: Registry,
        tokens: "TokenChecker | None",
        map_file: MapFile | None,
        clock: Clock | None = None,
    ) -> None:
        self._registry = registry
        self._tokens = tokens
        self._map_file = map_file
        self._clock = clock or Clock()
        self._known: OrderedDict[bytes, Known] = OrderedDict()
        self._noted: OrderedDict[tuple[int, int], None] = OrderedDict()

    @property
    def healthy(self) -> bool:
        """Whether each issuer could be asked, and what stands in the file of the map counts."""
        issuers = self._tokens.issuers.values() if self._tokens is not None else ()
        trouble = self._map_file is not None and self._map_file.trouble is not None
        return not trouble and all(issuer.trouble is None for issuer in issuers)

    def cached(self, presented: Presented) -> Principal | None:
        """The principal, if it was resolved a moment ago."""
        known = self._known.get(digest(presented))
        if known is None or known.until <= self._clock.monotonic() or known.map is not self._map():
            return None
        return known.principal

    def knows(self, presented: Presented) -> bool:
        """Whether it was good not long ago, though that answer may not count any more."""
        return digest(presented) in self._known

    def names_issuer(self, presented: str) -> bool:
        """Whether it is a token that says to be of one of the issuers; nothing of it is proved."""
        return self._tokens is not None and self._tokens.names_issuer(presented)

    async def authenticate(self, presented: Presented) -> Principal:
        """Raises Unauthenticated or a subclass of it, IdentityUnknown, IssuerUnavailable, TooManyIdentities."""
        known = self.cached(presented)
        if known is not None:
            return known
        rules = self._map()
        proven = await self._proven(presented)
        left = proven.expires - self._clock.now()
        if left <= 0:
            raise CertificateExpired
        subject, mapped = self._mapped(rules, proven)
        tenant_key = await self._registry.tenant_key(mapped.tenant_id)
        if tenant_key is None:
            raise CredentialInvalid
        actor = await self._noted_actor(tenant_key, subject)
        principal = Principal(tenant_key, mapped.tenant_id, actor.number, mapped.scopes, mapped.graphs)
        key = digest(presented)
        self._known[key] = Known(self._clock.monotonic() + min(LIFETIME, left), rules, principal)
        self._known.move_to_end(key)
        while len(self._known) > MAX_CACHED:
            self._known.popitem(last=False)
        return principal

    async def run(self) -> None:
        """Asks for what will be needed, and looks at the file of the map, until cancelled."""
        for issuer in self._tokens.issuers.values() if self._tokens is not None else ():
            issuer.warm()
        if self._map_file is not None:
            await self._map_file.run()
        await asyncio.Event().wait()

    async def close(self) -> None:
        for issuer in self._tokens.issuers.values() if self._tokens is not None else ():
            await issuer.close()

    def _map(self) -> IdentityMap:
        return self._map_file.current if self._map_file is not None else NO_RULES

    async def _proven(self, presented: Presented) -> Proven:
        if isinstance(presented, bytes):
            if self._map_file is None:
                raise CredentialMissing
            return proven_by(presented)
        if self._tokens is None:
            raise CredentialInvalid
        return await self._tokens.check(presented)

    def _mapped(self, rules: IdentityMap, proven: Proven) -> tuple[Subject, Mapped]:
        found = rules.find(proven.subjects)
        if found is not None:
            return found
        first = proven.subjects[0]
        if first.kind is Kind.TOKEN and self._tokens is not None:
            mapped = claimed(first, self._tokens.issuers[first.issuer].told)
            if mapped is not None:
                return first, mapped
        raise IdentityUnknown

    async def _noted_actor(self, tenant_key: int, subject: Subject) -> Actor:
        actor = self._registry.actor(tenant_key, subject)
        key = actor.tenant_key, actor.number
        if key not in self._noted:
            await self._registry.note(actor, subject)
            self._noted[key] = None
            while len(self._noted) > MAX_NOTED:
                self._noted.popitem(last=False)
        return actor


def digest(presented: Presented) -> bytes:
    """By which an answer is kept: neither token nor certificate. The two are never taken for each other."""
    if isinstance(presented, bytes):
        return b"x" + sha256(presented).digest()
    return b"t" + sha256(presented.encode("utf-8", "surrogatepass")).digest()
