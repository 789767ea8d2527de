"""Kek ids of keys in Vault: where the key is, and its version."""

import re

from loci_server.crypto.provider import KeyProvider
from loci_server.errors import ContentUnreadable, KeyDestroyed, KeyServiceUnavailable

VERSION = re.compile("[1-9][0-9]{0,8}")


def kek_id_of(path: str, version: int) -> str:
    return f"{path}:v{version}"


def version_in(kek_id: str, path: str) -> int:
    """Raises ValueError for what is no kek id of a key at `path`."""
    place, _, version = kek_id.rpartition(":v")
    if place != path or not VERSION.fullmatch(version):
        raise ValueError("not the kek id of a version of this key")
    return int(version)


async def unopened(keys: KeyProvider, tenant_key: int, kek_id: str, detail: str) -> ContentUnreadable:
    """Why a data key does not open: KeyDestroyed where Vault says that it no longer holds what wrapped it."""
    try:
        held = await keys.held(tenant_key)
    except KeyServiceUnavailable:  # it may well be there
        return ContentUnreadable(detail=detail)
    return ContentUnreadable(detail=detail) if kek_id in held else KeyDestroyed()
