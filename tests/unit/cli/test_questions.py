"""Questions with known answers are read; what is wrong is said with file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from loci_server.cli import trial
from loci_server.cli.failures import Failed
from loci_server.cli.jsonl import BadLine
from loci_server.cli.questions import read_questions

QUESTION = {
    "graph": "g",
    "id": "q1",
    "query": "Who?",
    "time": None,
    "gold": ["t1"],
    "gold_sessions": ["s1"],
    "category": "single-hop",
}
TURN = {"graph": "g", "session": "s1", "id": "t1", "speaker": "Ann", "time": "2023-05-08T13:56:00Z", "text": "Hello"}


def written(folder: Path, question: dict[str, Any]) -> Path:
    (folder / "turns.jsonl").write_text(json.dumps(TURN))
    path = folder / "queries.jsonl"
    path.write_text(json.dumps(question))
    return path


def test_a_question_has_its_answers(tmp_path: Path) -> None:
    (question,) = read_questions(written(tmp_path, QUESTION))
    assert (question.query, question.gold, question.category) == ("Who?", frozenset({"t1"}), "single-hop")


@pytest.mark.parametrize("field", ["graph", "id", "query", "gold", "gold_sessions"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    path = written(tmp_path, {name: value for name, value in QUESTION.items() if name != field})
    with pytest.raises(BadLine, match=f"1: the field '{field}' is missing"):
        list(read_questions(path))


def test_gold_is_a_list_of_ids(tmp_path: Path) -> None:
    with pytest.raises(BadLine, match="'gold' is not a list of strings"):
        list(read_questions(written(tmp_path, QUESTION | {"gold": "t1"})))


def test_a_question_about_no_graph_is_refused(tmp_path: Path) -> None:
    written(tmp_path, QUESTION | {"graph": "other"})
    with pytest.raises(Failed, match="'other', which has no turns"):
        trial.read(tmp_path)


def test_gold_that_is_not_there_is_remarked(tmp_path: Path) -> None:
    written(tmp_path, QUESTION | {"gold": ["t1", "t9"]})
    assert trial.read(tmp_path).remarks == ["query q1: 1 of its gold turns are not among the turns"]
