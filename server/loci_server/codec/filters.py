"""Filters of the contract as the composites that the SQL functions take, and checked again on what was opened."""

import operator as operators
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from datetime import datetime
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value

from loci.v1.filter_pb2 import (
    COMPARISON_OPERATOR_GREATER,
    COMPARISON_OPERATOR_GREATER_OR_EQUAL,
    COMPARISON_OPERATOR_LESS,
    COMPARISON_OPERATOR_LESS_OR_EQUAL,
    EdgeFilter,
    NodeFilter,
    TimeRange,
)
from loci.v1.filter_pb2 import COMPARISON_OPERATOR_NOT_EQUAL as NOT_EQUAL
from loci.v1.node_pb2 import Node
from loci_server.crypto.tokens import Tokenizer
from loci_server.domain.claims import SESSION
from loci_server.domain.conversations import named_session
from loci_server.domain.dates import UNBOUNDED, Interval, parse_date
from loci_server.domain.limits import (
    MAX_FILTER_PROPERTIES,
    MAX_FILTER_VALUES,
    MAX_ID_BYTES,
    MAX_PROPERTIES_BYTES,
    MAX_PROPERTY_KEY_BYTES,
    check_bytes,
    check_count,
)
from loci_server.domain.names import check_id
from loci_server.domain.structs import canonical_scalar
from loci_server.domain.validation import check_timestamp, check_type
from loci_server.errors import InvalidField, LimitExceeded
from loci_server.store.times import moment

Row = tuple[object, ...]
Scalar = float | bytes | bool | None
Operator = Callable[[Any, Any], bool]
OPERATORS: Mapping[int, Operator] = {
    COMPARISON_OPERATOR_LESS: operators.lt,
    COMPARISON_OPERATOR_LESS_OR_EQUAL: operators.le,
    COMPARISON_OPERATOR_GREATER: operators.gt,
    COMPARISON_OPERATOR_GREATER_OR_EQUAL: operators.ge,
    NOT_EQUAL: operators.ne,
}
CURRENT = ("min_current_salience", "max_current_salience")


def node_filter(
    filter: NodeFilter,
    tokenizers: Sequence[Tokenizer],
    field: str = "filter",
    *,
    held: Interval = UNBOUNDED,
    revision: int | None = None,
) -> Row | None:
    """A loci.node_filter, or None if it passes everything. `tokenizers`: the graph's, at most two. `held`: the validity
    that is asked for if the filter names none; `revision`: by which a node must last have been written. Raises the
    typed error of a bad field."""
    if not filter.ListFields() and held == UNBOUNDED and revision is None:
        return None
    low, high = salience(filter, field, "min_salience", "max_salience")
    current = salience(filter, field, "min_current_salience", "max_current_salience")
    if revision is not None:
        check_current(filter, field)
    check_comparisons(filter, field)
    valid = validity(filter.valid_at, f"{field}.valid_at") if filter.valid_at else held
    tokens, others = property_tokens(wanted_properties(filter, field), tokenizers, f"{field}.properties")
    return (
        names(filter.types, f"{field}.types"),
        *time_range(filter.event_time, f"{field}.event_time"),
        *time_range(filter.create_time, f"{field}.create_time"),
        *time_range(filter.update_time, f"{field}.update_time"),
        low,
        high,
        valid.lower,
        valid.upper,
        tokens,
        revision,
        filter.superseded if filter.HasField("superseded") else None,
        None,
        *current,
        others,
    )


def edge_filter(
    filter: EdgeFilter, tokenizers: Sequence[Tokenizer], field: str = "filter", *, held: Interval = UNBOUNDED
) -> Row:
    """A loci.edge_filter. `tokenizers`, `held` as in `node_filter`. Raises the typed error of a bad field."""
    valid = validity(filter.valid_at, f"{field}.valid_at") if filter.valid_at else held
    return (
        names(filter.relations, f"{field}.relations"),
        end(filter.source, f"{field}.source"),
        end(filter.target, f"{field}.target"),
        *time_range(filter.create_time, f"{field}.create_time"),
        *time_range(filter.update_time, f"{field}.update_time"),
        valid.lower,
        valid.upper,
        *property_tokens(filter.properties, tokenizers, f"{field}.properties"),
    )


def wanted_properties(filter: NodeFilter, field: str = "filter") -> dict[str, Value]:
    """The properties that a filter asks for; the session is one. Raises InvalidField, LimitExceeded."""
    wanted = dict(filter.properties)
    if filter.session:
        if SESSION in wanted:
            raise InvalidField(field=f"{field}.session", detail="give it here or in properties, not in both")
        wanted[SESSION] = Value(string_value=named_session(filter.session))
    return wanted


def accepts(filter: NodeFilter) -> Callable[[Node], bool]:
    """Proves on opened nodes what the filter selects by hashes, and what the log has no columns for."""
    wanted = wanted_properties(filter)
    superseded = filter.superseded if filter.HasField("superseded") else None
    comparisons = [(each.key, OPERATORS[each.operator], scalar(each.value)) for each in filter.comparisons]
    if superseded is None and not wanted and not comparisons:
        return lambda _: True

    def passes(node: Node) -> bool:
        return (
            superseded in (None, node.superseded)
            and has_properties(node.properties, wanted)
            and all(compares(node.properties, *each) for each in comparisons)
        )

    return passes


