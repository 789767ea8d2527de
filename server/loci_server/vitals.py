"""What health is told of: the database, the key service, issuers, the embedder."""

import asyncio
import logging
from collections.abc import Callable

import asyncpg

from loci_server.crypto.cache import CachedKeys
from loci_server.embedded import BundledPostgresError
from loci_server.errors import Unavailable
from loci_server.identity.federation import Federation
from loci_server.jobs.runner import Runner
from loci_server.store.pool import Database

PROBE_SECONDS = 1.0
LONGEST_PAUSE = 60.0
DATABASE_HEALTH, EMBEDDER_HEALTH, KEYS_HEALTH, IDENTITIES_HEALTH = "database", "embedder", "keys", "identities"
log = logging.getLogger(__name__)


async def watch_health(
    database: Database,
    keys: CachedKeys,
    runner: Runner,
    federation: Federation,
    set_health: Callable[[str, bool], None],
    revive: Callable[[], None] | None,
) -> None:
    """Tells health of what is away, until cancelled. Without the key service open graphs are served on, so the server
    as a whole stays well. `revive` starts the bundled database again."""
    pause = PROBE_SECONDS
    while True:
        try:
            await database.ping()
            alive, pause = True, PROBE_SECONDS
        except (Unavailable, asyncpg.PostgresError):
            alive = False
            log.warning("the database does not answer")
            if revive is not None:
                try:
                    await asyncio.to_thread(revive)
                except BundledPostgresError as error:
                    pause = min(2 * pause, LONGEST_PAUSE)
                    log.error("PostgreSQL cannot be started again, next try in %.0f s: %s", pause, error)
        for name in ("", DATABASE_HEALTH):
            set_health(name, alive)
        set_health(KEYS_HEALTH, keys.available)
        set_health(IDENTITIES_HEALTH, federation.healthy)
        set_health(EMBEDDER_HEALTH, not {"embed", "reembed"} & runner.failing)
        await asyncio.sleep(pause)
