"""What a tenant may have and do: numbers, and the rule by which calls per second are let through."""

from dataclasses import dataclass, fields
from typing import Final

NO_LIMIT: Final = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """Limits of a tenant. 0: none; None: not said, so what stands below it holds."""

    requests_per_second: int | None = None
    request_burst: int | None = None
    """Calls that may come at once; 0: as many as there may be in a second."""
    max_graphs: int | None = None
    max_nodes: int | None = None
    max_bytes: int | None = None

    def over(self, other: "Quota") -> "Quota":
        """This, and what it does not say from another one."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return Quota(**{name: getattr(other, name) if value is None else value for name, value in said.items()})

    @property
    def limits_what_is_there(self) -> bool:
        return bool(self.max_graphs or self.max_nodes or self.max_bytes)

    @property
    def burst(self) -> int:
        return self.request_burst or self.requests_per_second or 0


@dataclass(frozen=True, slots=True)
class Amount:
    """Of what a tenant has, or a write adds. Negative: it takes away."""

    graphs: int = 0
    nodes: int = 0
    bytes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.graphs + other.graphs, self.nodes + other.nodes, self.bytes + other.bytes)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.graphs - other.graphs, self.nodes - other.nodes, self.bytes - other.bytes)


def exceeded(quota: Quota, has: Amount, adds: Amount) -> tuple[str, int] | None:
    """The first limit that a write would go beyond, by its name, and how much it allows. What a write does not add to
    is not looked at: who has too much may still take away."""
    for name, limit, had, added in (
        ("max_graphs", quota.max_graphs, has.graphs, adds.graphs),
        ("max_nodes", quota.max_nodes, has.nodes, adds.nodes),
        ("max_bytes", quota.max_bytes, has.bytes, adds.bytes),
    ):
        if limit and added > 0 and had + added > limit:
            return name, limit
    return None


class Bucket:
    """Calls that may come: `rate` more each second, up to `burst`. Times are seconds of one clock."""

    __slots__ = ("_at", "_left")

    def __init__(self, burst: float, now: float) -> None:
        self._left = burst
        self._at = now

    def take(self, rate: float, burst: float, now: float) -> float:
        """Takes one. Seconds until there is one, if there is none; 0: it was taken."""
        self._left = min(burst, self._left + (now - self._at) * rate)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / rate
        self._left -= 1
        return 0.0
