"""SQL stands in files, each statement with a name, a line of comment, and its tenant."""

import re
from importlib.resources import files

import pytest

from loci_server.store.statements import MARK, statement, statements

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
