"""The local key provider wraps for one tenant and purpose, and keeps its keyring to itself."""

import base64
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.keyring import KeyringError, create_keyring, key_id
from loci_server.crypto.local import LocalKeyProvider, from_file, from_setting
from loci_server.errors import ContentUnreadable

ROOT, OTHER, DATA = b"r" * 32, b"o" * 32, b"d" * 32


async def test_a_wrapped_key_opens_for_its_tenant_and_purpose_only() -> None:
    provider = LocalKeyProvider({"a": ROOT})
    wrapped = await provider.wrap(1, b"content", DATA)
    assert await provider.unwrap(1, b"content", wrapped) == DATA
    assert DATA not in wrapped.wrapped
    for tenant, purpose in ((2, b"content"), (1, b"search")):
        with pytest.raises(ContentUnreadable):
            await provider.unwrap(tenant, purpose, wrapped)
    for forged in (wrapped.wrapped[:-1], b"", wrapped.wrapped[:-1] + bytes([wrapped.wrapped[-1] ^ 1])):
        with pytest.raises(ContentUnreadable):
            await provider.unwrap(1, b"content", WrappedKey("a", forged))


async def test_another_root_key_does_not_open_it_also_under_the_same_id() -> None:
    wrapped = await LocalKeyProvider({"a": ROOT}).wrap(1, b"content", DATA)
    for keys in ({"a": OTHER}, {"b": ROOT}):
        with pytest.raises(ContentUnreadable):
            await LocalKeyProvider(keys).unwrap(1, b"content", wrapped)


async def test_the_first_root_key_wraps_and_all_unwrap() -> None:
    old = await LocalKeyProvider({"a": ROOT}).wrap(1, b"content", DATA)
    both = LocalKeyProvider({"b": OTHER, "a": ROOT})
    assert await both.unwrap(1, b"content", old) == DATA
    assert (await both.wrap(1, b"content", DATA)).kek_id == "b"


async def test_nothing_of_a_tenant_is_retired_or_destroyed_where_root_keys_are_those_of_all() -> None:
    both = LocalKeyProvider({"b": OTHER, "a": ROOT})
    old = await LocalKeyProvider({"a": ROOT}).wrap(1, b"content", DATA)
    assert await both.retire(1, "b") == []
    assert await both.destroy(1) == []
    assert await both.unwrap(1, b"content", old) == DATA


def test_a_keyring_is_made_private_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keyring.json"
    from_file(path)
    first = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    from_file(path)
    assert path.read_text() == first
    assert os.listdir(path.parent) == ["keyring.json"]


def test_many_at_once_make_one_keyring(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: create_keyring(path), range(20)))
    assert len(json.loads(path.read_text())["keys"]) == 1
    assert os.listdir(tmp_path) == ["keyring.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"keys": []}',
        '{"keys": [{"id": "a", "key": "AAAA"}]}',
        '{"keys": [{"id": "a", "key": 1}]}',
        "é",
    ],
)
def test_a_broken_keyring_is_refused_without_a_word_of_its_content(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keyring.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyringError) as caught:
        from_file(path)
    assert "AAAA" not in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_keyring_that_others_may_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keyring.json"
    create_keyring(path)
    path.chmod(mode)
    with pytest.raises(KeyringError, match="chmod 600"):
        from_file(path)


async def test_a_key_in_the_environment_is_32_bytes_of_either_base64() -> None:
    key = bytes(range(223, 255))
    for encoded in (base64.b64encode(key), base64.urlsafe_b64encode(key)):
        provider = from_setting(encoded.decode() + "\n")
        assert (await provider.wrap(1, b"", DATA)).kek_id == key_id(key)
    for wrong in (
        "",
        "x",
        "A" * 43,
        base64.b64encode(b"k" * 31).decode(),
        base64.b64encode(b"k" * 33).decode(),
        "é" * 44,
    ):
        with pytest.raises(KeyringError) as caught:
            from_setting(wrong)
        assert not wrong or wrong not in str(caught.value)


def test_an_id_tells_nothing_of_its_key() -> None:
    assert ROOT.hex()[:8] not in key_id(ROOT)
    assert key_id(ROOT) != key_id(OTHER)


def test_a_keyring_with_two_keys_of_one_id_is_refused_by_that_id(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    entries = [{"id": "local-twice", "key": base64.b64encode(key).decode()} for key in (ROOT, OTHER)]
    path.write_text(json.dumps({"keys": entries}))
    path.chmod(0o600)
    with pytest.raises(KeyringError, match="two keys with the id local-twice"):
        from_file(path)
    path.write_text(json.dumps({"keys": [entries[0], entries[0]]}))
    from_file(path)
