"""Keys of the audit, one set for each tenant, derived from the installation's secret."""

import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from loci_server.crypto.envelope import Sealer

MAX_OPEN = 4096


class TenantAuditKeys:
    """Seals the entries of one tenant, chains them, and finds them by name."""

    def __init__(self, secret: bytes, tenant_key: int) -> None:
        tenant = tenant_key.to_bytes(8, "big")
        self.sealer = Sealer(b"loci/audit" + tenant, {1: _derive(secret, b"seal/" + tenant)})
        self._mac_key = _derive(secret, b"mac/" + tenant)
        self._token_key = _derive(secret, b"token/" + tenant)

    def token(self, name: str) -> int:
        """What stands for a name in the database, a signed 64-bit number."""
        return int.from_bytes(hmac.digest(self._token_key, name.encode(), sha256)[:8], "big", signed=True)

    def mac(self, before: bytes, chained: bytes) -> bytes:
        """Of an entry, given the mac of the one before it."""
        return hmac.digest(self._mac_key, before + chained, sha256)

    def seal_of_head(self, head: bytes) -> bytes:
        """Of the record that says where the chain begins and ends."""
        return hmac.digest(self._mac_key, b"head/" + head, sha256)


class AuditKeys:
    """The keys of all tenants, made when they are asked for."""

    def __init__(self, secret: bytes) -> None:
        self.of = lru_cache(maxsize=MAX_OPEN)(lambda tenant_key: TenantAuditKeys(secret, tenant_key))


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"loci/audit/" + purpose).derive(secret)
