"""Watch, reads and writes keep their promises while servers, databases and connections are killed under them."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence

import pytest

from tests.robustness import faults
from tests.robustness.faults import Fault
from tests.robustness.floors import Floors
from tests.robustness.history import LEFT, History
from tests.robustness.results import SEED, note, scaled
from tests.robustness.run import Run, judged, scene
from tests.robustness.verdicts import Status
from tests.server import RunningServer, running_server

pytestmark = pytest.mark.robust

SECONDS = 30.0
STALL = {"LOCI_WATCH_STALL_TIMEOUT": str(faults.STALL_SECONDS)}
FLOORS = Floors(acknowledged=300, reads=200, commits_told=50, filtered=5, progress=20, resumed=20, kinds=5, multiple=20)
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
    faults.make_vast,
    faults.stall_watchers,
)


@pytest.fixture(scope="module")
async def lone_server(module_database_url: str) -> AsyncIterator[RunningServer]:
    async with running_server(module_database_url, **STALL) as server:
        yield server


def shuffled(seed: str, *chosen: Fault) -> list[Fault]:
    return random.Random(seed).sample(chosen, len(chosen))


async def hold(server: RunningServer, database: str, seed: str, plan: Sequence[Fault]) -> None:
    """One run: judged, and noted if it passed."""
    async with scene(server, database, seed) as place:
        await Run(place, seed).go(plan, SECONDS)
        verdict = judged(place.history, FLOORS, seed)
        assert verdict.status is Status.PASSED, f"seed {seed}: {verdict}"
        note("Watch, reads and writes under faults", {"runs of 30 s": 1, **verdict.counts})
        note("Faults under that traffic", dict(place.struck))
        note("Ends of streams that watchers bridged", ends(place.history))


def ends(history: History) -> dict[str, int]:
    """How often streams ended with each error."""
    errors = (stream.error for one in history.watchers for stream in one.streams)
    return dict(Counter(error for error in errors if error and error != LEFT))


@pytest.mark.parametrize("number", range(scaled(4)))
async def test_traffic_outlives_kills_of_the_server(
    lone_server: RunningServer, module_database_url: str, number: int
) -> None:
    seed = f"{SEED}-server-{number}"
    plan = shuffled(seed, *KILLS, *OTHERS, *[faults.stop_server] * (number % 2))
    await hold(lone_server, module_database_url, seed, plan)


@pytest.mark.parametrize("number", range(scaled(2)))
async def test_traffic_outlives_kills_of_workers_that_share_a_port(database_url: str, number: int) -> None:
    seed = f"{SEED}-workers-{number}"
    kills = [faults.kill_server, faults.kill_before_commit, faults.kill_after_commit, *[faults.kill_worker] * 4]
    plan = shuffled(seed, *kills, *OTHERS)
    async with running_server(database_url, LOCI_WORKERS="2", **STALL) as server:
        await hold(server, database_url, seed, plan)


@pytest.mark.parametrize("number", range(scaled(4)))
async def test_traffic_outlives_kills_of_the_database(number: int) -> None:
    seed = f"{SEED}-database-{number}"
    kills = [*[faults.kill_postgres] * 5, faults.kill_server, faults.kill_before_commit, faults.kill_after_commit]
    async with running_server(None, **STALL) as server:
        database = f"postgresql://postgres@/postgres?host={server.data_dir}/postgres"
        await hold(server, database, seed, shuffled(seed, *kills, *OTHERS))
