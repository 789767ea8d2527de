"""The files of the migrations: where they are, how they are named, that none is missing."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from .migration_errors import BadMigrations

FILE_NAME = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """A file."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_dir() -> Path:
    """The files: inside the package in a wheel, at the top of the repository in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "migrations", package.parents[1] / "migrations"):
        if folder.is_dir():
            return folder
    raise BadMigrations(detail="the folder migrations is missing")


def read(directory: Path) -> list[Migration]:
    """The files of a folder by version; there is no gap and no double among them. Other kinds of files are ignored."""
    found: list[Migration] = []
    for file in sorted(directory.glob("*.sql")):
        match = FILE_NAME.fullmatch(file.name)
        if match is None:
            raise BadMigrations(detail=f"{file.name} is not named NNNN_name.sql")
        found.append(Migration(int(match["version"]), match["name"], file.read_text(encoding="utf-8")))
    for place, migration in enumerate(found, start=1):
        if migration.version != place:
            raise BadMigrations(detail=f"expected version {place:04}, found {migration.version:04}_{migration.name}")
    return found
