"""The table at the end of a run."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.result import Definition, Result

CAPTION = "ratio: figure to floor; without a floor, to the bar"
QUICK_CAPTION = "a quick run, with 10,000 nodes for 100,000: bars are meant for the full one"


def show(chosen: Sequence[Definition], results: Sequence[Result], quick: bool) -> None:
    """One line for each benchmark; those that miss their bar, or broke and so have no result, are marked."""
    found = {result.name: result for result in results}
    table = Table(title="Benchmarks", caption=f"{CAPTION}\n{QUICK_CAPTION}" if quick else CAPTION)
    table.add_column("benchmark")
    for heading in ("figure", "floor", "ratio", "bar"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for definition in chosen:
        result = found.get(definition.name)
        table.add_row(definition.name, *(cells(result) if result else ("", "", "", "", "[bold red]broke[/]")))
    Console(width=None if Console().is_terminal else 110).print(table)


def cells(result: Result) -> tuple[str, ...]:
    floor = "" if result.floor is None else number(result.floor)
    sign = "≥" if result.better == "higher" else "≤"
    bar = f"{sign} {result.bar:g}" + (f" {result.unit}" if result.floor is None else "")
    mark = "[green]met[/]" if result.met else "[bold red]missed[/]"
    return f"{number(result.value)} {result.unit}", floor, f"{result.ratio:.2f}", bar, mark


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"
