"""Every way to say who calls, behind one face: API keys, tokens, client certificates."""

from loci_server.errors import CredentialInvalid
from loci_server.identity.authenticator import Authenticator
from loci_server.identity.federation import Federation, Presented
from loci_server.identity.guesses import Guesses
from loci_server.identity.keys import PREFIX
from loci_server.identity.principal import Principal


class Credentials:
    """What is presented goes to whom it is for: a text that begins as API keys do to these, all else elsewhere.

    A token that names one of our issuers proves itself or does not: nobody guesses a signature, and so nobody is kept
    out for it. Other texts count as guesses of their address. A certificate was proved in the handshake.
    """

    def __init__(self, keys: Authenticator, federation: Federation, guesses: Guesses) -> None:
        self._keys = keys
        self._federation = federation
        self._guesses = guesses

    def cached(self, presented: Presented) -> Principal | None:
        if isinstance(presented, str) and presented.startswith(PREFIX):
            return self._keys.cached(presented)
        return self._federation.cached(presented)

    async def authenticate(self, presented: Presented, peer: str = "") -> Principal:
        """Raises Unauthenticated or a subclass of it, IdentityUnknown, Unavailable, TooManyFailedCredentials,
        TooManyIdentities."""
        if isinstance(presented, bytes):
            return await self._federation.authenticate(presented)
        if presented.startswith(PREFIX):
            return await self._keys.authenticate(presented, peer)
        if self._federation.knows(presented) or self._federation.names_issuer(presented):
            return await self._federation.authenticate(presented)
        self._guesses.check(peer)
        try:
            return await self._federation.authenticate(presented)
        except CredentialInvalid:
            self._guesses.failed(peer)
            raise
