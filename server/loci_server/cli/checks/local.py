"""What stands on this machine: Python and packages, the data folder, the keyring."""

import os
import sys
from collections.abc import Iterator
from importlib import metadata

from loci_server.cli.checks.finding import Finding, ok, problem
from loci_server.preflight import keyring_file
from loci_server.settings import Settings

OLDEST_PYTHON = (3, 11)
PACKAGES = ("loci-server", "loci-client", "grpcio", "protobuf", "asyncpg", "cryptography")


def runtime() -> Iterator[Finding]:
    """Python and the packages that matter."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        yield ok("python", f"Python {version}.")
    else:
        yield problem(
            "python", f"Python {version} is too old; Loci needs {'.'.join(map(str, OLDEST_PYTHON))} or later."
        )
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            yield problem("packages", f"The package {package} is not installed.")
    yield ok("packages", f"{', '.join(found)}.")


def data_folder(settings: Settings) -> Iterator[Finding]:
    """Whether it is there, ours, and closed to others."""
    folder = settings.data_dir
    if not folder.exists():
        yield ok("data folder", f"{folder} is not there yet; `loci serve` makes it.")
        return
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield problem("data folder", f"{folder} is not a folder that this user may write.")
        return
    mode = folder.stat().st_mode
    if mode & 0o066:
        yield problem("data folder", f"{folder} is open to others; close it: chmod go-rw {folder}")
    else:
        yield ok("data folder", f"{folder} is closed to others.")


def keyring(settings: Settings) -> Iterator[Finding]:
    """Whether the root keys can be used. That they fit the database is seen there."""
    from loci_server.crypto.keyring import KeyringError
    from loci_server.crypto.local import from_file, from_setting

    try:
        if settings.encryption_key is not None:
            from_setting(settings.encryption_key.get_secret_value())
            yield ok("keyring", "The root key is that of LOCI_ENCRYPTION_KEY.")
            return
        path = keyring_file(settings)
        if not path.exists():
            yield ok("keyring", f"{path} is not there yet; the first start makes it.")
            return
        from_file(path)
        yield ok("keyring", f"{path} is private and can be read. Keep a copy elsewhere: without it nothing opens.")
    except KeyringError as error:
        yield problem("keyring", f"{error}.")
    except OSError as error:
        yield problem("keyring", f"The keyring cannot be read: {error.strerror}: {error.filename}")
