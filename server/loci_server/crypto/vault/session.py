"""A session with Vault: a credential that is got when it is first needed and kept alive, and requests under it.

The event loop never waits for Vault, and every operation has one time limit over all of its tries. A server may start
while Vault is down: each use tries to log in until one succeeds.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from hvac.api.auth_methods.token import Token

from loci_server.crypto.vault.failures import OF_ONE_KEY, PASSING, Cause, Failed
from loci_server.crypto.vault.logins import Grant, Login, Stamp, granted
from loci_server.crypto.vault.wire import JsonAdapter, Request, T, Wire
from loci_server.errors import KeyServiceUnavailable, TenantKeyUnavailable

TRIES = 3
FIRST_PAUSE = 0.1
"""Seconds before the second try, times 0.5 to 1.5; it doubles with each further one."""
RETRY_AFTER = 1.0
"""Seconds after which a caller may try again, where Vault names none."""
RENEW_AT = 2 / 3
"""Share of the lease after which a token is renewed, up to JITTER of the lease earlier."""
JITTER = 0.1
YOUNG = 10.0
"""Seconds for which a new token, or a refused login, stands: what is denied meanwhile is not for want of another."""
LONGEST_PAUSE = 30.0
"""Seconds between two tries to renew a token, at most; at least SHORTEST_PAUSE."""
SHORTEST_PAUSE = 1.0
REVOKE_SECONDS = 1.0
KEY_NOTED = 60.0
"""Seconds between two lines in the log of single keys."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, how to wait, and chance. A test brings its own."""

    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Held:
    """The token in use."""

    grant: Grant
    since: float
    whole: float
    """Its lease when it was got: renewals that give much less say that its end is near."""
    stamp: Stamp | None

    def alive(self, now: float) -> bool:
        return not self.grant.lease or now < self.since + self.grant.lease


@dataclass(frozen=True, slots=True)
class Refusal:
    """A login that Vault refused."""

    failed: Failed
    since: float
    stamp: Stamp | None


