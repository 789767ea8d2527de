"""What a check found."""

from dataclasses import dataclass
from enum import IntEnum


class Mark(IntEnum):
    """How bad it is."""

    OK = 0
    WARNING = 1
    PROBLEM = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one thing, with what to do if it is not well."""

    check: str
    mark: Mark
    sentence: str


def ok(check: str, sentence: str) -> Finding:
    return Finding(check, Mark.OK, sentence)


def warning(check: str, sentence: str) -> Finding:
    return Finding(check, Mark.WARNING, sentence)


def problem(check: str, sentence: str) -> Finding:
    return Finding(check, Mark.PROBLEM, sentence)
