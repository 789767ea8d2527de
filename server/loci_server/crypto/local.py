"""The key provider `local`: root keys in a keyring file (mode 0600) or in LOCI_ENCRYPTION_KEY.

The key-encryption key of a tenant is derived from a root key by HKDF-SHA256 (RFC 5869); a data key is wrapped with
AES-256-GCM. The first root key of the keyring wraps, all unwrap.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.keyring import KEY_BYTES, KeyringError, create_keyring, key_id, read_keyring
from loci_server.errors import ContentUnreadable, KeysRotatedElsewhere


class LocalKeyProvider:
    """Root keys by id, the first of which wraps."""

    def __init__(self, root_keys: Mapping[str, bytes]) -> None:
        if not root_keys:
            raise KeyringError("the keyring holds no key")
        self._root_keys = dict(root_keys)
        self._current = next(iter(root_keys))
        self._derive = lru_cache(maxsize=4096)(self._tenant_key)

    def holds(self, kek_id: str) -> bool:
        return kek_id in self._root_keys

    async def wrap(self, tenant_key: int, purpose: bytes, key: bytes) -> WrappedKey:
        nonce = os.urandom(12)
        data = associated_data(self._current, tenant_key, purpose)
        sealed = self._derive(self._current, tenant_key).encrypt(nonce, key, data)
        return WrappedKey(self._current, nonce + sealed)

    async def unwrap(self, tenant_key: int, purpose: bytes, wrapped: WrappedKey) -> bytes:
        if wrapped.kek_id not in self._root_keys:
            raise ContentUnreadable(detail="the keyring does not hold the key it was sealed with")
        data = associated_data(wrapped.kek_id, tenant_key, purpose)
        kek = self._derive(wrapped.kek_id, tenant_key)
        try:
            return kek.decrypt(wrapped.wrapped[:12], wrapped.wrapped[12:], data)
        except (InvalidTag, ValueError):  # a ValueError for one that is too short
            raise ContentUnreadable(detail="its data key does not open") from None

    async def rotate(self, tenant_key: int) -> str:
        raise KeysRotatedElsewhere

    async def retire(self, tenant_key: int, kek_id: str) -> list[str]:
        return []  # root keys are those of all tenants, and leave the keyring by hand

    async def destroy(self, tenant_key: int) -> list[str]:
        return []  # the root key is that of all tenants

    async def held(self, tenant_key: int) -> list[str]:
        return [*self._root_keys]

    def supersedes(self, tenant_key: int, kek_id: str, other: str) -> bool:
        return False

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None

    def _tenant_key(self, kek_id: str, tenant_key: int) -> AESGCM:
        info = b"loci/kek/" + tenant_key.to_bytes(8, "big")
        hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info)
        return AESGCM(hkdf.derive(self._root_keys[kek_id]))


def associated_data(kek_id: str, tenant_key: int, purpose: bytes) -> bytes:
    """What a wrapped key is bound to."""
    return b"loci/wrap/%b/%d/%b" % (kek_id.encode(), tenant_key, purpose)


def from_setting(value: str) -> LocalKeyProvider:
    """A provider with the one key of LOCI_ENCRYPTION_KEY: 32 bytes in base64 (either alphabet)."""
    try:
        key = base64.b64decode(value.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyringError("LOCI_ENCRYPTION_KEY must be 32 bytes in base64, as from: openssl rand -base64 32")
    return LocalKeyProvider({key_id(key): key})


def from_file(path: Path) -> LocalKeyProvider:
    """The provider of a keyring file, which is made with a new key if there is none."""
    if not path.exists():
        create_keyring(path)
    return LocalKeyProvider(read_keyring(path))
