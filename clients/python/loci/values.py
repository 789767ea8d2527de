"""Plain Python values to protobuf and back: properties, times, vectors, enums.

Nothing is bent in silence: what JSON numbers cannot hold, and times without a zone, are refused with an error that says
where.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import ListValue, Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

M = TypeVar("M", bound=Message)
T = TypeVar("T")

LARGEST_EXACT = 2**53
"""Numbers in properties are doubles; integers beyond this would change."""


KINDS = {
    FieldDescriptor.CPPTYPE_STRING: "str",
    FieldDescriptor.CPPTYPE_BOOL: "bool",
    FieldDescriptor.CPPTYPE_FLOAT: "float",
    FieldDescriptor.CPPTYPE_DOUBLE: "float",
    FieldDescriptor.CPPTYPE_INT32: "whole number of 32 bits",
    FieldDescriptor.CPPTYPE_INT64: "whole number of 64 bits",
}
"""What fields hold, for errors."""


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


def made(message: type[M], names: Mapping[str, str] | None = None, /, **fields: Any) -> M:
    """A message of these fields. Raises TypeError or ValueError, naming the parameter, for a value that its field
    cannot hold; `names` are the parameters that are called otherwise than their fields."""
    try:
        return message(**fields)
    except (TypeError, ValueError):
        for field, value in fields.items():
            name = (names or {}).get(field, field)
            try:
                message(**{field: value})
            except UnicodeEncodeError as error:
                raise unencodable(name, error) from None
            except (TypeError, ValueError) as error:
                raise type(error)(f"{name}: {_wanted(message, field)}, not {kind_of(value)}") from None
        raise


def text(value: str, place: str) -> str:
    """The text itself. Raises ValueError, naming the place, for one that cannot be sent."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise unencodable(place, error) from None
    return value


def unencodable(place: str, error: UnicodeEncodeError) -> ValueError:
    """What to raise for a text that UTF-8 cannot carry, as one whose last emoji was cut in two."""
    return ValueError(f"{place}: the text holds {error.object[error.start]!a}, half of a surrogate pair")


def listed(given: Iterable[T], field: str) -> Iterable[T]:
    """What was given, unless it is one string: each of its letters would pass for an item."""
    if isinstance(given, str):
        raise TypeError(f"{field}: give a list of strings, not one string")
    if not isinstance(given, Iterable):
        raise TypeError(f"{field}: give a list, not {kind_of(given)}")
    return given


def struct(values: Mapping[str, Json], place: str = "properties") -> Struct:
    """A mapping as a protobuf Struct. Raises TypeError or ValueError, naming the place, for what JSON cannot hold."""
    if not isinstance(values, Mapping):
        raise TypeError(f"{place}: give a dict, not {kind_of(values)}")
    result = Struct()
    for key, value in values.items():
        result.fields[_key(key, place)].CopyFrom(json_value(value, f"{place}.{key}"))
    return result


def optional_struct(values: Mapping[str, Json] | None, place: str) -> Struct | None:
    return None if values is None else struct(values, place)


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
            return Value(string_value=text(value, place))
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


def timestamp(moment: datetime, place: str = "time") -> Timestamp:
    """A time with a zone as a Timestamp. Raises ValueError without one, TypeError for what is no datetime; both name
    the place."""
    if not isinstance(moment, datetime):
        raise TypeError(f"{place}: give a datetime with its time zone, not {kind_of(moment)}")
    if moment.tzinfo is None:
        raise ValueError(f"{place}: {moment.isoformat()} has no time zone; write .replace(tzinfo=UTC) if it is UTC")
    result = Timestamp()
    result.FromDatetime(moment)
    return result


def optional_timestamp(moment: datetime | None, place: str) -> Timestamp | None:
    return None if moment is None else timestamp(moment, place)


def optional_duration(span: timedelta | None, place: str) -> Duration | None:
    """Raises TypeError."""
    if span is None:
        return None
    if not isinstance(span, timedelta):
        raise TypeError(f"{place}: give a timedelta, not {kind_of(span)}")
    result = Duration()
    result.FromTimedelta(span)
    return result


def moment(stamp: Timestamp) -> datetime:
    """A Timestamp as a datetime in UTC, to the microsecond."""
    return stamp.ToDatetime(tzinfo=UTC)


def enum_value(enum: EnumType, prefix: str, word: str, place: str) -> Any:
    """`hybrid` to SEARCH_MODE_HYBRID. Raises ValueError, naming the place, with the words that are known."""
    if not isinstance(word, str):
        raise TypeError(f"{place}: give a str, not {kind_of(word)}")
    name = prefix + word.upper()
    if name not in enum.keys():  # noqa: SIM118 - an enum is not a mapping
        known = [key.removeprefix(prefix).lower() for key in enum.keys() if not key.endswith("_UNSPECIFIED")]  # noqa: SIM118
        raise ValueError(f"{place}: {word!r} is not one of {', '.join(known)}")
    return enum.Value(name)


def kind_of(value: object) -> str:
    """The kind of a value, or of a number itself."""
    return str(value) if type(value) is int else f"a {type(value).__name__}"


def _wanted(message: type[Message], field: str) -> str:
    known = message.DESCRIPTOR.fields_by_name[field]
    kind = known.message_type.name if known.message_type is not None else KINDS.get(known.cpp_type, "value that it has")
    return f"give a list, each a {kind}" if known.is_repeated else f"give a {kind}"


def _key(key: object, place: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{place}: the key {key!r} is not a string")
    return text(key, f"{place}: a key")


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
