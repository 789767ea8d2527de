"""What each scope includes."""

import pytest

from loci_server.errors import ScopeMissing
from loci_server.identity.principal import ANONYMOUS, Principal, Scope

READ, WRITE, ADMIN, OPERATOR = Scope


@pytest.mark.parametrize(
    ("held", "granted"),
    [
        ({READ}, {READ}),
        ({WRITE}, {READ, WRITE}),
        ({ADMIN}, {READ, WRITE, ADMIN}),
        ({OPERATOR}, {OPERATOR}),
        ({OPERATOR, READ}, {OPERATOR, READ}),
        (set(), set()),
    ],
)
def test_a_scope_includes_the_ones_below_it_and_an_operator_reads_nothing(
    held: set[Scope], granted: set[Scope]
) -> None:
    principal = Principal(1, "t", 2, frozenset(held))
    assert {scope for scope in Scope if principal.may(scope)} == granted
    for scope in Scope:
        if scope not in granted:
            with pytest.raises(ScopeMissing):
                principal.require(scope)
        else:
            principal.require(scope)


def test_any_of_several_is_enough() -> None:
    Principal(1, "t", 2, frozenset({WRITE})).require_any(frozenset({READ, OPERATOR}))
    with pytest.raises(ScopeMissing, match="ADMIN or OPERATOR"):
        Principal(1, "t", 2, frozenset({WRITE})).require_any(frozenset({ADMIN, OPERATOR}))


def test_nobody_may_do_nothing() -> None:
    assert not any(ANONYMOUS.may(scope) for scope in Scope)
