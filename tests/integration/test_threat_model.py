"""docs/threat-model.md says of every stored field what it tells: a column that it does not name, and a name that is no
column any more, fail."""

import re
from pathlib import Path

import asyncpg

from tests.integration.tampering.envelopes import SEALED

DOCUMENT = Path(__file__).parents[2] / "docs" / "threat-model.md"
COLUMNS = (
    "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t "
    "USING (table_schema, table_name) WHERE table_schema = 'loci' AND c.table_name !~ '^changes_'"
)


def named() -> dict[str, str]:
    """The fields that the table names, each with its row."""
    section = DOCUMENT.read_text().partition("## What each stored field tells")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return {field: row for row in rows for field in re.findall(r"`((?:\w+|\*)\.\w+)`", row.split("|")[1])}


async def test_every_column_is_named_and_nothing_else(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        columns = [(row["table_name"], row["column_name"]) for row in await connection.fetch(COLUMNS)]
    finally:
        await connection.close()
    fields = named()
    assert [
        f"{table}.{column}" for table, column in columns if not {f"{table}.{column}", f"*.{column}"} & set(fields)
    ] == []
    there = {f"{table}.{column}" for table, column in columns} | {f"*.{column}" for _, column in columns}
    assert set(fields) <= there


def test_envelopes_are_told_from_the_rest() -> None:
    assert {field for field, row in named().items() if "envelopes" in row or "wrapped keys" in row} == SEALED.keys()
