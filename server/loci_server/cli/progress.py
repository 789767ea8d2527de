"""A bar on stderr while a long command runs, on a terminal only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Bar:
    """One line: what is being done and how far it has come."""

    def __init__(self, progress: "Progress | None", description: str, total: float | None) -> None:
        self._progress = progress
        self._task = progress.add_task(description, total=total, note="") if progress is not None else None

    def show(self, completed: float, note: str = "") -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=completed, note=note)


class Bars:
    """Where bars are drawn."""

    def __init__(self, progress: "Progress | None") -> None:
        self._progress = progress

    def add(self, description: str, total: float | None = None) -> Bar:
        """`total` None: nobody knows how much there is."""
        return Bar(self._progress, description, total)


@contextmanager
def bars() -> Iterator[Bars]:
    if not sys.stderr.isatty():
        yield Bars(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield Bars(progress)
