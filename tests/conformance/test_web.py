"""The client for browsers, through a proxy that asks the server by gRPC: in Node, and in Chromium."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance.agent import Agents
from tests.conformance.browser import IN_CHROMIUM, IN_NODE, PROTOCOLS, Browser
from tests.conformance.play import Play, Unlike
from tests.conformance.scenario import Scenario, scenarios
from tests.conformance.stage import Stage, set_up
from tests.conformance.web_proxy import web_proxy

SCENARIOS = scenarios()
PLAYED = [
    pytest.param(protocol, scenario, id=f"{protocol}-{scenario.name}")
    for protocol in PROTOCOLS
    for scenario in SCENARIOS
    if scenario.stage != "own" or protocol == PROTOCOLS[0]  # a restart takes seconds, and the proxy hides it from both
]


def test_what_browsers_lack_are_scenarios_that_there_are() -> None:
    assert IN_CHROMIUM.lacks.keys() <= {scenario.name for scenario in SCENARIOS}


@pytest.mark.parametrize(("protocol", "scenario"), PLAYED)
async def test_in_chromium_it_behaves_as_every_other_client(
    protocol: str, scenario: Scenario, browser: Browser, shared: Stage, postgres_url: str, migrated_template: str
) -> None:
    if scenario.name in IN_CHROMIUM.lacks:
        pytest.skip(f"browsers: {IN_CHROMIUM.lacks[scenario.name]}")
    agent, origin = await browser.agent(protocol)
    async with (
        set_up(scenario, shared, postgres_url, migrated_template) as stage,
        web_proxy(browser.proxy, stage.address, origin=origin, behind=stage.proxy) as proxy,
    ):
        stage.address, stage.proxy = proxy.address, proxy if stage.proxy else None
        await Play(agent, stage, scenario).run()


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_in_node_it_behaves_as_every_other_client(
    protocol: str, shared: Stage, proxy_program: Path, agents: Agents
) -> None:
    if IN_NODE.missing:
        pytest.skip(f"without {', '.join(IN_NODE.missing)}")
    agent = await agents.of(IN_NODE, LOCI_AGENT_WEB=protocol)
    unlike = []
    async with web_proxy(proxy_program, shared.address) as proxy:
        for scenario in SCENARIOS:
            if (scenario.stage, scenario.through) != ("server", "direct"):
                continue
            try:
                await Play(agent, replace(shared, address=proxy.address), scenario).run()
            except Unlike as error:
                unlike.append(f"{scenario.name}: {error}")
    assert unlike == []
