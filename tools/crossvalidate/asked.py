"""A data set whose questions were asked, measured under any constants."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from loci_server.cli.measures import Outcome, distinct
from loci_server.cli.questions import Question
from loci_server.cli.trial import DataSet
from loci_server.cli.turns import turn_id
from tools.crossvalidate.answers import Answer
from tools.crossvalidate.folds import FOLDS, conversations, divided
from tools.crossvalidate.recomputed import Constants, Recomputed

CUT: Final = 10
MEASURES: Final = ("turn_recall@10", "turn_all@10", "ndcg@10", "session_all@10")
Scores = NDArray[np.float64]
"""A row for each question, a column for each of MEASURES."""


class Asked:
    """A data set with its answers. Nothing is computed twice."""

    def __init__(self, name: str, data: DataSet, answers: Mapping[float, Sequence[Answer]], folds: int = FOLDS) -> None:
        """`answers`: by the weight of the semantic arm, to the questions that have gold in their order."""
        questions = [question for question in data.questions if question.gold]
        self.name = name
        self.conversations = conversations(questions)
        self.fold = np.array(divided(self.conversations, folds))
        self.answers = {
            semantic: [Recomputed(answer, semantic) for answer in given] for semantic, given in answers.items()
        }
        self._judged = {
            semantic: [
                Judged(question, answer, data.sessions) for question, answer in zip(questions, given, strict=True)
            ]
            for semantic, given in self.answers.items()
        }
        self._known: dict[Constants, Scores] = {}

    def scores(self, constants: Constants) -> Scores:
        """Raises KeyError if the questions were not asked by that weight of the semantic arm."""
        if constants not in self._known:
            judged = self._judged[constants.semantic]
            self._known[constants] = np.array([each.scores(constants) for each in judged])
        return self._known[constants]


class Judged:
    """Measures one answer as `loci eval retrieval` does."""

    def __init__(self, question: Question, answer: Recomputed, sessions: Mapping[tuple[str, str], str]) -> None:
        self._answer = answer
        self._turns = [hit.turn for hit in (*answer.head, *answer.behind)]
        self._sessions = [sessions[question.graph, turn] for turn in self._turns]
        self._gold = frozenset(map(turn_id, question.gold))
        of_gold = {sessions[question.graph, turn] for turn in self._gold if (question.graph, turn) in sessions}
        self._gold_sessions = question.gold_sessions or frozenset(of_gold)
        self._known: dict[Constants, list[float]] = {}

    def scores(self, constants: Constants) -> list[float]:
        """In the order of MEASURES."""
        effective = self._answer.effective(constants)
        if effective not in self._known:
            self._known[effective] = self._measured(self._answer.order(effective))
        return self._known[effective]

    def _measured(self, order: Sequence[int]) -> list[float]:
        turns = [self._turns[place] for place in order[:CUT]]
        found = distinct([self._sessions[place] for place in order])
        scores = Outcome("", turns, found, self._gold, self._gold_sessions).scores((CUT,))
        return [scores[measure] for measure in MEASURES]
