"""Bytes that were a message once: bits flipped, ends cut, fields doubled, lengths changed, two messages in one."""

import random
from collections.abc import Callable


def mutated(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    """`raw` after one to four changes; `other` is another message to take from."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        raw = rng.choice(CHANGES)(rng, raw, other)
    return raw


def random_bytes(rng: random.Random) -> bytes:
    """Noise; half of it begins with a tag that could be one."""
    noise = rng.randbytes(rng.choice((1, 2, 8, 40, 400)))
    return bytes((rng.choice((8, 10, 18, 26, 34, 42)), len(noise) & 0x7F)) + noise if rng.random() < 0.5 else noise


def flipped(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(rng.choice((1, 1, 3, 8)) if raw else 0):
        changed[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncated(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    return raw[: rng.randrange(len(raw) + 1)]


def doubled(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    """The whole message, or a piece of it, again: fields of a message are merged when they come twice."""
    if rng.random() < 0.5:
        return raw + raw
    start = rng.randrange(len(raw) + 1)
    end = rng.randrange(start, len(raw) + 1)
    return raw[:end] + raw[start:end] + raw[end:]


def spliced(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    if rng.random() < 0.5:
        return raw + other
    return raw[: rng.randrange(len(raw) + 1)] + other[rng.randrange(len(other) + 1) :]


def relengthed(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    """One byte becomes what a length or a tag might be."""
    if not raw:
        return raw
    place = rng.randrange(len(raw))
    value = rng.choice((b"\x00", b"\x01", b"\x7f", b"\xff\xff\xff\xff\x07", b"\xff" * 9 + b"\x01", b"\x80\x00"))
    return raw[:place] + value + raw[place + 1 :]


def inserted(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    """A character that is not UTF-8, a surrogate, a field that no message has, a group."""
    place = rng.randrange(len(raw) + 1)
    value = rng.choice(
        (b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\x00", b"\xfa\xff\xff\xff\x0f\x01x", b"\x0b\x0c", b"\x0b")
    )
    return raw[:place] + value + raw[place:]


CHANGES: tuple[Callable[[random.Random, bytes, bytes], bytes], ...] = (
    flipped,
    truncated,
    doubled,
    spliced,
    relengthed,
    inserted,
)
