"""Output is harmless to terminals, whole in pipes, and JSON where it is asked for."""

import json

import pytest

from loci.v1.graph_pb2 import Graph
from loci_server.cli.output import Output, harmless, one_line
from loci_server.cli.search import snippet


def test_content_cannot_drive_the_terminal() -> None:
    assert harmless("a\x1b[31mred\x07\x9b0m") == "a\ufffd[31mred\ufffd\ufffd0m"
    assert harmless("left\u202eright") == "left\ufffdright"
    assert harmless("two\nlines\tand 👩‍👧 ü") == "two\nlines\tand 👩‍👧 ü"


def test_markup_of_tables_is_not_read_from_content(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False).table(["a"], [["[bold]x[/bold]"]])
    assert "[bold]x[/bold]" in capsys.readouterr().out


def test_a_row_in_a_pipe_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False).table(["id", "text"], [["n", "word " * 200 + "\nmore"]])
    header, row, *rest = capsys.readouterr().out.splitlines()
    assert header.split() == ["id", "text"]
    assert row.startswith("n")
    assert row.rstrip().endswith("word more")
    assert not rest


def test_json_has_the_names_and_times_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    graph = Graph(name="graphs/ü", display_name="a\nb", revision=3)
    graph.create_time.FromJsonString("2026-01-31T12:00:00Z")
    Output(as_json=True).messages([graph, graph], (), lambda graph: (), "nothing")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0]) == {
        "name": "graphs/ü",
        "display_name": "a\nb",
        "revision": "3",
        "create_time": "2026-01-31T12:00:00Z",
    }


def test_an_empty_list_is_empty_for_programs_and_a_remark_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    none: list[Graph] = []
    Output(as_json=True).messages(none, (), lambda graph: (), "nothing")
    assert capsys.readouterr() == ("", "")
    Output(as_json=False).messages(none, (), lambda graph: (), "There is nothing.")
    assert capsys.readouterr() == ("", "There is nothing.\n")


def test_a_text_is_cut_to_one_line() -> None:
    assert one_line("a\n b\tc") == "a b c"
    assert one_line("x" * 100, 10) == "x" * 9 + "…"


def test_a_snippet_shows_what_was_asked_for() -> None:
    text = "nothing here " * 50 + "then Ann played the cello at last " + "and more " * 50
    found = snippet(text, "who plays the cello?", 80)
    assert "cello" in found
    assert found.startswith("…")
    assert found.endswith("…")
    assert snippet("short text", "cello") == "short text"
    assert snippet(text, "???", 80).startswith("nothing here")
