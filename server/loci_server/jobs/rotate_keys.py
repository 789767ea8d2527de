"""The job that rotates keys, a step at a time: migrations/0017_keys.sql tells its states."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Sequence

from loci_server.crypto.cache import CachedKeys
from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.provider import INSTALLATION
from loci_server.errors import ContentUnreadable, GraphNotFound, KeyServiceUnavailable, TenantErased
from loci_server.jobs.rederiving import LAST, Rederiving, Step
from loci_server.jobs.resealing import Stage, reseal
from loci_server.store.audit import Leave, unaudited
from loci_server.store.handles import PURPOSES, ROTATED, GraphHandle, Handles
from loci_server.store.jobs import Jobs
from loci_server.store.key_rotations import KeyRotation, KeyRotations, State, Wrapped
from loci_server.store.tenants import PURPOSE as INSTALLATION_PURPOSE

LEASE = 60.0
TURN_SECONDS = 5.0
"""After which the next rotation gets its turn."""
STEP = 200
"""Rows of one transaction."""
ASK_SECONDS = 0.2
"""Between two looks whether all servers know of a change."""
LOOK_SECONDS = 2.0
"""The same whether all keys can be wrapped anew."""
REWRAP_AT_ONCE = 50
ASKED_AT_ONCE = 8
"""Keys for which the key service is asked side by side."""
REWRAP_SETTLE = 6.0
"""Seconds after which no server begins to wrap by the key before any more."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds until a graph is tried again whose keys do not open: as many as it has been in its state, within these."""
DELETED_SECONDS = 3600.0
WORN_AT_ONCE = 100
FIRST = -(2**63)
"""Before the keys of all graphs."""
log = logging.getLogger(__name__)


