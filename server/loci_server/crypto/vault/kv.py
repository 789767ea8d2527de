"""The key provider `vault-kv`: Vault keeps a root key for each tenant in KV version 2, and gives it out.

Versions of the secret are versions of the key. Data keys are wrapped here, by AES-256-GCM, bound to tenant, purpose
and version. Weaker than Transit: a server holds the root keys of the tenants that it works for in memory.
"""

import asyncio
import base64
import contextlib
import os
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hvac.api.secrets_engines.kv_v2 import KvV2

from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.keyring import KEY_BYTES
from loci_server.crypto.local import associated_data
from loci_server.crypto.provider import INSTALLATION
from loci_server.crypto.vault.failures import Cause, Failed
from loci_server.crypto.vault.kek_ids import is_later, kek_id_of, version_in
from loci_server.crypto.vault.session import Session
from loci_server.crypto.vault.wire import Json, JsonAdapter
from loci_server.errors import ContentUnreadable, KeyDestroyed, LociError

PROVIDER = "vault-kv"
FIELD = "key"
LIFETIME = 5.0
"""Seconds for which a root key is kept. Opening a graph takes three unwraps, a graph's birth three wraps: those share
one request. Then a rotation has reached every process, and none uses a key that was destroyed."""
MAX_KEPT = 4096
MAX_VERSIONS = 1000
"""Versions that Vault is told to keep of a secret. Its own default is ten: the eleventh rotation would destroy the
first key while data keys may still be wrapped by it."""
AT_ONCE = 32
"""Versions that one request destroys. Vault marks all of them as destroyed and then removes one after the other: where
it fails between, as many are marked and not gone. So the last that are marked are destroyed again."""


@dataclass(frozen=True, slots=True)
class RootKey:
    """One version of a tenant's root key."""

    version: int
    cipher: AESGCM
    read: float


