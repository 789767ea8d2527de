"""`python -m tools.languages STEP`: what is done for each client, as tests/conformance/agents/*.json says.

    generate   stubs from the contract       build   the agent that tests/conformance talks to
    check      style, lints, types           test    what the language tests by itself

A language whose toolchain is not on this machine is left out and named; with --all that is a failure.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AGENTS = ROOT / "tests" / "conformance" / "agents"
STEPS = ("generate", "build", "check", "test")
Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Language:
    """One of them. Commands are run in `cwd`, below the root of the project."""

    language: str
    title: str
    package: str
    """Its name in the registry of the language."""
    cwd: str
    needs: Sequence[str]
    """Programs that must be on PATH."""
    run: Command
    """The agent."""
    steps: Mapping[str, Sequence[Command]] = field(default_factory=dict)
    lacks: Mapping[str, str] = field(default_factory=dict)
    """Names of scenarios that its client cannot play, and why."""

    @property
    def missing(self) -> list[str]:
        return [program for program in self.needs if shutil.which(program) is None]


def languages() -> list[Language]:
    """All that there are, in the order of their names."""
    return [Language(**json.loads(file.read_text())) for file in sorted(AGENTS.glob("*.json"))]


def main() -> int:
    """0 if all went well."""
    parser = argparse.ArgumentParser(prog="python -m tools.languages", description=__doc__)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("names", nargs="*", metavar="LANGUAGE", help="default: all")
    parser.add_argument("--all", action="store_true", help="fail if one is left out")
    options = parser.parse_args()
    chosen = [each for each in languages() if not options.names or each.language in options.names]
    left_out = [each for each in chosen if each.missing]
    failed = [each.language for each in chosen if not each.missing and not done(each, options.step)]
    for each in left_out:
        print(f"left out: {each.title}, without {', '.join(each.missing)}", file=sys.stderr)
    if failed:
        print(f"{options.step} failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed or (options.all and left_out) else 0


def done(language: Language, step: str) -> bool:
    """Whether all commands of the step went well; the first that does not is the last."""
    for command in language.steps.get(step, ()):
        began = time.monotonic()
        status = subprocess.run(command, cwd=ROOT / language.cwd, check=False).returncode
        print(f"{language.title}: {' '.join(command)}: {status}, {time.monotonic() - began:.0f} s", flush=True)
        if status:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
