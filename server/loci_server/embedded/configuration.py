"""The settings of the bundled PostgreSQL, in a file of their own beside postgresql.conf.

The file is written anew at each start. What an operator sets with ALTER SYSTEM is read after it and wins.
"""

import os
from pathlib import Path

from .account import Account

FILE_NAME = "loci.conf"

# For two cores and a few GB. WAL compression stays off: pages hold ciphertext, and this build has no lz4.
SETTINGS = {
    # Nothing that was acknowledged may be lost.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # Reachable through the socket alone.
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    # Memory and disk.
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    # Parallel index builds take their memory from here first: /dev/shm has but 64 MB in a container.
    "min_dynamic_shared_memory": "160MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    # Short statements gain nothing from these.
    "jit": "off",
    "track_io_timing": "off",
    # A log of a week that never holds a statement or a value.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_file_mode": "0600",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
}


def write(folder: Path, socket_folder: Path | None, account: Account | None) -> None:
    """Write the settings; `socket_folder` None is the data folder."""
    settings = SETTINGS | {"unix_socket_directories": f'"{socket_folder}"' if socket_folder else "."}
    lines = (f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items())
    file = folder / FILE_NAME
    fresh = file.with_suffix(".new")
    fresh.write_text("# Written by Loci at each start; use ALTER SYSTEM to change a setting.\n" + "".join(lines))
    fresh.chmod(0o600)
    if account:
        os.chown(fresh, account.uid, account.gid)
    fresh.replace(file)


def include(folder: Path) -> None:
    """Have postgresql.conf of a new server read the file."""
    with (folder / "postgresql.conf").open("a") as file:
        file.write(f"\ninclude_if_exists '{FILE_NAME}'\n")
