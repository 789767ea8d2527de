"""API keys: `loci_` and 54 characters of base64url that hold tenant, key id and secret.

    8 bytes   tenant
    8 bytes   key id
    24 bytes  secret, random

The tenant in a key is a claim until the secret's hash agrees; looking it up needs no statement that sees all tenants.
"""

import base64
import binascii
import secrets
import struct
from dataclasses import dataclass

PREFIX = "loci_"
LAYOUT = struct.Struct(">QQ24s")
SECRET_BYTES = 24
MAX_KEY = 1 << 63


@dataclass(frozen=True, slots=True)
class ApiKey:
    """The parts of a key. Its secret is not shown."""

    tenant_key: int
    key_id: int
    secret: bytes

    def __repr__(self) -> str:
        return f"ApiKey(key_id={self.key_id})"

    def encoded(self) -> str:
        packed = LAYOUT.pack(self.tenant_key, self.key_id, self.secret)
        return PREFIX + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def parse(text: str) -> ApiKey | None:
    """The parts, or None if it cannot be a key. One key is written in one way: spare bits that are set make it none."""
    if not text.startswith(PREFIX) or not text.isascii():
        return None
    body = text[len(PREFIX) :]
    try:
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(packed) != LAYOUT.size:
        return None
    tenant_key, key_id, secret = LAYOUT.unpack(packed)
    if tenant_key >= MAX_KEY or key_id >= MAX_KEY:
        return None
    key = ApiKey(tenant_key, key_id, secret)
    return key if key.encoded() == text else None
