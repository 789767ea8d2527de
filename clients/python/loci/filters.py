"""Filters of lists and searches, and the selector of walks, from plain Python."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypedDict, Unpack, cast

from loci.v1.filter_pb2 import (
    COMPARISON_OPERATOR_GREATER,
    COMPARISON_OPERATOR_GREATER_OR_EQUAL,
    COMPARISON_OPERATOR_LESS,
    COMPARISON_OPERATOR_LESS_OR_EQUAL,
    COMPARISON_OPERATOR_NOT_EQUAL,
    EdgeFilter,
    NodeFilter,
    TimeRange,
)
from loci.v1.traversal_service_pb2 import Direction, EdgeSelector

from . import names, values

Range: TypeAlias = tuple[datetime | None, datetime | None]
"""From the first (included) to the second (not included); None is an open end."""
Scalar: TypeAlias = bool | int | float | str | None
Operator: TypeAlias = Literal["<", "<=", ">", ">=", "!="]
OPERATORS = {
    "<": COMPARISON_OPERATOR_LESS,
    "<=": COMPARISON_OPERATOR_LESS_OR_EQUAL,
    ">": COMPARISON_OPERATOR_GREATER,
    ">=": COMPARISON_OPERATOR_GREATER_OR_EQUAL,
    "!=": COMPARISON_OPERATOR_NOT_EQUAL,
}
DirectionWord: TypeAlias = Literal["both", "outgoing", "incoming"]


class NodeFilterFields(TypedDict, total=False):
    """Joined by AND. Nothing given: every node."""

    types: Sequence[str]
    event_time: Range
    create_time: Range
    update_time: Range
    min_salience: float
    max_salience: float
    properties: Mapping[str, Scalar]
    """Top-level properties that equal these."""
    valid_at: str
    """An EDTF date."""
    session: str
    """The id of a session: only what was said in it."""
    superseded: bool
    """Only what is superseded, or only what is not."""
    comparisons: Sequence[tuple[str, Operator, Scalar]]
    """Properties compared to values: `("cups", ">=", 2)`."""
    min_current_salience: float
    max_current_salience: float
    """Of the salience as the last `recalculate` stored it."""


class EdgeFilterFields(TypedDict, total=False):
    """Joined by AND. Nothing given: every edge."""

    relations: Sequence[str]
    source: str
    target: str
    create_time: Range
    update_time: Range
    properties: Mapping[str, Scalar]
    valid_at: str


class SelectorFields(TypedDict, total=False):
    """Which edges and nodes a walk may use. Nothing given: all, both ways."""

    direction: DirectionWord
    relations: Sequence[str]
    node_types: Sequence[str]
    """Types of the nodes that are entered."""
    valid_at: str


def node_filter(**fields: Unpack[NodeFilterFields]) -> NodeFilter:
    """A NodeFilter."""
    result = NodeFilter()
    _fill(result, fields)
    return result


def edge_filter(**fields: Unpack[EdgeFilterFields]) -> EdgeFilter:
    """An EdgeFilter. `source` and `target` are node ids."""
    result = EdgeFilter()
    _fill(result, fields)
    result.source, result.target = names.node_id(result.source), names.node_id(result.target)
    return result


def as_node_filter(given: NodeFilter | NodeFilterFields | None) -> NodeFilter | None:
    """A filter as the client's methods take it: a message, a dict with the keys of NodeFilterFields, or none."""
    if given is None or isinstance(given, NodeFilter):
        return given
    if not isinstance(given, Mapping):
        raise TypeError(f"filter: give a dict or loci.node_filter(...), not {values.kind_of(given)}")
    return node_filter(**given)


def as_edge_filter(given: EdgeFilter | EdgeFilterFields | None) -> EdgeFilter | None:
    """As as_node_filter, for edges."""
    if given is None or isinstance(given, EdgeFilter):
        return given
    if not isinstance(given, Mapping):
        raise TypeError(f"filter: give a dict or loci.edge_filter(...), not {values.kind_of(given)}")
    return edge_filter(**given)


def selector(**fields: Unpack[SelectorFields]) -> EdgeSelector:
    """An EdgeSelector."""
    result = EdgeSelector(
        direction=values.enum_value(Direction, "DIRECTION_", fields.get("direction", "both"), "direction")
    )
    _fill(result, {key: value for key, value in fields.items() if key != "direction"})
    return result


def _fill(message: NodeFilter | EdgeFilter | EdgeSelector, fields: Mapping[str, Any]) -> None:
    known = message.DESCRIPTOR.fields_by_name
    for key, value in fields.items():
        if key not in known:
            raise TypeError(f"there is no {key!r} to filter by; there is {', '.join(sorted(known))}")
        if isinstance(value, str) and known[key].is_repeated:
            raise TypeError(f"{key}: give a list of strings, not one string")
        if key == "comparisons":
            for name, sign, scalar in value:
                if sign not in OPERATORS:
                    raise TypeError(f"comparisons: {sign!r} is not one of {', '.join(OPERATORS)}")
                cast(NodeFilter, message).comparisons.add(
                    key=values.text(name, "comparisons"),
                    operator=OPERATORS[sign],
                    value=values.json_value(scalar, f"comparisons.{name}"),
                )
        elif key.endswith("_time"):
            getattr(message, key).CopyFrom(time_range(value, key))
        elif key == "properties":
            for name, scalar in value.items():
                getattr(message, key)[values.text(name, "properties")].CopyFrom(
                    values.json_value(scalar, f"properties.{name}")
                )
        elif known[key].is_repeated:
            getattr(message, key).extend(values.text(item, key) if isinstance(item, str) else item for item in value)
        else:
            _set(message, key, value)


def _set(message: NodeFilter | EdgeFilter | EdgeSelector, key: str, value: object) -> None:
    try:
        setattr(message, key, value)
    except UnicodeEncodeError as error:
        raise values.unencodable(key, error) from None
    except TypeError:
        wanted = type(getattr(message, key)).__name__
        raise TypeError(f"{key}: give a {wanted}, not {values.kind_of(value)}") from None


def time_range(given: Range, place: str) -> TimeRange:
    """A TimeRange. Raises TypeError or ValueError, naming the place."""
    match given:
        case (start, end):
            return TimeRange(start=values.optional_timestamp(start, place), end=values.optional_timestamp(end, place))
    raise TypeError(f"{place}: give a pair of datetimes, either of which may be None")
