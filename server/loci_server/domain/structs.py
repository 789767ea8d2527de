"""Properties: limits, merge-patch and equality tokens of google.protobuf.Struct.

Everything works on the message itself; it is never turned into dicts, which costs more than sealing it.
"""

import math
import struct as binary
from collections.abc import Iterable, Iterator

from google.protobuf.message import EncodeError
from google.protobuf.struct_pb2 import ListValue, Struct, Value

from loci_server.domain.limits import (
    MAX_PROPERTIES_BYTES,
    MAX_PROPERTY_DEPTH,
    MAX_PROPERTY_KEY_BYTES,
    MAX_PROPERTY_KEYS,
    check_bytes,
    check_count,
)
from loci_server.errors import InvalidField, LimitExceeded

_NULL, _FALSE, _TRUE = b"z", b"f", b"t"
_NUMBER, _STRING = b"n", b"s"


def check_struct(struct: Struct, field: str) -> None:
    """Raises LimitExceeded or InvalidField for what properties may not be or hold.

    Bounds: encoded size, keys in all, bytes of a key, levels of objects and arrays. Refused: numbers that are not
    finite, a Value without a kind, an empty key.
    """
    if not struct.fields:
        return
    _check_size(struct, field)
    keys = 0
    pending: list[tuple[Struct | ListValue, int]] = [(struct, 1)]
    while pending:
        container, depth = pending.pop()
        if depth > MAX_PROPERTY_DEPTH:
            raise LimitExceeded(field=field, actual=depth, limit=MAX_PROPERTY_DEPTH, unit="levels")
        if isinstance(container, Struct):
            keys += len(container.fields)
            check_count(field, keys, MAX_PROPERTY_KEYS, "keys")
            _check_keys(container, field)
            values: Iterator[Value] = iter(container.fields.values())
        else:
            values = iter(container.values)
        for value in values:
            kind = value.WhichOneof("kind")
            if kind == "struct_value":
                pending.append((value.struct_value, depth + 1))
            elif kind == "list_value":
                pending.append((value.list_value, depth + 1))
            elif kind == "number_value":
                if not math.isfinite(value.number_value):
                    raise InvalidField(field=field, detail="numbers must be finite.")
            elif kind is None:
                raise InvalidField(field=field, detail="a value has no kind; null is null_value.")


def merge_patch(target: Struct, patch: Struct) -> None:
    """Applies an RFC 7396 merge-patch to `target`, in place.

    A null deletes its key, objects are merged, every other value (an array too) replaces the old one. The patch must
    have passed check_struct, which bounds its depth; check the result too, as it may be larger than either.
    """
    for key, value in patch.fields.items():
        kind = value.WhichOneof("kind")
        if kind == "null_value":
            if key in target.fields:
                del target.fields[key]
        elif kind == "struct_value":
            slot = target.fields[key]
            if slot.WhichOneof("kind") != "struct_value":
                slot.struct_value.SetInParent()
            merge_patch(slot.struct_value, value.struct_value)
        else:
            target.fields[key].CopyFrom(value)


def scalar_tokens(struct: Struct) -> Iterator[tuple[str, bytes]]:
    """Each top-level key that holds a scalar, with canonical_scalar of its value. Objects and arrays give nothing."""
    for key, value in struct.fields.items():
        token = canonical_scalar(value)
        if token is not None:
            yield key, token


def canonical_scalar(value: Value) -> bytes | None:
    """Bytes that are equal for equal scalars and for no others; None for an object, an array, NaN or no value.

    Numbers are equal as doubles are: 1 and 1.0 are one, 0 and -0 too. A string is compared byte by byte.
    """
    match value.WhichOneof("kind"):
        case "string_value":
            return _STRING + value.string_value.encode()
        case "number_value":
            number = value.number_value
            return None if math.isnan(number) else _NUMBER + binary.pack(">d", number + 0.0)
        case "bool_value":
            return _TRUE if value.bool_value else _FALSE
        case "null_value":
            return _NULL
        case _:
            return None


def texts_under(struct: Struct, keys: Iterable[str]) -> Iterator[str]:
    """The strings and numbers under top-level keys, however deep, in the order of the keys."""
    for key in keys:
        pending = [struct.fields[key]] if key in struct.fields else []
        while pending:
            value = pending.pop()
            match value.WhichOneof("kind"):
                case "string_value":
                    if value.string_value:
                        yield value.string_value
                case "number_value":
                    yield format(value.number_value, ".15g")
                case "struct_value":
                    pending += reversed([inner for _, inner in sorted(value.struct_value.fields.items())])
                case "list_value":
                    pending += reversed(value.list_value.values)


def _check_size(struct: Struct, field: str) -> None:
    try:
        size = struct.ByteSize()
    except EncodeError:  # the encoder's own bound, far above ours
        raise LimitExceeded(field=field, actual="too many", limit=MAX_PROPERTY_DEPTH, unit="levels") from None
    if size > MAX_PROPERTIES_BYTES:
        raise LimitExceeded(field=field, actual=size, limit=MAX_PROPERTIES_BYTES, unit="bytes")


def _check_keys(struct: Struct, field: str) -> None:
    for key in struct.fields:
        if not key:
            raise InvalidField(field=field, detail="a key cannot be empty.")
        check_bytes(field, key, MAX_PROPERTY_KEY_BYTES)
