"""Named SQL statements, read from the .sql files beside this module.

A file holds blocks that begin with `-- name: NAME` and a line of comment; the rest of a block is the statement.
"""

from functools import cache
from importlib.resources import files

MARK = "-- name:"


@cache
def statements(file: str) -> dict[str, str]:
    """The statements of store/sql/`file`.sql by name."""
    text = (files(__package__) / "sql" / f"{file}.sql").read_text()
    found: dict[str, str] = {}
    for block in text.split(MARK)[1:]:
        name, _, body = block.partition("\n")
        lines = [line for line in body.splitlines() if not line.startswith("--")]
        found[name.strip()] = " ".join("\n".join(lines).split())
    return found


def statement(file: str, name: str) -> str:
    return statements(file)[name]
