"""`loci eval`: measures how well a running server finds what it was told."""

import asyncio
from pathlib import Path
from typing import Annotated, Literal

import typer

from loci_server.cli import measures, trial
from loci_server.cli.commands import client_command, group
from loci_server.cli.measures import Summary
from loci_server.cli.output import Output, remark
from loci_server.cli.parsing import whole_numbers
from loci_server.cli.progress import bars
from loci_server.cli.search import ProfileOption, WeightOptions, weighed
from loci_server.cli.session import Session
from loci_server.cli.trial import Asking

app = group("Measure a running server.")


@app.command()
@client_command
def retrieval(
    session: Session,
    data: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with turns.jsonl and queries.jsonl.")],
    k: Annotated[str, typer.Option("--k", help="How many of the first turns count; one or more numbers.")] = "5,10",
    mode: Annotated[Literal["hybrid", "lexical", "semantic"], typer.Option(help="Which arms to use.")] = "hybrid",
    profile: ProfileOption = "balanced",
    weights: WeightOptions = None,
    tenant: Annotated[
        str, typer.Option(help="Ask in a tenant that an earlier run left with --keep: nothing is imported.")
    ] = "",
    tokens: Annotated[
        int, typer.Option("--tokens", min=0, help="Size of the context that is packed for each question; 0: none.")
    ] = 4000,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the tenant that is made for it.")] = False,
) -> None:
    """Import conversations into a fresh tenant, ask every question, and compare with the known answers.

    Needs a key with the scope OPERATOR, as the first key of an installation is. Scores are means over the questions
    that have an answer: turn_recall@k, the share of the right turns among the first k; turn_all@k and session_all@k,
    whether all are among the first k; ndcg@10 with gains of 0 and 1; packed_recall@TOKENS, the share of the right turns
    that stand whole in a context of so many tokens.
    """
    cuts = whole_numbers(k, "--k")
    data_set = trial.read(data)
    for line in data_set.remarks:
        remark(line)
    hybrid = mode == "hybrid"
    asking = Asking(mode, profile if hybrid else None, weighed(weights), max(cuts), tokens if hybrid else 0)
    with bars() as drawn:
        result = asyncio.run(trial.run(session, data_set, asking, tenant=tenant, keep=keep, drawn=drawn))
    overall = measures.summarize(result.outcomes, cuts)
    categories = measures.by_category(result.outcomes, cuts)
    if session.output.as_json:
        session.output.json(
            {
                "data": data.resolve().name,
                "mode": mode,
                "profile": asking.profile,
                "weights": asking.weights or {},
                "turns": data_set.turn_count,
                "queries": len(data_set.questions),
                "seconds": {name: round(seconds, 3) for name, seconds in result.seconds.items()},
                "latency_ms": {f"p{percent}": round(result.latency(percent) * 1000, 2) for percent in (50, 95)},
                "failed_arms": dict(result.failed_arms),
                "overall": _summary(overall),
                "categories": {category: _summary(summary) for category, summary in categories.items()},
            }
        )
        return
    _print_table(session.output, overall, categories)
    took = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in result.seconds.items())
    print(
        f"{data_set.turn_count} turns, {len(data_set.questions)} queries, {mode}: {took}; "
        f"search p50 {result.latency(50) * 1000:.1f} ms, p95 {result.latency(95) * 1000:.1f} ms "
        f"({trial.CONCURRENCY} at once)"
    )
    for arm, count in result.failed_arms.items():
        remark(f"The {arm} arm failed in {count} of {len(data_set.questions)} searches.")


def _print_table(output: Output, overall: Summary, categories: dict[str, Summary]) -> None:
    if not overall.queries:
        remark("No query has gold: there is nothing to measure.")
        return
    rows = [("all", overall), *((category or "(none)", summary) for category, summary in categories.items())]
    output.table(
        ("category", "n", *overall.scores),
        [(name, summary.queries, *(f"{score:.3f}" for score in summary.scores.values())) for name, summary in rows],
    )


def _summary(summary: Summary) -> dict[str, float]:
    return {"queries": summary.queries} | {name: round(score, 4) for name, score in summary.scores.items()}
