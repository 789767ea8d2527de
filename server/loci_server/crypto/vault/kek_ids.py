"""Kek ids of keys in Vault: where the key is, and its version."""

import re

VERSION = re.compile("[1-9][0-9]{0,8}")


def kek_id_of(path: str, version: int) -> str:
    return f"{path}:v{version}"


def version_in(kek_id: str, path: str) -> int:
    """Raises ValueError for what is no kek id of a key at `path`."""
    place, _, version = kek_id.rpartition(":v")
    if place != path or not VERSION.fullmatch(version):
        raise ValueError("not the kek id of a version of this key")
    return int(version)


def is_later(kek_id: str, other: str, path: str) -> bool:
    """Whether the first is a later version of the key at `path` than the other. False for others' kek ids."""
    try:
        return version_in(kek_id, path) > version_in(other, path)
    except ValueError:
        return False
