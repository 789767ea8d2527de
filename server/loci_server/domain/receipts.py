"""Receipts of erasures: what is attested, as JSON, and how that is read again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

TYPE: Final = "loci.dev/erasure-receipt/v1"


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure has done."""

    erasure: UUID
    installation: UUID
    resource: str
    tenant: str
    requested_by: str
    request_time: datetime
    end_time: datetime
    row_counts: Mapping[str, int]
    data_keys: Sequence[Mapping[str, Any]]
    """Of a graph each: purpose, version, kek_id. Of a tenant none, as there may be very many: only their count."""
    data_key_count: int
    destroyed: Sequence[str]
    """Key-encryption keys, by the names that the key provider has for them."""
    remaining: Sequence[str]
    """Those that wrapped the data keys and were not destroyed: with them, dumps from before can be opened."""


PURPOSES: Final = {1: "content", 2: "search", 3: "vectors", 4: "marks"}


def statement(erased: Erased) -> str:
    """The JSON that is signed: keys in order, no white space that means nothing."""
    told = {
        "type": TYPE,
        "erasure": str(erased.erasure),
        "installation": str(erased.installation),
        "resource": erased.resource,
        "tenant": erased.tenant,
        "requested_by": erased.requested_by,
        "request_time": _time(erased.request_time),
        "end_time": _time(erased.end_time),
        "rows_removed": dict(sorted(erased.row_counts.items())),
        "data_keys_destroyed": erased.data_key_count,
        "data_keys": [
            {"purpose": PURPOSES.get(key["purpose"], ""), "version": key["version"], "wrapped_by": key["kek_id"]}
            for key in erased.data_keys
        ],
        "key_encryption_keys_destroyed": sorted(erased.destroyed),
        "key_encryption_keys_remaining": sorted(erased.remaining),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


class NotAReceiptError(ValueError):
    """A statement that no Loci makes. The message says why."""


MEMBERS: Final = (
    *("type", "erasure", "installation", "resource", "tenant", "requested_by", "request_time", "end_time"),
    *("rows_removed", "data_keys_destroyed", "data_keys"),
    *("key_encryption_keys_destroyed", "key_encryption_keys_remaining"),
)


def attested(statement: str) -> dict[str, Any]:
    """What a statement says. Raises NotAReceiptError for one of another type or version, with members that stand twice,
    are missing or are not known."""
    try:
        found = members(statement, None)
    except (ValueError, RecursionError):
        raise NotAReceiptError("its statement is not an object of JSON in which each member stands once") from None
    if found.get("type") != TYPE:
        raise NotAReceiptError(f"its statement is not of the type {TYPE}")
    if set(found) != set(MEMBERS):
        raise NotAReceiptError("its statement has members that are not known, or lacks some")
    return found


def members(text: str, expected: Sequence[str] | None) -> dict[str, Any]:
    """The members of a JSON object, just those that are expected. Raises ValueError, also where one stands twice, at
    any depth."""
    found = json.loads(text, object_pairs_hook=_once)
    if not isinstance(found, dict) or (expected is not None and set(found) != set(expected)):
        raise ValueError("another object is expected")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
