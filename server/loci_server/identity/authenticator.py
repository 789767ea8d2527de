"""Who holds an API key. Answers are kept for a few seconds, so that a revoked key is refused everywhere soon."""

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

from loci_server.domain.row import Row
from loci_server.errors import CredentialExpired, CredentialInvalid, TooManyFailedCredentials, Unauthenticated
from loci_server.identity.grants import Grants
from loci_server.identity.guesses import Guesses
from loci_server.identity.keys import ApiKey, parse
from loci_server.identity.principal import Principal, Scope

LIFETIME = 5.0
"""Seconds for which an answer is kept. The contract promises ten."""
MAX_CACHED = 10_000


class KeyFinder(Protocol):
    async def find(self, tenant_key: int, key_id: int) -> Row | None: ...


class Authenticator:
    """Resolves API keys to principals."""

    def __init__(
        self,
        keys: KeyFinder,
        hash_secret: Callable[[bytes], bytes],
        clock: Callable[[], float] = time.monotonic,
        used: Callable[[int, int], None] = lambda tenant_key, key_id: None,
        guesses: Guesses | None = None,
    ) -> None:
        """`used` is told of tenant and key whenever one was found good. `guesses` None: as many as they like."""
        self._keys = keys
        self._hash_secret = hash_secret
        self._clock = clock
        self._used = used
        self._guesses = guesses or Guesses(0)
        self._known: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()
        """By the digest of the key: a dump of the memory shows none of those that have left."""

    def cached(self, key: str) -> Principal | None:
        """The principal, if this key was resolved a moment ago."""
        known = self._known.get(digest(key))
        if known is None or known[0] < self._clock():
            return None
        return known[1]

    async def authenticate(self, key: str, peer: str = "") -> Principal:
        """Raises CredentialInvalid (also for revoked keys and keys of deleted tenants), CredentialExpired, and
        TooManyFailedCredentials for a key that was not good before, from an address that has guessed too often."""
        known = self.cached(key)
        if known is not None:
            return known
        if digest(key) not in self._known:
            refusal = self._guesses.refusal(peer)
            if refusal is not None:
                return await self._looked_up_again(key, peer, refusal)
        try:
            parts, row = await self._found(key, peer)
            return self._kept(key, parts, row)
        except Unauthenticated as error:
            self._known.pop(digest(key), None)
            if isinstance(error, CredentialInvalid):
                self._guesses.failed(peer)
            raise

    def forget(self, tenant_key: int, key_id: int) -> None:
        """Look a key up anew from now on: it was revoked, or is to end."""
        for known, (_, principal) in [*self._known.items()]:
            if (principal.tenant_key, principal.key_id) == (tenant_key, key_id):
                del self._known[known]

    async def _looked_up_again(self, key: str, peer: str, refusal: TooManyFailedCredentials) -> Principal:
        """A key from an address that has guessed too often. Whether there is no such key, its secret is another one, or
        it was tried too often itself: the steps and the answer are the same."""
        if parse(key) is None or not self._guesses.second_look():
            raise refusal
        try:
            parts, row = await self._found(key, peer)
        except CredentialInvalid:
            raise refusal from None
        if self._guesses.key_is_over(peer, parts.key_id):
            raise refusal
        return self._kept(key, parts, row)

    async def _found(self, key: str, peer: str) -> tuple[ApiKey, Row]:
        """A key that somebody has. Raises CredentialInvalid."""
        parts = parse(key)
        if parts is None:
            raise CredentialInvalid
        row = await self._keys.find(parts.tenant_key, parts.key_id)
        expected = row["secret_hash"] if row is not None else b"\0" * 32
        genuine = hmac.compare_digest(self._hash_secret(parts.secret), expected)
        if row is not None and not genuine:
            self._guesses.key_failed(peer, parts.key_id)
        if not genuine or row is None or row["revoke_time"] is not None or row["tenant_delete_time"] is not None:
            raise CredentialInvalid
        return parts, row

    def _kept(self, key: str, parts: ApiKey, row: Row) -> Principal:
        """Who has it, known for a while. Raises CredentialExpired."""
        lifetime = LIFETIME
        if row["expire_time"] is not None:
            # Read without a zone where it is the first or the last time that can be stored (store.times.aware).
            left = (row["expire_time"].replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()
            if left <= 0:
                raise CredentialExpired
            lifetime = min(lifetime, left)
        scopes = frozenset(Scope(number) for number in row["scopes"])
        grants = Grants(tuple(row["graphs"]))
        principal = Principal(parts.tenant_key, row["tenant_id"], parts.key_id, scopes, grants)
        self._used(parts.tenant_key, parts.key_id)
        known = digest(key)
        self._known[known] = self._clock() + lifetime, principal
        self._known.move_to_end(known)
        while len(self._known) > MAX_CACHED:
            self._known.popitem(last=False)
        return principal


def digest(key: str) -> bytes:
    """By which an answer is kept."""
    return sha256(key.encode("utf-8", "surrogatepass")).digest()
