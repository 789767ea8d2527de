"""Answers are kept as numbers and ids."""

from pathlib import Path

from loci_server.search.fusion import Arm
from loci_server.search.shaping import Boost
from tools.crossvalidate import answers
from tools.crossvalidate.answers import Answer, Hit


def test_kept_answers_are_read_as_they_were(tmp_path: Path) -> None:
    hits = [
        Hit("t1", 0.1 + 0.2, {Arm.LEXICAL: 1 / 3}, {Boost.RECENCY: 1.7}, shaped=True),
        Hit("t2", 0.1, {Arm.SEMANTIC: 0.5, Arm.GRAPH: 0.01}, {}, shaped=False),
    ]
    given = [Answer(hits, frozenset({Arm.LEXICAL, Arm.SEMANTIC})), Answer([], frozenset())]
    answers.write(tmp_path / "kept.jsonl", given)
    assert answers.read(tmp_path / "kept.jsonl") == given
