"""Opening the installation, also where the key service is away: until it answers every call is told so."""

import asyncio
import contextlib
import logging

from loci_server.crypto.installation import Installation
from loci_server.crypto.provider import KeyProvider
from loci_server.errors import CredentialInvalid, KeyServiceUnavailable
from loci_server.identity.federation import Presented
from loci_server.identity.principal import Principal
from loci_server.rpc.pipeline import Pipeline
from loci_server.rpc.server import Listener
from loci_server.settings import Settings
from loci_server.store.pool import Database
from loci_server.store.tenants import open_installation
from loci_server.vitals import KEYS_HEALTH

PAUSE = 2.0
"""Seconds between two tries."""
LINGER = 1.0
"""Seconds for those who watch health to be told that this listener goes."""
log = logging.getLogger(__name__)


class Waiting:
    """A process whose installation is sealed yet. Health says NOT_SERVING, all else KEY_SERVICE_UNAVAILABLE.

    `port`: where to listen, None as the settings say; the one that was found, afterwards.
    """

    def __init__(self, settings: Settings, port: int | None) -> None:
        self._settings = settings
        self._failure = KeyServiceUnavailable(detail="it was not asked yet.", retry_after=PAUSE)
        self.port = port

    async def open(self, database: Database, keys: KeyProvider, stop: asyncio.Event) -> Installation | None:
        """None if it was told to stop before. Raises ContentUnreadable, and ListenError if the port is taken."""
        installation = await self._opened(database, keys)
        if installation is not None:
            return installation
        listener = Listener(
            self._settings, Pipeline(self._settings, Nobody(), absent=lambda _: self._failure), (), port=self.port
        )
        self.port = await listener.start()
        for name in ("", KEYS_HEALTH):
            listener.set_health(name, False)
        log.warning("the key service is away: calls are refused until it answers")
        try:
            while installation is None and not await told(stop, PAUSE):
                installation = await self._opened(database, keys)
            return installation
        finally:
            await listener.drain(LINGER)

    async def _opened(self, database: Database, keys: KeyProvider) -> Installation | None:
        try:
            return await open_installation(database, keys)
        except KeyServiceUnavailable as failure:
            self._failure = failure
            return None


class Nobody:
    """Knows no credential: the hashes of API keys are keyed by what is sealed."""

    def cached(self, presented: Presented, /) -> Principal | None:
        return None

    async def authenticate(self, presented: Presented, peer: str, /) -> Principal:
        raise CredentialInvalid


async def told(stop: asyncio.Event, seconds: float) -> bool:
    """Whether it is set, or was within some seconds."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
