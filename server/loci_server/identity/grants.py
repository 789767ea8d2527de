"""To which graphs of its tenant a credential is limited: graphs by name, and all whose id begins with a prefix.

What is granted is decided by the name alone, before anything is looked up, so that a refusal tells nothing of what is
there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from loci_server.domain.limits import MAX_GRANTED_GRAPHS, MAX_GRAPH_ID_BYTES, check_count
from loci_server.domain.names import check_graph_id, check_id, graph_name
from loci_server.errors import GraphNotGranted, InvalidName, TenantNotGranted

COLLECTION: Final = "graphs/"
ANY: Final = "*"
LAST: Final = chr(0x10FFFF)
BEYOND: Final = LAST * (MAX_GRAPH_ID_BYTES // 4 + 1)
"""Behind every id of a graph, by bytes."""


class Span(NamedTuple):
    """Ids of graphs from `low` on and before `high`, by bytes."""

    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Grants:
    """Entries as `graphs/{graph}` and `graphs/{prefix}*`; none: all graphs, and what is of the tenant as a whole."""

    entries: tuple[str, ...] = ()
    _ids: frozenset[str] = field(init=False, repr=False, compare=False)
    _prefixes: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ids = [entry.removeprefix(COLLECTION) for entry in self.entries]
        object.__setattr__(self, "_ids", frozenset(id for id in ids if not id.endswith(ANY)))
        object.__setattr__(self, "_prefixes", tuple(id[: -len(ANY)] for id in ids if id.endswith(ANY)))

    @classmethod
    def parse(cls, entries: Iterable[str], field: str) -> "Grants":
        """Each entry once, in the order given. Raises InvalidName, LimitExceeded."""
        given = [*entries]
        check_count(field, len(given), MAX_GRANTED_GRAPHS)
        for entry in given:
            _check(entry, field)
        return cls(tuple(dict.fromkeys(given)))

    @property
    def limited(self) -> bool:
        return bool(self.entries)

    def holds(self, graph_id: str) -> bool:
        """Whether a graph of this id is granted, be there one or not."""
        return not self.entries or graph_id in self._ids or graph_id.startswith(self._prefixes)

    def require(self, graph_id: str) -> None:
        """Raises GraphNotGranted."""
        if not self.holds(graph_id):
            raise GraphNotGranted(resource=graph_name(graph_id))

    def require_all(self) -> None:
        """For what is of the tenant as a whole. Raises TenantNotGranted."""
        if self.entries:
            raise TenantNotGranted

    def spans(self) -> Sequence[Span]:
        """The ids that are granted, in order and apart from each other."""
        if not self.entries:
            return (Span("", BEYOND),)
        # An id holds no control character, so that nothing stands between it and the id with one behind.
        found = [Span(id, f"{id}\x01") for id in self._ids]
        found += [Span(prefix, _behind(prefix)) for prefix in self._prefixes]
        apart: list[Span] = []
        for span in sorted(found):
            if apart and span.low <= apart[-1].high:
                apart[-1] = Span(apart[-1].low, max(apart[-1].high, span.high))
            else:
                apart.append(span)
        return apart


ALL_GRAPHS: Final = Grants()


def _check(entry: str, field: str) -> None:
    id = entry.removeprefix(COLLECTION)
    if id == entry:
        raise InvalidName(field=field, detail="must be `graphs/{graph}`, or `graphs/{prefix}*`.")
    if id.endswith(ANY):
        check_id(f"{id[: -len(ANY)]}-", field, MAX_GRAPH_ID_BYTES + 1)
    else:
        check_graph_id(id, field)


def _behind(prefix: str) -> str:
    """The first text behind all that begin with a prefix."""
    stem = prefix.rstrip(LAST)
    if not stem:
        return BEYOND
    following = ord(stem[-1]) + 1
    return stem[:-1] + chr(0xE000 if following == 0xD800 else following)
