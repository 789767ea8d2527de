"""How much refused calls may take on disk, however many they are."""

from typing import Final

NAMES: Final = 8
"""So many names of an entry take as much room as the entry itself."""


class Budget:
    """So many entries at once; what was spent comes back at `rate` entries per second. `now` in seconds."""

    __slots__ = ("_at", "_left", "_most", "_rate")

    def __init__(self, most: float, rate: float, now: float) -> None:
        self._most = most
        self._rate = rate
        self._left = most
        self._at = now

    def has_room(self, now: float) -> bool:
        """For at least one entry. Its names may be paid for later."""
        return self._refilled(now) >= 1

    def is_full(self, now: float) -> bool:
        """Nothing was spent of it, or all has come back: a new one is no other."""
        return self._refilled(now) == self._most

    def spend(self, entries: int, names: int) -> None:
        self._left -= entries + names / NAMES

    def _refilled(self, now: float) -> float:
        """What is left."""
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        return self._left