class RotateKeysJob:
    """Works on one rotation at a time. `settle`: seconds after which a call that has begun is over, or has failed.
    `changed` is called when servers must hear of a change, `later` with the seconds after which there is more to do."""

    def __init__(
        self,
        jobs: Jobs,
        handles: Handles,
        rotations: KeyRotations,
        keys: CachedKeys,
        derived: Rederiving,
        settle: float,
        changed: Callable[[], None],
        later: Callable[[float], None],
    ) -> None:
        self._derived = derived
        self._jobs = jobs
        self._handles = handles
        self._rotations = rotations
        self._keys = keys
        self._settle = settle
        self._changed = changed
        self._later = later

    async def begin(self, handle: GraphHandle, audit: Leave = unaudited) -> bool:
        """Announces new versions of a graph's keys. False if a rotation is under way. Raises KeyServiceUnavailable."""
        wrapped = {
            purpose: await self._keys.wrap(handle.tenant_key, PURPOSES[purpose], secrets.token_bytes(32))
            for purpose in ROTATED
        }
        begun = await self._rotations.begin(handle, wrapped, audit)
        if begun:
            self._changed()
        return begun

    async def run_once(self) -> bool:
        """A turn of one rotation. True if there was one."""
        rotation = await self._rotations.claim(LEASE)
        if rotation is None:
            return False
        try:
            await self._advance(rotation)
        except (KeyServiceUnavailable, ContentUnreadable) as error:
            log.warning("a rotation of keys cannot go on now: %s", error.reason_name())
            pause = min(max(rotation.age, FIRST_PAUSE), LONGEST_PAUSE)
            await self._rotations.wait(rotation, pause, error.reason_name())
            self._later(pause)
        except (GraphNotFound, TenantErased):
            await self._rotations.wait(rotation, DELETED_SECONDS)
        return True

    async def _advance(self, rotation: KeyRotation) -> None:
        match rotation.state:
            case State.ANNOUNCED:
                if await self._known(rotation):
                    await self._rotations.note_known(rotation)
                    await self._wait(rotation, self._settle)
            case State.KNOWN:
                if rotation.age < self._settle:
                    await self._wait(rotation, self._settle - rotation.age)
                else:
                    await self._rotations.begin_sealing(rotation)
                    self._changed()
                    await self._wait(rotation, 0.0)
            case State.RESEALING | State.PROVING:
                await self._reseal(rotation)
            case State.SETTLING:
                if rotation.age < self._settle:
                    await self._wait(rotation, self._settle - rotation.age)
                elif await self._known(rotation):
                    await self._rotations.begin_proving(rotation)
                    await self._wait(rotation, 0.0)
            case State.REWRAPPING:
                await self._rewrap(rotation)

    async def _wait(self, rotation: KeyRotation, seconds: float) -> None:
        """Goes on with it after a while, in this process or another one."""
        await self._rotations.wait(rotation, seconds)
        self._later(seconds)

    async def _known(self, rotation: KeyRotation) -> bool:
        if await self._rotations.known(rotation.epoch):
            return True
        await self._wait(rotation, 0.0)
        await asyncio.sleep(ASK_SECONDS)
        return False

    async def _reseal(self, rotation: KeyRotation) -> None:
        """Goes on where the last turn ended."""
        begun = time.monotonic()
        stage, place, left = rotation.stage, rotation.place, rotation.left
        while stage <= LAST and time.monotonic() - begun < TURN_SECONDS:
            handle = await self._handle(rotation)
            step = await (self._sealed_anew if stage <= max(Stage) else self._derived.step)(
                rotation, handle, stage, place
            )
            stage, place = (stage, step.place) if step.place is not None else (stage + 1, "")
            left += step.changed
            await self._rotations.move(
                rotation,
                stage,
                place,
                done=step.found if rotation.state == State.RESEALING else 0,
                left=step.changed,
                unreadable=step.unreadable if rotation.state == State.PROVING else 0,
            )
            if step.waits:
                await self._wait(rotation, ASK_SECONDS)
                return
        if stage > LAST:
            if rotation.state == State.RESEALING:
                if not await self._known(rotation):  # from then on nobody begins to seal by the version before
                    return
                await self._rotations.begin_settling(rotation)
            elif left:  # sealed anew in this pass, unless somebody else had hold of it: looked at once more
                await self._rotations.begin_proving(rotation)
            else:
                await self._rotations.end(rotation)
                self._changed()
        await self._wait(rotation, 0.0)

    async def _sealed_anew(self, rotation: KeyRotation, handle: GraphHandle, stage: int, place: str) -> Step:
        """Some of what is sealed."""
        found = await self._rotations.envelopes(rotation, stage, place, STEP)
        batch = reseal(handle.sealer, stage, found)
        if batch.resealed:
            await self._rotations.reseal(rotation, stage, batch.resealed)
        return Step(found[-1].place if found else None, len(found), len(batch.resealed), batch.unreadable)

    async def _handle(self, rotation: KeyRotation) -> GraphHandle:
        """With the new versions in use. Raises GraphNotFound, KeyServiceUnavailable, ContentUnreadable."""
        graph = await self._jobs.graph_id(*rotation.where)
        if graph is None:
            raise GraphNotFound(resource="graphs/-")
        handle = await self._handles.get(rotation.tenant_key, graph)
        if handle.sealer.sealing != rotation.version or handle.tokenizer.generation != rotation.version & 1:
            handle = await self._handles.refresh(rotation.tenant_key, graph)
        return handle

    async def _rewrap(self, rotation: KeyRotation) -> None:
        """Wraps keys anew, in passes over all of them. It ends only when no server can wrap by the key before any more.
        What does not open stays as it is."""
        if rotation.tenant_key == INSTALLATION:
            await self._rewrap_installation(rotation)
            return
        found = await self._rotations.old_wraps(rotation, REWRAP_AT_ONCE)
        if found:
            at_once = asyncio.Semaphore(ASKED_AT_ONCE)
            tried = await asyncio.gather(*(self._rewrapped(rotation, old, at_once) for old in found))
            if await self._aimed_anew(rotation, [(old.key, new) for old, new in zip(found, tried, strict=True) if new]):
                return
            # Where this process has not heard of the new key yet, it is tried again.
            done = [(old, new) for old, new in zip(found, tried, strict=True) if new and new.kek_id == rotation.kek_id]
            if done:
                await self._rotations.rewrap(rotation, done)
            broken = tried.count(None)
            counts = {"done": len(done), "left": len(found) - broken, "unreadable": broken}
            await self._rotations.move(rotation, rotation.stage, found[-1].place, **counts)
            await self._wait(rotation, 0.0 if done else LOOK_SECONDS)
        elif rotation.left or rotation.age < self._settle + REWRAP_SETTLE:
            await self._rotations.look_again(rotation)
            await self._wait(rotation, LOOK_SECONDS)
        else:
            await self._rotations.end_rewrapping(rotation)

    async def _aimed_anew(self, rotation: KeyRotation, wraps: Sequence[tuple[WrappedKey, WrappedKey]]) -> bool:
        """Where the key service has been rotated meanwhile, by itself or by others, all is wrapped by what it made."""
        others = [new.kek_id for old, new in wraps if self._is_unheard_of(rotation, old.kek_id, new.kek_id)]
        if not others or rotation.age < REWRAP_SETTLE:
            return False
        await self._rotations.begin_rewrapping(rotation.tenant_key, others[0], "")
        await self._wait(rotation, 0.0)
        return True

    def _is_unheard_of(self, rotation: KeyRotation, old: str, new: str) -> bool:
        """Whether the key by which is wrapped now came after the one that the rotation aims at."""
        if new in (old, rotation.kek_id):
            # Wrapped by the old one still: it is the latest, or this server has not heard of the aim yet.
            return self._keys.supersedes(rotation.tenant_key, new, rotation.kek_id)
        return True

    async def _rewrapped(self, rotation: KeyRotation, old: Wrapped, at_once: asyncio.Semaphore) -> WrappedKey | None:
        """None: it does not open."""
        async with at_once:
            try:
                return await self._keys.rewrap(rotation.tenant_key, PURPOSES[old.purpose], old.key)
            except ContentUnreadable:
                return None

    async def _rewrap_installation(self, rotation: KeyRotation) -> None:
        old = await self._rotations.installation()
        if old.kek_id != rotation.kek_id:
            new = await self._keys.rewrap(INSTALLATION, INSTALLATION_PURPOSE, old)
            if await self._aimed_anew(rotation, [(old, new)]):
                return
            if new.kek_id != rotation.kek_id:
                await self._wait(rotation, LOOK_SECONDS)
                return
            await self._rotations.rewrap_installation(old, new)
        await self._rotations.end_rewrapping(rotation)


