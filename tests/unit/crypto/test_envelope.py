"""An envelope opens where it was sealed, with its key, unchanged; nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.crypto.envelope import OVERHEAD, Sealer, associated_data, graph_scope
from loci_server.errors import ContentUnreadable

KEY, OTHER = b"k" * 32, b"o" * 32
PLACE = (b"node", b"ann", b"content")
PARTS = st.binary(max_size=40)


def sealer(scope: bytes = b"scope", **keys: bytes) -> Sealer:
    return Sealer(scope, {int(name[1:]): key for name, key in (keys or {"v1": KEY}).items()})


@given(st.binary(max_size=500), PARTS, PARTS, PARTS)
def test_what_is_sealed_opens_at_its_place(plaintext: bytes, kind: bytes, identity: bytes, field: bytes) -> None:
    envelope = sealer().seal(kind, identity, field, plaintext)
    assert sealer().open(kind, identity, field, envelope) == plaintext
    assert len(envelope) == len(plaintext) + OVERHEAD
    assert len(plaintext) < 8 or plaintext not in envelope


@pytest.mark.parametrize(
    "place", [(b"edge", b"ann", b"content"), (b"node", b"bob", b"content"), (b"node", b"ann", b"image")]
)
def test_it_does_not_open_at_another_place(place: tuple[bytes, bytes, bytes]) -> None:
    envelope = sealer().seal(*PLACE, b"secret")
    with pytest.raises(ContentUnreadable):
        sealer().open(*place, envelope)


def test_it_does_not_open_in_another_scope_or_with_another_key() -> None:
    envelope = sealer().seal(*PLACE, b"secret")
    for other in (sealer(b"other"), sealer(v1=OTHER), sealer(v2=KEY)):
        with pytest.raises(ContentUnreadable):
            other.open(*PLACE, envelope)


@given(st.data())
def test_a_changed_bit_a_cut_and_an_addition_are_noticed(data: st.DataObject) -> None:
    envelope = sealer().seal(*PLACE, b"secret")
    place = data.draw(st.integers(0, len(envelope) * 8 - 1))
    flipped = bytearray(envelope)
    flipped[place // 8] ^= 1 << place % 8
    cut = envelope[: data.draw(st.integers(0, len(envelope) - 1))]
    for forged in (bytes(flipped), cut, envelope + b"\0"):
        with pytest.raises(ContentUnreadable):
            sealer().open(*PLACE, forged)


@given(st.binary(max_size=200))
def test_noise_is_unreadable_and_never_raises_anything_else(noise: bytes) -> None:
    with pytest.raises(ContentUnreadable):
        sealer().open(*PLACE, noise)


def test_the_newest_key_seals_and_older_ones_still_open() -> None:
    old = sealer(v1=KEY).seal(*PLACE, b"old")
    both = sealer(v1=KEY, v2=OTHER)
    assert both.open(*PLACE, old) == b"old"
    new = both.seal(*PLACE, b"new")
    assert sealer(v2=OTHER).open(*PLACE, new) == b"new"
    with pytest.raises(ContentUnreadable):
        sealer(v1=KEY).open(*PLACE, new)


def test_the_version_in_the_header_cannot_be_changed() -> None:
    both = sealer(v1=KEY, v2=KEY)
    envelope = bytearray(both.seal(*PLACE, b"secret"))
    envelope[4] = 1
    with pytest.raises(ContentUnreadable):
        both.open(*PLACE, bytes(envelope))


def test_the_same_text_is_sealed_differently_each_time() -> None:
    one = sealer()
    assert len({one.seal(*PLACE, b"same") for _ in range(100)}) == 100


@given(st.lists(st.tuples(PARTS, PARTS, PARTS), min_size=2, max_size=2, unique=True))
def test_no_two_places_share_their_associated_data(places: list[tuple[bytes, bytes, bytes]]) -> None:
    header = b"\x01\0\0\0\x01"
    first, second = (associated_data(b"scope", kind, id, field, header) for kind, id, field in places)
    assert first != second


def test_graphs_have_scopes_of_their_own() -> None:
    scopes = {graph_scope(tenant, graph) for tenant in range(5) for graph in range(5)}
    assert len(scopes) == 25
