"""What is asked of a search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from loci.v1.node_pb2 import Node
from loci_server.search.fusion import Arm
from loci_server.search.phrases import Phrase
from loci_server.search.profiles import Profile
from loci_server.search.shaping import Asked
from loci_server.search.times import Period

Filter = tuple[object, ...] | None
"""A loci.node_filter."""
DOCUMENTS = 14
"""Where it names the documents that alone may pass."""
VALID = 9
"""Where it has the lower bound of validity; the upper one follows."""


@dataclass(frozen=True, slots=True)
class QueryVector:
    """A vector of the caller's, in place of the embedded query."""

    model: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Query:
    """One search. `vector` stands in for the embedded text; `accepts` proves on opened nodes what the filter selects by
    hashes."""

    asked: Asked
    arms: frozenset[Arm]
    profile: Profile | None = None
    """Of a hybrid search. None: the order of the one arm."""
    filter: Filter = None
    accepts: Callable[[Node], bool] = field(default=lambda node: True)
    vector: QueryVector | None = None
    phrases: Sequence[Phrase] = ()
    """What stands in quotes in it."""
    demanded: bool = False
    """Only what holds all phrases is a hit."""
    revision: int | None = None
    """As of which the graph is searched; the filter holds it, too. None: as it is now."""

    reranked: bool = True
    """Whether a reranker is asked, if there is one."""
    without: frozenset[Arm] | None = None
    """Of a later page: the arms that did not answer the first one. They are left out, and all others must answer, so
    that its hits go on where those of the first page ended. None: it is the first."""

    def leaves_out(self, arm: Arm) -> bool:
        return self.without is not None and arm in self.without

    @property
    def validity(self) -> tuple[object, object]:
        """The bounds of the fact time that is asked for."""
        return (self.filter[VALID], self.filter[VALID + 1]) if self.filter is not None else (None, None)

    def within(self, period: Period | None) -> "Query":
        """The query, of a time besides those that it names."""
        if period is None:
            return self
        return replace(self, asked=replace(self.asked, periods=(*self.asked.periods, period)))

    @property
    def text(self) -> str:
        return self.asked.text
