"""A keyring that is changed stays whole, private and its owner's."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from loci_server.crypto.keyring import KeyringError, changing, create_keyring, new_key, read_keyring

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture
def keyring(tmp_path: Path) -> Path:
    path = tmp_path / "keyring.json"
    create_keyring(path)
    return path


def test_a_change_is_written_private_and_in_order_and_nothing_else_stays(keyring: Path) -> None:
    (before,) = read_keyring(keyring).items()
    added = new_key()
    with changing(keyring) as keys:
        keys.clear()
        keys.update([added, before])
    assert [*read_keyring(keyring).items()] == [added, before]
    assert stat.S_IMODE(keyring.stat().st_mode) == 0o600
    assert os.listdir(keyring.parent) == ["keyring.json"]


def test_changes_at_once_all_happen(keyring: Path) -> None:
    def add(_: int) -> None:
        with changing(keyring) as keys:
            keys.update([new_key()])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(20)))
    assert len(read_keyring(keyring)) == 21


def test_a_change_that_fails_leaves_the_file_as_it_was(keyring: Path) -> None:
    before = keyring.read_bytes()

    def emptied() -> None:
        with changing(keyring) as keys:
            keys.clear()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        emptied()
    assert keyring.read_bytes() == before
    assert os.listdir(keyring.parent) == ["keyring.json"]


def test_a_link_to_a_keyring_stays_a_link(keyring: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(keyring)
    with changing(link) as keys:
        keys.update([new_key()])
    assert link.is_symlink()
    assert len(read_keyring(keyring)) == 2


@ROOT
def test_a_keyring_that_root_changes_stays_its_owners(keyring: Path) -> None:
    os.chown(keyring, 12345, 23456)
    with changing(keyring) as keys:
        keys.update([new_key()])
    assert (keyring.stat().st_uid, keyring.stat().st_gid) == (12345, 23456)


def test_a_keyring_that_cannot_be_used_is_not_changed(keyring: Path) -> None:
    keyring.chmod(0o644)
    with pytest.raises(KeyringError), changing(keyring):
        pytest.fail("it was opened")
