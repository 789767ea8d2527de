"""`loci recall`: what an agent knows, as a text for a prompt or as a list."""

from datetime import datetime
from typing import Annotated

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.item_options import AsOf, ValidAt
from loci_server.cli.output import as_dict, harmless, remark
from loci_server.cli.parsing import as_of, words
from loci_server.cli.search import (
    Having,
    ProfileOption,
    QueryTime,
    SaidIn,
    WeightOptions,
    hit_row,
    report_remarks,
    selected,
    weighed,
)
from loci_server.cli.session import Session


@client_command
def command(
    session: Session,
    graphs: Annotated[str, typer.Argument(metavar="GRAPH[,GRAPH…]", help="One graph, or up to 8 with commas.")],
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="What is asked, in plain words; `-` is standard input.")
    ],
    tokens: Annotated[
        int, typer.Option("--tokens", "-t", min=0, help="Size of the text; a token is 4 characters. 0: a list instead.")
    ] = 1000,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="Memories of the list.")] = 10,
    types: Annotated[list[str] | None, typer.Option("--type", help="Only nodes of this type. May be repeated.")] = None,
    said_in: SaidIn = "",
    having: Having = None,
    profile: ProfileOption = "balanced",
    weights: WeightOptions = None,
    query_time: QueryTime = None,
    record: AsOf = None,
    valid_at: ValidAt = "",
) -> None:
    """Print the memories that bear on a question, as many as fit, in order of time.

    With --json: the whole answer as one object.
    """
    query = words(query)
    answer = session.client.recall(
        graphs.split(","),
        query,
        limit=limit,
        max_tokens=tokens,
        filter=selected(types, said_in, having),
        profile=profile,
        weights=weighed(weights),
        query_time=_time(query_time),
        as_of=as_of(record, valid_at),
    )
    if session.output.as_json:
        session.output.json(as_dict(answer))
        return
    if tokens and answer.context.text:
        print(harmless(answer.context.text))
    elif tokens and answer.memories:
        remark(f"No memory fits into {tokens} tokens.")
    elif answer.memories:
        rows = [hit_row(rank, hit, query, explain=False) for rank, hit in enumerate(answer.memories, start=1)]
        session.output.table(("", "score", "node", "when", "text"), rows)
    for graph in answer.graphs:
        for line in report_remarks(graph.arms, truncated=graph.truncated, found=bool(answer.memories)):
            remark(f"{graph.graph}: {line}" if len(answer.graphs) > 1 else line)


def _time(given: datetime | None) -> datetime | None:
    return given.astimezone() if given is not None else None
