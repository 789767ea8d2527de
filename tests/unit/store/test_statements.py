"""SQL stands in files, each statement with a name, a line of comment, and its tenant."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from loci_server.store.statements import MARK, statement, statements

ROOT = Path(__file__).parents[3]
FILES = [
    *("audit", "erasures", "feed", "feedback", "graphs", "identities", "imports", "items", "jobs", "keys", "log"),
    *("models", "past", "queries", "quotas", "reembedding", "tenants", "uses"),
]
NOT_OF_ONE_TENANT = {
    *("claim", "backlog", "purge_answers", "purge_imports", "find_cluster", "insert_cluster", "begin_incarnation"),
    *("extend_log", "allow_long_carry", "carry_log_part", "drop_log_part", "notify"),
    *("announce_server", "leave_server", "queue_changes", "find_changes", "progress"),
    *("record_audit", "record_late_audit", "find_audit_inboxes", "old_audits"),
    *("hear_keys", "leave_keys", "keys_known", "purge_key_changes", "claim_key_rotation", "worn_keys"),
    *("kek_uses", "graphs_wrapped_by"),
    *("count_encryptions", "rewrap_installation", "claim_erasure", "find_erasure"),
    *("list_all_erasures", "list_erasures_by_id", "find_repeated_erasure"),
    *("record_uses", "purge_use_flushes", "record_queries", "purge_queries", "clock"),
    *("note_key_uses",),
}
OPERATOR = {"lock_tenant", "update_tenant", "find_tenant", "list_tenants", "set_tenant_deleted"}


@pytest.mark.parametrize("file", FILES)
def test_each_statement_is_read_and_explained(file: str) -> None:
    text = (files("loci_server.store") / "sql" / f"{file}.sql").read_text()
    blocks = text.split(MARK)[1:]
    assert len(statements(file)) == len(blocks), "no name twice"
    for block in blocks:
        name, comment = (line.strip() for line in block.splitlines()[:2])
        assert comment.startswith("-- "), name
        assert statement(file, name)
        assert "--" not in statement(file, name)


@pytest.mark.parametrize("file", FILES)
def test_each_statement_names_its_tenant(file: str) -> None:
    for name, sql in statements(file).items():
        if name not in NOT_OF_ONE_TENANT | OPERATOR:
            assert "tenant_key" in sql or ("loci." in sql and re.search(r"\(\$1[,)]", sql.replace("$2, $1", "$1,"))), (
                name
            )


def test_rows_that_are_sought_to_be_claimed_are_sought_once() -> None:
    """A subquery may be run for each row that it is joined with, and then locks others each time."""
    sources = [*(ROOT / "migrations").glob("*.sql"), *(ROOT / "server/loci_server/store/sql").glob("*.sql")]
    found = 0
    for source in sources:
        text = source.read_text()
        for claim in re.finditer(r"LIMIT \S+ FOR (NO KEY )?UPDATE SKIP LOCKED", text):
            found += 1
            assert "AS MATERIALIZED " in _around(text, claim.start()), f"{source.name}: {claim.group()}"
    assert found >= 5


def _around(text: str, place: int) -> str:
    """What stands before each parenthesis that is open here."""
    before, depth = [], 0
    for at in range(place, 0, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth < 0:
            before.append(text[:at].splitlines()[-1])
            depth = 0
    return "\n".join(before)
