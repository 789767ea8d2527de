"""A Loci server in a process of its own, as users run it, for tests to talk to, stop and kill."""

import asyncio
import os
import signal
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from loci import AsyncClient
from tests.ports import kept_port

READY = "loci is ready at "
START_SECONDS = 60.0


@dataclass
class RunningServer:
    """One server. `kill` ends it as `kill -9` does; `start` brings it back on the same port and data."""

    database_url: str | None
    data_dir: Path
    environment: Mapping[str, str]
    address: str = ""
    ready: str = ""
    """The line that it said when it could be used."""
    process: asyncio.subprocess.Process | None = None
    port: int = 0

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return (self.data_dir / "server.log").read_text()

    @property
    def operator_key(self) -> str:
        return (self.data_dir / "api-key").read_text().strip()

    async def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("LOCI_", "OTEL_"))}
        environment |= {
            "LOCI_DATA_DIR": str(self.data_dir),
            "LOCI_PORT": str(self.port),
            "LOCI_EMBEDDER": "none",
            "LOCI_LOG_FORMAT": "json",
            "LOCI_LOG_LEVEL": "DEBUG",
            "LOCI_MAX_FAILED_CREDENTIALS": "0",  # all tests have one address
        }
        if self.database_url is not None:
            environment["LOCI_DATABASE_URL"] = self.database_url
        environment |= self.environment
        with (self.data_dir / "server.log").open("a") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "loci_server",
                "serve",
                env=environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        assert self.process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            while True:
                line = (await self.process.stdout.readline()).decode()
                if line.startswith(READY):
                    self.ready = line.strip()
                    self.address = line.removeprefix(READY).split(";")[0].strip()
                    return
                if not line:
                    raise RuntimeError(f"the server did not start: {self.log[-3000:]}")

    async def stop(self) -> int:
        """Ends it by SIGTERM. Its exit status."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """Ends it, and all of its workers, by SIGKILL."""
        await self._end(signal.SIGKILL)

    def client(self, api_key: str | None = None) -> AsyncClient:
        """A client with this key, or with the operator's."""
        return AsyncClient(self.address, api_key=api_key or self.operator_key)

    async def _end(self, number: signal.Signals) -> int:
        process = self.process
        if process is None:
            return 0
        if process.returncode is None:
            if number is signal.SIGKILL:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
        async with asyncio.timeout(60):
            status = await process.wait()
        self.process = None
        return status


@asynccontextmanager
async def running_server(database_url: str | None, **environment: str) -> AsyncIterator[RunningServer]:
    """A server that has been started; `environment` adds LOCI_ variables."""
    with tempfile.TemporaryDirectory(prefix="loci-", dir="/tmp") as folder, kept_port() as port:
        server = RunningServer(database_url, Path(folder), environment, port=port)
        try:
            await server.start()
            yield server
        finally:
            await server.stop()


@asynccontextmanager
async def new_tenant(server: RunningServer) -> AsyncIterator[AsyncClient]:
    """A client of a tenant of its own, with the scope ADMIN."""
    async with server.client() as operator:
        tenant = f"t{uuid.uuid4().hex[:12]}"
        await operator.create_tenant(tenant)
        made = await operator.create_api_key(["admin"], tenant=tenant)
    async with server.client(made.secret) as client:
        yield client
