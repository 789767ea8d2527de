"""Reads JSON Lines: one object a line, UTF-8. What is wrong is said with file and line."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

LARGEST_EXACT = 2**53


class BadLine(ValueError):
    """A line that cannot be used."""

    def __init__(self, file: str | Path, line: int, wrong: str) -> None:
        super().__init__(f"{file}:{line}: {wrong}")


def read_objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Each object of a file with the number of its line, from 1; empty lines are passed over. Raises BadLine."""
    with path.open("rb") as file:
        yield from objects(file, path)


def objects(lines: BinaryIO, name: str | Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """As read_objects, from an open file."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line.rstrip().decode("utf-8-sig" if number == 1 else "utf-8"), parse_int=_exact)
        except UnicodeDecodeError:
            raise BadLine(name, number, "not UTF-8") from None
        except json.JSONDecodeError as error:
            raise BadLine(name, number, f"not JSON: {error.msg} at column {error.colno}") from None
        except (ValueError, RecursionError):
            raise BadLine(name, number, "not JSON that can be read") from None
        except OverflowError as error:
            raise BadLine(name, number, str(error)) from None
        if not isinstance(found, dict):
            raise BadLine(name, number, "not a JSON object")
        yield number, found


def _exact(digits: str) -> int:
    """An integer that a double holds. Raises OverflowError."""
    number = int(digits)
    if abs(number) > LARGEST_EXACT:
        raise OverflowError("integers beyond 2**53 would be rounded; write them as strings")
    return number


def text_field(found: Mapping[str, Any], field: str, file: Path, line: int, *, empty: bool = False) -> str:
    """A string of an object; an empty one only where that is allowed. Raises BadLine."""
    if field not in found:
        raise BadLine(file, line, f"the field {field!r} is missing")
    value = found[field]
    if not isinstance(value, str):
        raise BadLine(file, line, f"{field!r} is not a string")
    if not value and not empty:
        raise BadLine(file, line, f"{field!r} is empty")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadLine(file, line, f"{field!r} holds half of a surrogate pair") from None
    return value


def time_field(found: Mapping[str, Any], field: str, file: Path, line: int) -> datetime:
    """A time of an object, RFC 3339. Raises BadLine."""
    text = text_field(found, field, file, line)
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise BadLine(file, line, f"{field!r} is not RFC 3339: {text!r}") from None
    if time.tzinfo is None:
        raise BadLine(file, line, f"{field!r} has no zone: {text!r}; write {text}Z for UTC")
    return time
