"""The installation's own secret, from which credentials and tokens are keyed."""

import hmac
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from loci_server.crypto.audit import AuditKeys
from loci_server.crypto.envelope import Sealer


class Installation:
    """One random secret of 32 bytes, wrapped in the database; every process of the installation shares it."""

    def __init__(self, cluster_id: UUID, secret: bytes) -> None:
        self.cluster_id = cluster_id
        self.sealer = Sealer(b"loci/installation", {1: derive(secret, b"seal")})
        """Seals names of tenants and keys, and answers of writes to a tenant."""
        self.token_sealer = Sealer(b"loci/page-token", {1: derive(secret, b"page-token")})
        """Seals page tokens."""
        self.resume_sealer = Sealer(b"loci/resume-token", {1: derive(secret, b"resume-token")})
        """Seals resume tokens."""
        self.audit = AuditKeys(derive(secret, b"audit"))
        """Seals and chains the entries of the audit."""
        self.receipts = Ed25519PrivateKey.from_private_bytes(derive(secret, b"receipt"))
        """Signs receipts of erasures."""
        self._hash_key = derive(secret, b"api-key")

    def mark(self, digest: bytes) -> bytes:
        """16 bytes that stand for a digest of a request, and with which nobody without the key can test a guess."""
        return hmac.digest(self._hash_key, b"mark/" + digest, sha256)[:16]

    def identity_number(self, tenant_key: int, subject: bytes) -> int:
        """By which who has no API key is known in a tenant: 1 to 2**63 - 1, the same in every process."""
        digest = hmac.digest(self._hash_key, b"identity/%d/%b" % (tenant_key, subject), sha256)
        return (int.from_bytes(digest[:8], "big") >> 1) or 1

    def hash_secret(self, secret: bytes) -> bytes:
        """What is stored of an API key: HMAC-SHA256 of its secret, 32 bytes."""
        return hmac.digest(self._hash_key, secret, sha256)


def derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"loci/installation/" + purpose).derive(secret)
