"""The same installation twice: once with the victim, once as if it had never been. Both have the same keys and the same
attacker to the byte, so that what differs between their answers tells of the victim."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import grpc

from tests.fuzz.world import TENANT, VICTIM, mend_graphs
from tests.integration.isolation.calls import Caller, Exchange
from tests.integration.isolation.comparison import difference
from tests.integration.isolation.identifiers import RESUME, TOKEN
from tests.integration.isolation.probes import FORGED, NONE, Probe
from tests.integration.isolation.scene import HIDDEN, SECRET, Tenant, build, parsed
from tests.postgres import create_database, database_name, drop_database
from tests.server import RunningServer, running_server
from tests.sharing import root_key
from tests.waiting import eventually

Fence = Callable[["asyncpg.Connection[Any]"], AbstractAsyncContextManager[None]]
SETTINGS = {"LOCI_LOG_LEVEL": "WARNING"}
DUE = "SELECT count(*) FROM loci.jobs WHERE tenant_key = $1 AND kind <> 5 AND run_after < now() + interval '1 minute'"
"""But for changes of a graph's model, which wait for an embedder."""
TABLES = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'loci' AND column_name = 'tenant_key'"


@dataclass(frozen=True, slots=True)
class Twins:
    """`full` has the victim, `bare` has not."""

    full: RunningServer
    bare: RunningServer
    attacker: Tenant
    victim: Tenant

    async def leaks(self, probes: Iterable[Probe], *, mending: bool = True) -> tuple[int, list[str]]:
        """How many probes were sent to both, and what they tell of the victim."""
        found: list[str] = []
        sent = 0
        async with (
            grpc.aio.insecure_channel(self.full.address) as full,
            grpc.aio.insecure_channel(self.bare.address) as bare,
        ):
            callers = Caller(full), Caller(bare)
            for sent, probe in enumerate(probes, 1):
                key = self.key(probe)
                one, other = await asyncio.gather(
                    *(caller.call(probe.method, probe.messages, key) for caller in callers)
                )
                told = seen(one) or self.taken(probe, one) or difference(one, other)
                if told:
                    found.append(f"{told}\n{probe.text()}")
                if mending and sent % 500 == 0:
                    await self.mend()
        return sent, found

    def taken(self, probe: Probe, ended: Exchange) -> str | None:
        """Whether a token of the victim was good for the attacker: what it holds is not his to go on from."""
        if ended.code == "OK":
            request = parsed(probe.method, probe.messages[0])
            for name, kind in (("page_token", TOKEN), ("resume_token", RESUME)):
                if getattr(request, name, None) in self.tokens(kind):
                    return f"a {kind} of the victim was taken"
        return None

    def tokens(self, kind: str) -> set[str | bytes]:
        """Of the victim."""
        return set(self.victim.pool.of(kind)) - {""}

    async def mend(self) -> None:
        """Brings back what probes have deleted of the attacker's own."""
        for server in (self.full, self.bare):
            async with server.client(self.attacker.keys["admin"]) as client:
                await mend_graphs(client)

    def key(self, probe: Probe) -> str | None:
        if probe.key == NONE:
            return None
        if probe.key == FORGED:
            key = self.victim.keys["admin"]
            return key[:-10] + ("A" if key[-10] != "A" else "B") + key[-9:]
        return self.attacker.keys[probe.key]

    @asynccontextmanager
    async def without(self, fence: Fence) -> AsyncIterator[None]:
        """Takes a fence down in both databases."""
        async with AsyncExitStack() as stack:
            for server in (self.full, self.bare):
                assert server.database_url is not None
                connection = await asyncpg.connect(server.database_url)
                stack.push_async_callback(connection.close)
                await stack.enter_async_context(fence(connection))
            yield

    async def victims_rows(self) -> dict[str, str]:
        """A digest of all that the victim has, by table, once the work for it is done."""
        assert self.full.database_url is not None
        connection = await asyncpg.connect(self.full.database_url)
        try:
            key = await connection.fetchval("SELECT tenant_key FROM loci.tenants WHERE tenant_id = $1", VICTIM)

            async def at_rest() -> bool:
                return not await connection.fetchval(DUE, key)

            await eventually(at_rest, within=60)
            return {
                table: await connection.fetchval(
                    f"SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM loci.{table} t "
                    "WHERE tenant_key = $1",
                    key,
                )
                for (table,) in await connection.fetch(TABLES)
            }
        finally:
            await connection.close()


def seen(exchange: Exchange) -> str | None:
    """The victim's own words in an answer."""
    return next((f"{word} is in the answer" for word in (SECRET, HIDDEN) if word.encode() in exchange.raw), None)


@asynccontextmanager
async def twins(postgres_url: str, template: str, seed: int) -> AsyncIterator[Twins]:
    url = await create_database(postgres_url, template)
    made = [url]
    try:
        async with running_server(url, **SETTINGS) as full:
            attacker = await build(full, TENANT, random.Random(seed), secret=False)
            victim = await build(full, VICTIM, random.Random(seed + 1), secret=True)
            secret = root_key(full)
            await full.stop()
            made.append(await create_database(postgres_url, database_name(url)))
            await without(made[1], VICTIM)
            async with running_server(made[1], **SETTINGS, LOCI_ENCRYPTION_KEY=secret) as bare:
                await full.start()
                yield Twins(full, bare, attacker, victim)
    finally:
        for one in made:
            await drop_database(one)


async def without(url: str, tenant: str) -> None:
    """Removes every row of a tenant."""
    connection = await asyncpg.connect(url)
    try:
        key = await connection.fetchval("SELECT tenant_key FROM loci.tenants WHERE tenant_id = $1", tenant)
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")  # the order does not matter then
            for (table,) in await connection.fetch(f"{TABLES} AND table_name !~ '^changes_'"):
                await connection.execute(f"DELETE FROM loci.{table} WHERE tenant_key = $1", key)
    finally:
        await connection.close()
