"""What runs proved, for docs/record.md: one line of JSON each, in the file that LOCI_ROBUST_RESULTS names."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(os.environ.get("LOCI_ROBUST_RESULTS", "build/robustness/results.jsonl"))
SEED = int(os.environ.get("LOCI_ROBUST_SEED", "1"))
SCALE = float(os.environ.get("LOCI_ROBUST_SCALE", "1"))
COMMAND = os.environ.get("LOCI_ROBUST_COMMAND", "make robust")


@dataclass(frozen=True, slots=True)
class Result:
    """How often something was checked, and held."""

    promise: str
    unit: str
    """What is counted."""
    count: int
    seed: int
    command: str


def note(promise: str, counts: dict[str, int]) -> None:
    """Adds counts of a run that passed."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with RESULTS.open("a") as file:
        for unit, count in counts.items():
            file.write(json.dumps(asdict(Result(promise, unit, count, SEED, COMMAND))) + "\n")


def results() -> Iterator[Result]:
    """All that were noted, in their order."""
    for line in RESULTS.read_text().splitlines():
        yield Result(**json.loads(line))


def scaled(count: int) -> int:
    """A count at the chosen scale, at least 1."""
    return max(1, round(count * SCALE))
