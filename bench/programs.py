"""The processes of a benchmark: a Loci server, a bare server, a load generator. Each says when it is up."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psutil  # type: ignore[import-untyped]

from bench.site import Installation

START_SECONDS = 60.0
STOP_SECONDS = 60.0
LONGEST_LINE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens."""

    address: str
    api_key: str
    process: asyncio.subprocess.Process

    @property
    def resident_megabytes(self) -> float:
        """Resident memory of the process now, shared pages included."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1e6


class LoadGenerator:
    """The program bench.load: takes one piece of work after another."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def run(self, work: str, **arguments: object) -> Any:
        """What the work of this name (bench/loads) returns."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"work": work, "arguments": arguments}).encode() + b"\n")
        await stdin.drain()
        line = await stdout.readline()
        if not line:
            raise RuntimeError(f"the load generator broke at {work}; its error stands above")
        return json.loads(line)


@asynccontextmanager
async def loci_server(
    installation: Installation, module: str = "loci_server", **settings: str
) -> AsyncIterator[Server]:
    """A Loci server as users run it, or of another module that takes the same command; `settings` are LOCI_ variables
    without their prefix."""
    environment = {
        "LOCI_DATA_DIR": str(installation.data_dir),
        "LOCI_DATABASE_URL": installation.database_url,
        "LOCI_PORT": "0",
        "LOCI_EMBEDDER": "none",
        "LOCI_LOG_LEVEL": "WARNING",
    } | {f"LOCI_{name.upper()}": value for name, value in settings.items()}
    async with program([module, "serve"], environment) as process:
        line = await first_line(process, "loci is ready at ")
        yield Server(line.split(";")[0], installation.api_key, process)


@asynccontextmanager
async def bare_server(installation: Installation, graph_key: int = 0) -> AsyncIterator[Server]:
    """The bare server over the same database (bench.floor)."""
    async with program(["bench.floor", installation.database_url, str(graph_key)], {}) as process:
        yield Server(await first_line(process, "ready at "), "none", process)


@asynccontextmanager
async def load_generator() -> AsyncIterator[LoadGenerator]:
    async with program(["bench.load"], {}) as process:
        await first_line(process, "ready")
        yield LoadGenerator(process)


@asynccontextmanager
async def program(module: list[str], environment: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m` in a process of its own that is ended by SIGTERM. Its errors go to ours."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LOCI_", "OTEL_"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *module,
        env=inherited | dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()


async def first_line(process: asyncio.subprocess.Process, beginning: str) -> str:
    """What follows `beginning` on the line that says that the program is up."""
    assert process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        while line := (await process.stdout.readline()).decode():
            if line.startswith(beginning):
                return line.removeprefix(beginning).strip()
    raise RuntimeError("a program of the benchmark did not start; its error stands above")
