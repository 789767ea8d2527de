"""From what a call presents to the principal who makes it.

What stands in `authorization` counts alone: where it is, the certificate of the connection is not looked at, and a
bad key or token is not made good by it. A mesh gives every process a certificate; the header is what the caller chose.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from loci_server.errors import CredentialInvalid, CredentialMissing
from loci_server.identity.federation import Presented
from loci_server.identity.principal import Principal
from loci_server.identity.tokens.jwt import MAX_TOKEN_CHARS
from loci_server.rpc.observer import Metadata

HEADER: Final = "authorization"
SCHEME: Final = "bearer"
CERTIFICATE: Final = "x509_pem_cert"


class Authenticator(Protocol):
    """Knows API keys, and tokens and certificates if it is set up for them."""

    def cached(self, presented: Presented, /) -> Principal | None:
        """The principal of what was checked a moment ago, without waiting."""

    async def authenticate(self, presented: Presented, peer: str, /) -> Principal:
        """Checks it. Raises Unauthenticated or a subclass of it, PermissionDenied, Unavailable."""


class Secured(Protocol):
    """The part of a gRPC context that tells what the handshake proved."""

    def auth_context(self) -> Mapping[str, Sequence[bytes]]: ...


def presented_by(metadata: Metadata, connection: Secured) -> Presented:
    """The key or token of `authorization: Bearer …`, the scheme in any case; without that entry the certificate of the
    connection, which is bytes.

    Raises CredentialMissing without either, CredentialInvalid for an entry that holds neither key nor token.
    """
    for name, found in metadata:
        if name == HEADER:
            return bearer(found)
    certificate = connection.auth_context().get(CERTIFICATE)
    if not certificate:
        raise CredentialMissing
    return bytes(certificate[0])


def bearer(value: str | bytes) -> str:
    """Raises CredentialMissing, CredentialInvalid."""
    if not isinstance(value, str):
        raise CredentialInvalid
    scheme, _, credential = value.partition(" ")
    if scheme.lower() != SCHEME:
        raise CredentialMissing
    credential = credential.strip()
    if not credential or len(credential) > MAX_TOKEN_CHARS or not credential.isascii():
        raise CredentialInvalid
    return credential
