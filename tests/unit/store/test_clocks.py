"""How far a clock is behind another is told by what one reading of it proves."""

from datetime import UTC, datetime, timedelta

import pytest

from loci_server.store.queries import behind

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("there", "expected"),
    [(0, 0), (1, 0), (2, 0), (-1, -3), (-60, -62), (3, 1), (60, 58)],
)
def test_clocks_that_may_agree_do_and_others_differ_by_the_least(there: int, expected: int) -> None:
    """Two seconds passed between asking and the answer."""
    found = behind(NOON, NOON + timedelta(seconds=there), NOON + timedelta(seconds=2))
    assert found == timedelta(seconds=expected)
