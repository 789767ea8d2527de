"""`loci search`: finds nodes by what they say."""

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.item_options import AsOf, ValidAt
from loci_server.cli.item_output import when
from loci_server.cli.output import as_dict, one_line, remark
from loci_server.cli.parsing import as_of
from loci_server.cli.session import Session

if TYPE_CHECKING:
    from loci.v1.search_service_pb2 import ArmReport, SearchHit, SearchResponse

SNIPPET = 160
LEAD = 40
"""Characters of a snippet before the first word that was asked for."""


@client_command
def command(
    session: Session,
    graph: Annotated[str, typer.Argument(metavar="GRAPH", help="The id of the graph.")],
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for, in plain words.")],
    mode: Annotated[Literal["hybrid", "lexical", "semantic"], typer.Option(help="Which arms to use.")] = "hybrid",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="At most so many hits.")] = 10,
    types: Annotated[list[str] | None, typer.Option("--type", help="Only nodes of this type. May be repeated.")] = None,
    record: AsOf = None,
    valid_at: ValidAt = "",
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Show each arm's rank and score: BM25 (lexical), cosine (semantic). A hit's own score is their "
            "weighted sum, each scaled to 0…1 over the candidates of this answer.",
        ),
    ] = False,
) -> None:
    """Find nodes by what they say, best first. With --json: the whole answer as one object."""
    wanted: Any = {"types": types or []}
    moment = as_of(record, valid_at)
    answer = session.client.search(graph, query, mode=mode, filter=wanted, limit=limit, explain=explain, as_of=moment)
    if session.output.as_json:
        session.output.json(as_dict(answer))
        return
    columns = ("", "score", "node", "when", *(("arms",) if explain else ()), "text")
    rows = [_row(rank, hit, query, explain) for rank, hit in enumerate(answer.hits, start=1)]
    if rows:
        session.output.table(columns, rows)
    for line in remarks(answer):
        remark(line)


def remarks(answer: "SearchResponse") -> list[str]:
    """What a reader must know to trust the answer: nothing found, an arm that failed, texts not yet embedded."""
    from loci.v1.search_service_pb2 import ARM_STATE_FAILED, ARM_STATE_SKIPPED

    lines = [] if answer.hits else ["Nothing found."]
    for arm in answer.arms:
        name = _arm(arm.arm)
        if arm.state == ARM_STATE_FAILED:
            lines.append(f"The {name} arm failed{_because(arm)}; the others answered.")
        elif arm.state == ARM_STATE_SKIPPED and arm.reason:
            lines.append(f"The {name} arm was not used{_because(arm)}.")
        if arm.pending_count:
            lines.append(f"Nodes that wait to be embedded: {arm.pending_count}. The {name} arm does not see them yet.")
    if answer.truncated:
        lines.append("There may be more matches than were ranked.")
    return lines


def snippet(text: str, query: str, length: int = SNIPPET) -> str:
    """A piece of the text, on one line, around the first word that was asked for."""
    line = " ".join(text.split())
    words = sorted((word for word in re.findall(r"\w+", query) if len(word) > 3), key=len, reverse=True)
    found = re.search("|".join(rf"\b{re.escape(word)}" for word in words), line, re.IGNORECASE) if words else None
    start = max(0, found.start() - LEAD) if found and found.end() > length else 0
    if start:
        start = line.find(" ", start) + 1
    return ("…" if start else "") + one_line(line[start:], length)


def _row(rank: int, hit: "SearchHit", query: str, explain: bool) -> tuple[object, ...]:
    from loci.names import id_of

    node = hit.node
    shown = snippet(node.text, query) if node.text else node.label
    said = f"{node.label}: {shown}" if node.label and node.text else shown
    arms = "; ".join(f"{_arm(arm.arm)} #{arm.rank} {arm.score:.3g}" for arm in hit.arm_scores)
    return rank, f"{hit.score:.3f}", id_of(node.name), when(node), *((arms,) if explain else ()), said


def _arm(arm: Any) -> str:
    from loci.v1.search_service_pb2 import SearchArm

    return SearchArm.Name(arm).removeprefix("SEARCH_ARM_").lower()


def _because(arm: "ArmReport") -> str:
    return f" ({arm.reason.rstrip('.')})" if arm.reason else ""
