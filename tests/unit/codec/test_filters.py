"""Filters become what the SQL takes, and bad ones are refused by their field."""

from datetime import UTC, datetime

import pytest
from google.protobuf.struct_pb2 import Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1.filter_pb2 import EdgeFilter, NodeFilter, TimeRange
from loci_server.codec.filters import edge_filter, has_properties, node_filter
from loci_server.crypto.tokens import Tokenizer
from loci_server.errors import InvalidField, LimitExceeded, LociError

TOKENS = Tokenizer(b"k" * 32)


def test_an_empty_filter_passes_everything() -> None:
    assert node_filter(NodeFilter(), [TOKENS]) is None
    assert edge_filter(EdgeFilter(), [TOKENS]) == (None,) * 11


def test_every_field_has_its_place() -> None:
    moment = Timestamp(seconds=1_000_000_000)
    span = TimeRange(start=moment)
    given = NodeFilter(
        types=["a", "b"], event_time=span, create_time=span, update_time=TimeRange(end=moment), min_salience=0.0
    )
    given.properties["k"].number_value = 1
    given.valid_at = "1985"
    time = datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    row = node_filter(given, [TOKENS])
    assert row is not None
    assert row[:9] == (["a", "b"], time, None, time, None, None, time, 0.0, None)
    assert row[9:11] == (datetime(1985, 1, 1, tzinfo=UTC), datetime(1986, 1, 1, tzinfo=UTC))
    (token,) = row[11]  # type: ignore[misc]
    assert isinstance(token, int)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (NodeFilter(types=[""]), "filter.types[0]"),
        (NodeFilter(types=["ok", "no!"]), "filter.types[1]"),
        (NodeFilter(types=["t"] * 65), "filter.types"),
        (NodeFilter(min_salience=float("nan")), "filter.min_salience"),
        (NodeFilter(max_salience=1.5), "filter.max_salience"),
        (NodeFilter(valid_at="soon"), "filter.valid_at"),
        (NodeFilter(event_time=TimeRange(start=Timestamp(seconds=10**15))), "filter.event_time.start"),
        (NodeFilter(event_time=TimeRange(start=Timestamp(seconds=2), end=Timestamp(seconds=1))), "filter.event_time"),
        (NodeFilter(properties={str(number): Value(bool_value=True) for number in range(17)}), "filter.properties"),
        (NodeFilter(properties={"k": Value(struct_value=Struct())}), "filter.properties"),
        (NodeFilter(properties={"k": Value(number_value=float("nan"))}), "filter.properties"),
        (NodeFilter(properties={"k": Value()}), "filter.properties"),
    ],
)
def test_a_bad_filter_is_refused_by_its_field(given: NodeFilter, field: str) -> None:
    with pytest.raises(LociError) as caught:
        node_filter(given, [TOKENS])
    assert isinstance(caught.value, InvalidField | LimitExceeded) or caught.value.code == "INVALID_ARGUMENT"
    assert [violation.field for violation in caught.value.violations] == [field]


def test_ends_of_edges_must_be_ids() -> None:
    with pytest.raises(LociError):
        edge_filter(EdgeFilter(source="a/b"), [TOKENS])


def test_the_proof_looks_at_values_and_not_at_hashes() -> None:
    there = Struct()
    there.update({"n": 1, "s": "1", "z": None, "o": {"x": 1}})
    for key, value, holds in (
        ("n", Value(number_value=1.0), True),
        ("n", Value(string_value="1"), False),
        ("s", Value(string_value="1"), True),
        ("z", Value(null_value=0), True),  # type: ignore[arg-type]
        ("absent", Value(null_value=0), False),  # type: ignore[arg-type]
    ):
        assert has_properties(there, {key: value}) is holds
    assert has_properties(there, {})
