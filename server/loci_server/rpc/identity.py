"""From the metadata of a call to the principal who makes it."""

from typing import Final, Protocol

from loci_server.errors import CredentialInvalid, CredentialMissing
from loci_server.identity.principal import Principal
from loci_server.rpc.observer import Metadata

HEADER: Final = "authorization"
SCHEME: Final = "bearer"
MAX_KEY_CHARS: Final = 512


class Authenticator(Protocol):
    """Knows API keys."""

    def cached(self, key: str, /) -> Principal | None:
        """The principal of a key that was checked a moment ago, without waiting."""

    async def authenticate(self, key: str, peer: str, /) -> Principal:
        """Looks the key up. Raises Unauthenticated or a subclass of it, or Unavailable."""


def bearer_key(metadata: Metadata) -> str:
    """The key of `authorization: Bearer KEY`; the scheme in any case.

    Raises CredentialMissing without such an entry, CredentialInvalid for one that holds no key.
    """
    value: str | bytes = ""
    for name, found in metadata:
        if name == HEADER:
            value = found
            break
    if not isinstance(value, str):
        raise CredentialInvalid
    scheme, _, key = value.partition(" ")
    if scheme.lower() != SCHEME:
        raise CredentialMissing
    key = key.strip()
    if not key or len(key) > MAX_KEY_CHARS or not key.isascii():
        raise CredentialInvalid
    return key
