"""What unit tests share: a stand-in for a model service."""

from collections.abc import Iterator

import pytest

from .stand_in import StandIn


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.setenv("NO_PROXY", "*")
    service = StandIn()
    yield service
    service.stop()
