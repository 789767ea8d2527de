"""Each scenario, with the client of each language."""

import pytest

from tests.conformance.agent import Language, languages
from tests.conformance.conftest import Agents
from tests.conformance.play import Play
from tests.conformance.scenario import Scenario, scenarios
from tests.conformance.stage import Stage, set_up

SCENARIOS = scenarios()


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.language)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_it_behaves_as_every_other_client(
    language: Language, scenario: Scenario, agents: Agents, shared: Stage, postgres_url: str, migrated_template: str
) -> None:
    if language.missing:
        pytest.skip(f"without {', '.join(language.missing)}")
    agent = await agents.of(language)
    async with set_up(scenario, shared, postgres_url, migrated_template) as stage:
        await Play(agent, stage, scenario).run()
