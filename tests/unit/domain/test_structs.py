"""Properties: merge-patch is RFC 7396, equality is that of scalars, and hostile ones end in typed errors."""

import math
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct, Value
from hypothesis import given
from hypothesis import strategies as st

from loci_server.domain.structs import canonical_scalar, check_struct, merge_patch, scalar_tokens
from loci_server.errors import InvalidField, LimitExceeded

texts = st.text(st.characters(codec="utf-8"), max_size=5)
keys = st.text(st.sampled_from("abcä"), min_size=1, max_size=2)
numbers = st.integers(-10, 10).map(float)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
objects = st.dictionaries(keys, values, max_size=5)

# RFC 7396, appendix A: the rows whose target and patch are both objects, as properties always are.
RFC_EXAMPLES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


def to_struct(value: dict[str, Any]) -> Struct:
    return ParseDict(value, Struct())


def to_dict(struct: Struct) -> dict[str, Any]:
    return MessageToDict(struct)


def reference_merge(target: Any, patch: Any) -> Any:
    """The pseudo-code of RFC 7396, section 2."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = reference_merge(result.get(key), value)
    return result


@pytest.mark.parametrize(("target", "patch", "result"), RFC_EXAMPLES)
def test_merge_patch_gives_the_examples_of_the_rfc(
    target: dict[str, Any], patch: dict[str, Any], result: dict[str, Any]
) -> None:
    struct = to_struct(target)
    merge_patch(struct, to_struct(patch))
    assert to_dict(struct) == result


@given(objects, objects)
def test_merge_patch_does_what_the_rfc_says(target: dict[str, Any], patch: dict[str, Any]) -> None:
    struct, change = to_struct(target), to_struct(patch)
    merge_patch(struct, change)
    assert to_dict(struct) == reference_merge(target, patch)
    assert to_dict(change) == patch


@given(objects)
def test_ordinary_properties_pass_also_after_a_merge(value: dict[str, Any]) -> None:
    struct = to_struct(value)
    check_struct(struct, "p")
    merge_patch(struct, to_struct(value))
    check_struct(struct, "p")


@given(scalars, scalars)
def test_tokens_are_equal_exactly_for_equal_scalars(one: Any, other: Any) -> None:
    equal = type(one) is type(other) and one == other
    tokens = [canonical_scalar(ParseDict(value, Value())) for value in (one, other)]
    assert (tokens[0] == tokens[1]) == equal
    assert None not in tokens


def test_zero_has_one_token_and_nan_none() -> None:
    assert canonical_scalar(Value(number_value=0.0)) == canonical_scalar(Value(number_value=-0.0))
    assert canonical_scalar(Value(number_value=math.nan)) is None
    assert canonical_scalar(Value()) is None


def test_only_scalars_at_the_top_have_tokens() -> None:
    struct = to_struct({"a": 1, "b": [1], "c": {"d": 1}, "e": None, "f": "1"})
    assert {key for key, _ in scalar_tokens(struct)} == {"a", "e", "f"}


def nested(levels: int) -> Struct:
    struct = inner = Struct()
    for _ in range(levels - 1):
        inner = inner.fields["a"].struct_value
    inner.fields["a"].bool_value = True
    return struct


def nested_list(levels: int) -> Struct:
    struct = Struct()
    inner = struct.fields["a"].list_value
    for _ in range(levels - 2):
        inner = inner.values.add().list_value
    inner.values.add().bool_value = True
    return struct


@pytest.mark.parametrize("make", [nested, nested_list])
def test_sixteen_levels_pass_and_seventeen_do_not(make: Any) -> None:
    check_struct(make(16), "node.properties")
    for levels in (17, 40, 200, 10_000):
        with pytest.raises(LimitExceeded, match="levels"):
            check_struct(make(levels), "node.properties")


def test_keys_are_counted_in_all_levels() -> None:
    inner = {f"k{number}": number for number in range(999)}
    check_struct(to_struct({"a": [inner]}), "p")
    with pytest.raises(LimitExceeded, match="1001 keys"):
        check_struct(to_struct({"a": [inner], "b": 1}), "p")


def test_the_encoded_size_is_bounded() -> None:
    with pytest.raises(LimitExceeded, match="bytes"):
        check_struct(to_struct({"a": "x" * 256 * 1024}), "p")


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused(number: float) -> None:
    struct = Struct()
    struct.fields["a"].list_value.values.add().number_value = number
    with pytest.raises(InvalidField, match="finite"):
        check_struct(struct, "p")


def test_a_value_without_a_kind_and_keys_that_are_empty_or_long_are_refused() -> None:
    empty = Struct()
    empty.fields["a"].SetInParent()
    with pytest.raises(InvalidField, match="kind"):
        check_struct(empty, "p")
    with pytest.raises(InvalidField, match="empty"):
        check_struct(to_struct({"a": {"": 1}}), "p")
    check_struct(to_struct({"ä" * 128: 1}), "p")
    with pytest.raises(LimitExceeded):
        check_struct(to_struct({"ä" * 129: 1}), "p")
