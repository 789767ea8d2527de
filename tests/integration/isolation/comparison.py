"""Whether two answers say the same, apart from what no two calls have in common: moments, and ids and secrets that the
server draws."""

import math
import re
from typing import Any

from google.protobuf.message import Message
from google.rpc.error_details_pb2 import (
    BadRequest,
    ErrorInfo,
    PreconditionFailure,
    QuotaFailure,
    ResourceInfo,
    RetryInfo,
)

from tests.integration.isolation.calls import Exchange
from tests.leaves import Leaf, leaves

DRAWN = frozenset(
    (
        *("next_page_token", "resume_token", "secret", "mac", "trace_id", "query_id", "peer", "user_agent"),
        *("failure_reason",),
    )
)
"""Whether they are there is compared, not what they are."""
TIMED = frozenset(
    (
        *("Recalculation.state", "Recalculation.seen_count", "Recalculation.changed_count", "Recalculation.node_count"),
        "Recalculation.end_time",
        *("ListAuditEntriesResponse.entries", "ListAuditEntriesResponse.next_page_token"),
        *("ExportAuditEntriesResponse.entries", "VerifyAuditResponse.verified_count", "VerifyAuditResponse.anchor"),
        *("VerifyAuditResponse.next_page_token", "VerifyAuditResponse.anchor_met"),
        *("KeyRotation.state", "KeyRotation.version", "KeyRotation.create_time", "KeyRotation.encryption_count"),
        *("KeyRotation.done_count", "KeyRotation.total_count", "KeyRotation.begin_time", "KeyRotation.end_time"),
        *("ListKeyRotationsResponse.key_rotations", "ListKeyRotationsResponse.next_page_token"),
        *("GraphStats.byte_count", "TenantUsage.byte_count"),
        *("Salience.use", "Salience.use_count", "Salience.value", "Salience.last_use_time"),
    )
)
"""What background work and the length of a second decide: how refused calls share entries of the audit, how far a job
is."""
COUNTED = frozenset({"ListApiKeysResponse.api_keys"})
"""In the order of drawn numbers: only how many there are is compared."""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SUBSTITUTES = {
    UUID: "a uuid",
    re.compile(r"(apiKeys/)\d+"): r"\1a number",
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z"): "a time",  # of a session, which keeps it as a property
}
DETAILS = (BadRequest, ErrorInfo, PreconditionFailure, QuotaFailure, ResourceInfo, RetryInfo)


def difference(one: Exchange, other: Exchange) -> str | None:
    """Where two ends of the same call differ, or None."""
    if one.code != other.code:
        return f"{one.code} {one.status.message!r} against {other.code} {other.status.message!r}"
    pairs = (
        (plain(one.status), plain(other.status)),
        (compared(one), compared(other)),
    )
    told = next((found for first, second in pairs if (found := differing(first, second, "")) is not None), None)
    return None if told is not None and drawn_order(one) and shape(one) == shape(other) else told


def compared(exchange: Exchange) -> list[Any]:
    """Its answers, but for those of a stream that hold nothing to compare: there are as many as TIMED entries need."""
    pairs = ((answer, plain(answer)) for answer in exchange.answers)
    return [found for answer, found in pairs if found or not answer.ListFields()]


def drawn_order(exchange: Exchange) -> bool:
    """Whether it tells of edges at a node whose id the server drew: their own ids are derived from it, so that they
    come in another order each time."""
    return any(UUID.search(str(leaf.value)) for leaf in strings(exchange) if leaf.path[-1] in ("source", "target"))


def strings(exchange: Exchange) -> list[Leaf]:
    return [leaf for answer in exchange.answers for leaf in leaves(answer)]


def shape(exchange: Exchange) -> list[dict[str, int]]:
    """How many there are of everything."""
    return [
        {field.name: len(value) if field.is_repeated else 1 for field, value in answer.ListFields()}
        for answer in exchange.answers
    ]


def plain(message: Message) -> Any:
    """A message as dicts, lists and scalars."""
    full_name = message.DESCRIPTOR.full_name
    if full_name == "google.protobuf.Timestamp":
        return "a time"
    if full_name == "google.protobuf.Any":
        for kind in DETAILS:
            if message.Is(kind.DESCRIPTOR):  # type: ignore[attr-defined]  # it is an Any
                detail = kind()
                message.Unpack(detail)  # type: ignore[attr-defined]  # likewise
                return "a delay" if kind is RetryInfo else {kind.DESCRIPTOR.name: plain(detail)}
    found: dict[str, Any] = {}
    for field, value in message.ListFields():
        if f"{message.DESCRIPTOR.name}.{field.name}" in TIMED:
            continue
        if f"{message.DESCRIPTOR.name}.{field.name}" in COUNTED:
            found[field.name] = len(value)
        elif field.name in DRAWN:
            found[field.name] = "drawn"
        elif field.message_type is not None and field.message_type.GetOptions().map_entry:
            found[field.name] = {key: scalar_or_message(value[key]) for key in value}
        elif field.is_repeated:
            found[field.name] = [scalar_or_message(item) for item in value]
        else:
            found[field.name] = scalar_or_message(value)
    return found


def scalar_or_message(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, instead in SUBSTITUTES.items():
            value = pattern.sub(instead, value)
    return plain(value) if isinstance(value, Message) else value


def differing(one: Any, other: Any, place: str) -> str | None:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            if key not in one or key not in other:
                return f"{place}.{key} is in one only: {str(one.get(key, other.get(key)))[:200]}"
            if (found := differing(one[key], other[key], f"{place}.{key}")) is not None:
                return found
        return None
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{place}: {len(one)} against {len(other)}"
        pairs = enumerate(zip(one, other, strict=True))
        return next((found for n, (a, b) in pairs if (found := differing(a, b, f"{place}[{n}]")) is not None), None)
    if isinstance(one, float) and isinstance(other, float) and math.isclose(one, other, rel_tol=1e-3, abs_tol=1e-6):
        return None
    return None if one == other else f"{place}: {one!r} against {other!r}"
