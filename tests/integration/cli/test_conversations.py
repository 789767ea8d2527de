"""Conversations are imported and retrieval in them is measured."""

import json
from pathlib import Path

from tests.command import Loci


def conversation(folder: Path) -> Path:
    """A small data set in the format `turns`, with two graphs."""
    said = [
        ("g", "s1", "t1", "Ann", "I adopted a grey parrot last week."),
        ("g", "s1", "t2", "Bob", "How lovely! What do you call it?"),
        ("g", "s2", "t3", "Ann", "The violin lessons begin on Monday."),
        ("h", "s1", "t1", "", "Quarterly figures were sent to Oslo."),
    ]
    turns = [
        {
            "graph": graph,
            "session": session,
            "id": turn,
            "speaker": who,
            "time": f"2024-01-0{place}T10:00:00Z",
            "text": text,
        }
        for place, (graph, session, turn, who, text) in enumerate(said, start=1)
    ]
    asked = [
        ("g", "q1", "Which parrot was adopted?", ["t1"], ["s1"], "easy"),
        ("g", "q2", "When do violin lessons begin?", ["t3"], ["s2"], "easy"),
        ("h", "q3", "Who was sent figures?", ["t1"], ["s1"], "other"),
        ("h", "q4", "Nobody knows", [], [], "none"),
    ]
    queries = [
        {"graph": graph, "id": id, "query": text, "time": None, "gold": gold, "gold_sessions": of, "category": category}
        for graph, id, text, gold, of, category in asked
    ]
    for name, rows in (("turns", turns), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_conversations_are_imported_once_however_often_it_is_said(loci: Loci, tmp_path: Path) -> None:
    data = conversation(tmp_path)
    first = (loci("import", "--format", "turns", str(data), "--graph-prefix", "x-", "--json")).lines
    assert [(done["graph"], done["node_count"], done["edge_count"]) for done in first] == [("x-g", 7, 7), ("x-h", 2, 1)]
    again = (loci("import", "--format", "turns", str(data), "--graph-prefix", "x-", "--json")).lines
    assert [done["skipped_chunk_count"] for done in again] == [1, 1]
    (stats,) = (loci("graphs", "stats", "x-g", "--json")).lines
    assert (stats["node_count"], stats["edge_count"], stats["revision"]) == ("7", "7", "1")


def test_retrieval_is_measured_in_a_tenant_that_is_gone_afterwards(operator: Loci, tmp_path: Path) -> None:
    before = {tenant["name"] for tenant in (operator("tenants", "list", "--json")).lines}
    (result,) = (
        operator("eval", "retrieval", str(conversation(tmp_path)), "--mode", "lexical", "--k", "1,3", "--json")
    ).lines
    assert result["overall"] == {
        "queries": 3,
        "turn_recall@1": 1.0,
        "turn_recall@3": 1.0,
        "turn_all@1": 1.0,
        "turn_all@3": 1.0,
        "ndcg@10": 1.0,
        "session_all@1": 1.0,
        "session_all@3": 1.0,
        "session_ndcg@10": 1.0,
    }
    assert {name: found["queries"] for name, found in result["categories"].items()} == {"easy": 2, "other": 1}
    assert (result["turns"], result["queries"]) == (4, 4)
    after = {tenant["name"] for tenant in (operator("tenants", "list", "--json")).lines}
    assert not {name for name in after - before if name.startswith("tenants/eval-")}
