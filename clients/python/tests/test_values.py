"""Plain values come back as they went in, or are refused; nothing is bent in silence."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci import edge, moment, names, node, node_filter, properties
from loci.values import Json, timestamp

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
)


@given(st.dictionaries(texts, values, max_size=5))
def test_properties_come_back(given_: dict[str, Json]) -> None:
    assert properties(node("n", properties=given_)) == given_


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)))
def test_times_come_back(when: datetime) -> None:
    assert moment(timestamp(when)) == when


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ({"a": {"b": [float("nan")]}}, r"properties\.a\.b\[0\]"),
        ({"a": 2**53 + 1}, r"properties\.a"),
        ({"a": object()}, r"properties\.a"),
        ({"a": b"bytes"}, r"properties\.a"),
        ({"a": {1: 2}}, r"properties\.a"),
    ],
)
def test_what_json_cannot_hold_is_refused_with_its_place(bad: dict[str, Json], place: str) -> None:
    with pytest.raises((TypeError, ValueError), match=place):
        node("n", properties=bad)


def test_mistakes_are_refused() -> None:
    with pytest.raises(TypeError, match="no field 'labell'"):
        node("n", labell="x")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="list of strings"):
        node("n", aliases="Ann")
    with pytest.raises(ValueError, match="time zone"):
        node("n", event_time=datetime(2024, 1, 1))
    with pytest.raises(TypeError, match="to filter by"):
        node_filter(typ=["a"])  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="list of strings"):
        node_filter(types="person")


def test_names_are_taken_whole_relative_or_as_ids() -> None:
    assert names.node_name("g", "n") == names.node_name("g", "nodes/n") == names.node_name("g", "graphs/g/nodes/n")
    assert names.graph_name("g") == names.graph_name("graphs/g") == "graphs/g"
    assert names.moved("h", "edges", "graphs/g/edges/e") == "graphs/h/edges/e"
    assert names.moved("h", "nodes", "ann") == "graphs/h/nodes/ann"
    assert names.id_of("graphs/g/nodes/n") == "n"
    assert edge("graphs/g/nodes/a", "knows", "nodes/b").target == "b"
    assert edge("a/b", "knows", "c").source == "a/b"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": 5}, "text: give a str, not a int"),
        ({"salience": "high"}, "salience: give a float, not a str"),
        ({"aliases": "Ann"}, "aliases"),
        ({"embedding": [1.0, 2.0, 3.0]}, "embedding"),
        ({"title": "T"}, "no field 'title'"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_by_name(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        node("n", **fields)
