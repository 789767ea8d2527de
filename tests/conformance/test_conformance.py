"""Each scenario, with the client of each language."""

import pytest

from tests.conformance.agent import Agents
from tests.conformance.play import Play
from tests.conformance.scenario import Scenario, scenarios
from tests.conformance.stage import Stage, set_up
from tools.languages import Language, languages

SCENARIOS = scenarios()


def test_what_a_language_lacks_are_scenarios_that_there_are() -> None:
    for language in languages():
        assert language.lacks.keys() <= {scenario.name for scenario in SCENARIOS}, language.title


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.language)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_it_behaves_as_every_other_client(
    language: Language, scenario: Scenario, agents: Agents, shared: Stage, postgres_url: str, migrated_template: str
) -> None:
    if language.missing:
        pytest.skip(f"{language.title} is left out, without {', '.join(language.missing)}")
    if scenario.name in language.lacks:
        pytest.skip(f"{language.title}: {language.lacks[scenario.name]}")
    agent = await agents.of(language)
    async with set_up(scenario, shared, postgres_url, migrated_template) as stage:
        await Play(agent, stage, scenario).run()
