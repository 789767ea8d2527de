"""Who guesses credentials is slowed down by address; time makes up for it."""

import pytest

from loci_server.errors import TooManyFailedCredentials
from loci_server.identity.guesses import MAX_ADDRESSES, WINDOW, Guesses, address_of

LIMIT = 30
HERE, THERE = "ipv4:192.0.2.7:40312", "ipv4:192.0.2.8:40312"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guesses(clock: Clock) -> Guesses:
    return Guesses(LIMIT, clock)


def refused(guesses: Guesses, peer: str = HERE) -> bool:
    try:
        guesses.check(peer)
    except TooManyFailedCredentials:
        return True
    return False


def test_so_many_failures_are_let_through_and_then_none(guesses: Guesses) -> None:
    for _ in range(LIMIT):
        assert not refused(guesses)
        guesses.failed(HERE)
    assert refused(guesses)
    assert refused(guesses, "ipv4:192.0.2.7:9"), "another port is the same address"
    assert not refused(guesses, THERE)


def test_after_what_the_refusal_says_there_is_one_more_try(guesses: Guesses, clock: Clock) -> None:
    for _ in range(LIMIT):
        guesses.failed(HERE)
    with pytest.raises(TooManyFailedCredentials) as refusal:
        guesses.check(HERE)
    assert refusal.value.metadata == {"limit": str(LIMIT), "scope": "address", "name": "max_failed_credentials"}
    assert refusal.value.retry_after == pytest.approx(WINDOW / LIMIT)
    clock.now += refusal.value.retry_after - 0.01
    assert refused(guesses)
    clock.now += 0.02
    assert not refused(guesses)
    guesses.failed(HERE)
    assert refused(guesses)


def test_failures_under_way_together_are_paid_for_within_two_windows(guesses: Guesses, clock: Clock) -> None:
    for _ in range(50 * LIMIT):
        guesses.failed(HERE)
    clock.now += WINDOW
    assert refused(guesses)
    clock.now += WINDOW
    assert not refused(guesses)


def test_only_so_many_addresses_are_known(guesses: Guesses) -> None:
    for _ in range(LIMIT):
        guesses.failed(HERE)
    for number in range(MAX_ADDRESSES - 1):
        guesses.failed(f"ipv4:10.{number >> 16}.{number >> 8 & 255}.{number & 255}:1")
    assert refused(guesses)
    guesses.failed(THERE)
    assert not refused(guesses), "the longest ago is forgotten"


def test_without_a_limit_nobody_is_refused(clock: Clock) -> None:
    guesses = Guesses(0, clock)
    for _ in range(1000):
        guesses.failed(HERE)
    assert not refused(guesses)


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("ipv4:192.0.2.7:40312", "192.0.2.7"),
        ("ipv6:%5B2001:db8:1:2:3:4:5:6%5D:40312", "2001:db8:1:2::/64"),
        ("ipv6:[2001:db8:1:2:ffff::1]:1", "2001:db8:1:2::/64"),
        ("ipv6:[2001:db8:1:3::1]:1", "2001:db8:1:3::/64"),
        ("ipv6:%5Bfe80::1%25eth0%5D:1", "fe80::/64"),
        ("ipv6:[::ffff:192.0.2.7]:1", "192.0.2.7"),
        ("unix:/run/loci.sock", "unix:/run/loci.sock"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(peer: str, address: str) -> None:
    assert address_of(peer) == address
