"""Files that whoever runs the server may replace while it runs: read whole, and never more than fits."""

import os
import stat
from pathlib import Path
from typing import Final

MAX_FILE_BYTES: Final = 1 << 20


class FileError(Exception):
    """A file that cannot be used. The message is for the person who runs the server, and shows nothing that stands in
    it."""


def content(path: Path) -> bytes:
    """Raises FileError for what cannot be read, is no file, or is beyond MAX_FILE_BYTES."""
    try:
        # A named pipe would keep who opens it waiting.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FileError(f"{path} is not a file.")
            found = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}.") from None
    if len(found) > MAX_FILE_BYTES:
        raise FileError(f"{path} has more than {MAX_FILE_BYTES} bytes.")
    return found
