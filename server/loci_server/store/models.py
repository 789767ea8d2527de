"""Which embedding models a tenant's vectors come from, and their dimensions."""

from collections import OrderedDict

from loci_server.errors import DimensionMismatch
from loci_server.store.pool import Database
from loci_server.store.statements import statements

MAX_CACHED = 10_000
SQL = statements("models")


class Models:
    """Numbers for (tenant, model). A model has one dimension in a tenant, fixed by the first vector that is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[tuple[int, str], tuple[int, int]] = OrderedDict()

    async def find(self, tenant_key: int, model: str) -> tuple[int, int] | None:
        """Number and dimension, or None if the tenant has no vector of this model."""
        known = self._known.get((tenant_key, model))
        if known is not None:
            return known
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow("find_model", SQL["find_model"], tenant_key, model)
        if row is None:
            return None
        known = self._known[tenant_key, model] = row["model_key"], row["dimension"]
        while len(self._known) > MAX_CACHED:
            self._known.popitem(last=False)
        return known

    async def get(self, tenant_key: int, model: str, dimension: int, field: str) -> int:
        """The number of the model. One that is new has its dimension for good when a vector under this number is
        stored, and not before. Raises DimensionMismatch."""
        known = await self.find(tenant_key, model)
        if known is not None:
            if known[1] != dimension:
                raise DimensionMismatch(field=field, expected=known[1], actual=dimension)
            return known[0]
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow("register_model", SQL["register_model"], tenant_key, model, dimension)
        assert row is not None
        number: int = row["model_key"]
        return number
