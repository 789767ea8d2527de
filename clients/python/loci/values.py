"""Plain Python values to protobuf and back: properties, times, vectors, enums.

Nothing is bent in silence: what JSON numbers cannot hold, and times without a zone, are refused with an error that says
where.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeAlias

from google.protobuf.struct_pb2 import ListValue, Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

LARGEST_EXACT = 2**53
"""Numbers in properties are doubles; integers beyond this would change."""


class EnumType(Protocol):
    """A generated enum."""

    def keys(self) -> list[str]: ...
    def Value(self, name: str) -> Any: ...  # noqa: N802 - the generated name


class HasProperties(Protocol):
    """A Node or an Edge."""

    @property
    def properties(self) -> Struct: ...


def properties(message: HasProperties | Struct) -> dict[str, Any]:
    """The properties of a node or edge as plain Python. Whole numbers come back as int."""
    struct = message if isinstance(message, Struct) else message.properties
    return {key: _plain(value) for key, value in struct.fields.items()}


MAX_DEPTH = 30
"""Levels of objects and arrays that a message can carry at all; a server allows fewer."""


def struct(values: Mapping[str, Json]) -> Struct:
    """A mapping as a protobuf Struct. Raises TypeError or ValueError, naming the place, for what JSON cannot hold."""
    result = Struct()
    for key, value in values.items():
        result.fields[_key(key, "properties")].CopyFrom(json_value(value, f"properties.{key}"))
    return result


def json_value(value: Json, place: str = "value", depth: int = 1) -> Value:
    """One JSON value as a protobuf Value."""
    if depth > MAX_DEPTH:
        raise ValueError(f"{place.partition('[')[0][:100]}: nested more than {MAX_DEPTH} levels deep")
    match value:
        case None:
            return Value(null_value=0)  # type: ignore[arg-type]
        case bool():
            return Value(bool_value=value)
        case str():
            return Value(string_value=value)
        case int() if abs(value) <= LARGEST_EXACT:
            return Value(number_value=value)
        case int():
            raise ValueError(f"{place}: integers beyond 2**53 would be rounded; store {value} as a string")
        case float() if math.isfinite(value):
            return Value(number_value=value)
        case float():
            raise ValueError(f"{place}: {value} is not a JSON number")
        case Mapping():
            fields = {_key(key, place): json_value(item, f"{place}.{key}", depth + 1) for key, item in value.items()}
            return Value(struct_value=Struct(fields=fields))
        case Sequence() if not isinstance(value, bytes | bytearray | memoryview):
            items = [json_value(item, f"{place}[{index}]", depth + 1) for index, item in enumerate(value)]
            return Value(list_value=ListValue(values=items))
        case _:
            raise TypeError(f"{place}: {type(value).__name__} is not a JSON value")


def timestamp(moment: datetime) -> Timestamp:
    """A time with a zone as a Timestamp. Raises ValueError without one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; write moment.replace(tzinfo=UTC) if it is UTC")
    result = Timestamp()
    result.FromDatetime(moment)
    return result


def moment(stamp: Timestamp) -> datetime:
    """A Timestamp as a datetime in UTC, to the microsecond."""
    return stamp.ToDatetime(tzinfo=UTC)


def enum_value(enum: EnumType, prefix: str, word: str) -> Any:
    """`hybrid` to SEARCH_MODE_HYBRID. Raises ValueError with the words that are known."""
    name = prefix + word.upper()
    if name not in enum.keys():  # noqa: SIM118 - an enum is not a mapping
        known = [key.removeprefix(prefix).lower() for key in enum.keys() if not key.endswith("_UNSPECIFIED")]  # noqa: SIM118
        raise ValueError(f"{word!r} is not one of {', '.join(known)}")
    return enum.Value(name)


def _key(key: object, place: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{place}: the key {key!r} is not a string")
    return key


def _plain(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "struct_value":
            return {key: _plain(item) for key, item in value.struct_value.fields.items()}
        case "list_value":
            return [_plain(item) for item in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() and abs(number) <= LARGEST_EXACT else number
        case "null_value" | None:
            return None
        case kind:
            return getattr(value, kind)
