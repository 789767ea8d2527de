"""`loci import`: writes an export, or conversations, into graphs. What is interrupted can be taken up again."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.import_items import ImportOptions, import_file
from loci_server.cli.import_turns import import_turns
from loci_server.cli.session import Session


@client_command
def command(
    session: Session,
    source: Annotated[
        list[str],
        typer.Argument(metavar="GRAPH FILE | DIR", help="A graph and a file (`-` is standard input); or a data set."),
    ],
    format: Annotated[
        Literal["items", "turns"],
        typer.Option(help="`items`: what `loci export` writes. `turns`: a folder with turns.jsonl."),
    ] = "items",
    graph_prefix: Annotated[
        str, typer.Option(metavar="PREFIX", help="Put before the name of each graph of `turns`.")
    ] = "",
    create: Annotated[bool, typer.Option("--create", help="Make the graph if there is none.")] = False,
    import_id: Annotated[
        str | None, typer.Option(metavar="ID", help="Take up the import of this id, with the same file and options.")
    ] = None,
    on_error: Annotated[
        Literal["abort", "skip"],
        typer.Option(
            help="What to do with items that the server refuses. A line that is no item always ends the import."
        ),
    ] = "abort",
    on_conflict: Annotated[
        Literal["fail", "keep", "replace"], typer.Option(help="What to do with an item whose id is taken.")
    ] = "fail",
    keep_times: Annotated[
        bool, typer.Option("--keep-times", help="Keep the items' create and update times (to restore an export).")
    ] = False,
    chunk_size: Annotated[int, typer.Option(min=1, max=10_000, help="Items of one commit.")] = 1000,
) -> None:
    """Import nodes and edges, each chunk exactly once.

    `loci import GRAPH FILE.jsonl` reads lines in proto JSON, nodes before the edges at them:
    {"node": {"name": "nodes/ann", "label": "Ann"}} and
    {"edge": {"source": "ann", "relation": "KNOWS", "target": "bob"}}.

    `loci import --format turns DIR` makes a graph of each conversation in DIR/turns.jsonl, whose lines have graph,
    session, id, speaker, time (RFC 3339) and text; to run it again is harmless.
    """
    if format == "turns":
        if len(source) != 1:
            raise typer.BadParameter("with --format turns, give one folder")
        import_turns(session, Path(source[0]), graph_prefix, chunk_size, import_id)
        return
    if len(source) != 2:
        raise typer.BadParameter("give a graph and a file: loci import GRAPH FILE.jsonl")
    options = ImportOptions(create, import_id, on_error, on_conflict, keep_times, chunk_size)
    import_file(session, source[0], Path(source[1]), options)
