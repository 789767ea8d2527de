"""The public keys of an issuer, read from a JSON Web Key Set; each is bound to the algorithms that fit its type.

A key of another kind, or one that is broken, is left out: issuers publish keys for other uses beside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import jwt
from jwt.algorithms import Algorithm, ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from loci_server.identity.tokens.jwt import ALGORITHMS, MAX_KEY_ID_CHARS, Token

MAX_KEYS: Final = 100
MIN_RSA_BITS, MAX_RSA_BITS = 2048, 8192
RSA: Final = frozenset(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"))
CURVES: Final = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}


class KeySetError(Exception):
    """What an issuer sent is no set of keys that can be used."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key of an issuer, and what it may have signed."""

    key_id: str | None
    algorithms: frozenset[str]
    key: Any = field(repr=False)

    def fits(self, token: Token) -> bool:
        """Whether the token may be signed by it, going by what both say."""
        return token.algorithm in self.algorithms and (token.key_id is None or token.key_id == self.key_id)

    def signed(self, token: Token) -> bool:
        """Whether it has signed the token."""
        try:
            jwt.PyJWS().decode(token.text, self.key, algorithms=[token.algorithm])
        except (jwt.PyJWTError, ValueError, TypeError):
            return False
        return True


def read_keys(document: object) -> Sequence[PublicKey]:
    """At least one. Raises KeySetError."""
    entries = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(entries, list):
        raise KeySetError("it holds no list of keys")
    if len(entries) > MAX_KEYS:
        raise KeySetError(f"it holds more than {MAX_KEYS} keys")
    found = [key for entry in entries if isinstance(entry, dict) and (key := _read(entry)) is not None]
    if not found:
        raise KeySetError("it holds no key that can be used")
    return found


def _read(entry: dict[str, Any]) -> PublicKey | None:
    key_id, named, operations = entry.get("kid"), entry.get("alg"), entry.get("key_ops")
    if not (key_id is None or (isinstance(key_id, str) and len(key_id) <= MAX_KEY_ID_CHARS)):
        return None
    if entry.get("use", "sig") != "sig" or "d" in entry or "k" in entry:
        return None
    if operations is not None and not (isinstance(operations, list) and "verify" in operations):
        return None
    reader, algorithms = _kind(entry)
    if named is not None:
        algorithms &= {named} if isinstance(named, str) else set()
    if reader is None or not algorithms:
        return None
    try:
        key = reader.from_jwk(entry)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return None
    if reader is RSAAlgorithm and not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        return None
    return PublicKey(key_id, algorithms & ALGORITHMS, key)


def _kind(entry: Mapping[str, Any]) -> tuple[type[Algorithm] | None, frozenset[str]]:
    """What reads a key of this type, and what such a key signs by."""
    match entry.get("kty"), entry.get("crv"):
        case "RSA", _:
            return RSAAlgorithm, RSA
        case "EC", str(curve) if curve in CURVES:
            return ECAlgorithm, frozenset({CURVES[curve]})
        case "OKP", "Ed25519":
            return OKPAlgorithm, frozenset({"EdDSA"})
    return None, frozenset()
