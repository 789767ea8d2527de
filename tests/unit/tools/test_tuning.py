"""Constants are chosen on some conversations and measured on others."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from loci_server.cli.questions import Question
from loci_server.cli.trial import DataSet
from loci_server.cli.turns import Turn
from loci_server.search.fusion import Arm
from loci_server.search.shaping import Boost
from tools.crossvalidate import tables
from tools.crossvalidate.answers import Answer, Hit
from tools.crossvalidate.asked import MEASURES, Asked
from tools.crossvalidate.recomputed import SHIPPED, Constants
from tools.crossvalidate.tuning import (
    FACTORS,
    PLAIN,
    CrossValidated,
    Difference,
    cross_validated,
    difference,
    mean,
    on_all,
    tuned,
)

SESSIONS = 12
FACTOR = 1 + SHIPPED.recency / 2


def asked(recent: str, graphs: str = "abcd") -> Asked:
    """Questions, one of each graph, for each of which twelve turns match, each of a session of its own; only the last
    of them is recent. It is the answer in the graphs `recent`; in the others the first turn is."""
    turns = [
        Turn(graph, f"s{number}", f"t{number}", "Ann", datetime(2030, 1, 1, tzinfo=UTC), "Hello.")
        for graph in graphs
        for number in range(SESSIONS)
    ]
    questions = []
    for graph in graphs:
        gold = SESSIONS - 1 if graph in recent else 0
        questions.append(Question(graph, graph, "?", None, frozenset({f"t{gold}"}), frozenset({f"s{gold}"}), ""))
    by_graph = {graph: [turn for turn in turns if turn.graph == graph] for graph in graphs}
    sessions = {(turn.graph, turn.id): turn.session for turn in turns}
    return Asked(
        "made up",
        DataSet(by_graph, questions, sessions),
        {PLAIN.semantic: [answer()] * len(graphs)},
        len(graphs),
    )


def answer() -> Answer:
    found = [matching(number, 1.0 - number / 100) for number in range(SESSIONS)]
    last = found.pop()
    lifted = replace(last, score=last.score * FACTOR, boosts={Boost.RECENCY: FACTOR})
    return Answer([lifted, *found], frozenset({Arm.LEXICAL}))


def matching(number: int, score: float) -> Hit:
    return Hit(f"t{number}", score, {Arm.LEXICAL: 5 * score - 2}, {}, shaped=True)


def test_the_search_finds_what_is_best_in_each_coordinate() -> None:
    values = {"graph": (0.0, 1.0, 2.0), "recency": (0.0, 0.4, 0.8)}
    best = tuned(lambda constants: -abs(constants.graph - 1) - abs(constants.recency - constants.graph / 2), values)
    assert (best.graph, best.recency) == (1.0, 0.4)
    assert best.semantic == PLAIN.semantic


def test_a_constant_that_changes_nothing_stays() -> None:
    assert tuned(lambda constants: 0.0) == PLAIN


def test_what_is_tuned_on_all_fits_all() -> None:
    found = asked(recent="abcd")
    assert found.scores(PLAIN)[:, 0].tolist() == [0.0] * 4
    assert found.scores(on_all([found]))[:, 0].tolist() == [1.0] * 4


def test_a_fold_is_measured_by_constants_that_were_chosen_without_it() -> None:
    """Recency helps the question of `a` and harms no other."""
    found = asked(recent="a")
    assert found.scores(on_all([found]))[:, 0].tolist() == [1.0] * 4
    held_out = cross_validated([found], 4)
    by_fold = [constants.recency for constants in held_out.constants]
    assert by_fold[found.fold[0]] == 0.0, "nobody else needs it"
    assert held_out.scores[found.name][:, 0].tolist() == [0.0, 1.0, 1.0, 1.0]


def test_a_difference_counts_each_conversation_once() -> None:
    found = asked(recent="ab")
    gained = difference(
        found, found.scores(Constants(recency=0.8)), found.scores(PLAIN), [MEASURES.index("turn_all@10")]
    )
    assert gained.mean == pytest.approx(0.5)
    assert gained.error == pytest.approx((4 * 0.25 / 3) ** 0.5 / 2)


def test_data_sets_count_the_same_in_a_mean_difference() -> None:
    both = mean([Difference(0.1, 0.03), Difference(0.3, 0.04)])
    assert [both.mean, both.error] == pytest.approx([0.2, 0.025])


def test_the_tables_show_every_measure_and_constant() -> None:
    found = asked(recent="ab")
    overall, held_out = on_all([found]), cross_validated([found], 4)
    shown = tables.measured([found], overall, held_out, {})
    assert all(f"made up {measure}" in shown for measure in MEASURES)
    assert "| recency | 0.8 |" in tables.choices(overall, held_out, {"other": PLAIN})
    assert tables.agreement(found).startswith("made up: 4 of 4 orders are the server's")
    assert tables.alone([found], {"recency": (0.0, SHIPPED.recency)}).count("recency") == 1, (
        "the shipped one is no change"
    )
    assert "| recency | +.500 ± .289 |" in tables.ablation([found], held_out, dict.fromkeys(FACTORS, plain(found)))


def plain(found: Asked) -> CrossValidated:
    return CrossValidated([PLAIN], {found.name: found.scores(PLAIN)})
