"""From a bearer token to the name that it proves: whose it is, that its issuer signed it, and that it is for us."""

import time
from collections.abc import Callable, Sequence

from loci_server.errors import TokenInvalid
from loci_server.identity.subject import Kind, Proven, Subject
from loci_server.identity.tokens.claims import check_claims
from loci_server.identity.tokens.issuer import Issuer
from loci_server.identity.tokens.jwt import parsed


class TokenChecker:
    """`now`: the time of day, in seconds since 1970."""

    def __init__(self, issuers: Sequence[Issuer], now: Callable[[], float] = time.time) -> None:
        self.issuers = {issuer.told.issuer: issuer for issuer in issuers}
        self._now = now

    def names_issuer(self, text: str) -> bool:
        """Whether it is a token that says to be of one of the issuers; its signature is not looked at."""
        try:
            return parsed(text).issuer in self.issuers
        except TokenInvalid:
            return False

    async def check(self, text: str) -> Proven:
        """Raises TokenInvalid, TokenExpired, IssuerUnavailable."""
        token = parsed(text)
        issuer = self.issuers.get(token.issuer)
        if issuer is None:
            raise TokenInvalid(detail="it is of an issuer that is not known here")
        if not await issuer.signed(token):
            raise TokenInvalid(detail="its signature is not that of its issuer")
        expires = check_claims(token.claims, issuer.told.audiences, self._now())
        subject = Subject(Kind.TOKEN, token.issuer, str(token.claims["sub"]), token.claims)
        return Proven((subject,), expires)
