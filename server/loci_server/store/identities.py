"""Who acts without an API key, by tenant: noted when it first acts, and told by its number afterwards."""

import asyncpg

from loci.v1.identity_pb2 import Identity
from loci_server.crypto.installation import Installation
from loci_server.domain.limits import MAX_IDENTITIES
from loci_server.domain.names import identity_name
from loci_server.domain.row import Row
from loci_server.errors import IdentityNotFound, TooManyIdentities
from loci_server.identity.subject import Actor, Subject
from loci_server.store.pool import Database
from loci_server.store.statements import statements
from loci_server.store.times import write_timestamp

SQL = statements("identities")
TENANTS = statements("tenants")
OPERATOR = "operator"


class Identities:
    """The identities of one tenant at a time."""

    def __init__(self, database: Database, installation: Installation) -> None:
        self._database = database
        self._installation = installation

    async def tenant_key(self, tenant_id: str) -> int | None:
        """The key of a tenant that is there and not deleted."""
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            row = await transaction.fetchrow("find_tenant", TENANTS["find_tenant"], tenant_id)
        return None if row is None or row["delete_time"] is not None else row["tenant_key"]

    def actor(self, tenant_key: int, named: Subject) -> Actor:
        """The number that it has in a tenant, noted or not."""
        told = Identity(kind=named.kind, issuer=named.issuer, subject=named.subject)  # type: ignore[arg-type] # IntEnum
        digested = told.SerializeToString(deterministic=True)
        return Actor(tenant_key, -self._installation.identity_number(tenant_key, digested))

    async def note(self, actor: Actor, named: Subject) -> None:
        """Keeps what it is. Raises TooManyIdentities."""
        told = Identity(issuer=named.issuer, subject=named.subject)
        sealed = self._installation.sealer.seal(
            b"identity", b"%d" % actor.number, b"subject", told.SerializeToString(deterministic=True)
        )
        async with self._database.transaction(actor.tenant_key) as transaction:
            arguments = *actor, named.kind, sealed, MAX_IDENTITIES
            row = await transaction.fetchrow("insert_identity", SQL["insert_identity"], *arguments)
        if row is None or not row["known"]:
            raise TooManyIdentities(limit=MAX_IDENTITIES)

    async def find(self, tenant_key: int, tenant_id: str, number: int) -> Identity:
        """Raises IdentityNotFound."""
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow("find_identity", SQL["find_identity"], tenant_key, -number)
        if row is None:
            raise IdentityNotFound(resource=identity_name(tenant_id, number))
        return self.told(tenant_id, row)

    async def page(self, tenant_key: int, after: int, limit: int) -> list[asyncpg.Record]:
        """In order of numbers, behind one of them; 0: from the first."""
        async with self._database.transaction(tenant_key) as transaction:
            return await transaction.fetch("list_identities", SQL["list_identities"], tenant_key, -after, limit)

    def told(self, tenant_id: str, row: Row) -> Identity:
        """The message of a row. Raises ContentUnreadable."""
        opened = self._installation.sealer.open(b"identity", b"%d" % row["actor"], b"subject", row["subject"])
        identity = Identity.FromString(opened)
        identity.name = identity_name(tenant_id, -row["actor"])
        identity.kind = row["kind"]
        write_timestamp(identity.create_time, row["create_time"])
        return identity
