"""What wraps data keys. One key-encryption key per tenant; the provider alone knows them."""

from typing import Protocol

from loci_server.crypto.envelope import WrappedKey

INSTALLATION = 0
"""Stands for the installation itself where a tenant is asked for."""


class KeyProvider(Protocol):
    """May be remote and slow: never called while a database connection is held.

    All but `supersedes` and `close` raise KeyServiceUnavailable when the service cannot be used; `unwrap` raises
    ContentUnreadable when the key does not open, KeyDestroyed where the provider knows that what wrapped it is gone for
    good.
    """

    async def wrap(self, tenant_key: int, purpose: bytes, key: bytes) -> WrappedKey: ...

    async def unwrap(self, tenant_key: int, purpose: bytes, wrapped: WrappedKey) -> bytes: ...

    async def rotate(self, tenant_key: int) -> str:
        """Makes a new version of the tenant's key-encryption key, which wraps from now on; those before still unwrap.
        Its kek id. Raises KeysRotatedElsewhere."""

    async def retire(self, tenant_key: int, kek_id: str) -> list[str]:
        """Destroys the versions of the tenant's key-encryption key before this one, for good. The kek ids destroyed:
        none where there are none (any more), or where tenants share a root key. What they wrapped opens nowhere any
        more. After a failure some may be destroyed; called again it does the rest. Raises ValueError, before the
        service is asked, for a kek id that is not of this tenant here."""

    async def destroy(self, tenant_key: int) -> list[str]:
        """Destroys the tenant's key-encryption key in all its versions, for good. The kek ids destroyed: none where it
        is not there (any more), or where tenants share a root key."""

    async def held(self, tenant_key: int) -> list[str]:
        """The kek ids of all keys that are there and open what they wrapped for the tenant: none once its key is
        destroyed; all root keys, where tenants share them."""

    def supersedes(self, tenant_key: int, kek_id: str, other: str) -> bool:
        """Whether the first is a later version of the tenant's key-encryption key than the other. False where their ids
        do not tell, as those of root keys, and for ids that are not of this tenant here."""

    async def check(self) -> None:
        """Raises KeyServiceUnavailable if the service does not answer, is sealed, or refuses the credential."""

    async def close(self) -> None: ...
