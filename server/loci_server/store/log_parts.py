"""The parts of the log: made ahead, and dropped when what they hold is past its time."""

from datetime import UTC, datetime, timedelta

from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL = statements("log")
STEP = 20_000
"""Versions that one transaction carries into the base, or one graph."""


class LogParts:
    """One for each month. `history`: how long revisions are kept; None: for ever."""

    def __init__(self, database: Database, history: timedelta | None) -> None:
        self._database = database
        self._history = history

    async def extend(self) -> int:
        """Makes the parts of this month and the next two. How many were missing."""
        row = await self._database.fetchrow("extend_log", SQL["extend_log"])
        assert row is not None
        made: int = row["made"]
        return made

    async def compact(self) -> bool:
        """A step of compaction: carries on with the oldest part that is past its time, or drops it. True if there may
        be more to do. Safe to stop anywhere, and to run in several processes."""
        if self._history is None:
            return False
        before = month(datetime.now(UTC) - self._history)
        async with self._database.transaction(None) as transaction:
            await transaction.fetchrow("allow_long_carry", SQL["allow_long_carry"])
            carried = await transaction.fetchrow("carry_log_part", SQL["carry_log_part"], before, STEP)
        if carried is None or not carried["done"]:
            return True
        dropped = await self._database.fetchrow("drop_log_part", SQL["drop_log_part"], before)
        return dropped is not None and dropped["part"] is not None

    async def keep(self) -> bool:
        """Both. True if there may be more to do."""
        await self.extend()
        return await self.compact()


def month(time: datetime) -> int:
    """As parts are numbered: 202611."""
    return time.year * 100 + time.month
