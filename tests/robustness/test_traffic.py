"""Watch, reads and writes keep their promises while servers, databases and connections are killed under them."""

import random
from collections.abc import AsyncIterator

import pytest

from tests.robustness import faults
from tests.robustness.faults import Fault
from tests.robustness.floors import Floors
from tests.robustness.results import SEED, note, scaled
from tests.robustness.run import Run, judged, scene
from tests.robustness.scene import Scene
from tests.robustness.verdicts import Status
from tests.server import RunningServer, running_server

pytestmark = pytest.mark.robust

SECONDS = 30.0
STALL = {"LOCI_WATCH_STALL_TIMEOUT": "3"}
FLOORS = Floors(acknowledged=300, reads=200, commits_told=50, filtered=5, resumed=20, kinds=5, multiple=20)
KILLS: tuple[Fault, ...] = (
    faults.kill_server,
    faults.kill_before_commit,
    faults.kill_after_commit,
    faults.kill_in_watch_write,
    faults.kill_server,
    faults.kill_before_commit,
)
OTHERS: tuple[Fault, ...] = (
    faults.end_backends,
    faults.end_backends,
    faults.cut_connections,
    faults.cut_connections,
    faults.pause_connections,
    faults.drop_answers,
    faults.compact,
    faults.overflow,
)
COMMAND = "make robust"


@pytest.fixture(scope="module")
async def killed_server(module_database_url: str) -> AsyncIterator[RunningServer]:
    async with running_server(module_database_url, **STALL) as server:
        yield server


def shuffled(seed: str, *chosen: Fault) -> list[Fault]:
    return random.Random(seed).sample(chosen, len(chosen))


async def run(place: Scene, seed: str, plan: list[Fault], name: str) -> None:
    """One run, judged and noted."""
    await Run(place, seed).go(plan, SECONDS)
    verdict = judged(place.history, FLOORS, f"{name}-{seed}")
    assert verdict.status is Status.PASSED, f"seed {seed}: {verdict}"
    note("Watch, reads and writes under faults", {"runs": 1, **verdict.counts}, COMMAND)
    note("Faults under traffic", dict(place.struck), COMMAND)


@pytest.mark.parametrize("number", range(scaled(6)))
async def test_traffic_outlives_kills_of_the_server(killed_server: RunningServer, number: int) -> None:
    seed = f"{SEED}-{number}"
    plan = shuffled(seed, *KILLS, *OTHERS, *[faults.stop_server] * (number % 3 == 0))
    assert killed_server.database_url is not None
    async with scene(killed_server, killed_server.database_url, seed) as place:
        await run(place, seed, plan, "server")
