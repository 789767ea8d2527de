"""What an entry is bound to, and where a call came from."""

from datetime import UTC, datetime

import pytest

from loci_server.domain.audit import Marks, Stored, without_port

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
