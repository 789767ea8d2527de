"""Scores of several graphs are compared on one scale, those of each embedding model on its own."""

from collections.abc import Sequence

from loci_server.search.arms import ArmResult, State
from loci_server.search.earlier import Overlay
from loci_server.search.fusion import Arm, Candidate, Range, Ranking
from loci_server.search.searcher import Ranked, common_ranges


def result(arm: Arm, scores: Sequence[float], model: str = "") -> ArmResult:
    return ArmResult(arm, State.OK, [Candidate(number, score) for number, score in enumerate(scores)], model=model)


def ranked(*results: ArmResult) -> Ranked:
    return Ranked(results, Overlay(), 0)


def spread(high: float, low: float) -> list[float]:
    return [high - (high - low) * step / 19 for step in range(20)]


def test_cosines_of_two_models_each_have_their_own_scale() -> None:
    near, far = spread(0.9, 0.6), spread(0.3, 0.1)
    graphs = [ranked(result(Arm.SEMANTIC, near, "one")), ranked(result(Arm.SEMANTIC, far, "two"))]
    ranges = common_ranges(graphs)
    assert ranges == [{Arm.SEMANTIC: Range(0.6, 0.9)}, {Arm.SEMANTIC: Range(0.1, 0.3)}]
    best = [
        Ranking(graph.lists, {Arm.SEMANTIC: 1.0}, reached).scores[0]
        for graph, reached in zip(graphs, ranges, strict=True)
    ]
    assert best == [1.0, 1.0]


def test_scores_of_one_model_and_of_words_share_a_scale() -> None:
    graphs = [
        ranked(result(Arm.LEXICAL, spread(9.0, 5.0)), result(Arm.SEMANTIC, spread(0.9, 0.6), "one")),
        ranked(result(Arm.LEXICAL, spread(4.0, 1.0)), result(Arm.SEMANTIC, spread(0.5, 0.2), "one")),
    ]
    assert common_ranges(graphs) == [{Arm.LEXICAL: Range(1.0, 9.0), Arm.SEMANTIC: Range(0.2, 0.9)}] * 2


def test_an_arm_that_failed_in_a_graph_keeps_its_share_of_the_weight_there() -> None:
    words = result(Arm.LEXICAL, spread(9.0, 5.0))
    graphs = [
        ranked(words, result(Arm.SEMANTIC, spread(0.9, 0.6), "one")),
        ranked(words, ArmResult(Arm.SEMANTIC, State.FAILED)),
    ]
    weights = {Arm.LEXICAL: 1.0, Arm.SEMANTIC: 1.0}
    ranges = common_ranges(graphs)
    assert ranges[1].keys() == weights.keys()
    assert Ranking(graphs[1].lists, weights, ranges[1]).scores[0] == 0.5
