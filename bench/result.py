"""What a benchmark found, in the form that is kept: build/bench/NAME.json."""

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol

Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and its floor, both in the unit of the benchmark. Some figures have no floor."""

    value: float
    floor: float | None = None


class Definition(Protocol):
    """What is fixed about a benchmark."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def bar(self) -> float: ...
    @property
    def better(self) -> Better: ...


@dataclass(frozen=True, slots=True)
class Result:
    """One run. `bar` is for the ratio to the floor or, where there is no floor, for the value itself."""

    name: str
    unit: str
    value: float
    floor: float | None
    ratio: float
    bar: float
    better: Better
    command: str
    commit: str

    @property
    def met(self) -> bool:
        compared = self.value if self.floor is None else self.ratio
        return compared >= self.bar if self.better == "higher" else compared <= self.bar


def judge(definition: Definition, measured: Measured, command: str, commit: str) -> Result:
    """The ratio is that of value to floor or, where there is no floor, to the bar."""
    against = definition.bar if measured.floor is None else measured.floor
    return Result(
        definition.name,
        definition.unit,
        round(measured.value, 3),
        None if measured.floor is None else round(measured.floor, 3),
        round(measured.value / against, 3),
        definition.bar,
        definition.better,
        command,
        commit,
    )


def write(folder: Path, result: Result) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{result.name}.json").write_text(json.dumps(asdict(result), indent=2) + "\n")


def commit() -> str:
    """The commit that is measured; `+` behind it says that files differ from it. `unknown` outside of a repository."""
    try:
        head = git("rev-parse", "--short=12", "HEAD")
        return head + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, check=True, text=True)
    return done.stdout.strip()
