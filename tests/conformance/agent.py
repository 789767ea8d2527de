"""An agent: a program that does with the client of its language what it is told (README.md has the protocol)."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tools.languages import ROOT, Language

LINE_BYTES = 64 * 1024 * 1024
SECONDS = 60.0
"""That any request may take; a client that has not answered by then hangs."""


class AgentFailed(Exception):
    """The agent ended, hung, or said what is not of the protocol."""


@dataclass
class Agent:
    """A running one. `ask` may be called many times at once."""

    language: str
    process: asyncio.subprocess.Process
    _waiting: dict[int, "asyncio.Future[Mapping[str, Any]]"] = field(default_factory=dict)
    _ids: count = field(default_factory=lambda: count(1))  # type: ignore[type-arg]  # generic in stubs only

    async def ask(self, op: str, **members: Any) -> Mapping[str, Any]:
        """The answer, with `result` or `error`. Raises AgentFailed."""
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps({"id": number, "op": op, **members}).encode() + b"\n")
            await self.process.stdin.drain()
            async with asyncio.timeout(SECONDS):
                return await answer
        except (TimeoutError, OSError) as error:
            raise AgentFailed(f"no answer to {op}: {type(error).__name__}") from None
        finally:
            self._waiting.pop(number, None)

    async def listen(self) -> None:
        """Takes answers until the agent ends."""
        assert self.process.stdout is not None
        try:
            while line := await self.process.stdout.readline():
                answer = json.loads(line)
                waiting = self._waiting.get(answer["id"])
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer)
        finally:
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(AgentFailed(f"the agent for {self.language} ended"))


@asynccontextmanager
async def running_agent(language: Language, **environment: str) -> AsyncIterator[Agent]:
    """The agent, for as long as the context is open."""
    process = await asyncio.create_subprocess_exec(
        *language.run,
        cwd=ROOT / language.cwd,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES,
    )
    agent = Agent(language.language, process)
    listening = asyncio.create_task(agent.listen())
    try:
        yield agent
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        await asyncio.gather(listening, return_exceptions=True)


class Agents:
    """One of each language, and of each surroundings, begun when it is first wanted."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._running: dict[tuple[object, ...], Agent] = {}

    async def of(self, language: Language, **environment: str) -> Agent:
        key = (*language.run, *environment.items())
        agent = self._running.get(key)
        if agent is None or agent.process.returncode is not None:
            agent = await self._stack.enter_async_context(running_agent(language, **environment))
            self._running[key] = agent
        return agent
