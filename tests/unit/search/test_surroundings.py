"""What texts name joins the walk along edges, as a node of its own between those that name it."""

import pytest

from loci_server.search.activation import DECAY
from loci_server.search.head import NAMED, Named, surroundings_of

ROW = {"documents": [11, 12, 0], "origins": [1, 1], "others": [2, 3], "shares": [0.5, 0.2], "cut": False}
"""Document 11 is linked to 12 and to a node without a document."""


def test_a_name_leads_from_one_document_to_the_others_that_have_it() -> None:
    around = surroundings_of(ROW, [Named([11], [11, 40, 41, 42])]).around(11)
    assert around[12] == pytest.approx(0.5 * DECAY)
    for document in (40, 41, 42):
        assert around[document] == pytest.approx(NAMED * 4**-0.5 * DECAY**2)


def test_who_names_much_passes_less_to_each_name() -> None:
    around = surroundings_of(ROW, [Named([11], [11, 40]), Named([11], [11, 41])]).around(11)
    assert around[40] == around[41] == pytest.approx(NAMED * 2**-0.5 * 2**-0.5 * DECAY**2)


def test_a_source_that_went_meanwhile_is_passed_over() -> None:
    found = surroundings_of(ROW, [Named([99], [40, 41])])
    assert found.around(11) == {12: pytest.approx(0.5 * DECAY)}
    assert found.around(99) == {}
