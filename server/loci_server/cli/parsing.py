"""What people write on the command line, as values: properties, times, texts from files.

All raise typer.BadParameter, which ends the command with exit code 2.
"""

import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import typer

SPAN = re.compile(r"(\d{1,6})([smhdw])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
STDIN = Path("-")


def properties(given: Sequence[str]) -> dict[str, Any]:
    """`key=value` pairs; a value that is JSON is taken as such, any other is a string.

    What begins like a JSON object, list or string and is none is refused: it was meant to be one.
    """
    from loci.values import json_value

    found: dict[str, Any] = {}
    for pair in given:
        key, equals, text = pair.partition("=")
        if not equals or not key:
            raise typer.BadParameter(f"{pair!r} is not key=value", param_hint="--property")
        try:
            value = json.loads(text, parse_constant=_not_json)
        except (ValueError, RecursionError):
            if text.startswith(("{", "[", '"')):
                raise typer.BadParameter(f"the value of {key!r} is not JSON", param_hint="--property") from None
            value = text
        try:
            json_value(value, key)
        except (TypeError, ValueError) as error:
            raise typer.BadParameter(str(error), param_hint="--property") from None
        found[key] = value
    return found


def new_id(given: str | None) -> str:
    """The id of what is made; empty for a new one. One that is given empty is refused: a variable was not set."""
    if given == "":
        raise typer.BadParameter("an id cannot be empty; leave it out for a new UUID")
    return given or ""


def moment(text: str, option: str) -> datetime:
    """A date or a time; without a zone it is that of this machine."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date (2027-01-31) or a time (2027-01-31T12:00:00Z)", param_hint=option
        ) from None
    return (found if found.tzinfo else found.astimezone()).astimezone(UTC)


def optional_moment(text: str | None, option: str) -> datetime | None:
    return None if text is None else moment(text, option)


def as_of(record: str | None, valid_at: str = "") -> Any:
    """What `--as-of` and `--valid-at` say, as the client takes it."""
    import loci

    if record is None and not valid_at:
        return None
    if record is not None and record.isdecimal():
        return loci.as_of(revision=int(record), valid_at=valid_at)
    return loci.as_of(time=None if record is None else end_of(record), valid_at=valid_at)


def end_of(text: str) -> datetime:
    """A time; of a date, its last moment."""
    found = moment(text, "--as-of")
    return found + timedelta(days=1, microseconds=-1) if len(text) == len("2026-05-03") else found


def span(text: str, option: str) -> timedelta:
    """`30m`, `12h`, `7d`."""
    found = SPAN.fullmatch(text)
    if not found:
        raise typer.BadParameter(f"{text!r} is not a span (30s, 30m, 12h, 7d, 2w)", param_hint=option)
    return timedelta(seconds=int(found[1]) * SECONDS[found[2]])


def expiry(text: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> datetime:
    """When a key or a memory ends: a span from now (`30d`, `12h`) or a date, in the future."""
    found = now() + span(text, "--expires") if SPAN.fullmatch(text) else _end(text)
    if found <= now():
        raise typer.BadParameter(f"{text!r} is not in the future", param_hint="--expires")
    return found


def _end(text: str) -> datetime:
    try:
        return moment(text, "--expires")
    except typer.BadParameter:
        raise typer.BadParameter(
            f"{text!r} is neither a span (30m, 12h, 7d, 2w), nor a date (2027-01-31) or a time (2027-01-31T12:00:00Z)",
            param_hint="--expires",
        ) from None


def words(text: str) -> str:
    """What is said or asked: `-` is what stands on standard input, without the end of its last line."""
    if text != str(STDIN):
        return text
    try:
        return sys.stdin.buffer.read().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise typer.BadParameter("standard input is not UTF-8 text") from None


def text_of(text: str | None, file: Path | None) -> str | None:
    """The text of `--text`, or of `--file` (`-` is standard input)."""
    if file is None:
        return text
    if text is not None:
        raise typer.BadParameter("give --text or --file, not both", param_hint="--file")
    content = sys.stdin.buffer.read() if file == STDIN else file.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{file} is not UTF-8 text", param_hint="--file") from None


def whole_numbers(text: str, option: str) -> tuple[int, ...]:
    """`5,10` as numbers above 0, each once, in order."""
    try:
        found = sorted({int(part) for part in text.split(",")})
    except ValueError:
        found = [0]
    if found[0] < 1:
        raise typer.BadParameter(f"{text!r} is not a list of whole numbers such as 5,10", param_hint=option)
    return tuple(found)


def _not_json(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
