"""The options that the commands for nodes and for edges have in common."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from loci_server.cli.output import Output, remark

if TYPE_CHECKING:
    from google.protobuf.message import Message

M = TypeVar("M", bound="Message")

Graph = Annotated[str, typer.Argument(metavar="GRAPH", help="The id of the graph.")]
Properties = Annotated[
    list[str] | None,
    typer.Option("--property", "-p", metavar="KEY=VALUE", help="The value as JSON, else a string. May be repeated."),
]
Edtf = Annotated[str | None, typer.Option(metavar="EDTF", help="A date such as 1985, 1985-04 or 198X.")]
Note = Annotated[str | None, typer.Option(help="Why, for the history.")]
Etag = Annotated[str, typer.Option(help="Refuse if it has changed since this etag was read.")]
AllowMissing = Annotated[bool, typer.Option("--allow-missing", help="Do not fail if there is none.")]
Hard = Annotated[
    bool, typer.Option("--hard", help="Take earlier versions out of the history, too, for good. The note stays.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before a hard delete.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="REVISION|TIME",
        help="As the graph stood then: a revision, a time such as 2026-05-03T12:00, or a date, at its end.",
    ),
]
ValidAt = Annotated[str, typer.Option(metavar="EDTF", help="Only what may have held then: a date such as 2026-04.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many; 0 is all.")]
Words = Annotated[str | None, typer.Option("--text", help="What is to be recalled.")]
File = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="Read the text here; `-` is standard input.")]


def print_some(
    output: Output, found: Iterator[M], limit: int, columns: Sequence[str], row: Callable[[M], Sequence[object]]
) -> None:
    """The first `limit` (0: all) of a list, and a remark if that was not all."""
    output.messages(islice(found, limit or None), columns, row, "There is nothing such.")
    if limit and next(found, None) is not None:
        remark(f"There are more than these {limit}; `--limit 0` lists all.")


def page_size(limit: int) -> int:
    """Of a list of which `limit` items are wanted: one more tells whether there are more."""
    return min(limit + 1, 1000) if limit else 1000
