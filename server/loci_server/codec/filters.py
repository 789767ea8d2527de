"""Filters of the contract as the composites that the SQL functions take, and checked again on what was opened."""

from collections.abc import Iterable, Mapping, MutableMapping
from datetime import datetime

from google.protobuf.struct_pb2 import Struct, Value

from loci.v1.filter_pb2 import EdgeFilter, NodeFilter, TimeRange
from loci_server.crypto.tokens import Tokenizer
from loci_server.domain.dates import UNBOUNDED, Interval, parse_date
from loci_server.domain.limits import MAX_FILTER_PROPERTIES, MAX_FILTER_VALUES, MAX_ID_BYTES, check_count
from loci_server.domain.names import check_id
from loci_server.domain.structs import canonical_scalar
from loci_server.domain.validation import check_timestamp, check_type
from loci_server.errors import InvalidField
from loci_server.store.times import moment

Row = tuple[object, ...]


def node_filter(
    filter: NodeFilter,
    tokenizer: Tokenizer,
    field: str = "filter",
    *,
    held: Interval = UNBOUNDED,
    revision: int | None = None,
) -> Row | None:
    """A loci.node_filter, or None if it passes everything. `held`: the validity that is asked for if the filter names
    none; `revision`: by which a node must last have been written. Raises the typed error of a bad field."""
    if not filter.ListFields() and held == UNBOUNDED and revision is None:
        return None
    low, high = salience(filter, field)
    valid = validity(filter.valid_at, f"{field}.valid_at") if filter.valid_at else held
    return (
        names(filter.types, f"{field}.types"),
        *time_range(filter.event_time, f"{field}.event_time"),
        *time_range(filter.create_time, f"{field}.create_time"),
        *time_range(filter.update_time, f"{field}.update_time"),
        low,
        high,
        valid.lower,
        valid.upper,
        property_tokens(filter.properties, tokenizer, f"{field}.properties"),
        revision,
    )


def edge_filter(filter: EdgeFilter, tokenizer: Tokenizer, field: str = "filter", *, held: Interval = UNBOUNDED) -> Row:
    """A loci.edge_filter. `held` as in `node_filter`. Raises the typed error of a bad field."""
    valid = validity(filter.valid_at, f"{field}.valid_at") if filter.valid_at else held
    return (
        names(filter.relations, f"{field}.relations"),
        end(filter.source, f"{field}.source"),
        end(filter.target, f"{field}.target"),
        *time_range(filter.create_time, f"{field}.create_time"),
        *time_range(filter.update_time, f"{field}.update_time"),
        valid.lower,
        valid.upper,
        property_tokens(filter.properties, tokenizer, f"{field}.properties"),
    )


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


def salience(filter: NodeFilter, field: str) -> tuple[float | None, float | None]:
    bounds: list[float | None] = []
    for name in ("min_salience", "max_salience"):
        value: float | None = getattr(filter, name) if filter.HasField(name) else None
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


def property_tokens(wanted: Mapping[str, Value], tokenizer: Tokenizer, field: str) -> list[int] | None:
    check_count(field, len(wanted), MAX_FILTER_PROPERTIES, "properties")
    tokens = []
    for key in sorted(wanted):
        value = canonical_scalar(wanted[key])
        if value is None:
            raise InvalidField(field=field, detail="only strings, numbers, booleans and null can be compared")
        tokens.append(tokenizer.property(key, value))
    return tokens or None