class Session:
    """`timeout`: seconds for one operation, with its login and all tries."""

    def __init__(self, wire: Wire, login: Login, timeout: float, clock: Clock | None = None) -> None:
        self._wire = wire
        self._login = login
        self._timeout = timeout
        self._clock = clock or Clock()
        self._held: Held | None = None
        self._refusal: Refusal | None = None
        self._logging_in = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None
        self._trouble: Cause | None = None
        self._key_noted = -KEY_NOTED

    async def call(self, request: Request[T], expect: Collection[Cause] = ()) -> T:
        """The answer of Vault.

        Raises:
            Failed: of one of the causes that the caller expects.
            KeyServiceUnavailable: of any other.
        """
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._authorized(request)
        except TimeoutError:
            raise self.unavailable(Failed(Cause.SLOW)) from None
        except Failed as failed:
            if failed.cause in expect:
                self._well()
                raise
            raise self.unavailable(failed) from None
        self._well()
        return answer

    async def check(self) -> None:
        """Raises KeyServiceUnavailable if Vault does not answer, is sealed, or refuses the credential."""
        await self.call(look_up)

    async def close(self) -> None:
        """Ends the session; a token of its own is revoked if Vault can be reached."""
        held, self._held = self._held, None
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if held is not None and self._login.repeatable and self._trouble is None:
            with contextlib.suppress(Failed, TimeoutError):
                async with asyncio.timeout(REVOKE_SECONDS):
                    await self._wire.send(held.grant.token, revoke)
        self._wire.close()

    def unavailable(self, failed: Failed) -> KeyServiceUnavailable:
        """The error for a caller."""
        retry_after = failed.retry_after or RETRY_AFTER
        if failed.cause in OF_ONE_KEY:
            self._note_key(failed.cause)
            return TenantKeyUnavailable(detail=failed.cause.value, retry_after=retry_after)
        self._note(failed.cause)
        return KeyServiceUnavailable(detail=failed.cause.value, retry_after=retry_after)

    def _note(self, cause: Cause) -> None:
        """In the log, once until there is another cause or an answer."""
        if cause is not self._trouble:
            self._trouble = cause
            log.warning("Vault cannot be used: %s", cause.value)

    def _note_key(self, cause: Cause) -> None:
        """The same of what may be so of one key only, and comes and goes with who asks."""
        now = self._clock.now()
        if now >= self._key_noted + KEY_NOTED:
            self._key_noted = now
            log.warning("a key in Vault cannot be used: %s", cause.value)

    def _well(self) -> None:
        if self._trouble is not None:
            self._trouble = None
            log.info("Vault can be used again")

    async def _authorized(self, request: Request[T]) -> T:
        """Under the token, and if that is denied once more under another."""
        held = await self._credential()
        try:
            return await self._tried(held.grant.token, request)
        except Failed as failed:
            if failed.cause is not Cause.DENIED:
                raise
        another = await self._credential(denied=held)
        return await self._tried(another.grant.token, request)

    async def _tried(self, token: str | None, request: Request[T]) -> T:
        """Tried again where that may help."""
        for attempt in range(TRIES):
            try:
                return await self._wire.send(token, request)
            except Failed as failed:
                if failed.cause not in PASSING or attempt == TRIES - 1:
                    raise
                wait = failed.retry_after
                if wait is None:
                    wait = FIRST_PAUSE * 2**attempt * (0.5 + self._clock.chance())
                elif wait > self._timeout:
                    raise
            await self._clock.pause(wait)
        raise AssertionError("the last try returns or raises")

    async def _credential(self, denied: Held | None = None) -> Held:
        """The token in use, or a new one. `denied`: a token that Vault no longer takes, or that may not do this."""
        held = self._held
        if held is not None and held is not denied and self._usable(held):
            return held
        async with self._logging_in:
            held, now = self._held, self._clock.now()
            if held is not None and self._usable(held):
                if held is not denied:  # another call has it meanwhile
                    return held
                if now < held.since + YOUNG:
                    raise Failed(Cause.DENIED)
            return await self._log_in()

    def _usable(self, held: Held) -> bool:
        written_anew = not self._login.repeatable and self._login.secret.stamp() not in (held.stamp, None)
        return held.alive(self._clock.now()) and not written_anew

    async def _log_in(self) -> Held:
        stamp, now, refusal = self._login.secret.stamp(), self._clock.now(), self._refusal
        if refusal is not None and refusal.stamp == stamp and now < refusal.since + YOUNG:
            raise refusal.failed  # somebody may be locked out who asks again and again
        try:
            grant = await self._tried(None, self._login.grant)
        except Failed as failed:
            if failed.cause not in (Cause.DENIED, Cause.NOT_UNDERSTOOD, Cause.ABSENT, Cause.NO_MOUNT):
                raise
            failed = Failed(Cause.LOGIN_REFUSED)
            self._refusal = Refusal(failed, now, stamp)
            raise failed from None
        self._refusal = None
        log.info("logged in to Vault")
        return self._hold(Held(grant, now, grant.lease, stamp))

    def _hold(self, held: Held) -> Held:
        """Takes a token into use, and sees to it that it is renewed in time."""
        self._held = held
        keeper = self._keeper
        if keeper is not None and keeper is not asyncio.current_task():
            keeper.cancel()
        self._keeper = asyncio.create_task(self._keep(held)) if held.grant.lease else None
        return held

    async def _keep(self, held: Held) -> None:
        """Renews one token once, or gets another; what is held then has a keeper of its own."""
        lease = held.grant.lease
        due = held.since + lease * (RENEW_AT - JITTER * self._clock.chance())
        while self._held is held and held.alive(self._clock.now()):
            await self._clock.pause(max(due - self._clock.now(), SHORTEST_PAUSE))
            if self._held is not held or not (held.grant.renewable or self._login.repeatable):
                return
            try:
                async with asyncio.timeout(self._timeout):
                    await self._renew(held)
                    return
            except TimeoutError:
                self._note(Cause.SLOW)
            except Failed as failed:
                self._note(failed.cause)
            due = self._clock.now() + min(LONGEST_PAUSE, lease / 10)

    async def _renew(self, held: Held) -> None:
        if held.grant.renewable:
            now = self._clock.now()
            with contextlib.suppress(_Ended):
                grant = await self._renewed(held)
                if grant.lease >= held.whole * RENEW_AT or not self._login.repeatable:
                    self._hold(Held(grant, now, held.whole, held.stamp))
                    return
        async with self._logging_in:
            if self._held is held:
                await self._log_in()

    async def _renewed(self, held: Held) -> Grant:
        try:
            grant = await self._tried(held.grant.token, lambda adapter: granted(Token(adapter).renew_self()))
        except Failed as failed:
            if failed.cause in (Cause.DENIED, Cause.NOT_UNDERSTOOD):
                raise _Ended from None
            raise
        if not grant.lease:
            raise _Ended
        return grant


class _Ended(Exception):
    """The token cannot be renewed any more."""


def look_up(adapter: JsonAdapter) -> None:
    Token(adapter).lookup_self()


def revoke(adapter: JsonAdapter) -> None:
    Token(adapter).revoke_self()
