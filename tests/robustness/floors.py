"""Floors of traffic: a record with too little of it proves nothing, and is INVALID instead of passed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.robustness.history import History, Watcher


@dataclass(frozen=True, slots=True)
class Floors:
    """At least so many."""

    acknowledged: int = 1
    """Writes."""
    reads: int = 1
    commits_told: int = 1
    """To each watcher that sees all."""
    filtered: int = 1
    """Commits told to each watcher with a filter, but for the rare ones."""
    progress: int = 1
    """Messages that tell how far a stream is and nothing else, of all watchers."""
    resumed: int = 1
    """Streams that began at a token, of all watchers."""
    kinds: int = 1
    """Mutations that were acknowledged, of each kind."""
    multiple: int = 1
    """Acknowledged commits of several mutations."""

    def scaled(self, factor: float) -> "Floors":
        """For runs that are shorter or longer."""
        return replace(self, **{name: max(1, round(getattr(self, name) * factor)) for name in self.__slots__})

    def shortfalls(self, history: History, feeds: Sequence[Watcher] = ()) -> Iterator[str]:
        """What there was too little of. `feeds`: watchers of all graphs, as to what they were told of this one."""
        done = [write for write in history.writes if write.revision]
        kinds: Counter[str | None] = Counter(
            mutation.WhichOneof("mutation") for write in done for mutation in write.mutations
        )
        yield from _short("acknowledged writes", len(done), self.acknowledged)
        yield from _short("reads", len(history.reads) + len(history.listings) + len(history.heads), self.reads)
        for kind in KINDS:
            yield from _short(f"mutations {kind}", kinds[kind], self.kinds)
        yield from _short("commits of several", sum(len(write.mutations) > 1 for write in done), self.multiple)
        watchers = [*history.watchers, *feeds]
        if not watchers:
            yield "there were no watchers"
        for watcher in watchers:
            is_rare = watcher.filter.names and watcher.filter.kinds
            floor = self.commits_told if watcher.sees_all else 0 if is_rare else self.filtered
            yield from _short(f"commits told to {watcher.name}", sum(1 for _ in watcher.commits()), floor)
        quiet = sum(not message.commits for watcher in history.watchers for message in watcher.messages())
        yield from _short("messages of progress", quiet, self.progress)
        resumed = sum(bool(stream.token) for watcher in history.watchers for stream in watcher.streams)
        yield from _short("streams from a token", resumed, self.resumed)


KINDS = (
    "create_node",
    "update_node",
    "delete_node",
    "rename_node",
    "create_edge",
    "update_edge",
    "delete_edge",
)


def _short(what: str, count: int, floor: int) -> Iterator[str]:
    if count < floor:
        yield f"{what}: {count}, at least {floor} are needed"
