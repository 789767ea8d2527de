"""What commands print: tables for people, JSON Lines for programs.

Content comes from whoever wrote it, so that control characters in it never reach the terminal.
"""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from google.protobuf.message import Message
    from google.protobuf.timestamp_pb2 import Timestamp
    from rich.console import Console

M = TypeVar("M", bound="Message")
PIPE_WIDTH = 10_000
"""Columns of a table that nobody looks at: nothing is wrapped."""


class Output:
    """Standard output, in one of two ways."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def message(self, message: "Message", rows: Callable[[], Iterable[tuple[str, object]]]) -> None:
        """One message: its fields by name, a line each, without those that are empty."""
        if self.as_json:
            self.json(as_dict(message))
        else:
            self.fields(rows())

    def messages(
        self, messages: "Iterable[M]", columns: Sequence[str], row: "Callable[[M], Sequence[object]]", nothing: str
    ) -> None:
        """A list of messages: a table, or an object a line. `nothing` is said where there are none."""
        if self.as_json:
            for message in messages:
                self.json(as_dict(message))
            return
        rows = [row(message) for message in messages]
        if rows:
            self.table(columns, rows)
        else:
            remark(nothing)

    def json(self, value: Mapping[str, Any]) -> None:
        """One object on one line."""
        print(json.dumps(value, ensure_ascii=False))

    def fields(self, rows: Iterable[tuple[str, object]]) -> None:
        """Names and values, where there is a value."""
        shown = [(name, str(value)) for name, value in rows if value not in (None, "")]
        width = max((len(name) for name, _ in shown), default=0)
        for name, value in shown:
            print(f"{name:<{width}}  {harmless(value)}")

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table as wide as the terminal; in a pipe, one line for each row."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        console = stdout()
        table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False, show_edge=False)
        for column in columns:
            table.add_column(Text(column), overflow="fold", no_wrap=not console.is_terminal)
        for row in rows:
            cells = (harmless(str(cell)) for cell in row)
            table.add_row(*(Text(cell if console.is_terminal else " ".join(cell.split())) for cell in cells))
        console.print(table)


def remark(text: str) -> None:
    """A remark for people, on stderr: programs do not meet it."""
    print(harmless(text), file=sys.stderr)


def stdout() -> "Console":
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)


def as_dict(message: "Message") -> dict[str, Any]:
    """Proto JSON with the field names of the contract; times are RFC 3339."""
    from google.protobuf.json_format import MessageToDict

    return MessageToDict(message, preserving_proto_field_name=True)


def harmless(text: str) -> str:
    """The text without control characters, which could drive the terminal; line ends and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t":
        return character
    # Cc are the control characters; Cf holds the marks that turn the direction of writing, and the joiner of emoji.
    hidden = (
        unicodedata.category(character) == "Cc" or character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    return "\N{REPLACEMENT CHARACTER}" if hidden else character


def local_time(stamp: "Timestamp | datetime | None", *, seconds: bool = False) -> str:
    """A time where the reader is, to the minute or second, with its zone's offset; empty for none."""
    if stamp is None:
        return ""
    if not isinstance(stamp, datetime):
        from loci import moment

        stamp = moment(stamp)
    return stamp.astimezone().strftime("%Y-%m-%d %H:%M:%S %z" if seconds else "%Y-%m-%d %H:%M %z")


def time_of(message: Any, field: str, *, seconds: bool = False) -> str:
    """A field of a message as a local time; empty if it is not set."""
    return local_time(getattr(message, field), seconds=seconds) if message.HasField(field) else ""


def one_line(text: str, length: int = 80) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
