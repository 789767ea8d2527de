"""What was spent comes back in time, and never more than there was."""

from loci_server.audit.budget import NAMES, Budget


def taken(budget: Budget, now: float, names: int = 0) -> int:
    """Entries until there is no room."""
    count = 0
    while budget.has_room(now):
        budget.spend(1, names)
        count += 1
    return count


def test_so_many_entries_have_room_at_once_and_later_as_many_as_the_rate_allows() -> None:
    budget = Budget(100, 0.5, now=0.0)
    assert taken(budget, 0.0) == 100
    assert taken(budget, 1.0) == 0
    assert taken(budget, 20.0) == 10
    assert taken(budget, 1e9) == 100


def test_one_is_full_when_all_has_come_back() -> None:
    budget = Budget(100, 0.5, now=0.0)
    assert budget.is_full(0.0)
    budget.spend(1, NAMES)
    assert not budget.is_full(3.9)
    assert budget.is_full(4.0)


def test_names_take_room_too() -> None:
    assert taken(Budget(100, 0.5, now=0.0), 0.0, names=3 * NAMES) == 25
    budget = Budget(100, 1.0, now=0.0)
    budget.spend(1, 199 * NAMES)  # more than there is: owed
    assert not budget.has_room(100.0)
    assert budget.has_room(101.0)
