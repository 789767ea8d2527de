"""Terms of times: a document and a query have one in common where their times overlap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.search.times import MAX_QUERY_TERMS, Period, document_terms, query_terms

DAY = timedelta(days=1)


def period(first: str, end: str) -> Period:
    return Period.of(date.fromisoformat(first), date.fromisoformat(end))


def periods(most_days: int) -> st.SearchStrategy[Period]:
    return st.builds(
        lambda first, days: Period.of(first, first + days * DAY),
        st.dates(date(1990, 1, 1), date(2060, 1, 1)),
        st.integers(1, most_days),
    )


def overlap(one: Period, other: Period) -> bool:
    return one.lower < other.upper and other.lower < one.upper


def met(document: Period, query: Period) -> bool:
    return not set(document_terms([document])).isdisjoint(query_terms([query]))


def widened(period: Period) -> Period:
    """To whole years on both sides: the most that a term can be wrong by."""
    return Period.of(date(period.first.year, 1, 1), date((period.end - DAY).year + 1, 1, 1))


@pytest.mark.parametrize(
    ("first", "end", "expected"),
    [
        ("2023-03-03", "2023-03-04", "day:2023-03-03 month:2023-03 year:2023"),
        (
            "2022-12-31",
            "2023-01-02",
            "day:2022-12-31 day:2023-01-01 month:2022-12 month:2023-01 year:2022 year:2023",
        ),
        ("2023-03-01", "2023-04-01", "month:2023-03 all-month:2023-03 year:2023"),
        ("0987-01-01", "0988-01-01", "all-year:0987 year:0987"),
        ("1900-01-01", "2000-01-01", ""),
    ],
)
def test_a_document_has_terms_as_precise_as_what_it_names(first: str, end: str, expected: str) -> None:
    assert document_terms([period(first, end)]) == expected.split()


@pytest.mark.parametrize(
    ("first", "end", "expected"),
    [
        ("2023-03-03", "2023-03-05", "day:2023-03-03 day:2023-03-04 all-month:2023-03 all-year:2023"),
        ("2022-12-01", "2023-03-01", "month:2022-12 month:2023-01 month:2023-02 all-year:2022 all-year:2023"),
        ("2019-01-01", "2023-01-01", "year:2019 year:2020 year:2021 year:2022"),
    ],
)
def test_a_query_asks_as_precisely_as_its_length_allows(first: str, end: str, expected: str) -> None:
    assert query_terms([period(first, end)]) == expected.split()


def test_terms_are_given_once_and_the_precise_ones_first() -> None:
    one, other = period("2023-03-03", "2023-03-04"), period("2023-03-04", "2023-03-05")
    assert query_terms([one, other, one]) == ["day:2023-03-03", "day:2023-03-04", "all-month:2023-03", "all-year:2023"]
    assert len(document_terms([one, one])) == 3


@pytest.mark.parametrize(("days", "exact"), [(14, 14), (15, 0)])
def test_two_weeks_are_told_by_days(days: int, exact: int) -> None:
    terms = document_terms([Period.of(date(2023, 3, 1), date(2023, 3, 1) + days * DAY)])
    assert sum(term.startswith("day:") for term in terms) == exact


@pytest.mark.parametrize(("days", "kind"), [(45, "day"), (46, "month"), (3 * 366, "month"), (3 * 366 + 1, "year")])
def test_longer_queries_ask_more_coarsely(days: int, kind: str) -> None:
    assert query_terms([Period.of(date(2023, 3, 1), date(2023, 3, 1) + days * DAY)])[0].startswith(kind + ":")


@given(periods(14), periods(45))
def test_days_are_met_exactly(document: Period, query: Period) -> None:
    assert met(document, query) == overlap(document, query)


@given(periods(14), periods(45), st.integers(-20, 20))
def test_days_nearby_are_met_exactly(document: Period, query: Period, days: int) -> None:
    near = Period.of(query.first + days * DAY, query.first + (days + document.days) * DAY)
    assert met(near, query) == overlap(near, query)


@given(periods(7000), periods(20_000))
def test_no_overlap_is_missed(document: Period, query: Period) -> None:
    if overlap(document, query):
        assert met(document, query)


@given(periods(7000), periods(20_000))
def test_what_is_met_lies_in_the_same_years(document: Period, query: Period) -> None:
    if met(document, query):
        assert overlap(widened(document), widened(query))


@given(st.lists(periods(60_000), max_size=20))
def test_terms_are_bounded(several: list[Period]) -> None:
    assert len(query_terms(several)) <= MAX_QUERY_TERMS
    for one in several:
        assert len(document_terms([one])) <= 42
