"""Keyed tokens: what stands in the database where a search needs equality.

A token is the first 64 bits of HMAC-SHA256 under a key of the graph: equal terms of one graph have equal tokens, and
nothing else can be learned or tried without the key. Two terms collide in a graph with n distinct ones with probability
about n² / 2⁶⁵.
"""

import hmac
from hashlib import sha256
from typing import ClassVar
from weakref import WeakSet

MAX_REMEMBERED = 200_000
"""Words that all graphs of a process together remember; then all forget."""


class Tokenizer:
    """Tokens of one graph."""

    _all: ClassVar["WeakSet[Tokenizer]"] = WeakSet()
    _remembered: ClassVar[int] = 0

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.words: dict[str, tuple[int, ...]] = {}
        """What words came to: those who analyse texts look here first, and `remember`."""
        Tokenizer._all.add(self)

    def remember(self, word: str, tokens: tuple[int, ...]) -> None:
        """Keeps the tokens of a word, so that a common one is analysed and hashed once."""
        if Tokenizer._remembered >= MAX_REMEMBERED:
            for tokenizer in list(Tokenizer._all):
                tokenizer.words.clear()
            Tokenizer._remembered = 0
        Tokenizer._remembered += 1
        self.words[word] = tokens

    def term(self, term: str) -> int:
        """The token of an analysed term, a signed 64-bit number."""
        return self._token(b"term\0" + term.encode())

    def property(self, key: str, value: bytes) -> int:
        """The token of a property that equals a scalar in its canonical form."""
        name = key.encode()
        return self._token(b"property\0" + len(name).to_bytes(4, "big") + name + value)

    def mark(self, digest: bytes) -> bytes:
        """16 bytes that stand for a digest of content, and with which nobody without the key can test a guess."""
        return hmac.digest(self._key, b"mark\0" + digest, sha256)[:16]

    def _token(self, message: bytes) -> int:
        return int.from_bytes(hmac.digest(self._key, message, sha256)[:8], "big", signed=True)
