"""Times that hang on an event: "two weeks before her birthday trip" is asked once it is known when the trip was.

What is found first for the words of the event tells it, if it holds most of them: by a day that it names, else by when
it was said. Only where the distance is told is there a second search: "before the trip" hardly narrows anything.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from loci.v1.node_pb2 import Node
from loci_server.search.analysis import terms
from loci_server.search.mentions import said_at
from loci_server.search.times import Anchored, Period, anchored, mentioned

FIRST: Final = 3
"""Hits that may be the event."""
SHARE: Final = 2 / 3
"""Of the words of the event, what a hit must hold."""
READ: Final = 400
"""Characters of a text."""
PRECISE: Final = 14
"""Days; a longer time does not tell when something was."""


def event_of(query: str) -> Anchored | None:
    """The event from which a query counts; None if there is none."""
    found = anchored(query)
    return found if found is not None and found.tells_how_far else None


def time_of(event: Anchored, hits: Sequence[Node]) -> Period | None:
    """The time that is asked for, by the first of the hits that tells of the event; None if none does."""
    wanted = set(terms(event.event))
    for node in hits[:FIRST]:
        held = wanted & set(terms(f"{node.label}\n{node.text}"))
        if len(held) >= SHARE * len(wanted):
            return event.when(happened(node))
    return None


def happened(node: Node) -> Period | datetime:
    said = said_at(node)
    return next((period for period in mentioned(node.text[:READ], said) if period.days <= PRECISE), said)
