"""The keys of one issuer: fetched when needed, kept for a while, and asked for again when a token names another.

An issuer that cannot be asked is not a reason to refuse whom it vouched for a moment ago: its keys are used on, for a
time that has an end. It is never a reason to let anybody in.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from loci_server.errors import IssuerUnavailable, TokenInvalid
from loci_server.identity.tokens.documents import Cause, DocumentError
from loci_server.identity.tokens.jwt import Token
from loci_server.identity.tokens.keys import KeySetError, PublicKey, read_keys
from loci_server.identity_settings import OidcIssuer, secure_url

PAUSE: Final = 5.0
"""Seconds between two requests to an issuer, whatever tokens name."""
DISCOVERY: Final = "/.well-known/openid-configuration"
_log = logging.getLogger(__name__)


class Source(Protocol):
    """Where documents come from."""

    async def get(self, url: str, /) -> object:
        """Raises DocumentError."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many seconds keys are kept."""

    refresh: float
    """They are asked for again beside the calls; after twice as long, calls wait for the answer, unless the issuer is
    known to be away."""
    lifetime: float
    """They are not used any more."""


class Issuer:
    """`clock` is monotonic, in seconds."""

    def __init__(
        self, told: OidcIssuer, source: Source, keeping: Keeping, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.told = told
        self._source = source
        self._keeping = keeping
        self._clock = clock
        self._keys: Sequence[PublicKey] = ()
        self._fetched = float("-inf")
        self._tried = float("-inf")
        self._fetching: asyncio.Task[None] | None = None
        self.trouble: Cause | None = None
        """Why it could not be asked when it was asked last."""

    async def signed(self, token: Token) -> bool:
        """Whether this issuer has signed the token. Raises TokenInvalid for one of a key that it does not have,
        IssuerUnavailable where that cannot be known."""
        asked = await self._freshen()
        fitting = self._fitting(token)
        if not fitting and not asked and not self._has(token.key_id):
            await self._look_for(token.key_id)
            fitting = self._fitting(token)
        if not fitting:
            raise TokenInvalid(detail="its issuer has no such key")
        if token.key_id is None and len(fitting) > 1:
            raise TokenInvalid(detail="it does not say by which of the keys it is signed")
        return any(key.signed(token) for key in fitting)

    async def check(self) -> int:
        """How many keys it has now. Raises DocumentError."""
        return len(await self._read())

    def warm(self) -> None:
        """Begins to ask for the keys, so that the first call need not wait for them."""
        self._begin()

    async def close(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _fitting(self, token: Token) -> list[PublicKey]:
        return [key for key in self._keys if key.fits(token)]

    async def _freshen(self) -> bool:
        """Keys that may be used; whether they were asked for just now. Raises IssuerUnavailable."""
        age = self._clock() - self._fetched
        if age <= self._keeping.refresh:
            return False
        asked = self._fetching is None
        may_ask = self._fetching is not None or self._clock() - self._tried >= PAUSE
        if age <= 2 * self._keeping.refresh or (age <= self._keeping.lifetime and self._is_away()):
            if may_ask:
                self._begin()
            return False
        if may_ask:
            await asyncio.shield(self._begin())
        if self._clock() - self._fetched > self._keeping.lifetime:
            self._keys = ()
            raise self._unavailable()
        return asked and may_ask and self.trouble is None

    def _is_away(self) -> bool:
        """Whether it could not be asked, and that was found out lately: nobody waits to find it out again."""
        return self.trouble is not None and self._clock() - self._tried <= self._keeping.refresh

    def _has(self, key_id: str | None) -> bool:
        """Whether it has a key of this name, whatever that may sign."""
        return key_id is not None and any(key.key_id == key_id for key in self._keys)

    async def _look_for(self, key_id: str | None) -> None:
        """Asks for the keys anew, for one that is not known. Raises IssuerUnavailable also where it was asked a moment
        ago: the key may be there by now."""
        now = self._clock()
        if self._is_away():
            if now - self._tried >= PAUSE:
                self._begin()
            raise self._unavailable()
        if self._fetching is not None:
            # That may have been answered before the key was there.
            await asyncio.shield(self._fetching)
            if not self._has(key_id):
                raise self._unavailable()
            return
        if now - self._tried < PAUSE:
            raise self._unavailable()
        await asyncio.shield(self._begin())
        if self.trouble is not None:
            raise self._unavailable()

    def _begin(self) -> asyncio.Task[None]:
        """The one request that runs, begun if there is none."""
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        begun = self._clock()
        try:
            self._keys = await self._read()
        except DocumentError as error:
            self._note(error.cause)
        else:
            self._fetched = begun
            self._note(None)
        finally:
            self._tried = self._clock()
            self._fetching = None

    async def _read(self) -> Sequence[PublicKey]:
        url = self.told.jwks_url or await self._discovered()
        try:
            return read_keys(await self._source.get(url))
        except KeySetError:
            raise DocumentError(Cause.NO_KEYS) from None

    async def _discovered(self) -> str:
        """Where the issuer says that its keys are."""
        document = await self._source.get(self.told.issuer.rstrip("/") + DISCOVERY)
        if not isinstance(document, dict):
            raise DocumentError(Cause.MALFORMED)
        if document.get("issuer") != self.told.issuer:
            raise DocumentError(Cause.OTHER_ISSUER)
        url = document.get("jwks_uri")
        try:
            if not isinstance(url, str) or (self.told.issuer.startswith("https:") and not url.startswith("https:")):
                raise ValueError
            return secure_url(url)
        except ValueError:
            raise DocumentError(Cause.BAD_URL) from None

    def _note(self, cause: Cause | None) -> None:
        """In the log, once until there is another cause or an answer."""
        if cause is not self.trouble:
            if cause is None:
                _log.info("the issuer %s answers again", self.told.issuer)
            else:
                _log.warning("the keys of the issuer %s cannot be fetched: %s", self.told.issuer, cause.value)
        self.trouble = cause

    def _unavailable(self) -> IssuerUnavailable:
        wait = PAUSE - (self._clock() - self._tried)
        detail = self.trouble.value if self.trouble is not None else "it was asked a moment ago"
        return IssuerUnavailable(detail=detail, retry_after=min(max(wait, 0.1), PAUSE))
