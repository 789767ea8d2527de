"""What can be wrong with a record, by the name of the promise that is broken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum


class Broken(Enum):
    """A promise that does not hold."""

    ORDERED = "commits come in the order of their revisions"
    UNIQUE = "each commit is told once on a stream"
    RELIABLE = "every commit is told, up to the end"
    ATOMIC = "the changes of a commit are told together, complete, and alike to all"
    RESUMABLE = "a stream begins exactly behind its token"
    BOOKMARKABLE = "progress claims only what was delivered and decided"
    FILTERED = "a filter gives what passes it, and what leaves it"
    ERASED = "what was hard-deleted is not told any more, and nothing else is kept back"
    BEFORE_IMAGE = "the image before is the state before"
    DENSE = "each message goes on where the one before it ended"
    CONSISTENT = "what is told is what was written"
    DURABLE = "an acknowledged write is in the log, at its revision"
    ONCE = "a write happens once, however often it is tried"
    STALE = "a read shows what was acknowledged before it"
    OWN_WRITES = "a client reads its own writes"
    MONOTONIC = "what a client reads never goes back"
    INVENTED = "no read shows what was never written"


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken, and where."""

    broken: Broken
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.broken.name} ({self.broken.value}): {self.where}: {self.what}"


class Status(Enum):
    """What a record proves."""

    PASSED = "all promises hold"
    VIOLATED = "a promise is broken"
    INVALID = "there was too little traffic to tell"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on one record."""

    violations: Sequence[Violation]
    shortfalls: Sequence[str]
    """Floors of traffic that were not reached."""
    counts: dict[str, int] = field(default_factory=dict)
    """What was looked at."""

    @property
    def status(self) -> Status:
        if self.violations:
            return Status.VIOLATED
        return Status.INVALID if self.shortfalls else Status.PASSED

    @property
    def broken(self) -> set[Broken]:
        return {violation.broken for violation in self.violations}

    def __str__(self) -> str:
        lines: Iterable[str] = [*map(str, self.violations[:20]), *self.shortfalls]
        return "\n".join([f"{self.status.name}: {self.status.value} ({len(self.violations)} violations)", *lines])
