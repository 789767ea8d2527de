"""A rotation whose keys cannot be had is tried again soon at first, and more and more seldom."""

from typing import Any
from unittest.mock import Mock

import pytest

from loci_server.errors import ContentUnreadable, KeyServiceUnavailable, TenantKeyUnavailable
from loci_server.jobs.rotate_keys import RotateKeysJob
from loci_server.store.key_rotations import KeyRotation, State


class Rotations:
    """One that is due, and how long it is put off for."""

    def __init__(self, age: float, failure: Exception) -> None:
        self._age, self._failure = age, failure
        self.waited: list[tuple[float, str | None]] = []

    async def claim(self, lease: float) -> KeyRotation:
        return KeyRotation(1, 0, State.REWRAPPING, 2, "new", 1, 1, "", 0, self._age)

    async def old_wraps(self, rotation: KeyRotation, limit: int) -> list[Any]:
        raise self._failure

    async def wait(self, rotation: KeyRotation, seconds: float, failure: str | None = None) -> None:
        self.waited.append((seconds, failure))


@pytest.mark.parametrize(("age", "seconds"), [(0.0, 1.0), (0.9, 1.0), (7.5, 7.5), (60.0, 60.0), (100_000.0, 60.0)])
@pytest.mark.parametrize(
    "failure",
    [
        KeyServiceUnavailable(detail="it is sealed"),
        TenantKeyUnavailable(detail="it denies permission"),
        ContentUnreadable(resource="graphs/g"),
    ],
    ids=lambda failure: type(failure).__name__,
)
async def test_it_waits_as_long_again_as_it_has_waited_up_to_a_minute(
    age: float, seconds: float, failure: KeyServiceUnavailable | ContentUnreadable
) -> None:
    rotations, later = Rotations(age, failure), []
    job = RotateKeysJob(Mock(), Mock(), rotations, Mock(), Mock(), 2.0, Mock(), later.append)
    assert await job.run_once()
    assert rotations.waited == [(seconds, failure.reason_name())]
    assert later == [seconds]
