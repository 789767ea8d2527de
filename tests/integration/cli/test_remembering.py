"""Memories and sessions are kept, shown and forgotten in the terminal."""

import pytest

from tests.command import Loci


@pytest.fixture(autouse=True)
def graph(loci: Loci) -> None:
    loci("graphs", "create", "g")


def test_a_memory_is_remembered_once_and_the_newest_is_current(loci: Loci) -> None:
    where = ("--slot", "lives_in", "--subject", "Ann")
    first = loci("remember", "g", "Ann lives in Austin", *where, "--value", "Austin", "--id", "austin").out
    assert "added" in first
    assert "0.70" in first
    again = loci("remember", "g", "Ann lives in Austin!", *where, "--value", "Austin", "--source", "mail").out
    assert "duplicate of" in again
    assert "0.91" in again
    (moved,) = loci("remember", "g", "Ann lives in Dallas", *where, "--value", "Dallas", "--json").lines
    assert moved["outcome"] == "REMEMBER_OUTCOME_SUPERSEDES"
    assert moved["superseded"] == ["graphs/g/nodes/austin"]
    told = loci("recall", "g", "Where does Ann live?").out
    assert "Dallas" in told
    assert "Austin" not in told
    assert "--slot" in loci.any("remember", "g", "x", "--value", "y").err
    assert "not in the future" in loci.any("remember", "g", "x", "--expires", "2001-01-01").err


def test_memories_are_forgotten_as_they_are_selected(loci: Loci) -> None:
    for number in range(3):
        loci("remember", "g", f"note number {number}", "--type", "note", "--id", f"n{number}", "-p", f"k={number}")
    dry = loci("forget", "g", "--type", "note", "--dry-run").out.splitlines()
    assert [" ".join(line.split()) for line in dry[-3:]] == [f"n{number} note number {number}" for number in range(3)]
    assert loci("forget", "g", "n0", "--dry-run", "--json").lines == [
        {"names": ["n0"], "texts": ["note number 0"], "dry_run": True, "more": False}
    ]
    loci("forget", "g", "n0")
    assert loci("forget", "g", "-p", "k=1", "--hard", "--yes", "--json").lines == [
        {"names": ["n1"], "dry_run": False, "more": False}
    ]
    assert "There is no such memory" in loci("forget", "g", "--session", "s").err
    assert loci("forget", "g", "--type", "note").out.split()[-1] == "n2"
    for wrong in ((), ("n0", "--type", "note")):
        assert "give ids of memories" in loci.any("forget", "g", *wrong).err


def test_what_is_not_there_is_named_and_nothing_is_forgotten(loci: Loci) -> None:
    loci("remember", "g", "Likes tea", "--id", "tea")
    for options in ((), ("--dry-run",), ("--hard", "--yes")):
        said = loci.fails("forget", "g", "tea", "nobody", "noone", *options)
        assert "NODE_NOT_FOUND: there is no nobody, noone." in said
    assert loci("node", "get", "g", "tea", "--json").lines


def test_a_session_is_forgotten_with_its_turns(loci: Loci) -> None:
    loci("session", "start", "g", "s")
    loci("session", "append", "g", "s", "Hello there")
    assert "Hello there" in loci("forget", "g", "session:s", "--dry-run").out
    assert len(loci("forget", "g", "session:s", "--json").lines[0]["names"]) == 2
    assert "Nothing found" in loci("search", "g", "hello").err


def test_texts_and_questions_are_read_from_standard_input(loci: Loci) -> None:
    loci("remember", "g", "-", "--id", "tea", stdin="Ann likes green tea\n")
    assert loci("node", "get", "g", "tea", "--json").lines[0]["text"] == "Ann likes green tea"
    loci("session", "start", "g", "s")
    loci("session", "append", "g", "s", "-", stdin="Hello\nthere\n")
    assert loci("session", "transcript", "g", "s", "--json").lines[0]["text"] == "Hello\nthere"
    for command in ("search", "recall"):
        assert "green tea" in loci(command, "g", "-", stdin="who likes tea?\n").out
    assert loci.any("remember", "g", "-", stdin="").code == 1


def test_a_search_is_narrowed_by_properties_and_sessions(loci: Loci) -> None:
    loci("session", "start", "g", "s")
    loci("remember", "g", "Ann likes green tea", "--id", "a", "-p", "cups=2", "--session", "s")
    loci("remember", "g", "Bob likes green tea", "--id", "b", "-p", "cups=3")
    for command in ("search", "recall"):
        for options, found in (
            (("-p", "cups=3"), "Bob"),
            (("--property", "cups=2"), "Ann"),
            (("--session", "s"), "Ann"),
        ):
            told = loci(command, "g", "green tea", *options).out
            assert found in told
            assert {"Ann": "Bob", "Bob": "Ann"}[found] not in told


def test_a_wrong_span_is_answered_with_the_form_of_a_span(loci: Loci) -> None:
    wrong = loci.any("remember", "g", "x", "--expires", "1x")
    assert wrong.code == 2
    assert "30m" in wrong.err


def test_a_session_is_begun_continued_and_shown(loci: Loci) -> None:
    assert "On tea" in loci("session", "start", "g", "s", "--title", "On tea").out
    loci("session", "append", "g", "s", "Hello there", "--speaker", "Ann")
    assert "2" in loci("session", "append", "g", "s", "Hi", "-s", "Bob").out
    lines = loci("session", "transcript", "g", "s").out.strip().splitlines()
    assert [line.split("  ")[-1].strip() for line in lines[-2:]] == ["Hello there", "Hi"]
    assert "On tea" in loci("session", "list", "g").out
    assert loci("session", "show", "g", "s").out.strip().splitlines() == lines
    assert "session:nobody" in loci.fails("session", "transcript", "g", "nobody")