class VaultKvKeys:
    """Secrets at `mount`/`prefix`/tenants/…. `now`: seconds of a clock that only goes forward."""

    def __init__(self, session: Session, *, mount: str, prefix: str, now: Callable[[], float]) -> None:
        self._session = session
        self._mount = mount
        self._prefix = prefix
        self._now = now
        self._kept: OrderedDict[tuple[int, int | None], RootKey] = OrderedDict()
        self._reading: WeakValueDictionary[tuple[int, int | None], asyncio.Lock] = WeakValueDictionary()

    async def wrap(self, tenant_key: int, purpose: bytes, key: bytes) -> WrappedKey:
        root = await self._root(tenant_key, None)
        if root is None:
            root = await self._made(tenant_key, 0)
        kek, nonce = self._kek_id(tenant_key, root.version), os.urandom(12)
        return WrappedKey(kek, nonce + root.cipher.encrypt(nonce, key, associated_data(kek, tenant_key, purpose)))

    async def unwrap(self, tenant_key: int, purpose: bytes, wrapped: WrappedKey) -> bytes:
        try:
            version = version_in(wrapped.kek_id, self._kek_path(tenant_key))
        except ValueError:
            raise ContentUnreadable(
                detail="its data key was wrapped for another place, or by another key provider"
            ) from None
        root = await self._root(tenant_key, version)
        if root is None:
            raise await self._unopened(tenant_key, version)
        data = associated_data(wrapped.kek_id, tenant_key, purpose)
        try:
            return root.cipher.decrypt(wrapped.wrapped[:12], wrapped.wrapped[12:], data)
        except (InvalidTag, ValueError):  # a ValueError for one that is too short
            raise ContentUnreadable(detail="its data key does not open") from None

    async def rotate(self, tenant_key: int) -> str:
        self._forget(tenant_key)
        root = await self._root(tenant_key, None)
        made = await self._made(tenant_key, root.version if root else 0)
        return self._kek_id(tenant_key, made.version)

    async def retire(self, tenant_key: int, kek_id: str) -> list[str]:
        kept, path = version_in(kek_id, self._kek_path(tenant_key)), self._path(tenant_key)
        try:
            found = await self._versions(path)
        except Failed:
            return []
        doomed = [version for version in found.there if version < kept]
        self._forget(tenant_key)
        if doomed and await self._root(tenant_key, kept) is None:
            raise self._session.unavailable(Failed(Cause.BEHIND))
        marked = [version for version in found.destroyed if version < kept]
        going = sorted(marked[-AT_ONCE:] + doomed)
        for begin in range(0, len(going), AT_ONCE):
            await self._destroy(path, going[begin : begin + AT_ONCE])
        self._forget(tenant_key)
        return [self._kek_id(tenant_key, version) for version in doomed]

    async def destroy(self, tenant_key: int) -> list[str]:
        path = self._path(tenant_key)
        try:
            versions = (await self._versions(path)).there
        except Failed:
            versions = []
        else:
            await self._session.call(
                lambda adapter: KvV2(adapter).delete_metadata_and_all_versions(path, mount_point=self._mount)
            )
        self._forget(tenant_key)
        return [self._kek_id(tenant_key, version) for version in versions]

    async def held(self, tenant_key: int) -> list[str]:
        try:
            versions = await self._versions(self._path(tenant_key))
        except Failed:
            return []
        return [self._kek_id(tenant_key, version) for version in versions.there]

    def supersedes(self, tenant_key: int, kek_id: str, other: str) -> bool:
        return is_later(kek_id, other, self._kek_path(tenant_key))

    async def check(self) -> None:
        await self._session.check()

    async def close(self) -> None:
        self._kept.clear()
        await self._session.close()

    async def _unopened(self, tenant_key: int, version: int) -> LociError:
        """Why there is no such version. What can be brought back is not called destroyed."""
        try:
            found = await self._versions(self._path(tenant_key))
        except Failed:
            return KeyDestroyed()
        if version in found.there:
            return self._session.unavailable(Failed(Cause.LOCKED))
        if version > max([*found.there, *found.destroyed], default=0):
            return ContentUnreadable(detail="the key service never had the key that wrapped its data key")
        return KeyDestroyed()

    async def _versions(self, path: str) -> "Versions":
        """Raises Failed if there is no such secret."""
        return await self._session.call(
            lambda adapter: states(KvV2(adapter).read_secret_metadata(path, mount_point=self._mount)),
            expect={Cause.ABSENT},
        )

    async def _destroy(self, path: str, versions: list[int]) -> None:
        await self._session.call(
            lambda adapter: KvV2(adapter).destroy_secret_versions(path, versions, mount_point=self._mount)
        )

    async def _root(self, tenant_key: int, version: int | None) -> RootKey | None:
        """A version of the root key, or the latest. None if it is not there (any more)."""
        place = tenant_key, version
        kept = self._fresh(place)
        if kept is not None:
            return kept
        async with self._reading.setdefault(place, asyncio.Lock()):
            kept = self._fresh(place)
            if kept is not None:
                return kept  # read by another call meanwhile
            path, now = self._path(tenant_key), self._now()

            def read(adapter: JsonAdapter) -> RootKey:
                answer = KvV2(adapter).read_secret_version(
                    path, version=version, mount_point=self._mount, raise_on_deleted_version=True
                )
                return understood(answer, now)

            try:
                root = await self._session.call(read, expect={Cause.ABSENT})
            except Failed:
                return None
            self._keep(place, root)
            self._keep((tenant_key, root.version), root)
            return root

    async def _made(self, tenant_key: int, after: int) -> RootKey:
        """The root key after version `after`: a new one, or the one that another server has made meanwhile."""
        path = self._path(tenant_key)
        encoded = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        if after == 0:
            await self._session.call(
                lambda adapter: KvV2(adapter).update_metadata(
                    path, max_versions=MAX_VERSIONS, cas_required=True, mount_point=self._mount
                )
            )
        # NOT_UNDERSTOOD is also how Vault says that another one was first
        try:
            await self._session.call(
                lambda adapter: KvV2(adapter).create_or_update_secret(
                    path, {FIELD: encoded}, cas=after, mount_point=self._mount
                ),
                expect={Cause.NOT_UNDERSTOOD},
            )
        except Failed as failed:
            refused: Failed | None = failed
        else:
            refused = None
        self._forget(tenant_key)
        root = await self._root(tenant_key, None)
        if root is None or root.version <= after:
            raise self._session.unavailable(refused or Failed(Cause.UNFIT))
        return root

    def _fresh(self, place: tuple[int, int | None]) -> RootKey | None:
        root = self._kept.get(place)
        return root if root is not None and self._now() < root.read + LIFETIME else None

    def _keep(self, place: tuple[int, int | None], root: RootKey) -> None:
        self._kept[place] = root
        self._kept.move_to_end(place)
        now = self._now()
        while self._kept and (len(self._kept) > MAX_KEPT or next(iter(self._kept.values())).read + LIFETIME <= now):
            self._kept.popitem(last=False)

    def _forget(self, tenant_key: int) -> None:
        for place in [place for place in self._kept if place[0] == tenant_key]:
            del self._kept[place]

    def _path(self, tenant_key: int) -> str:
        return f"{self._prefix}/{'installation' if tenant_key == INSTALLATION else f'tenants/{tenant_key}'}"

    def _kek_path(self, tenant_key: int) -> str:
        return f"{PROVIDER}:{self._mount}/{self._path(tenant_key)}"

    def _kek_id(self, tenant_key: int, version: int) -> str:
        return kek_id_of(self._kek_path(tenant_key), version)


def understood(answer: Json, read: float) -> RootKey:
    """Raises Failed for what is no key of 32 bytes."""
    version = answer["data"]["metadata"]["version"]
    match answer["data"]["data"], version:
        case {"key": str(encoded)}, int():
            with contextlib.suppress(ValueError):
                return RootKey(version, AESGCM(decoded(encoded)), read)
    raise Failed(Cause.UNFIT)


def decoded(encoded: str) -> bytes:
    """Raises ValueError for what is not 32 bytes in base64."""
    key = base64.b64decode(encoded, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("not a key")
    return key


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of a secret, oldest first."""

    there: list[int]
    """Also those that are deleted, which can be undone."""
    destroyed: list[int]


def states(answer: Json) -> Versions:
    versions = answer["data"]["versions"].items()
    found = {int(version): bool(state.get("destroyed")) for version, state in versions}
    return Versions(
        there=sorted(version for version, destroyed in found.items() if not destroyed),
        destroyed=sorted(version for version, destroyed in found.items() if destroyed),
    )
