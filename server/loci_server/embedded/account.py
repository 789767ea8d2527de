"""The system user that PostgreSQL runs as when we are root, and the way to its files."""

import logging
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from .failure import BundledPostgresError

SYSTEM_USER = "loci-postgres"
SEARCH = stat.S_IXOTH

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """A system user other than root."""

    uid: int
    gid: int

    @classmethod
    def for_folder(cls, folder: Path) -> Self | None:
        """Who PostgreSQL runs as: the owner of `folder`, or `loci-postgres`. None: we are not root, so as ourselves."""
        if os.geteuid() != 0:
            return None
        if folder.exists() and (owner := folder.stat()).st_uid != 0:
            return cls(owner.st_uid, owner.st_gid)
        entry = _find(SYSTEM_USER) or _create(SYSTEM_USER)
        return cls(entry.pw_uid, entry.pw_gid)


def open_path_to(folder: Path, account: Account | None) -> None:
    """Let `account` walk to `folder`: each folder above gets the search bit for others, and no more than that."""
    if account is None:
        return
    for parent in folder.resolve().parents:
        mode = stat.S_IMODE(parent.stat().st_mode)
        if not mode & SEARCH:
            parent.chmod(mode | SEARCH)
            logger.info("PostgreSQL cannot run as root: %s is now %o so that its user can pass", parent, mode | SEARCH)


def open_tree(root: Path) -> None:
    """Let others read the programs; a strict umask at installation may have closed them."""
    for path in (root, *root.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        wanted = mode | (0o555 if path.is_dir() or mode & stat.S_IXUSR else 0o444)
        if mode != wanted and not path.is_symlink():
            path.chmod(wanted)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create(name: str) -> pwd.struct_passwd:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program:
        arguments = [program, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
        subprocess.run(arguments, check=False, capture_output=True, timeout=30)  # noqa: S603 # nosec B603
    if entry := _find(name):
        return entry
    raise BundledPostgresError(
        f"PostgreSQL cannot run as root, and the system user {name} cannot be made; "
        "run as another user, make that user, or set LOCI_DATABASE_URL"
    )
