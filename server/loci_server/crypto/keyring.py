"""The keyring file of the provider `local`: root keys with their ids, of which the first one wraps.

JSON, mode 0600. It is replaced whole or not at all, and by one process at a time.
"""

import base64
import fcntl
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

KEY_BYTES = 32


class KeyringError(Exception):
    """The keyring cannot be used."""


def read_keyring(path: Path) -> dict[str, bytes]:
    """Root keys by id, in their order. Raises KeyringError, and OSError where there is no file."""
    if path.stat().st_mode & 0o077:
        raise KeyringError(f"{path} may be read by others; make it private: chmod 600 {path}")
    try:
        entries = json.loads(path.read_text())["keys"]
        found = [(str(entry["id"]), base64.b64decode(entry["key"], validate=True)) for entry in entries]
    except (KeyError, TypeError, ValueError):
        raise KeyringError(f"{path} is not a keyring") from None
    keys: dict[str, bytes] = {}
    for kek_id, key in found:
        if keys.setdefault(kek_id, key) != key:
            raise KeyringError(f"{path} holds two keys with the id {kek_id}; each needs an id of its own")
    if any(len(key) != KEY_BYTES for key in keys.values()):
        raise KeyringError(f"{path} holds a key that is not 32 bytes long")
    if not keys:
        raise KeyringError(f"{path} holds no key")
    return keys


def create_keyring(path: Path) -> None:
    """Writes a keyring with one new key; one that another process made meanwhile stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _written(path, dict([new_key()])) as draft, suppress(FileExistsError):
        os.link(draft, path)


@contextmanager
def changing(path: Path) -> Iterator[dict[str, bytes]]:
    """What the block makes of the keys is written when it ends without an error. Raises as `read_keyring`."""
    path = path.resolve(strict=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        before = read_keyring(path)
        keys = dict(before)
        yield keys
        if [*keys.items()] != [*before.items()]:
            with _written(path, keys) as draft:
                owner = path.stat()
                if (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
                    os.chown(draft, owner.st_uid, owner.st_gid)
                os.replace(draft, path)
            os.fsync(folder)
    finally:
        os.close(folder)


def new_key() -> tuple[str, bytes]:
    """Its id, and 32 random bytes."""
    key = secrets.token_bytes(KEY_BYTES)
    return key_id(key), key


def key_id(key: bytes) -> str:
    """An id that tells nothing of the key: the first 64 bits of a hash."""
    return "local-" + hashlib.sha256(b"loci/key-id/" + key).hexdigest()[:16]


@contextmanager
def _written(path: Path, keys: Mapping[str, bytes]) -> Iterator[str]:
    """A private file beside it, safely on disk; gone behind the block, wherever it was not renamed."""
    entries = [{"id": kek_id, "key": base64.b64encode(key).decode()} for kek_id, key in keys.items()]
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".keyring-")
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump({"keys": entries}, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        Path(draft).unlink(missing_ok=True)
