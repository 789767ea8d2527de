"""What a quota allows, and how many calls a second come through."""

import pytest

from loci_server.domain.quotas import Amount, Bucket, Quota, exceeded


def test_so_many_calls_come_at_once_and_then_so_many_a_second() -> None:
    bucket = Bucket(10, 0.0)
    assert [bucket.take(2, 10, 0.0) for _ in range(10)] == [0.0] * 10
    assert bucket.take(2, 10, 0.0) == pytest.approx(0.5)
    assert bucket.take(2, 10, 0.3) == pytest.approx(0.2)
    assert bucket.take(2, 10, 0.5) == 0.0
    assert bucket.take(2, 10, 0.5) > 0
    assert sum(bucket.take(2, 10, 0.5 + step / 100) == 0.0 for step in range(1000)) == 19


def test_what_comes_back_is_no_more_than_a_burst() -> None:
    bucket = Bucket(3, 0.0)
    assert [bucket.take(100, 3, 1000.0) for _ in range(4)][:3] == [0.0] * 3
    assert bucket.take(100, 3, 1000.0) > 0


def test_a_burst_that_is_not_said_is_what_comes_in_a_second() -> None:
    assert Quota(requests_per_second=7).burst == 7
    assert Quota(requests_per_second=7, request_burst=0).burst == 7
    assert Quota(requests_per_second=7, request_burst=50).burst == 50


QUOTA = Quota(max_graphs=2, max_nodes=10, max_bytes=100)


@pytest.mark.parametrize(
    ("has", "adds", "name"),
    [
        (Amount(1, 9, 90), Amount(1, 1, 10), None),
        (Amount(2, 0, 0), Amount(graphs=1), "max_graphs"),
        (Amount(0, 9, 0), Amount(nodes=2), "max_nodes"),
        (Amount(0, 0, 91), Amount(bytes=10), "max_bytes"),
        (Amount(9, 99, 999), Amount(nodes=-1, bytes=-10), None),
        (Amount(0, 99, 0), Amount(nodes=0, bytes=1), None),
        (Amount(0, 99, 0), Amount(nodes=-1, bytes=101), "max_bytes"),
    ],
)
def test_a_write_is_refused_for_what_it_adds_only(has: Amount, adds: Amount, name: str | None) -> None:
    found = exceeded(QUOTA, has, adds)
    assert (found and found[0]) == name
    assert exceeded(Quota(max_graphs=0, max_nodes=0, max_bytes=0), has, adds) is None


def test_what_a_tenant_does_not_say_the_server_does() -> None:
    server = Quota(5, 6, 7, 8, 9)
    assert Quota().over(server) == server
    assert Quota(max_nodes=0, max_bytes=1).over(server) == Quota(5, 6, 7, 0, 1)
