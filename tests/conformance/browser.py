"""The client for browsers in Chromium, by the agent of clients/typescript/conformance/browser.ts."""

from dataclasses import dataclass, replace
from pathlib import Path

from tests.conformance.agent import Agent, Agents
from tools.languages import languages

PROTOCOLS = ("grpc-web", "connect")
"""That of the client's default first."""
IN_NODE = next(each for each in languages() if each.language == "typescript")
IN_CHROMIUM = replace(
    IN_NODE,
    title="TypeScript in browsers",
    needs=("go", "node", "chromium"),
    run=("node", "build/conformance/browser.js"),
    lacks={
        "Every call carries the key, a deadline and the client's name": "they put their own name into user-agent",
    },
)


@dataclass(frozen=True, slots=True)
class Browser:
    """`proxy` is the program that stands before servers."""

    proxy: Path
    agents: Agents

    async def agent(self, protocol: str) -> tuple[Agent, str]:
        """With a page that speaks this protocol, and the origin of the page."""
        agent = await self.agents.of(IN_CHROMIUM, LOCI_AGENT_WEB=protocol)
        return agent, (await agent.ask("hello"))["result"]["origin"]