class WornKeys:
    """Begins to rotate keys that are old (`days`; None: never), or have sealed `encryptions` times."""

    def __init__(
        self,
        jobs: Jobs,
        handles: Handles,
        rotations: KeyRotations,
        rotating: RotateKeysJob,
        days: float | None,
        encryptions: int,
    ) -> None:
        self._jobs = jobs
        self._handles = handles
        self._rotations = rotations
        self._rotating = rotating
        self._days = days
        self._encryptions = encryptions
        self._place = FIRST

    async def run_once(self) -> bool:
        """At most some at once, so that a server is not busy with nothing else: the others have their turn later."""
        begun = 0
        while begun < WORN_AT_ONCE:
            found = await self._rotations.worn(self._days, self._encryptions, self._place, WORN_AT_ONCE)
            for tenant_key, graph_key in found:
                begun += await self._begun(tenant_key, graph_key)
                self._place = graph_key
            if len(found) < WORN_AT_ONCE:
                self._place = FIRST
                break
        return await self._rotations.purge()

    async def _begun(self, tenant_key: int, graph_key: int) -> bool:
        """False for a graph that is deleted, or does not open: when it comes back."""
        graph = await self._jobs.graph_id(tenant_key, graph_key)
        if graph is None:
            return False
        try:
            return await self._rotating.begin(await self._handles.get(tenant_key, graph))
        except (GraphNotFound, ContentUnreadable, KeyServiceUnavailable):
            return False
