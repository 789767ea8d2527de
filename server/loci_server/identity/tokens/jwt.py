"""A token taken apart, before its signature is checked: nothing in it is believed yet.

JSON is read strictly: a member that stands twice, which two readers may understand differently, is refused.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Final

from loci_server.errors import TokenInvalid

ALGORITHMS: Final = frozenset(
    ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
)
"""Signatures by a private key. Neither `none` nor anything with a shared secret."""
TYPES: Final = frozenset(("jwt", "at+jwt"))
MAX_TOKEN_CHARS: Final = 8192
MAX_KEY_ID_CHARS: Final = 256
PART: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says of itself."""

    text: str = field(repr=False)
    algorithm: str
    key_id: str | None
    issuer: str
    claims: dict[str, object] = field(repr=False)


def parsed(text: str) -> Token:
    """Raises TokenInvalid."""
    if len(text) > MAX_TOKEN_CHARS:
        raise TokenInvalid(detail=f"it has more than {MAX_TOKEN_CHARS} characters")
    parts = text.split(".")
    if len(parts) != 3 or not all(PART.fullmatch(part) for part in parts):
        raise TokenInvalid(detail="it is not a signed JWT")
    header, claims = (_object(part) for part in parts[:2])
    algorithm, kind, key_id, issuer = header.get("alg"), header.get("typ"), header.get("kid"), claims.get("iss")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise TokenInvalid(detail="its algorithm is not allowed")
    if "crit" in header or "b64" in header:
        raise TokenInvalid(detail="its header asks for an extension")
    if kind is not None and not (isinstance(kind, str) and kind.lower().removeprefix("application/") in TYPES):
        raise TokenInvalid(detail="it is of another type")
    if key_id is not None and not (isinstance(key_id, str) and len(key_id) <= MAX_KEY_ID_CHARS):
        raise TokenInvalid(detail="the id of its key is malformed")
    if not isinstance(issuer, str):
        raise TokenInvalid(detail="it names no issuer")
    return Token(text, algorithm, key_id, issuer, claims)


def strict_json(raw: bytes) -> object:
    """What stands in UTF-8. Raises ValueError, also for members that stand twice, NaN and infinities."""
    try:
        found: object = json.loads(raw.decode("utf-8"), object_pairs_hook=_members, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return found


def _object(part: str) -> dict[str, object]:
    try:
        found = strict_json(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        found = None
    if not isinstance(found, dict):
        raise TokenInvalid(detail="it is not a signed JWT")
    return found


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member stands twice")
    return found


def _no_number(text: str) -> object:
    raise ValueError("it is no number")
