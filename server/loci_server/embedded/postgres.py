"""A PostgreSQL in the data folder: begun, shared, mended after a crash and stopped.

The library that brings the programs can also run them, but it counts its users in a file that a kill -9 leaves wrong,
believes a postmaster.pid whose number another process has since been given, and allows recovery ten seconds. Here the
kernel counts: every user holds a shared lock on one file, and the last one to leave stops the server.
"""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from . import configuration
from .account import Account, open_path_to
from .programs import BundledPostgresError, Programs, Reply

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103
"""Bytes; 107 on Linux, 103 on macOS."""
START_TIMEOUT = 300.0
"""Seconds a start may take, crash recovery included."""
STOP_TIMEOUT = 60
LEFTOVER_GRACE = 10.0
"""Seconds to wait for what a killed postmaster left behind: its children see its death and end by themselves."""


class BundledPostgres:
    """The PostgreSQL under `data_dir`/postgres, running for as long as anybody uses it.

    Several processes may use one `data_dir`: the first starts the server, the others share it, the last to stop()
    stops it. A process that dies without stop() leaves PostgreSQL running, and the next one takes it over.

    It listens on a Unix socket only, in a folder that only its owner may enter; that is its access control, so the
    superuser `postgres` needs no password there. `data_dir` is made with mode 0700. As root, where PostgreSQL refuses
    to run, it runs as the owner of its folder, for a new folder the system user `loci-postgres`. That user must be
    able to walk to its folder, so the folders above it, `data_dir` among them, get the search bit for others (0701:
    passable, not listable). Secrets in `data_dir` must therefore be files of mode 0600.

    All methods block; call them from a thread in asynchronous code.
    """

    def __init__(self, data_dir: Path, *, major: int | None = None) -> None:
        """Prepare the folder. `major` is the PostgreSQL for a new folder; an existing one keeps that of its files."""
        self.data_dir = data_dir.expanduser().resolve()
        self.folder = self.data_dir / "postgres"
        _make_private(self.data_dir)
        self._account = Account.for_folder(self.folder)
        self._programs = Programs(major=_major_of(self.folder) or major, account=self._account)
        self._users: IO[bytes] | None = None

    @classmethod
    def start(cls, data_dir: Path, *, major: int | None = None) -> Self:
        """Make `data_dir` if need be, and return with a server that answers. Raises BundledPostgresError."""
        server = cls(data_dir, major=major)
        server.ensure_running()
        return server

    @staticmethod
    def exists_in(data_dir: Path) -> bool:
        """Whether `data_dir` has a database. Makes nothing. Raises PermissionError where that cannot be seen."""
        return (data_dir.expanduser() / "postgres" / "PG_VERSION").exists()

    @classmethod
    def start_existing(cls, data_dir: Path) -> Self:
        """As start(), where there is a database already. Raises BundledPostgresError, and makes nothing, where not."""
        if not cls.exists_in(data_dir):
            raise BundledPostgresError(f"{data_dir} has no database; LOCI_DATA_DIR says which folder is meant")
        return cls.start(data_dir)

    @property
    def url(self) -> str:
        """URL of the database `postgres` for the superuser `postgres`, over the Unix socket."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.socket_folder), safe='/')}"

    @property
    def client_environment(self) -> dict[str, str]:
        """This process's environment, in which `psql` and `pg_dump` are those of this server, and reach it."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        path = os.pathsep.join(filter(None, (str(self._programs.folder), own.get("PATH"))))
        place = {"PGHOST": str(self.socket_folder), "PGUSER": "postgres", "PGDATABASE": "postgres"}
        return own | place | {"PATH": path}

    @property
    def socket_folder(self) -> Path:
        """The data folder, or a private folder in the system's temporary one where that path is too long."""
        inside = self.folder / SOCKET_NAME
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH and "," not in str(inside):
            return self.folder
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"loci-{os.geteuid()}-{digest}"

    def ensure_running(self) -> None:
        """Start the server if it does not answer. Also mends one that was killed while in use."""
        with self._starting():
            if not (self.folder / "PG_VERSION").exists():
                self._initialise()
            if not self._answers():
                open_path_to(self.folder, self._account)
                configuration.write(self.folder, self._prepared_socket_folder(), self._account)
                self._launch(time.monotonic() + START_TIMEOUT)
            self._join()

    def stop(self) -> None:
        """Leave. The last user stops the server: running transactions are rolled back, committed ones are on disk."""
        with self._starting():
            if self._users is None:
                return
            last = _lock(self._users, fcntl.LOCK_EX)
            self._users.close()
            self._users = None
            if last and self._reply() is not Reply.NOTHING:
                self._programs.stop(self.folder, timeout=STOP_TIMEOUT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """Only one process at a time starts or stops the server."""
        deadline = time.monotonic() + START_TIMEOUT
        with self._open_lock("postgres.lock") as file:
            while not _lock(file, fcntl.LOCK_EX):
                if time.monotonic() > deadline:
                    raise BundledPostgresError(f"another process has held {file.name} for {START_TIMEOUT:.0f} s")
                time.sleep(0.05)
            yield

    def _join(self) -> None:
        """Be counted. Nobody can stop the server before that: it takes the lock of _starting()."""
        if self._users is None:
            users = self._open_lock("postgres.users")
            if not _lock(users, fcntl.LOCK_SH):
                users.close()
                raise BundledPostgresError(f"{users.name} is locked by another program")
            self._users = users

    def _open_lock(self, name: str) -> IO[bytes]:
        path = self.data_dir / name
        try:
            return open(path, "ab", opener=lambda file, flags: os.open(file, flags, mode=0o600))
        except OSError as error:
            raise BundledPostgresError(f"cannot write {path}: {error.strerror}") from error

    def _initialise(self) -> None:
        """Make the files beside their place and move them there, so that a half-made folder is never taken for one."""
        fresh = self.folder.with_name("postgres.new")
        self._programs.initdb(fresh)
        configuration.include(fresh)
        try:
            fresh.rename(self.folder)
        except OSError as error:
            raise BundledPostgresError(f"{self.folder} is in the way: it holds no PostgreSQL data") from error
        _sync_folder(self.data_dir)

    def _answers(self) -> bool:
        """Whether the server takes connections; one that is starting or ending is waited for."""
        deadline = time.monotonic() + START_TIMEOUT
        while (reply := self._reply()) is Reply.NOT_YET:
            if time.monotonic() > deadline:
                raise BundledPostgresError(f"the server in {self.folder} is up but takes no connections")
            time.sleep(0.05)
        return reply is Reply.READY

    def _reply(self) -> Reply:
        return self._programs.reply(self.socket_folder)

    def _launch(self, deadline: float) -> None:
        log = self.folder / "startup.log"
        patience = time.monotonic() + LEFTOVER_GRACE
        while True:
            log.unlink(missing_ok=True)
            try:
                self._programs.start(self.folder, log, timeout=deadline - time.monotonic())
                return
            except BundledPostgresError as error:
                said = log.read_text(errors="replace") if log.exists() else ""
                occupied = "pre-existing shared memory block" in said or '"postmaster.pid" already exists' in said
                if not occupied or time.monotonic() > patience:
                    raise BundledPostgresError(f"{error}\n{said[-2000:]}".strip()) from error
                _remove_stale_pid_file(self.folder)
                time.sleep(0.1)

    def _prepared_socket_folder(self) -> Path | None:
        """The socket's folder where it is not the data folder itself, made and private."""
        folder = self.socket_folder
        if folder == self.folder:
            return None
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = self._account.uid if self._account else os.geteuid()
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid not in {owner, os.geteuid()} or found.st_mode & 0o077:
            raise BundledPostgresError(f"{folder}, for the socket, exists already and is not private")
        if self._account:
            os.chown(folder, self._account.uid, self._account.gid)
        return folder


def _make_private(folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BundledPostgresError(f"cannot make {folder}: {error.strerror}") from error


def _major_of(folder: Path) -> int | None:
    try:
        return int((folder / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BundledPostgresError(f"cannot read {folder / 'PG_VERSION'}: {error}") from error


def _lock(file: IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove_stale_pid_file(folder: Path) -> None:
    """Remove a postmaster.pid whose number now belongs to some other program, as happens when a container restarts.

    PostgreSQL cannot know this by itself. It still refuses to start beside a live server: it also looks at the shared
    memory that belongs to the folder.
    """
    file = folder / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n", 1)[0])
        program = Path(f"/proc/{pid}/comm").read_text().strip()
    except (OSError, ValueError):
        return
    if program != "postgres":
        file.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
