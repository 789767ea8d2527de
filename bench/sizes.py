"""How much a run does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """The amounts that a quick run makes smaller."""

    rounds: int
    """Times that a figure and its floor are measured, in turns."""
    seconds: float
    """Length of one round of requests."""
    warm_up: float
    """Seconds of requests before the first round that are not counted."""
    large: int
    """Nodes of the large graph, and of one import."""
    import_rounds: int
    queries: int
    """Searches of one round."""
    recall_queries: int
    other_graphs: int
    """Small graphs beside the one that is searched."""


FULL = Sizes(
    rounds=9,
    seconds=2.0,
    warm_up=2.0,
    large=100_000,
    import_rounds=3,
    queries=40,
    recall_queries=200,
    other_graphs=10_000,
)
QUICK = Sizes(
    rounds=2, seconds=1.0, warm_up=0.5, large=10_000, import_rounds=2, queries=12, recall_queries=40, other_graphs=300
)
