"""Ids that the server gives: UUIDv7 for nodes, a hash of its ends for an edge."""

import base64
import hashlib
import os
import threading
import time
from collections.abc import Callable
from uuid import UUID

_DERIVED_CHARS = 26
_RANDOM_BITS = 74
_STEP_BYTES = 4


def uuid7() -> str:
    """A new UUIDv7 (RFC 9562) in its usual form. Later ones of a process sort behind earlier ones."""
    return _source.next()


def derived_edge_id(source: str, relation: str, target: str) -> str:
    """The id of an edge that was given none, the same in every client and language.

    `e-` and the first 26 characters of the base32 (RFC 4648, in lower case) of the SHA-256 of three parts: source,
    relation and target, each as UTF-8 behind its length in bytes as four bytes, most significant first.
    """
    digest = hashlib.sha256()
    for part in (source, relation, target):
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big"))
        digest.update(encoded)
    return "e-" + base64.b32encode(digest.digest())[:_DERIVED_CHARS].decode().lower()


def time_of(identity: str) -> float:
    """The time in a UUIDv7, in seconds since 1970; of any other UUID 0."""
    found = UUID(identity)
    return (found.int >> 80) / 1000 if found.version == 7 else 0.0


class Uuid7Source:
    """UUIDv7 in rising order, also when the clock stands still or goes back. Safe to share between threads.

    `clock` gives nanoseconds since 1970, `random` as many random bytes as asked for.
    """

    def __init__(self, clock: Callable[[], int] = time.time_ns, random: Callable[[int], bytes] = os.urandom) -> None:
        self._clock = clock
        self._random = random
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> str:
        now = self._clock() // 1_000_000
        with self._lock:
            if now > self._last >> _RANDOM_BITS:
                noise = int.from_bytes(self._random(10), "big") >> (80 - _RANDOM_BITS)
                self._last = now << _RANDOM_BITS | noise
            else:
                # A random step keeps the next id unguessable; a carry runs into the milliseconds, as the RFC allows.
                self._last += 1 + int.from_bytes(self._random(_STEP_BYTES), "big")
            value = self._last
        high, low = value >> 62, value & (1 << 62) - 1
        milliseconds, rand_a = high >> 12, high & 0xFFF
        digits = f"{milliseconds << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | low:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_source = Uuid7Source()
