"""`loci search`: finds nodes by what they say."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.item_options import AsOf, ValidAt
from loci_server.cli.item_output import when
from loci_server.cli.output import as_dict, one_line, remark
from loci_server.cli.parsing import as_of, properties, words
from loci_server.cli.session import Session
from loci_server.cli.words import word

ProfileOption: TypeAlias = Annotated[
    Literal["balanced", "strict", "fuzzy", "recency", "coverage"],
    typer.Option(help="What counts most: words (strict), meaning (fuzzy), recency, or several places (coverage)."),
]
WeightOptions: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        metavar="NAME=VALUE",
        help="In place of the profile's: lexical, semantic, graph (0 to 10), recency, temporal, salience, diversity "
        "(0 to 1). May be repeated.",
    ),
]
QueryTime: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--query-time", help="When the question is asked, in local time; default now."),
]

SaidIn: TypeAlias = Annotated[str, typer.Option("--session", help="Only what was said in this session.")]
Having: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--property",
        "-p",
        metavar="KEY=VALUE",
        help="Only what has this property; the value as JSON, else a string. May be repeated.",
    ),
]

if TYPE_CHECKING:
    from loci.filters import NodeFilterFields
    from loci.queries import Weight
    from loci.v1.search_service_pb2 import ArmReport, SearchHit, SearchResponse

WEIGHTS = ("lexical", "semantic", "graph", "recency", "temporal", "salience", "diversity")
SNIPPET = 160
LEAD = 40
"""Characters of a snippet before the first word that was asked for."""


@client_command
def command(
    session: Session,
    graph: Annotated[str, typer.Argument(metavar="GRAPH", help="The id of the graph.")],
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="What to look for, in plain words; `-` is standard input.")
    ],
    mode: Annotated[Literal["hybrid", "lexical", "semantic"], typer.Option(help="Which arms to use.")] = "hybrid",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="At most so many hits.")] = 10,
    types: Annotated[list[str] | None, typer.Option("--type", help="Only nodes of this type. May be repeated.")] = None,
    said_in: SaidIn = "",
    having: Having = None,
    profile: ProfileOption = "balanced",
    weights: WeightOptions = None,
    query_time: QueryTime = None,
    record: AsOf = None,
    valid_at: ValidAt = "",
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Show each arm's rank and score: BM25 (lexical), cosine (semantic), activation (graph), and what the "
            "sum of the arms was multiplied by.",
        ),
    ] = False,
) -> None:
    """Find nodes by what they say, best first. With --json: the whole answer as one object."""
    query = words(query)
    moment = as_of(record, valid_at)
    answer = session.client.search(
        graph,
        query,
        mode=mode,
        filter=selected(types, said_in, having),
        limit=limit,
        explain=explain,
        as_of=moment,
        profile=profile if mode == "hybrid" else None,
        weights=weighed(weights),
        query_time=query_time.astimezone() if query_time is not None else None,
    )
    if session.output.as_json:
        session.output.json(as_dict(answer))
        return
    columns = ("", "score", "node", "when", *(("arms",) if explain else ()), "text")
    rows = [hit_row(rank, hit, query, explain=explain) for rank, hit in enumerate(answer.hits, start=1)]
    if rows:
        session.output.table(columns, rows)
    for line in remarks(answer):
        remark(line)


def selected(types: list[str] | None, said_in: str, having: list[str] | None) -> "NodeFilterFields":
    """The filter of the options. Raises typer.BadParameter."""
    wanted: NodeFilterFields = {"types": types or [], "properties": properties(having or ())}
    if said_in:
        wanted["session"] = said_in
    return wanted


def weighed(given: list[str] | None) -> "dict[Weight, float] | None":
    """The weights of the options NAME=VALUE; None for none. Raises typer.BadParameter."""
    if not given:
        return None
    found: dict[Any, float] = {}
    for each in given:
        name, _, value = each.partition("=")
        if name not in WEIGHTS:
            raise typer.BadParameter(f"{name!r} is not one of {', '.join(WEIGHTS)}", param_hint="--weight")
        try:
            found[name] = float(value)
        except ValueError:
            raise typer.BadParameter(f"{each!r}: {value!r} is not a number", param_hint="--weight") from None
    return found


def remarks(answer: "SearchResponse") -> list[str]:
    """What a reader must know to trust the answer: nothing found, an arm that failed, texts not yet embedded."""
    return report_remarks(answer.arms, truncated=answer.truncated, found=bool(answer.hits))


def report_remarks(arms: "Iterable[ArmReport]", *, truncated: bool, found: bool) -> list[str]:
    from loci.v1 import search_service_pb2 as pb

    expected = (pb.SEARCH_ARM_LEXICAL, pb.SEARCH_ARM_SEMANTIC)  # the others are used where there is use for them
    lines = [] if found else ["Nothing found."]
    for arm in arms:
        name = _arm(arm.arm)
        if arm.state == pb.ARM_STATE_FAILED:
            lines.append(f"The {name} arm failed{_because(arm)}; the others answered.")
        elif arm.state == pb.ARM_STATE_SKIPPED and arm.reason and arm.arm in expected:
            lines.append(f"The {name} arm was not used{_because(arm)}.")
        if arm.pending_count:
            lines.append(f"Nodes that wait to be embedded: {arm.pending_count}. The {name} arm does not see them yet.")
    if truncated:
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


def hit_row(rank: int, hit: "SearchHit", query: str, *, explain: bool) -> tuple[object, ...]:
    from loci.names import id_of

    node = hit.node
    shown = snippet(node.text, query) if node.text else node.label
    said = f"{node.label}: {shown}" if node.label and node.text else shown
    told = [f"{_arm(arm.arm)} #{arm.rank} {arm.score:.3g}" for arm in hit.arm_scores]
    told += [f"{_boost(boost.boost)} ×{boost.factor:.2f}" for boost in hit.boosts]
    arms = "; ".join(told)
    return rank, f"{hit.score:.3f}", id_of(node.name), when(node), *((arms,) if explain else ()), said


def _arm(arm: Any) -> str:
    from loci.v1.search_service_pb2 import SearchArm

    return word(SearchArm, arm)


def _boost(boost: Any) -> str:
    from loci.v1.search_service_pb2 import SearchBoost

    return word(SearchBoost, boost)


def _because(arm: "ArmReport") -> str:
    return f" ({arm.reason.rstrip('.')})" if arm.reason else ""