def compares(properties: Struct, key: str, operator: Operator, value: Scalar) -> bool:
    """Whether a property is there, of the kind of the value, and compares to it as asked."""
    fields: MutableMapping[str, Value] = properties.fields
    if key not in fields:
        return False
    own = scalar(fields[key])
    return type(own) is type(value) and own is not None and operator(own, value)


def scalar(value: Value) -> Scalar:
    """None for what cannot be compared."""
    match value.WhichOneof("kind"):
        case "number_value":
            return value.number_value
        case "string_value":
            return value.string_value.encode()
        case "bool_value":
            return value.bool_value
    return None


def check_comparisons(filter: NodeFilter, field: str) -> None:
    """Raises LimitExceeded, InvalidField."""
    check_count(f"{field}.comparisons", len(filter.comparisons), MAX_FILTER_PROPERTIES, "comparisons")
    for place, comparison in enumerate(filter.comparisons):
        path = f"{field}.comparisons[{place}]"
        if not comparison.key:
            raise InvalidField(field=f"{path}.key", detail="it is empty")
        check_bytes(f"{path}.key", comparison.key, MAX_PROPERTY_KEY_BYTES)
        if comparison.operator not in OPERATORS:
            raise InvalidField(field=f"{path}.operator", detail="it is not a ComparisonOperator")
        check_size(comparison.value, f"{path}.value")
        value = scalar(comparison.value)
        ordered = isinstance(value, (float, bytes)) and value == value
        if not ordered and not (isinstance(value, bool) and comparison.operator == NOT_EQUAL):
            raise InvalidField(field=f"{path}.value", detail="only strings and numbers can be compared")


def check_size(value: Value, field: str) -> None:
    """No property is larger. Raises LimitExceeded."""
    if value.ByteSize() > MAX_PROPERTIES_BYTES:
        raise LimitExceeded(field=field, actual=value.ByteSize(), limit=MAX_PROPERTIES_BYTES, unit="bytes")


def has_properties(properties: Struct, wanted: Mapping[str, Value]) -> bool:
    """Whether an opened item has these properties: tokens are hashes, this is the proof."""
    fields: MutableMapping[str, Value] = properties.fields
    return all(
        key in fields and canonical_scalar(fields[key]) == canonical_scalar(value) for key, value in wanted.items()
    )


def names(values: Iterable[str], field: str) -> list[str] | None:
    """Types or relations, any of which pass."""
    found = list(values)
    check_count(field, len(found), MAX_FILTER_VALUES, "values")
    for index, value in enumerate(found):
        if not value:
            raise InvalidField(field=f"{field}[{index}]", detail="it is empty")
        check_type(value, f"{field}[{index}]")
    return found or None


def end(value: str, field: str) -> str | None:
    return check_id(value, field, MAX_ID_BYTES) if value else None


def validity(text: str, field: str) -> Interval:
    return parse_date(text, field) if text else UNBOUNDED


def check_current(filter: NodeFilter, field: str = "filter") -> None:
    """Refuses what is known of now only. Raises InvalidField."""
    for name in CURRENT:
        if filter.HasField(name):  # type: ignore[arg-type]
            raise InvalidField(field=f"{field}.{name}", detail="it is known of now only, not of an earlier state")


def salience(filter: NodeFilter, field: str, *names: str) -> tuple[float | None, float | None]:
    bounds: list[float | None] = []
    for name in names:
        value: float | None = getattr(filter, name) if filter.HasField(name) else None  # type: ignore[arg-type]
        if value is not None and not 0.0 <= value <= 1.0:
            raise InvalidField(field=f"{field}.{name}", detail="it must be from 0 to 1")
        bounds.append(value)
    return bounds[0], bounds[1]


def time_range(given: TimeRange, field: str) -> tuple[datetime | None, datetime | None]:
    bounds: list[datetime | None] = [None, None]
    for place, name in enumerate(("start", "end")):
        if given.HasField(name):  # type: ignore[arg-type]
            stamp = given.start if place == 0 else given.end
            check_timestamp(stamp, f"{field}.{name}")
            bounds[place] = moment(stamp)
    start, stop = bounds
    if start is not None and stop is not None and start > stop:
        raise InvalidField(field=field, detail="its start is after its end")
    return start, stop


def property_tokens(
    wanted: Mapping[str, Value], tokenizers: Sequence[Tokenizer], field: str
) -> tuple[list[int] | None, list[int] | None]:
    """By the first tokenizer, and by the second one, if there is one."""
    check_count(field, len(wanted), MAX_FILTER_PROPERTIES, "properties")
    scalars = []
    for key in sorted(wanted):
        check_bytes(field, key, MAX_PROPERTY_KEY_BYTES)
        check_size(wanted[key], field)
        value = canonical_scalar(wanted[key])
        if value is None:
            raise InvalidField(field=field, detail="only strings, numbers, booleans and null can be compared")
        scalars.append((key, value))
    if not scalars:
        return None, None
    first, *second = [[tokenizer.property(*scalar) for scalar in scalars] for tokenizer in tokenizers]
    return first, second[0] if second else None
