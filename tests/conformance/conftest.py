"""A server for all scenarios that break nothing, and an agent for each language."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.conformance.agent import Agent, running_agent
from tests.conformance.stage import Stage
from tests.postgres import create_database, drop_database
from tests.server import new_tenant, running_server
from tools.languages import Language


@pytest.fixture(scope="session")
async def shared(postgres_url: str, migrated_template: str) -> AsyncIterator[Stage]:
    """Of a tenant with its own ADMIN key."""
    url = await create_database(postgres_url, migrated_template)
    async with running_server(url, LOCI_STREAM_IDLE_TIMEOUT="600") as server, new_tenant(server) as client:
        made = await client.create_api_key(["admin"])
        yield Stage(made.secret, server.address)
    await drop_database(url)


class Agents:
    """One of each language, begun when it is first wanted."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._running: dict[str, Agent] = {}

    async def of(self, language: Language) -> Agent:
        agent = self._running.get(language.language)
        if agent is None or agent.process.returncode is not None:
            agent = await self._stack.enter_async_context(running_agent(language))
            self._running[language.language] = agent
        return agent


@pytest.fixture(scope="session")
async def agents() -> AsyncIterator[Agents]:
    async with AsyncExitStack() as stack:
        yield Agents(stack)
