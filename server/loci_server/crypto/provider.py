"""What wraps data keys. One key-encryption key per tenant; the provider alone knows them."""

from typing import Protocol

from loci_server.crypto.envelope import WrappedKey

INSTALLATION = 0
"""Stands for the installation itself where a tenant is asked for."""


class KeyProvider(Protocol):
    """May be remote and slow: never called while a database connection is held.

    Both methods raise KeyServiceUnavailable when the service cannot be reached; `unwrap` raises ContentUnreadable when
    the key does not open.
    """

    async def wrap(self, tenant_key: int, purpose: bytes, key: bytes) -> WrappedKey: ...

    async def unwrap(self, tenant_key: int, purpose: bytes, wrapped: WrappedKey) -> bytes: ...

    async def close(self) -> None: ...
