"""The salience of a memory is what the formula says, at whatever moment and however often it is computed."""

from datetime import UTC, datetime, timedelta
from math import isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.domain.salience import HALF_LIVES, UNUSED, HalfLives, Uses, mean_retained, salience, strength

SAID = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def after(days: float) -> datetime:
    return SAID + timedelta(days=days)


def used(count: int, first: float, last: float, **more: float) -> Uses:
    return Uses(count, after(first), after(last), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("importance", "uses", "days", "expected"),
    [
        (0.5, UNUSED, 0, 0.5),
        (0.5, UNUSED, 36500, 0.5),
        (1.0, UNUSED, 0, 1.0),
        (1.0, UNUSED, 30, 0.75),  # half of what is above ½, after a half-life
        (1.0, UNUSED, 90, 0.625),  # 1 / (1 + 3) of it
        (0.9, UNUSED, 60, 0.5 + 0.4 / 3),
        (0.1, UNUSED, 0, 0.1),
        (0.1, UNUSED, 36500, 0.1),  # nothing gets more salient by lying around
        (1.0, used(1, 90, 90), 90, 1.0),  # fresh again, and ¼ · 1/5 above the highest
        (0.5, used(1, 30, 30), 30, 0.5 + 0.25 / 5),
        (0.5, used(1, 30, 30), 60, 0.5 + 0.25 * 0.5 / 4.5),
        (0.5, used(2, 0, 30), 30, 0.5 + 0.25 * 1.5 / 5.5),
        (0.5, used(4, 30, 30), 30, 0.625),
        (0.5, Uses(boost=1.0), 36500, 1.0),
        (0.5, Uses(boost=-0.5), 0, 0.25),
        (1.0, Uses(boost=1.0), 0, 1.0),
        (0.0, Uses(boost=-1.0), 0, 0.0),
        (0.5, Uses(helpful=4), 0, 0.625),
        (0.5, Uses(unhelpful=12), 36500, 0.5 - 0.25 * 12 / 16),
        (0.5, Uses(helpful=3, unhelpful=3), 0, 0.5),
    ],
)
def test_it_is_as_computed_by_hand(importance: float, uses: Uses, days: float, expected: float) -> None:
    assert isclose(salience(importance, SAID, uses, after(days), 30.0).value, expected, abs_tol=1e-12)


def test_recalls_between_the_first_and_the_last_count_as_if_they_lay_evenly() -> None:
    # Of ages 30 and 90 with a half-life of 30: r = 1/2 and 1/4; the mean between is 30/60 · ln(120/60).
    assert isclose(strength(used(12, 0, 60), after(90), 30.0), 0.75 + 10 * 0.5 * log(2))
    exact = sum(1 / (1 + day / 30) for day in range(0, 301))
    assert isclose(strength(used(301, 0, 300), after(300), 30.0), exact, rel_tol=0.005)


def test_the_mean_of_a_moment_is_what_is_retained_then() -> None:
    for span in (0.0, 1e-9, 1e-7, 1e-5, 1e-3):
        assert isclose(mean_retained(7.0, 7.0 + span, 30.0), 30 / 37, rel_tol=1e-4)


@given(
    st.floats(0, 1), st.integers(0, 10**9), MOMENTS, MOMENTS, MOMENTS, MOMENTS, st.floats(-1, 1), st.integers(0, 10**6)
)
def test_it_is_bounded_in_all_its_parts(
    importance: float,
    count: int,
    said: datetime,
    first: datetime,
    last: datetime,
    now: datetime,
    boost: float,
    judged: int,
) -> None:
    uses = Uses(count, min(first, last), max(first, last), boost, judged, judged // 3)
    found = salience(importance, said, uses, now, 30.0)
    assert 0 <= found.value <= 1
    assert abs(found.importance) <= 0.5
    assert 0 <= found.use <= 0.25
    assert abs(found.boost) <= 0.5
    assert abs(found.feedback) <= 0.25


@given(st.floats(0, 1), MOMENTS)
def test_a_memory_of_which_nothing_is_known_stays_where_it_is_at_any_age(importance: float, now: datetime) -> None:
    assert salience(0.5, SAID, UNUSED, now, 30.0).value == 0.5
    if importance <= 0.5:
        assert isclose(salience(importance, SAID, UNUSED, now, 30.0).value, importance, abs_tol=1e-15)


@given(st.floats(0.5, 1), st.integers(0, 1000), st.floats(0, 5000), st.floats(0, 5000))
def test_what_lifts_fades_and_never_below_what_it_was_without(
    importance: float, count: int, days: float, more: float
) -> None:
    uses = used(count, 0, 0) if count else UNUSED
    sooner = salience(importance, SAID, uses, after(days), 30.0).value
    later = salience(importance, SAID, uses, after(days + more), 30.0).value
    assert 0.5 <= later <= sooner


def test_one_more_recall_never_lowers_it() -> None:
    for first, last in ((0, 0), (0, 50), (0, 99)):
        values = [salience(0.7, SAID, used(count, first, last), after(100), 30.0).value for count in range(2, 50)]
        assert values == sorted(values)


def test_half_lives_are_those_of_the_types_unless_told_otherwise() -> None:
    usual, own = HalfLives(), HalfLives({"fact": 700, "*": 10, "turn": 1})
    assert [usual.of(type) for type in ("turn", "fact", "own-type")] == [30, 365, 90]
    assert [own.of(type) for type in ("turn", "fact", "own-type", "episode")] == [1, 700, 10, 30]
    assert all(days > 0 for days in HALF_LIVES.values())
