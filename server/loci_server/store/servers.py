"""The servers on one database, as far as they must know of each other: which embedding model is whose."""

from uuid import uuid4

from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL = statements("reembedding")
ANNOUNCE_SECONDS = 5.0
"""Between two signs of life."""
LAPSE_SECONDS = 60.0
"""After which a server that gives none counts as gone."""


class Servers:
    """Announces this process, with the model of its embedder."""

    def __init__(self, database: Database, model: str) -> None:
        self._database = database
        self._model = model
        self._id = uuid4()

    async def announce(self) -> str:
        """The model that graphs are brought to: that of the servers before this one, while any of them is up."""
        async with self._database.transaction(None) as transaction:
            row = await transaction.fetchrow(
                "announce_server", SQL["announce_server"], self._id, self._model, LAPSE_SECONDS
            )
        assert row is not None
        target: str = row["target"]
        return target

    async def leave(self) -> None:
        """This process is going: nobody need wait until it is missed."""
        async with self._database.transaction(None) as transaction:
            await transaction.fetch("leave_server", SQL["leave_server"], self._id)
