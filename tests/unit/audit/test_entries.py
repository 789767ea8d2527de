"""What an entry is bound to, and where a call came from."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.domain.audit import Marks, Stored, packed, without_port

MARKS = Marks(1, 2, 3, "loci.v1.A/B", "g", (4, -5))
ENTRY = Stored(7, datetime(2026, 1, 1, tzinfo=UTC), 6, MARKS, b"sealed")


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("ipv4:127.0.0.1:40312", "127.0.0.1"),
        ("ipv6:%5B::1%5D:40312", "::1"),
        ("ipv6:[2001:db8::1]:1", "2001:db8::1"),
        ("unix:/tmp/socket", "unix:/tmp/socket"),
        ("", ""),
    ],
)
def test_an_address_has_no_port(peer: str, address: str) -> None:
    assert without_port(peer) == address


def test_each_part_of_an_entry_is_covered() -> None:
    changed = [
        ENTRY._replace(tenant_key=8),
        ENTRY._replace(time=datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
        ENTRY._replace(revision=7),
        ENTRY._replace(entry=b"seale"),
        *(
            ENTRY._replace(marks=MARKS._replace(**{name: value}))
            for name, value in {
                "entry_id": 9,
                "actor": 9,
                "status": 9,
                "method": "loci.v1.A/C",
                "graph_id": "h",
                "tokens": (4,),
            }.items()
        ),
    ]
    covered = {one.chained(1) for one in (ENTRY, *changed)} | {ENTRY.chained(2)}
    assert len(covered) == len(changed) + 2


def test_what_stands_beside_each_other_cannot_be_shifted() -> None:
    one, other = MARKS._replace(method="ab", graph_id="c"), MARKS._replace(method="a", graph_id="bc")
    assert one.identity() != other.identity()
    assert ENTRY._replace(marks=MARKS._replace(tokens=()), entry=b"x").chained(1) != ENTRY.chained(1)


ODD_TOKENS = (
    [],
    [None],
    [None, None],
    [4],
    [4, None],
    [[4]],
    [[4], [5]],
    [[4, 5]],
    [4, 5],
    [-1],
    [1 << 62, -(1 << 63)],
)


def test_whatever_a_row_can_hold_is_covered_each_by_bytes_of_its_own() -> None:
    least, most = -(1 << 63), (1 << 63) - 1
    marks = [
        *(MARKS._replace(**{name: value}) for name in ("entry_id", "actor") for value in (least, -1, most)),
        *(MARKS._replace(status=value) for value in (-(1 << 15), -1, (1 << 15) - 1)),
        *(MARKS._replace(method="m" * length, graph_id="m" * (70_000 - length)) for length in (1, 65_535, 65_536)),
        *(MARKS._replace(tokens=tokens) for tokens in ODD_TOKENS),
    ]
    times = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
    entries = [
        *(ENTRY._replace(marks=one) for one in marks),
        *(ENTRY._replace(revision=value) for value in (least, -1, most)),
        *(ENTRY._replace(time=time) for time in times),
        ENTRY._replace(entry=b""),
    ]
    assert len({entry.chained(1) for entry in entries}) == len(entries)
    assert len({ENTRY.chained(place) for place in (least, -1, 1, most)}) == 4


@given(*[st.lists(st.none() | st.integers(-(1 << 63), (1 << 63) - 1))] * 2)
def test_no_two_lists_of_tokens_are_covered_alike(one: list[int | None], other: list[int | None]) -> None:
    assert (packed(one) == packed(other)) == (one == other)
