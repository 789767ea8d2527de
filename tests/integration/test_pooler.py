"""Behind PgBouncer in transaction mode, with a login of its own, everything works and tenants are never mixed."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from loci import AsyncClient, edge, mutations, node
from tests.calls import collect
from tests.ports import kept_port
from tests.postgres import as_user, create_database, database_name, drop_database, run
from tests.server import RunningServer, new_tenant, running_server

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/sbin")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed: make apt")


@contextmanager
def pgbouncer(database_url: str) -> Iterator[str]:
    """A pooler in transaction mode with few server connections; the URL of `loci_app` through it."""
    parts = urlsplit(database_url)
    host = parse_qs(parts.query).get("host", [parts.hostname])[0]
    with tempfile.TemporaryDirectory(prefix="loci-", dir="/tmp") as name, kept_port() as port:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "users.txt").write_text('"loci_app" ""\n')
        place = f"host={host} port={parts.port or 5432} user=loci_app"
        (folder / "pgbouncer.ini").write_text(
            f"""[databases]
{database_name(database_url)} = {place}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
"""
        )
        identity: dict[str, Any] = {}
        if os.geteuid() == 0:  # which it refuses to be; who owns the socket may use it
            owner = Path(host).stat().st_uid if host.startswith("/") else pwd.getpwnam("nobody").pw_uid
            identity = {"user": owner, "group": pwd.getpwuid(owner).pw_gid, "extra_groups": []}
        assert PROGRAM is not None
        with (folder / "log").open("w") as log:
            process = subprocess.Popen([PROGRAM, folder / "pgbouncer.ini"], stderr=log, stdout=log, **identity)
        try:
            wait_for_port(port, folder / "log")
            yield f"postgresql://loci_app@127.0.0.1:{port}/{database_name(database_url)}"
        finally:
            process.terminate()
            process.wait(10)


def wait_for_port(port: int, log: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="module")
async def pooled(postgres_url: str, migrated_template: str) -> AsyncIterator[RunningServer]:
    url = await create_database(postgres_url, migrated_template)
    await run(url, "ALTER ROLE loci_app LOGIN")
    try:
        with pgbouncer(url) as through:
            async with running_server(through, LOCI_MIGRATION_DATABASE_URL=url, LOCI_DATABASE_POOL_SIZE="20") as server:
                yield server
    finally:
        await run(url, "ALTER ROLE loci_app NOLOGIN")
        await drop_database(url)


@pytest.fixture
async def client(pooled: RunningServer) -> AsyncIterator[AsyncClient]:
    async with new_tenant(pooled) as connected:
        await connected.create_graph("g")
        yield connected


async def test_every_service_works(pooled: RunningServer, client: AsyncClient) -> None:
    await client.commit(
        "g",
        [
            mutations.create_node("a", text="peanuts", properties={"k": 1}, embedding=("m", [1.0, 0.0])),
            mutations.create_node("b"),
            mutations.create_edge("a", "R", "b"),
        ],
    )
    await client.update_node("g", "a", label="L")
    await client.rename_node("g", "b", "c")
    await client.import_items("g", [node("i", text="peanut butter"), edge("i", "R", "a")])
    assert len((await client.get_nodes("g", ["a", "c", "i"])).nodes) == 3
    assert len(await collect(client.list_nodes("g", filter={"properties": {"k": 1}}))) == 1
    assert len(await collect(client.list_edges("g", filter={"source": "a"}))) == 1
    assert len((await client.search("g", "peanuts")).hits) == 2
    assert len((await client.search("g", mode="semantic", query_embedding=("m", [1.0, 0.0]))).hits) == 1
    assert len(await collect(client.neighbors("g", "a"))) == 2
    assert (await client.traverse("g", ["i"])).nodes
    assert (await client.find_paths("g", "i", "c")).paths
    assert (await client.get_context("g", ["a"])).nodes
    assert len(await collect(client.export_items("g"))) == 5
    assert (await client.get_import("g", (await client.import_items("g", [])).import_id)).next_sequence == 1
    await client.delete_node("g", "a")
    await client.delete_graph("g")
    await client.undelete_graph("g")
    assert (await client.get_graph_stats("g")).node_count == 2
    assert len(await collect(client.list_api_keys())) == 1


async def test_the_server_knows_that_it_is_pooled(pooled: RunningServer) -> None:
    """Connections of the server reach PostgreSQL as the pooler's few."""
    direct = pooled.environment["LOCI_MIGRATION_DATABASE_URL"]
    connection = await asyncpg.connect(direct)
    try:
        count = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'loci_app' AND datname = current_database()"
        )
    finally:
        await connection.close()
    assert 1 <= count <= 4
    assert as_user(direct, "loci_app") != direct


async def test_sixty_four_calls_in_flight_of_two_tenants_never_mix(pooled: RunningServer, client: AsyncClient) -> None:
    async with new_tenant(pooled) as other:
        await other.create_graph("g")
        for one, word in ((client, "walnut"), (other, "pecan")):
            await one.create_node("g", "a", text=word)

        async def use(number: int) -> None:
            one, word = ((client, "walnut"), (other, "pecan"))[number % 2]
            for turn in range(8):
                assert (await one.get_node("g", "a")).text == word
                await one.create_node("g", f"{number}-{turn}", text=word)
                assert {found.text async for found in one.list_nodes("g")} == {word}
                assert {hit.node.text for hit in (await one.search("g", word)).hits} == {word}

        await asyncio.gather(*[use(number) for number in range(64)])
        for one in (client, other):
            assert (await one.get_graph_stats("g")).node_count == 1 + 32 * 8
    assert "prepared statement" not in pooled.log


async def test_large_commits_and_imports_pass_through(client: AsyncClient) -> None:
    await client.commit("g", [mutations.create_node(f"c{number}", text="T" * 2000) for number in range(500)])
    summary = await client.import_items("g", [node(f"i{number}", text=f"text {number}") for number in range(5000)])
    assert summary.node_count == 5000
    assert (await client.get_graph_stats("g")).document_count == 5500
