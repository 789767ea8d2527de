"""Memories are recalled in the terminal: as a text, as a list, and with reasons where there is none."""

from pathlib import Path

from tests.command import Loci
from tests.integration.cli.test_conversations import conversation


def test_memories_are_a_text_or_a_list_of_one_graph_or_several(loci: Loci, tmp_path: Path) -> None:
    loci("import", "--format", "turns", str(conversation(tmp_path)))
    told = loci("recall", "g", "which parrot?").out
    assert told.startswith(
        "2024-01-01\n[t1] Ann: I adopted a grey parrot last week.\n2024-01-02\n[t2] Bob: How lovely!"
    )
    both = loci("recall", "g,h", "parrot figures").out
    assert "[g/t1] Ann: I adopted" in both
    assert "[h/t1] Quarterly figures" in both
    assert "parrot" in loci("recall", "g", "which parrot?", "--tokens", "0", "-n", "1").out
    (answer,) = loci("recall", "g", "which parrot?", "--json", "--profile", "strict", "--tokens", "100").lines
    assert [memory["node"]["name"] for memory in answer["memories"]] == ["graphs/g/nodes/t1"]
    assert answer["context"]["node_names"] == ["graphs/g/nodes/t1"]
    assert "Nothing found" in loci("recall", "g", "zeppelin").err
    assert "fits into 4 tokens" in loci("recall", "g", "parrot", "--tokens", "4").err


def test_what_a_memory_holds_does_not_drive_the_terminal(loci: Loci) -> None:
    loci("graphs", "create", "g")
    loci("node", "create", "g", "n", "--file", "-", stdin="A parrot\x1b[31m is red\x07.\nIt talks.")
    told = loci("recall", "g", "which parrot?").out
    assert "A parrot\ufffd[31m is red\ufffd.\n  It talks." in told


def test_weights_are_named_and_numbers(loci: Loci) -> None:
    loci("graphs", "create", "g")
    assert "not one of" in loci.any("recall", "g", "x", "--weight", "luck=1").err
    assert "not a number" in loci.any("search", "g", "x", "--weight", "graph=much").err
    assert "weights.graph" in loci.fails("search", "g", "x", "--weight", "graph=11")


def test_what_is_packed_is_measured_and_a_tenant_that_was_kept_is_asked_again(operator: Loci, tmp_path: Path) -> None:
    data = str(conversation(tmp_path))
    first = operator("eval", "retrieval", data, "--keep", "--tokens", "50", "--json")
    (result,) = first.lines
    assert result["overall"]["packed_recall@50"] == 1.0
    tenant = next(word for word in first.err.split() if word.startswith("eval-"))
    (again,) = operator("eval", "retrieval", data, "--tenant", tenant, "--weight", "graph=0", "--json").lines
    assert again["overall"]["turn_recall@5"] == 1.0
    assert "import" not in again["seconds"]
