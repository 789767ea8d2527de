"""The key provider `vault`: a Transit key for each tenant, which never leaves Vault.

A wrapped key is Transit's ciphertext of it, bound to tenant and purpose by additional data. `datakey` and `rewrap`
know none, so keys are made here, and a rewrap is an unwrap and a wrap.
"""

import base64
from dataclasses import dataclass

from hvac.api.secrets_engines.transit import Transit

from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.local import associated_data
from loci_server.crypto.provider import INSTALLATION
from loci_server.crypto.vault.failures import Cause, Failed
from loci_server.crypto.vault.kek_ids import is_later, kek_id_of, version_in
from loci_server.crypto.vault.session import Session
from loci_server.crypto.vault.wire import Json, JsonAdapter
from loci_server.errors import ContentUnreadable, KeyDestroyed, KeyServiceUnavailable, LociError

PROVIDER = "vault"
KIND = "aes256-gcm96"
MAX_KNOWN = 10_000
"""Tenants of which a process remembers that their key is there."""


class VaultTransitKeys:
    """Keys below `mount`, their names beginning with `prefix`."""

    def __init__(self, session: Session, *, mount: str, prefix: str) -> None:
        self._session = session
        self._mount = mount
        self._prefix = prefix
        self._known: set[str] = set()
        self._binds = False
        """Whether this Vault was seen to heed additional data; older ones ignore what they do not know."""

    async def wrap(self, tenant_key: int, purpose: bytes, key: bytes) -> WrappedKey:
        name = self._name(tenant_key)
        if name not in self._known:
            await self._ensure(name)
        try:
            ciphertext, version = await self._encrypted(name, key, self._bound(tenant_key, purpose))
        except KeyServiceUnavailable:
            self._known.discard(name)  # it may have been destroyed meanwhile
            raise
        return WrappedKey(self._kek_id(tenant_key, version), ciphertext.encode())

    async def unwrap(self, tenant_key: int, purpose: bytes, wrapped: WrappedKey) -> bytes:
        try:
            ciphertext = wrapped.wrapped.decode("ascii")
            fits = wrapped.kek_id == self._kek_id(tenant_key, version_of(ciphertext))
        except ValueError:
            fits = False
        if not fits:
            raise ContentUnreadable(detail="its data key was wrapped for another place, or by another key provider")
        try:
            return await self._decrypted(self._name(tenant_key), ciphertext, self._bound(tenant_key, purpose))
        except Failed:
            pass
        raise await self._unopened(tenant_key, version_of(ciphertext))

    async def rotate(self, tenant_key: int) -> str:
        name = self._name(tenant_key)
        await self._ensure(name)
        await self._session.call(lambda adapter: Transit(adapter).rotate_key(name, mount_point=self._mount))
        return self._kek_id(tenant_key, (await self._there(name)).latest)

    async def retire(self, tenant_key: int, kek_id: str) -> list[str]:
        kept, name = version_in(kek_id, self._path(tenant_key)), self._name(tenant_key)
        try:
            found = await self._read(name)
        except Failed:
            return []
        if kept > found.latest:
            raise self._session.unavailable(Failed(Cause.BEHIND))
        if kept <= found.oldest:
            return []
        decrypting = max(kept, found.decrypting)
        # Vault trims below both only, and refuses the first of them while it is below the second
        await self._configure(name, min_encryption_version=max(decrypting, found.encrypting))
        await self._configure(name, min_decryption_version=decrypting)
        await self._session.call(
            lambda adapter: Transit(adapter).trim_key(name, min_version=kept, mount_point=self._mount)
        )
        return [self._kek_id(tenant_key, version) for version in range(found.oldest, kept)]

    async def destroy(self, tenant_key: int) -> list[str]:
        name = self._name(tenant_key)
        self._known.discard(name)
        try:
            found = await self._read(name)
        except Failed:
            return []
        await self._configure(name, deletion_allowed=True)
        await self._session.call(lambda adapter: Transit(adapter).delete_key(name, mount_point=self._mount))
        return [self._kek_id(tenant_key, version) for version in range(found.oldest, found.latest + 1)]

    async def held(self, tenant_key: int) -> list[str]:
        try:
            found = await self._read(self._name(tenant_key))
        except Failed:
            return []
        return [self._kek_id(tenant_key, version) for version in range(found.oldest, found.latest + 1)]

    def supersedes(self, tenant_key: int, kek_id: str, other: str) -> bool:
        return is_later(kek_id, other, self._path(tenant_key))

    async def check(self) -> None:
        await self._session.check()

    async def close(self) -> None:
        await self._session.close()

    async def _unopened(self, tenant_key: int, version: int) -> LociError:
        """Why a data key does not open. What may open again, when its key is unlocked or Vault is restored, is not
        called unreadable: nobody is to give it up."""
        try:
            found = await self._read(self._name(tenant_key))
        except Failed:
            return KeyDestroyed()
        if version < found.oldest:
            return KeyDestroyed()
        if version > found.latest:
            return self._session.unavailable(Failed(Cause.BEHIND))
        if version < found.decrypting:
            return self._session.unavailable(Failed(Cause.LOCKED))
        return ContentUnreadable(detail="its data key does not open")

    async def _ensure(self, name: str) -> None:
        """Makes the key where it is not there; of two servers that do so at once, the second changes nothing."""
        try:
            found = await self._read(name)
        except Failed:
            await self._session.call(
                lambda adapter: Transit(adapter).create_key(
                    name, key_type=KIND, exportable=False, allow_plaintext_backup=False, mount_point=self._mount
                )
            )
            found = await self._there(name)
        if not found.fit:
            raise self._session.unavailable(Failed(Cause.UNFIT))
        if not self._binds:
            await self._prove_binding(name)
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known.add(name)

    async def _configure(self, name: str, **settings: int) -> None:
        await self._session.call(
            lambda adapter: Transit(adapter).update_key_configuration(name, mount_point=self._mount, **settings)
        )

    async def _prove_binding(self, name: str) -> None:
        """Raises KeyServiceUnavailable if a ciphertext opens for another place than it was made for."""
        ciphertext, _ = await self._encrypted(name, bytes(32), encoded(b"one place"))
        try:
            await self._decrypted(name, ciphertext, encoded(b"another"))
        except Failed:
            self._binds = True
            return
        raise self._session.unavailable(Failed(Cause.UNBOUND))

    async def _encrypted(self, name: str, key: bytes, bound: str) -> tuple[str, int]:
        """The ciphertext and its version."""

        def ask(adapter: JsonAdapter) -> tuple[str, int]:
            answer = Transit(adapter).encrypt_data(
                name, plaintext=encoded(key), associated_data=bound, mount_point=self._mount
            )
            ciphertext: str = answer["data"]["ciphertext"]
            return ciphertext, version_of(ciphertext)

        return await self._session.call(ask)

    async def _decrypted(self, name: str, ciphertext: str, bound: str) -> bytes:
        """Raises Failed if it does not open."""

        def ask(adapter: JsonAdapter) -> bytes:
            answer = Transit(adapter).decrypt_data(name, ciphertext, associated_data=bound, mount_point=self._mount)
            return base64.b64decode(answer["data"]["plaintext"], validate=True)

        return await self._session.call(ask, expect={Cause.UNOPENED})

    async def _there(self, name: str) -> "TransitKey":
        try:
            return await self._read(name)
        except Failed as failed:  # somebody destroys it this very moment
            raise self._session.unavailable(failed) from None

    async def _read(self, name: str) -> "TransitKey":
        """Raises Failed if there is no such key."""
        return await self._session.call(
            lambda adapter: understood(Transit(adapter).read_key(name, mount_point=self._mount)),
            expect={Cause.ABSENT},
        )

    def _name(self, tenant_key: int) -> str:
        return f"{self._prefix}-installation" if tenant_key == INSTALLATION else f"{self._prefix}-tenant-{tenant_key}"

    def _kek_id(self, tenant_key: int, version: int) -> str:
        return kek_id_of(self._path(tenant_key), version)

    def _path(self, tenant_key: int) -> str:
        return f"{PROVIDER}:{self._mount}/{self._name(tenant_key)}"

    def _bound(self, tenant_key: int, purpose: bytes) -> str:
        """The additional data, without the version, which Vault chooses."""
        return encoded(associated_data(self._path(tenant_key), tenant_key, purpose))


@dataclass(frozen=True, slots=True)
class TransitKey:
    """What Vault tells of a key."""

    oldest: int
    latest: int
    decrypting: int
    """The oldest version that it decrypts by."""
    encrypting: int
    """The oldest that it encrypts by where it is told which; 0: the latest alone."""
    fit: bool
    """Whether it is as Loci makes keys: never to be had in clear, so that deleting it ends it."""


def understood(answer: Json) -> TransitKey:
    data = answer["data"]
    open_to = any(data.get(trait) for trait in ("derived", "exportable", "allow_plaintext_backup"))
    return TransitKey(
        oldest=max(1, int(data.get("min_available_version", 1))),
        latest=int(data["latest_version"]),
        decrypting=int(data["min_decryption_version"]),
        encrypting=int(data["min_encryption_version"]),
        fit=data["type"] == KIND and not open_to,
    )


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


def version_of(ciphertext: str) -> int:
    """Of `vault:v3:…`. Raises ValueError."""
    match ciphertext.split(":", 2):
        case ["vault", version, sealed] if sealed and version.startswith("v") and version[1:].isdecimal():
            return int(version[1:])
    raise ValueError("not a ciphertext of Transit")
