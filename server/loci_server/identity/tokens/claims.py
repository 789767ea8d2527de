"""What the claims of a token must say, once its signature is known to be its issuer's."""

from collections.abc import Collection, Mapping
from math import isfinite
from typing import Final

from loci_server.errors import TokenExpired, TokenInvalid

LEEWAY: Final = 30.0
"""Seconds by which the clocks of issuer and server may differ."""
MAX_SUBJECT_BYTES: Final = 1024


def check_claims(claims: Mapping[str, object], audiences: Collection[str], now: float) -> float:
    """Until when the token is valid, in seconds since 1970. `now` is the time of the call.

    `exp`, `aud` and `sub` must be there; `nbf` and `iat` must not lie ahead. Raises TokenInvalid, TokenExpired.
    """
    expires = _time(claims, "exp")
    if expires is None:
        raise TokenInvalid(detail="it has no end (exp)")
    if not _meant_for(claims.get("aud"), audiences):
        raise TokenInvalid(detail="it is for another audience")
    for name in ("nbf", "iat"):
        begins = _time(claims, name)
        if begins is not None and begins > now + LEEWAY:
            raise TokenInvalid(detail=f"it is not valid yet ({name})")
    if "cnf" in claims:
        raise TokenInvalid(detail="it is bound to a key (cnf), which is not checked here")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject.encode("utf-8", "replace")) <= MAX_SUBJECT_BYTES:
        raise TokenInvalid(detail="it has no subject (sub), or too long a one")
    if "\0" in subject or not subject.isprintable():
        raise TokenInvalid(detail="its subject (sub) holds control characters")
    if expires + LEEWAY <= now:
        raise TokenExpired
    return expires + LEEWAY


def _time(claims: Mapping[str, object], name: str) -> float | None:
    """Seconds since 1970, as a finite number."""
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            seconds = float(value)
        except OverflowError:
            seconds = float("inf")
        if isfinite(seconds):
            return seconds
    raise TokenInvalid(detail=f"its time {name} is no number")


def _meant_for(named: object, audiences: Collection[str]) -> bool:
    if isinstance(named, str):
        return named in audiences
    return isinstance(named, list) and any(isinstance(one, str) and one in audiences for one in named)
