"""What a statement is tried with, and the indexes that are meant for it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from loci_server.identity.grants import BEYOND

TENANT, GRAPH = 7, 7
T, G = TENANT, GRAPH
LATER = "9999999:9999999:"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
HASH = b"\x01" * 16


@dataclass(frozen=True)
class Case:
    """A statement with arguments, and the indexes that must serve it."""

    file: str
    name: str
    arguments: tuple[Any, ...]
    indexes: frozenset[str]
    role: str = ""
    tenant: int | None = TENANT
    scans: frozenset[str] = frozenset()
    """Tables that may be read from end to end."""


def case(place: str, *arguments: Any, by: str = "", **more: Any) -> Case:
    file, name = place.split("/")
    return Case(file, name, arguments, frozenset(by.split()), **more)


NOW, LATEST = datetime.now(UTC), datetime.max.replace(tzinfo=UTC)
ALL, SOME = ([""], [BEYOND]), (["g6", "g80"], ["g7", "g80\x01"])
"""Spans of ids of graphs."""
UUID_7 = UUID("019a7b1c-0000-7000-8000-000000000000")
