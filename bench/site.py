"""Where benchmarks run: a bundled PostgreSQL with the settings that users get, in a folder that goes away."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from rich.console import Console
from rich.table import Table

from bench.sizes import Sizes
from loci_server.embedded import BundledPostgres


@dataclass
class Installation:
    """A database with the keyring and the API key of the servers that run on it."""

    database_url: str
    """As superuser."""
    data_dir: Path
    graphs: set[str] = field(default_factory=set)
    """Graphs that were filled, for benchmarks that share them."""

    @property
    def api_key(self) -> str:
        return (self.data_dir / "api-key").read_text().strip()

    async def run(self, sql: str) -> None:
        """Runs SQL as superuser."""
        connection = await asyncpg.connect(self.database_url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def number(self, sql: str, *arguments: object) -> int:
        """The one number that a query gives, as superuser."""
        connection = await asyncpg.connect(self.database_url)
        try:
            found: int = await connection.fetchval(sql, *arguments)
            return found
        finally:
            await connection.close()

    async def graph_key(self, graph: str) -> int:
        return await self.number("SELECT graph_key FROM loci.graphs WHERE graph_id = $1", graph)


@dataclass
class Site:
    """What a benchmark is given."""

    sizes: Sizes
    folder: Path
    postgres_url: str
    _installations: dict[str, Installation] = field(default_factory=dict)
    _console: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    def say(self, line: str) -> None:
        self._console.print(line, markup=False)

    def show(self, table: Table) -> None:
        self._console.print(table)

    async def installation(self, name: str) -> Installation:
        """The installation of this name; a new one the first time."""
        if name not in self._installations:
            data_dir = self.folder / name
            data_dir.mkdir(mode=0o700)
            parts = urlsplit(self.postgres_url)
            made = Installation(urlunsplit(parts._replace(path=f"/bench_{name}")), data_dir)
            connection = await asyncpg.connect(self.postgres_url)
            try:
                await connection.execute(f"CREATE DATABASE bench_{name}")
            finally:
                await connection.close()
            self._installations[name] = made
        return self._installations[name]


@asynccontextmanager
async def running_site(sizes: Sizes) -> AsyncIterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="loci-bench-"))
    try:
        with BundledPostgres.start(folder) as postgres:
            yield Site(sizes, folder, postgres.url)
    finally:
        shutil.rmtree(folder)
