"""The job that finishes erasures: removes rows, destroys key-encryption keys, signs the receipt.

What dumps of the database hold of a graph's data keys is wrapped by a version of the tenant's key-encryption key. So
the data keys of the tenant's other graphs are wrapped anew, by a new version, and those before are destroyed: one
rotation is enough for all graphs that were erased before it.
"""

import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from loci_server.crypto.installation import Installation
from loci_server.crypto.provider import KeyProvider
from loci_server.domain.names import graph_name, tenant_name
from loci_server.domain.receipts import Erased, statement
from loci_server.domain.row import Row
from loci_server.errors import ContentUnreadable, KeyServiceUnavailable, KeysRotatedElsewhere, TenantErased
from loci_server.store.erasures import Erasures, Owner, State
from loci_server.store.key_rotations import KeyRotations

LEASE = 60.0
TURN_SECONDS = 5.0
"""After which the next erasure gets its turn."""
STEP = 2000
"""Rows of one transaction."""
CLOSE_SECONDS = 15.0
"""After which no caller of a deleted tenant is let in any more (identity.authenticator.LIFETIME)."""
CLOSED_AT_ONCE = 100
AWAY_SECONDS = 30.0
LOOK_SECONDS = 2.0
"""Between two looks at a rotation that is waited for."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Destroyed:
    """Key-encryption keys that are gone, and those that are not."""

    gone: list[str]
    remaining: list[str]


class EraseJob:
    """Works on one erasure at a time. `settle`: seconds after which a call that was let in is over. `rotating` is
    called when a rotation was queued, `later` with the seconds after which there is more to do."""

    def __init__(
        self,
        erasures: Erasures,
        rotations: KeyRotations,
        keys: KeyProvider,
        installation: Installation,
        settle: float,
        rotating: Callable[[], None],
        later: Callable[[float], None],
    ) -> None:
        self._erasures = erasures
        self._rotations = rotations
        self._keys = keys
        self._installation = installation
        self._settle = settle
        self._rotating = rotating
        self._later = later

    async def run_once(self) -> bool:
        """A turn of one erasure. True if there was one."""
        erasure = await self._erasures.claim(LEASE)
        if erasure is None:
            return False
        try:
            match erasure["state"]:
                case State.CLOSING:
                    await self._close(erasure)
                case State.REMOVING:
                    await self._remove(erasure)
                case State.DESTROYING:
                    await self._destroy(erasure)
        except (KeyServiceUnavailable, ContentUnreadable) as error:
            log.warning("an erasure cannot go on now: %s", error.reason_name())
            await self._erasures.wait(erasure, AWAY_SECONDS, error.reason_name())
        return True

    async def _close(self, erasure: Row) -> None:
        """Of a tenant: once its credentials are refused everywhere, its keys are destroyed."""
        left = CLOSE_SECONDS - erasure["age"]
        if left > 0:
            await self._wait(erasure, left)
            return
        begun = time.monotonic()
        while await self._erasures.close_graphs(erasure, CLOSED_AT_ONCE):
            if time.monotonic() - begun >= TURN_SECONDS:
                await self._wait(erasure, 0.0)
                return
        await self._end_key(erasure)
        await self._erasures.enter(erasure, State.REMOVING)
        await self._wait(erasure, 0.0)

    async def _end_key(self, erasure: Row) -> None:
        """Destroys the tenant's key."""
        await self._erasures.note_keys(erasure, await self._keys.held(erasure["tenant_key"]))
        await self._keys.destroy(erasure["tenant_key"])

    async def _remove(self, erasure: Row) -> None:
        begun = time.monotonic()
        of_tenant = not erasure["graph_key"]
        graph_key = erasure["graph_key"] or await self._erasures.next_graph(erasure)
        while graph_key is not None and time.monotonic() - begun < TURN_SECONDS:
            if await self._erasures.remove_rows(erasure, graph_key, STEP):
                continue
            if of_tenant:
                await self._erasures.drop_graph(erasure, graph_key)
                graph_key = await self._erasures.next_graph(erasure)
            else:
                break
        else:
            if graph_key is not None:  # there is more
                await self._wait(erasure, 0.0)
                return
        left = self._settle + (CLOSE_SECONDS if of_tenant else 0.0) - erasure["age"]
        if left > 0:  # until nothing that was begun before can come any more
            await self._wait(erasure, left)
            return
        if of_tenant:
            begun = time.monotonic()
            while await self._erasures.remove_tenant_rows(erasure, STEP):
                if time.monotonic() - begun >= TURN_SECONDS:
                    await self._wait(erasure, 0.0)
                    return
        else:
            await self._erasures.settle_graph(erasure, erasure["graph_key"])
        await self._erasures.enter(erasure, State.DESTROYING)
        await self._wait(erasure, 0.0)

    async def _destroy(self, erasure: Row) -> None:
        if not await self._rotations.known(erasure["epoch"]):  # a server may have the data keys still
            await self._wait(erasure, LOOK_SECONDS)
            return
        if erasure["graph_key"]:
            destroyed = await self._destroyed_of_graph(erasure)
            if destroyed is None:
                await self._wait(erasure, LOOK_SECONDS)
                return
        else:
            await self._end_key(erasure)  # one that somebody made meanwhile
            noted = (await self._erasures.find(erasure["erasure_id"]))["destroyed"]
            held = await self._keys.held(erasure["tenant_key"])
            gone = [kek_id for kek_id in noted if kek_id not in held]
            destroyed = _Destroyed(gone, held if erasure["data_key_count"] else [])
            await self._erasures.drop_tenant(erasure, STEP)
        await self._sign(erasure, destroyed)

    async def _destroyed_of_graph(self, erasure: Row) -> _Destroyed | None:
        """None: it is not over yet. A key counts as destroyed only if the key service has it no more."""
        tenant_key = erasure["tenant_key"]
        match await self._erasures.owner(erasure):
            case Owner.BEING_ERASED:  # with its key
                return None
            case Owner.GONE:
                return await self._destroyed_with_tenant(erasure)
        rotation = await self._rotations.rewrapping(tenant_key)
        if rotation is not None and rotation["end_time"] is None:
            return None
        if rotation is None or rotation["begin_time"] < erasure["request_time"]:
            return await self._rotate(erasure)
        if await self._rotations.left_behind(tenant_key, rotation["kek_id"]) > rotation["unreadable_count"]:
            return await self._rotate(erasure)  # what wraps a graph that is there is not destroyed, however that came
        wrapped_by = {key["kek_id"] for key in json.loads(erasure["data_keys"])}
        held = await self._keys.held(tenant_key)
        await self._erasures.note_keys(erasure, sorted({*wrapped_by, *held} - {rotation["kek_id"]}))
        try:
            await self._keys.retire(tenant_key, rotation["kek_id"])
        except ValueError:  # keys are elsewhere than when that rotation began
            return await self._rotate(erasure)
        held = await self._keys.held(tenant_key)
        if not wrapped_by.isdisjoint(held):  # by a version that came before that rotation was known of
            return await self._rotate(erasure)
        noted = (await self._erasures.find(erasure["erasure_id"]))["destroyed"]
        return _Destroyed([kek_id for kek_id in noted if kek_id not in held], [])

    async def _destroyed_with_tenant(self, erasure: Row) -> _Destroyed:
        """Of a graph whose tenant was erased meanwhile."""
        await self._end_key(erasure)  # one that somebody made after that
        wrapped_by = {key["kek_id"] for key in json.loads(erasure["data_keys"])}
        noted = (await self._erasures.find(erasure["erasure_id"]))["destroyed"]
        held = await self._keys.held(erasure["tenant_key"])
        return _Destroyed(sorted({*wrapped_by, *noted} - {*held}), held)

    async def _rotate(self, erasure: Row) -> _Destroyed | None:
        """Begins a rotation of the tenant's key; nothing is destroyed where tenants share one."""
        tenant_key = erasure["tenant_key"]
        try:
            kek_id = await self._keys.rotate(tenant_key)
        except KeysRotatedElsewhere:
            wrapped_by = {key["kek_id"] for key in json.loads(erasure["data_keys"])}
            return _Destroyed([], sorted({*wrapped_by, *await self._keys.held(tenant_key)}))
        with suppress(TenantErased):  # it is destroyed with the tenant
            await self._rotations.begin_rewrapping(tenant_key, kek_id, tenant_name(erasure["tenant_id"]))
            self._rotating()
        return None

    async def _wait(self, erasure: Row, seconds: float) -> None:
        """Goes on with it after a while, in this process or another one."""
        await self._erasures.wait(erasure, seconds)
        self._later(seconds)

    async def _sign(self, erasure: Row, destroyed: _Destroyed) -> None:
        found = await self._erasures.find(erasure["erasure_id"])
        tenant, end_time = tenant_name(found["tenant_id"]), datetime.now(UTC)
        told = statement(
            Erased(
                found["erasure_id"],
                self._installation.cluster_id,
                graph_name(found["graph_id"]) if found["graph_key"] else tenant,
                tenant,
                found["actor"],
                found["request_time"],
                end_time,
                json.loads(found["counts"]),
                json.loads(found["data_keys"]),
                found["data_key_count"],
                destroyed.gone,
                destroyed.remaining,
            )
        )
        signature = self._installation.receipts.sign(told.encode())
        await self._erasures.end(erasure, end_time, destroyed.gone, destroyed.remaining, told, signature)
