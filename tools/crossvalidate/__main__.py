"""`python -m tools.crossvalidate DIR… --tenant TENANT…`: are the constants of the ranking more than its data?"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from loci_server.cli import trial
from loci_server.cli.commands import client_command
from loci_server.cli.failures import Failed
from loci_server.cli.progress import bars
from loci_server.cli.session import Session
from tools.crossvalidate import answers, tables
from tools.crossvalidate.answers import Answer
from tools.crossvalidate.asked import Asked
from tools.crossvalidate.folds import FOLDS
from tools.crossvalidate.recomputed import SHIPPED
from tools.crossvalidate.tuning import FACTORS, VALUES, cross_validated, on_all


@client_command
def crossvalidate(
    session: Session,
    data: Annotated[list[Path], typer.Argument(metavar="DIR…", help="Folders with turns.jsonl and queries.jsonl.")],
    tenant: Annotated[
        list[str] | None,
        typer.Option(help="What `loci eval retrieval DIR --keep` left, for each DIR in their order."),
    ] = None,
    semantic: Annotated[
        list[float] | None,
        typer.Option(min=0, max=10, help="Another weight of the semantic arm to ask and choose by. May be repeated."),
    ] = None,
    folds: Annotated[int, typer.Option(min=2, help="Parts into which the conversations are divided.")] = FOLDS,
    kept: Annotated[
        Path | None,
        typer.Option("--answers", help="Folder of answers: those that it holds are not asked for again."),
    ] = None,
) -> None:
    """Tune the constants of the ranking on some conversations and measure them on others. Each question is asked once
    by each weight of the semantic arm; all else is computed from the answers."""
    weights = sorted({SHIPPED.semantic, *(semantic or [])})
    values = {"semantic": weights, **VALUES}
    sets = []
    for place, folder in enumerate(data):
        owner = tenant[place] if tenant and place < len(tenant) else None
        sets.append(asked(session, folder, owner, weights, kept, folds))
        print(tables.agreement(sets[-1]))
    overall = on_all(sets, values)
    held_out = cross_validated(sets, folds, values)
    others = {each.name: [other for other in sets if other is not each] for each in sets}
    elsewhere = {name: on_all(rest, values) for name, rest in others.items() if rest}
    print(f"\n{tables.measured(sets, overall, held_out, elsewhere)}")
    print(f"\n{tables.choices(overall, held_out, elsewhere)}")
    print(f"\n{tables.alone(sets, values)}")
    without = {name: cross_validated(sets, folds, {**values, name: (0.0,)}) for name in FACTORS}
    print(f"\n{tables.ablation(sets, held_out, without)}")


def asked(
    session: Session, folder: Path, tenant: str | None, weights: Sequence[float], kept: Path | None, folds: int
) -> Asked:
    """A data set with the answers to its questions, by each weight of the semantic arm."""
    data = trial.read(folder)
    name = folder.resolve().name
    found = {}
    for weight in weights:
        file = kept / f"{name}-{weight:g}.jsonl" if kept is not None else None
        if file is not None and file.exists():
            found[weight] = answers.read(file)
            continue
        if tenant is None:
            raise Failed(f"there is no --tenant for {name}")
        found[weight] = ask(session, data, tenant, weight)
        if file is not None:
            answers.write(file, found[weight])
    return Asked(name, data, found, folds)


def ask(session: Session, data: trial.DataSet, tenant: str, semantic: float) -> list[Answer]:
    questions = [question for question in data.questions if question.gold]
    with bars() as drawn:
        bar = drawn.add(f"asking, semantic={semantic:g}", len(questions))
        return asyncio.run(answers.ask(session, tenant, questions, semantic, bar))


app = typer.Typer(pretty_exceptions_enable=False)
app.command()(crossvalidate)

if __name__ == "__main__":
    app(prog_name="python -m tools.crossvalidate")
