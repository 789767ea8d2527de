"""Conversations: questions of which one may tell something of another, and so never stand on both sides of a fold."""

import hashlib
from collections.abc import Sequence
from typing import Final

from loci_server.cli.questions import Question

FOLDS: Final = 5


def conversations(questions: Sequence[Question]) -> list[str]:
    """The conversation of each question: its graph.

    Where all questions are about one graph, that is many conversations in one: then those belong together whose answers
    stand in a common session, directly or by others between them.
    """
    if len({question.graph for question in questions}) > 1:
        return [question.graph for question in questions]
    root: dict[str, str] = {}

    def find(session: str) -> str:
        while root.setdefault(session, session) != session:
            session = root[session]
        return session

    for question in questions:
        first, *others = sorted(question.gold_sessions) or [question.id]
        for other in others:
            root[find(other)] = find(first)
    return [find(min(question.gold_sessions, default=question.id)) for question in questions]


def divided(conversations: Sequence[str], folds: int = FOLDS) -> list[int]:
    """The fold of each question. No conversation is split; the folds have about as many questions each.

    The largest conversation goes first, each into the fold that has fewest questions. Equal ones go in the order of a
    hash: the same data is always divided the same way, and not as its file is ordered.
    """
    sizes = {conversation: conversations.count(conversation) for conversation in set(conversations)}
    filled = [0] * folds
    fold: dict[str, int] = {}
    for conversation in sorted(sizes, key=lambda each: (-sizes[each], _hash(each))):
        fold[conversation] = filled.index(min(filled))
        filled[fold[conversation]] += sizes[conversation]
    return [fold[conversation] for conversation in conversations]


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
