"""Keyed tokens: what stands in the database where a search needs equality.

A token is the first 64 bits of HMAC-SHA256 under a key of the graph: equal terms of one graph have equal tokens, and
nothing else can be learned or tried without the key. Two terms collide in a graph with n distinct ones with probability
about n² / 2⁶⁵.
"""

import hmac
from hashlib import sha256

MAX_CACHED = 50_000


class Tokenizer:
    """Tokens of one graph. Remembers the tokens of recent terms, so that a common word is hashed once."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._terms: dict[str, int] = {}
        self.words: dict[str, tuple[int, ...]] = {}
        """What words came to, for those who analyse texts to remember."""

    def term(self, term: str) -> int:
        """The token of an analysed term, a signed 64-bit number."""
        token = self._terms.get(term)
        if token is None:
            if len(self._terms) >= MAX_CACHED:
                self._terms.clear()
            token = self._terms[term] = self._token(b"term\0" + term.encode())
        return token

    def property(self, key: str, value: bytes) -> int:
        """The token of a property that equals a scalar in its canonical form."""
        name = key.encode()
        return self._token(b"property\0" + len(name).to_bytes(4, "big") + name + value)

    def _token(self, message: bytes) -> int:
        return int.from_bytes(hmac.digest(self._key, message, sha256)[:8], "big", signed=True)
