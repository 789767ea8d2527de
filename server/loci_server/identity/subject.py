"""Whom a certificate or a token names, before anything is granted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What it is known by; the numbers are those of `loci.v1.IdentityKind`."""

    SPIFFE = 1
    DNS = 2
    TOKEN = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """A name that a credential proves."""

    kind: Kind
    issuer: str
    """Of a token; empty for certificates."""
    subject: str = field(repr=False)
    """The SPIFFE id, the DNS name, or the token's `sub`."""
    claims: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)
    """Of a token."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A credential that was checked."""

    subjects: tuple[Subject, ...]
    """At least one: a certificate may hold several DNS names. Each may be mapped, the first that is counts."""
    expires: float
    """Seconds since 1970, after which it proves nothing."""


class Actor(NamedTuple):
    """An identity in a tenant."""

    tenant_key: int
    number: int
    """Below 0, as it stands in the log."""
