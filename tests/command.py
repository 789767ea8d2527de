"""The `loci` command, for tests. It runs in this process, beside the server; what is interrupted or torn runs in one
of its own.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from loci_server.cli.program import app

LIMIT = 60.0


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """The objects that were printed."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Loci:
    """The command with the variables of its environment; those of the tests' own are not seen."""

    environment: dict[str, str]

    def any(self, *arguments: str, stdin: str = "") -> Done:
        """Runs it to its end, however it ends."""
        foreign = {name: None for name in os.environ if name.startswith(("LOCI_", "OTEL_"))}
        with ThreadPoolExecutor(1) as thread:  # where no event loop is, as on a command line
            result = thread.submit(
                CliRunner().invoke, app, arguments, input=stdin, env={**foreign, **self.environment}
            ).result(LIMIT)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr)

    def __call__(self, *arguments: str, stdin: str = "") -> Done:
        """Runs it and expects it to succeed."""
        done = self.any(*arguments, stdin=stdin)
        assert done.code == 0, done.err
        return done

    def fails(self, *arguments: str, stdin: str = "") -> str:
        """Runs it and expects it to fail; the last line of what it says."""
        done = self.any(*arguments, stdin=stdin)
        assert done.code == 1
        return done.err.splitlines()[-1]

    def begin(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """As a process of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LOCI_", "OTEL_"))}
        return subprocess.Popen(
            [sys.executable, "-m", "loci_server", *arguments],
            env=kept | self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def until(condition: Callable[[], object], pause: float = 0.05) -> None:
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(pause)
