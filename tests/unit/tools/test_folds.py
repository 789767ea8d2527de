"""No conversation stands on both sides of a fold."""

from hypothesis import given
from hypothesis import strategies as st

from loci_server.cli.questions import Question
from tools.crossvalidate.folds import conversations, divided


def question(id: str, graph: str, *sessions: str) -> Question:
    return Question(graph, id, "?", None, frozenset({"t"}), frozenset(sessions), "")


def test_a_graph_is_a_conversation() -> None:
    asked = [question("1", "a", "s1"), question("2", "b", "s1"), question("3", "a", "s2")]
    assert conversations(asked) == ["a", "b", "a"]


def test_in_one_graph_those_belong_together_that_have_sessions_in_common() -> None:
    asked = [
        question("1", "a", "s1", "s2"),
        question("2", "a", "s3"),
        question("3", "a", "s2", "s4"),
        question("4", "a", "s4"),
        question("5", "a"),
    ]
    first, other, second, third, alone = conversations(asked)
    assert first == second == third
    assert len({first, other, alone}) == 3


@given(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=60), st.integers(2, 6))
def test_no_conversation_is_split(found: list[str], folds: int) -> None:
    chosen = divided(found, folds)
    assert len(set(zip(found, chosen, strict=True))) == len(set(found))
    assert set(chosen) <= set(range(folds))


def test_folds_are_of_like_size() -> None:
    chosen = divided([str(number) for number in range(52)], 5)
    assert sorted(map(chosen.count, range(5))) == [10, 10, 10, 11, 11]
    assert sorted(divided(["a"] * 9 + ["b"] * 4 + ["c"] * 3, 2)) == [0] * 9 + [1] * 7


def test_the_division_does_not_depend_on_the_order_of_the_questions() -> None:
    found = [str(number // 2) for number in range(40)]
    there = dict(zip(found, divided(found), strict=True))
    back = dict(zip(reversed(found), divided(found[::-1]), strict=True))
    assert there == back
