"""Ids the server gives: in order, unique, and the same in every language."""

import re
from itertools import pairwise
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from loci_server.domain.ids import Uuid7Source, derived_edge_id, time_of, uuid7

parts = st.text(st.characters(codec="utf-8"))


def test_uuid7_has_the_form_of_rfc_9562() -> None:
    text = uuid7()
    value = UUID(text)
    assert str(value) == text
    assert value.version == 7
    assert value.variant == RFC_4122


def test_uuid7_holds_the_milliseconds_of_the_clock() -> None:
    # The example of RFC 9562, appendix A.6.
    source = Uuid7Source(clock=lambda: 0x017F22E279B0 * 1_000_000, random=lambda count: b"\xff" * count)
    assert UUID(source.next()).int >> 80 == 0x017F22E279B0


def test_the_time_of_a_uuid7_is_read_and_others_have_none() -> None:
    assert time_of("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") == 1_645_557_742.0
    assert time_of("00000000-0000-4000-8000-000000000000") == 0
    assert time_of("ffffffff-ffff-7fff-bfff-ffffffffffff") > 2**37


@given(st.lists(st.integers(min_value=0, max_value=2**48 - 2), min_size=2), st.sampled_from([b"\0", b"\x7f", b"\xff"]))
def test_uuid7_rises_whatever_the_clock_does(milliseconds: list[int], byte: bytes) -> None:
    clock = iter(milliseconds)
    source = Uuid7Source(clock=lambda: next(clock) * 1_000_000, random=lambda count: byte * count)
    ids = [source.next() for _ in milliseconds]
    assert all(earlier < later for earlier, later in pairwise(ids))
    assert all(UUID(value).version == 7 and UUID(value).variant == RFC_4122 for value in ids)


def test_many_uuid7_are_unique_and_in_order() -> None:
    ids = [uuid7() for _ in range(10_000)]
    assert ids == sorted(set(ids))


def test_a_derived_edge_id_is_fixed_for_all_time() -> None:
    assert derived_edge_id("a", "knows", "b") == "e-yf2nxndi4av7wmzvza2qmoj5ce"


@given(parts, parts, parts)
def test_a_derived_edge_id_is_short_and_plain(source: str, relation: str, target: str) -> None:
    assert re.fullmatch(r"e-[a-z2-7]{26}", derived_edge_id(source, relation, target))


@given(st.tuples(parts, parts, parts), st.tuples(parts, parts, parts))
def test_edges_with_other_ends_have_other_ids(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert (derived_edge_id(*one) == derived_edge_id(*other)) == (one == other)


def test_a_part_cannot_slide_into_its_neighbour() -> None:
    assert derived_edge_id("ab", "c", "d") != derived_edge_id("a", "bc", "d")
