"""Keyed tokens: what stands in the database where a search needs equality.

A token is 63 bits of HMAC-SHA256 under a key of the graph, and one that tells which of two versions of the key it was,
while keys are rotated: equal terms of one graph have equal tokens, and nothing else can be learned or tried without the
key. Two terms collide in a graph with n distinct ones with probability about n² / 2⁶⁴.
"""

from typing import ClassVar
from weakref import WeakSet

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

MAX_REMEMBERED = 200_000
"""Words that all graphs of a process together remember; then all forget."""


class Tokenizer:
    """Tokens of one graph by one `version` of its key. All of them have its last bit: their `generation`."""

    _all: ClassVar["WeakSet[Tokenizer]"] = WeakSet()
    _remembered: ClassVar[int] = 0

    def __init__(self, key: bytes, version: int = 0) -> None:
        self.generation = version & 1
        self._keyed = HMAC(key, SHA256())
        self.words: dict[str, tuple[str, ...]] = {}
        """What words came to, in decimal: those who analyse texts look here first, and `remember`."""
        Tokenizer._all.add(self)

    def remember(self, word: str, tokens: tuple[str, ...]) -> None:
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

    def mention(self, term: str) -> int:
        """The token of something that a text names, not of the words in which it does."""
        return self._token(b"mention\0" + term.encode())

    def property(self, key: str, value: bytes) -> int:
        """The token of a property that equals a scalar in its canonical form."""
        name = key.encode()
        return self._token(b"property\0" + len(name).to_bytes(4, "big") + name + value)

    def claim(self, kind: bytes, *parts: str) -> int:
        """The token of what a node claims, as far as one `kind` of equality goes."""
        encoded = [part.encode() for part in parts]
        return self._token(b"claim\0" + kind + b"\0" + b"".join(len(p).to_bytes(4, "big") + p for p in encoded))

    def _token(self, message: bytes) -> int:
        keyed = self._keyed.copy()  # the key is taken in once
        keyed.update(message)
        return int.from_bytes(keyed.finalize()[:8], "big", signed=True) & ~1 | self.generation


class Marks:
    """What stands for requests and names in one graph. Their key is not rotated: a mark is found by making it again."""

    def __init__(self, key: bytes) -> None:
        self._keyed = HMAC(key, SHA256())

    def mark(self, digest: bytes) -> bytes:
        """16 bytes that stand for a digest of content, and with which nobody without the key can test a guess."""
        keyed = self._keyed.copy()
        keyed.update(b"mark\0" + digest)
        return keyed.finalize()[:16]
