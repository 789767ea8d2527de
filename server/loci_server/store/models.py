"""Which embedding models a tenant's vectors come from, and their dimensions."""

from collections import OrderedDict

from loci_server.errors import DimensionMismatch
from loci_server.store.pool import Database

MAX_CACHED = 10_000


class Models:
    """Numbers for (tenant, model). A model has one dimension in a tenant, fixed by its first vector."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[tuple[int, str], tuple[int, int]] = OrderedDict()

    async def find(self, tenant_key: int, model: str) -> tuple[int, int] | None:
        """Number and dimension, or None if the tenant has no vector of this model."""
        known = self._known.get((tenant_key, model))
        if known is not None:
            return known
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow(
                "find_model",
                "SELECT model_key, dimension FROM loci.embedding_models WHERE tenant_key = $1 AND model = $2",
                tenant_key,
                model,
            )
        return self._remember(tenant_key, model, row["model_key"], row["dimension"]) if row else None

    async def get(self, tenant_key: int, model: str, dimension: int, field: str) -> int:
        """The number of the model, which is registered if it is new. Raises DimensionMismatch."""
        known = await self.find(tenant_key, model)
        if known is None:
            async with self._database.transaction(tenant_key) as transaction:
                row = await transaction.fetchrow(
                    "register_model",
                    "INSERT INTO loci.embedding_models AS m (tenant_key, model, dimension) VALUES ($1, $2, $3)"
                    " ON CONFLICT (tenant_key, model) DO UPDATE SET model = m.model RETURNING model_key, dimension",
                    tenant_key,
                    model,
                    dimension,
                )
            assert row is not None
            known = self._remember(tenant_key, model, row["model_key"], row["dimension"])
        if known[1] != dimension:
            raise DimensionMismatch(field=field, expected=known[1], actual=dimension)
        return known[0]

    def _remember(self, tenant_key: int, model: str, number: int, dimension: int) -> tuple[int, int]:
        self._known[tenant_key, model] = number, dimension
        while len(self._known) > MAX_CACHED:
            self._known.popitem(last=False)
        return number, dimension
