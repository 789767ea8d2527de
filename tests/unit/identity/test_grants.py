"""What a credential that is limited to graphs reaches: told by the id alone, and by spans of ids that say the same."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.errors import GraphNotGranted, InvalidName, LimitExceeded, TenantNotGranted
from loci_server.identity.grants import ALL_GRAPHS, Grants

IDS = st.text(st.sampled_from("ab*\ud7ff\ue000\U0010ffff"), min_size=1, max_size=4)


def test_without_entries_all_is_granted() -> None:
    assert ALL_GRAPHS.holds("any")
    assert not ALL_GRAPHS.limited
    ALL_GRAPHS.require_all()


def test_a_name_grants_one_graph_and_a_prefix_all_that_begin_so() -> None:
    grants = Grants.parse(["graphs/ann", "graphs/team-*"], "graphs")
    assert [id for id in ("ann", "anna", "an", "team-", "team-1", "team", "Team-1") if grants.holds(id)] == [
        "ann",
        "team-",
        "team-1",
    ]
    with pytest.raises(GraphNotGranted) as refused:
        grants.require("bob")
    assert refused.value.resource == "graphs/bob"
    with pytest.raises(TenantNotGranted):
        grants.require_all()


def test_all_graphs_are_not_all_of_the_tenant() -> None:
    grants = Grants.parse(["graphs/*"], "graphs")
    assert grants.holds("any")
    with pytest.raises(TenantNotGranted):
        grants.require_all()


@pytest.mark.parametrize(
    "entry", ["", "ann", "*", "graphs/", "graphs/-", "graphs/a/nodes/b", "graphs/a/*", "graphs/\n*"]
)
def test_what_is_not_a_graph_or_a_prefix_is_refused(entry: str) -> None:
    with pytest.raises(InvalidName):
        Grants.parse(["graphs/ann", entry], "graphs")


def test_entries_are_kept_once_and_bounded() -> None:
    assert Grants.parse(["graphs/b", "graphs/a", "graphs/b"], "graphs").entries == ("graphs/b", "graphs/a")
    with pytest.raises(LimitExceeded):
        Grants.parse([f"graphs/g{number}" for number in range(101)], "graphs")


@given(st.lists(IDS, min_size=1, max_size=5), st.lists(IDS, min_size=1, max_size=20))
def test_the_spans_hold_the_very_ids_that_are_granted_and_are_apart(entries: list[str], ids: list[str]) -> None:
    grants = Grants(tuple(f"graphs/{entry}" for entry in entries))
    spans = [(span.low.encode(), span.high.encode()) for span in grants.spans()]
    assert spans == sorted(spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    for id in ids + entries:
        assert any(low <= id.encode() < high for low, high in spans) == grants.holds(id)
