"""The stand-in server and a client of each flavour."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from loci import AsyncClient, Client
from tests.stand_in import StandIn, running


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOCI_ADDRESS", "LOCI_API_KEY", "LOCI_API_KEY_FILE", "LOCI_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def server() -> AsyncIterator[StandIn]:
    async with running() as stand_in:
        yield stand_in


@pytest.fixture
async def client(server: StandIn) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(server.address, api_key="key-of-a-test", timeout=10) as found:
        yield found


@pytest.fixture
async def blocking(server: StandIn) -> AsyncIterator[Callable[[Callable[[Client], Any]], Any]]:
    """Runs a function with a blocking client in a thread, while the stand-in answers from the event loop."""

    with Client(server.address, api_key="key-of-a-test", timeout=10) as found:

        async def run(work: Callable[[Client], Any]) -> Any:
            return await asyncio.to_thread(work, found)

        yield run


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "api-key"
    path.write_text("key-from-a-file\n")
    return path
