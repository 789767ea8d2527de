"""Which changes a watcher wants."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from loci.v1.change_pb2 import ChangeKind
from loci.v1.watch_service_pb2 import WatchFilter
from loci_server.domain.limits import MAX_FILTER_VALUES, MAX_WATCH_KINDS, MAX_WATCH_NAMES, check_count
from loci_server.domain.names import parse_edge, parse_node
from loci_server.domain.validation import check_type
from loci_server.errors import InvalidField, InvalidName
from loci_server.watch.entries import Entry, Fact

Value = TypeVar("Value", str, int)


@dataclass(frozen=True, slots=True)
class Filter:
    """Fields are joined by AND, their values by OR; an empty one passes everything."""

    node_types: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    kinds: frozenset[int] = frozenset()

    @staticmethod
    def parse(filter: WatchFilter, graph: str | None) -> "Filter":
        """Raises the typed error of a bad field; names must be of `graph`, if there is only one."""
        for field, values in (("node_types", filter.node_types), ("relations", filter.relations)):
            check_count(f"filter.{field}", len(values), MAX_FILTER_VALUES)
            for index, value in enumerate(values):
                check_type(value, f"filter.{field}[{index}]")
        check_count("filter.names", len(filter.names), MAX_WATCH_NAMES)
        for index, name in enumerate(filter.names):
            check_name(name, graph, f"filter.names[{index}]")
        check_count("filter.kinds", len(filter.kinds), MAX_WATCH_KINDS, "kinds")
        for index, kind in enumerate(filter.kinds):
            if kind not in ChangeKind.values() or not kind:
                raise InvalidField(field=f"filter.kinds[{index}]", detail="it is not a ChangeKind")
        parsed = Filter(
            distinct(filter.node_types), distinct(filter.relations), distinct(filter.names), distinct(filter.kinds)
        )
        return EVERYTHING if parsed.passes_all else parsed

    @property
    def passes_all(self) -> bool:
        return not (self.node_types or self.relations or self.names or self.kinds)

    def passes(self, fact: Fact) -> bool:
        """Whether the item passes as it was before or as it is after."""
        if self.kinds and fact.kind not in self.kinds:
            return False
        if self.names and fact.name not in self.names and fact.previous_name not in self.names:
            return False
        if self.node_types or self.relations:
            wanted = self.node_types if fact.is_node else self.relations
            return fact.type in wanted or fact.previous_type in wanted
        return True

    def of(self, entry: Entry) -> bytes | None:
        """What of the entry is wanted, a serialized CommitChanges; None for nothing. The end of a commit that came in
        pieces is always told."""
        if self.passes_all:
            return entry.whole()
        passing = [self.passes(fact) for fact in entry.facts()]
        if any(passing) or entry.closes:
            return entry.chosen(passing)
        return None


EVERYTHING: Final = Filter()
NOTHING: Final[frozenset[Any]] = frozenset()
"""For all fields that are not given: a set of its own would take 216 bytes, also without values."""


def distinct(values: Iterable[Value]) -> frozenset[Value]:
    return frozenset(values) or NOTHING


def check_name(name: str, graph: str | None, field: str) -> None:
    """Raises InvalidName, InvalidField."""
    try:
        found, _ = parse_node(name, field)
    except InvalidName:
        found, _ = parse_edge(name, field)
    if graph is not None and found != graph:
        raise InvalidField(field=field, detail="it is of another graph")
