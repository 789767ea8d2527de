"""Reads `queries.jsonl`, the questions of a data set and what answers them.

{"graph", "id", "query", "time" (when asked, or null), "gold" (turn ids), "gold_sessions", "category"}
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from loci_server.cli.jsonl import BadLine, read_objects, text_field, time_field

FILE = "queries.jsonl"


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and the turns and sessions that answer it."""

    graph: str
    id: str
    query: str
    time: datetime | None
    """When it is asked; None: nobody knows."""
    gold: frozenset[str]
    gold_sessions: frozenset[str]
    category: str


def read_questions(path: Path) -> Iterator[Question]:
    """The questions of a file, in its order. Raises BadLine with file and line."""
    for line, found in read_objects(path):
        yield Question(
            graph=text_field(found, "graph", path, line),
            id=text_field(found, "id", path, line),
            query=text_field(found, "query", path, line),
            time=time_field(found, "time", path, line) if found.get("time") is not None else None,
            gold=_ids(found, "gold", path, line),
            gold_sessions=_ids(found, "gold_sessions", path, line),
            category=text_field(found, "category", path, line, empty=True) if found.get("category") else "",
        )


def _ids(found: Mapping[str, Any], field: str, file: Path, line: int) -> frozenset[str]:
    value = found.get(field)
    if value is None:
        raise BadLine(file, line, f"the field {field!r} is missing")
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadLine(file, line, f"{field!r} is not a list of strings")
    return frozenset(value)
