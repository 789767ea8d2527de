"""Filters of lists and searches, and the selector of walks, from plain Python."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypedDict, Unpack

from loci.v1.filter_pb2 import EdgeFilter, NodeFilter, TimeRange
from loci.v1.traversal_service_pb2 import Direction, EdgeSelector

from . import names, values

Range: TypeAlias = tuple[datetime | None, datetime | None]
"""From the first (included) to the second (not included); None is an open end."""
Scalar: TypeAlias = bool | int | float | str | None
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
    return given if given is None or isinstance(given, NodeFilter) else node_filter(**given)


def as_edge_filter(given: EdgeFilter | EdgeFilterFields | None) -> EdgeFilter | None:
    """As as_node_filter, for edges."""
    return given if given is None or isinstance(given, EdgeFilter) else edge_filter(**given)


def selector(**fields: Unpack[SelectorFields]) -> EdgeSelector:
    """An EdgeSelector."""
    result = EdgeSelector(direction=values.enum_value(Direction, "DIRECTION_", fields.get("direction", "both")))
    _fill(result, {key: value for key, value in fields.items() if key != "direction"})
    return result


def _fill(message: NodeFilter | EdgeFilter | EdgeSelector, fields: Mapping[str, Any]) -> None:
    known = message.DESCRIPTOR.fields_by_name
    for key, value in fields.items():
        if key not in known:
            raise TypeError(f"there is no {key!r} to filter by; there is {', '.join(sorted(known))}")
        if isinstance(value, str) and known[key].is_repeated:
            raise TypeError(f"{key}: give a list of strings, not one string")
        if key.endswith("_time"):
            getattr(message, key).CopyFrom(_range(*value))
        elif key == "properties":
            for name, scalar in value.items():
                getattr(message, key)[name].CopyFrom(values.json_value(scalar, f"properties.{name}"))
        elif known[key].is_repeated:
            getattr(message, key).extend(value)
        else:
            setattr(message, key, value)


def _range(start: datetime | None, end: datetime | None) -> TimeRange:
    return TimeRange(
        start=None if start is None else values.timestamp(start), end=None if end is None else values.timestamp(end)
    )
