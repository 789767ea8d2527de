"""Fixtures: a stand-in for Vault whose leases end by the clock of the test, and places for tests of both."""

import os
from collections.abc import Iterator

import pytest

from tests.vault.clock import TestClock
from tests.vault.places import ADDRESS, Place, real, stood_in
from tests.vault.stand_in import StandIn


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def vault(clock: TestClock) -> Iterator[StandIn]:
    stand_in = StandIn(now=clock.now)
    yield stand_in
    stand_in.stop()


@pytest.fixture(
    params=[
        "stand-in",
        pytest.param("real", marks=pytest.mark.skipif(ADDRESS not in os.environ, reason=f"{ADDRESS} is not set")),
    ]
)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """A Vault that is well: the stand-in, and the real one if there is one."""
    if request.param == "real":
        with real() as found:
            yield found
    else:
        yield stood_in(request.getfixturevalue("vault"))
