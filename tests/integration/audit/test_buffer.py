"""Entries that wait are written in the end, and who is refused again and again takes little room."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from google.rpc.code_pb2 import Code

from loci_server.audit.buffer import MAX_COUNTS, MAX_REFUSED, MAX_STRANGE, REFUSED_RATE, STRANGE_RATE, Buffer
from loci_server.audit.entry import Ending, Origin, opened
from loci_server.bootstrap import Unobserved
from loci_server.crypto.audit import AuditKeys
from loci_server.store.audit import Audit, stored
from loci_server.store.pool import connect


@pytest.fixture
async def database_url(database_url: str) -> str:
    """Of a database with tenant 7: what is of no tenant is not kept."""
    connection = await asyncpg.connect(database_url)
    await connection.execute("INSERT INTO loci.tenants (tenant_key, tenant_id, display_name) VALUES (7, 'seven', '')")
    await connection.close()
    return database_url


async def test_who_is_refused_again_and_again_cannot_fill_the_table(database_url: str) -> None:
    database = await connect(database_url, size=1, pooler="none", observer=Unobserved())
    try:
        buffer = Buffer(Audit(database), AuditKeys(b"s" * 32), lambda: None, clock=lambda: 0.0)
        ending = Ending(Code.UNAUTHENTICATED, "CREDENTIAL_INVALID", datetime.now(UTC))
        for tenant_key, room in ((0, MAX_STRANGE), (7, MAX_REFUSED)):
            for number in range(room + 500):
                for _ in range(3):
                    origin = Origin(0, "", "loci.v1.NodeService/GetNode", f"10.0.0.{number}", "", "")
                    buffer.add(tenant_key, origin, ending, "", [])
        await buffer.flush()
        connection = await asyncpg.connect(database_url)
        rows = await connection.fetch("SELECT tenant_key, count(*) FROM loci.audit_inbox GROUP BY 1 ORDER BY 1")
        await connection.close()
        assert [tuple(row) for row in rows] == [(0, MAX_STRANGE + 1), (7, MAX_REFUSED + 1)]
    finally:
        await database.close()


async def test_refusals_that_go_on_for_a_day_take_little_room(database_url: str) -> None:
    database = await connect(database_url, size=1, pooler="none", observer=Unobserved())
    connection = await asyncpg.connect(database_url)
    now, times, flushes, calls = 0.0, 24, 10, 300
    try:
        buffer = Buffer(Audit(database), AuditKeys(b"s" * 32), lambda: None, clock=lambda: now)
        for hour in range(times):
            for second in range(flushes):
                for number in range(calls):
                    names_ = [f"graphs/{hour}-{second}-{number}"]
                    origin = Origin(1, "", f"loci.v1.NodeService/M{number % 120}", "10.0.0.1", "", "")
                    ending = Ending(Code.NOT_FOUND, "GRAPH_NOT_FOUND", datetime.now(UTC))
                    for tenant_key in (0, 7):
                        buffer.add(tenant_key, origin, ending, f"{hour}-{second}-{number}", names_)
                now += 1.0
                await buffer.flush(with_counts=False)
            now += 50.0
        counting = await connection.fetch("SELECT tenant_key, count(*) FROM loci.audit_inbox GROUP BY 1 ORDER BY 1")
        before = dict(map(tuple, counting))
        assert before[0] <= MAX_STRANGE + now * STRANGE_RATE
        assert before[7] <= MAX_REFUSED + now * REFUSED_RATE
        await buffer.flush()
        after = await connection.fetch("SELECT tenant_key, count(*) FROM loci.audit_inbox GROUP BY 1 ORDER BY 1")
        assert {key: count - before[key] for key, count in after} == dict.fromkeys((0, 7), MAX_COUNTS + 1)
        told_of = await collect_counts(connection, AuditKeys(b"s" * 32))
        assert told_of == dict.fromkeys((0, 7), times * flushes * calls), "each call is counted"
    finally:
        await connection.close()
        await database.close()


async def test_whatever_stops_a_write_of_what_waits_the_next_is_tried(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loci_server.audit.buffer.PAUSE", 0.01)
    database = await connect(database_url, size=1, pooler="none", observer=Unobserved())
    tries = asyncio.Semaphore(0)

    def fails() -> None:
        tries.release()
        raise RuntimeError

    buffer = Buffer(Audit(database), AuditKeys(b"s" * 32), fails)
    running = asyncio.create_task(buffer.run())
    try:
        for _ in range(3):
            buffer.add(7, Origin(1, "", "m", "", "", ""), Ending(Code.NOT_FOUND, "R", datetime.now(UTC)), "", [])
            async with asyncio.timeout(10):
                await tries.acquire()
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await database.close()


async def collect_counts(connection: Any, keys: AuditKeys) -> dict[int, int]:
    """Calls that the entries of an inbox tell of, by tenant."""
    found: dict[int, int] = {}
    for row in await connection.fetch("SELECT * FROM loci.audit_inbox"):
        key = row["tenant_key"]
        found[key] = found.get(key, 0) + opened(keys.of(key), stored(key, row)).call_count
    return found


async def test_what_cannot_be_written_now_is_written_later(database_url: str) -> None:
    database = await connect(database_url, size=1, pooler="none", observer=Unobserved())
    connection = await asyncpg.connect(database_url)
    try:
        buffer = Buffer(Audit(database), AuditKeys(b"s" * 32), lambda: None)
        origin = Origin(1, "tenants/t/apiKeys/1", "loci.v1.NodeService/GetNode", "10.0.0.1", "", "")
        await connection.execute("ALTER TABLE loci.audit_inbox RENAME TO elsewhere")
        for _ in range(5):
            buffer.add(7, origin, Ending(Code.NOT_FOUND, "NODE_NOT_FOUND", datetime.now(UTC)), "", [])
        with pytest.raises(asyncpg.UndefinedTableError):
            await buffer.flush()
        await connection.execute("ALTER TABLE loci.elsewhere RENAME TO audit_inbox")
        buffer.add(7, origin, Ending(Code.NOT_FOUND, "NODE_NOT_FOUND", datetime.now(UTC)), "", [])
        await buffer.flush()
        assert await connection.fetchval("SELECT count(*) FROM loci.audit_inbox") == 1
    finally:
        await connection.close()
        await database.close()
