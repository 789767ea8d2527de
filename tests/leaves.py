"""Strings and bytes in messages: found by walking descriptors, so that a new field of the contract is met by itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

STRUCTS = frozenset({"google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue"})
Path = tuple[str, ...]
"""Names of fields from a message down to one of its strings. `[key]` is the key of a map."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value in a message."""

    path: Path
    kind: str
    """The full name of its field, `Node.text`; `Node.properties[key]` for the keys of a map, `Struct.key` and
    `Struct.value` in a google.protobuf.Struct."""
    value: str | bytes
    replace: Callable[[str | bytes], None]


def kinds(root: Descriptor) -> dict[Path, str]:
    """Every place for a string or bytes in messages of this type. What holds itself is followed once."""
    found: dict[Path, str] = {}

    def walk(descriptor: Descriptor, path: Path, above: frozenset[str]) -> None:
        for field in descriptor.fields:
            here = (*path, field.name)
            inner = field.message_type
            if inner is None:
                if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
                    found[here] = short(field.full_name)
            elif inner.full_name in STRUCTS:
                found[(*here, "[key]")] = "Struct.key"
                found[(*here, "[value]")] = "Struct.value"
            elif inner.GetOptions().map_entry:
                found[(*here, "[key]")] = f"{short(field.full_name)}[key]"
                found[(*here, "[value]")] = "Struct.value"
            elif inner.full_name not in above:
                walk(inner, here, above | {inner.full_name})

    walk(root, (), frozenset({root.full_name}))
    return found


def leaves(message: Message, path: Path = ()) -> Iterator[Leaf]:
    """All that is set in a message, outside of maps and structs."""
    for field, value in message.ListFields():
        here = (*path, field.name)
        inner = field.message_type
        if inner is not None and (inner.full_name in STRUCTS or inner.GetOptions().map_entry):
            continue
        if inner is not None:
            for item in value if field.is_repeated else [value]:
                yield from leaves(item, here)
        elif field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
            name = short(field.full_name)
            if field.is_repeated:
                for place, item in enumerate(value):
                    yield Leaf(here, name, item, _in_list(value, place))
            else:
                yield Leaf(here, name, value, _in_message(message, field.name))


def put(message: Any, path: Path, value: str | bytes) -> None:
    """Sets the string at a path, in the first of what is repeated, and makes what holds it. In a struct it becomes a
    key, or the value of the key `k`."""
    *parents, last = path
    for name in parents:
        holder, message = message, getattr(message, name)
        field = holder.DESCRIPTOR.fields_by_name[name]
        inner = field.message_type
        assert inner is not None
        if inner.full_name in STRUCTS or inner.GetOptions().map_entry:
            _put_in_struct(holder, field, value, is_key=last == "[key]")
            return
        if field.is_repeated:
            message = message[0] if message else message.add()
        else:
            message.SetInParent()
    field = message.DESCRIPTOR.fields_by_name[last]
    given = value.encode() if field.type == FieldDescriptor.TYPE_BYTES and isinstance(value, str) else value
    if field.is_repeated:
        del getattr(message, last)[:]
        getattr(message, last).append(given)
    else:
        setattr(message, last, given)


def _put_in_struct(holder: Any, field: FieldDescriptor, value: str | bytes, *, is_key: bool) -> None:
    target = getattr(holder, field.name)
    assert field.message_type is not None
    if field.message_type.full_name == "google.protobuf.Value":
        target.string_value = value
        return
    values = target if field.message_type.GetOptions().map_entry else target.fields
    values[value if is_key else "k"].string_value = "tea" if is_key else value


def short(name: str) -> str:
    return name.removeprefix("loci.v1.").removeprefix("google.protobuf.")


def _in_list(values: Any, place: int) -> Callable[[str | bytes], None]:
    def replace(value: str | bytes) -> None:
        values[place] = value

    return replace


def _in_message(message: Message, name: str) -> Callable[[str | bytes], None]:
    return lambda value: setattr(message, name, value)
