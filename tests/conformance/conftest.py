"""A server for all scenarios that break nothing, an agent for each language, and what stands before browsers."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.conformance.agent import Agents
from tests.conformance.browser import IN_CHROMIUM, Browser
from tests.conformance.stage import Stage
from tests.conformance.web_proxy import built
from tests.postgres import create_database, drop_database
from tests.server import new_tenant, running_server


@pytest.fixture(scope="session")
async def shared(postgres_url: str, migrated_template: str) -> AsyncIterator[Stage]:
    """Of a tenant with its own ADMIN key."""
    url = await create_database(postgres_url, migrated_template)
    async with running_server(url, LOCI_STREAM_IDLE_TIMEOUT="600") as server, new_tenant(server) as client:
        made = await client.create_api_key(["admin"])
        yield Stage(made.secret, server.address)
    await drop_database(url)


@pytest.fixture(scope="session")
async def agents() -> AsyncIterator[Agents]:
    async with AsyncExitStack() as stack:
        yield Agents(stack)


@pytest.fixture(scope="session")
async def proxy_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What translates for browsers."""
    if shutil.which("go") is None:
        pytest.skip("the proxy for browsers is left out, without go")
    return await built(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="session")
def browser(proxy_program: Path, agents: Agents) -> Browser:
    if IN_CHROMIUM.missing:
        pytest.skip(f"browsers are left out, without {', '.join(IN_CHROMIUM.missing)}: make apt")
    return Browser(proxy_program, agents)
