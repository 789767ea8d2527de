"""Quotas in messages: read from requests, told to operators and to tenants."""

from collections.abc import Sequence
from typing import Final

from loci.v1 import admin_service_pb2 as pb
from loci_server.domain.limits import MAX_MASK_PATHS, MAX_QUOTA, check_count
from loci_server.domain.quotas import Quota
from loci_server.errors import InvalidField, InvalidFieldMask, LimitExceeded

FIELDS: Final = tuple(field.name for field in pb.Quota.DESCRIPTOR.fields)
ROOT: Final = "quota"
DISPLAY_NAME: Final = "display_name"


def read(message: pb.Quota, field: str) -> Quota:
    """Raises InvalidField, LimitExceeded."""
    given = {name: getattr(message, name) for name in FIELDS if message.HasField(name)}  # type: ignore[arg-type] # of FIELDS
    for name, value in given.items():
        if value < 0:
            raise InvalidField(field=f"{field}.{name}", detail="it must not be negative; 0 is no limit")
        if value > MAX_QUOTA:
            raise LimitExceeded(field=f"{field}.{name}", actual=value, limit=MAX_QUOTA, unit="asked for")
    return Quota(**given)


def write(quota: Quota) -> pb.Quota:
    return pb.Quota(**{name: getattr(quota, name) for name in FIELDS})


def updated(quota: Quota, update: Quota, paths: Sequence[str]) -> Quota:
    """A quota after an update with this mask; without one, what is set is written. Raises InvalidFieldMask."""
    if not paths:
        return update.over(quota)
    check_count("update_mask.paths", len(paths), MAX_MASK_PATHS, "paths")
    written: set[str] = set()
    for path in paths:
        root, _, name = path.partition(".")
        if path in ("*", ROOT):
            written.update(FIELDS)
        elif root == ROOT and name in FIELDS:
            written.add(name)
        elif path != DISPLAY_NAME:
            raise InvalidFieldMask(field="update_mask", path=root[:64])
    return Quota(**{name: getattr(update if name in written else quota, name) for name in FIELDS})
