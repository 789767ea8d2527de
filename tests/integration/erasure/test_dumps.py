"""A dump is restored by the scripts of docs/operations.md: all opens but what was erased since."""

import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from loci import errors
from loci.v1 import erasure_pb2 as pb
from loci_server.embedded import BundledPostgres
from loci_server.embedded.programs import Programs
from tests.command import Loci
from tests.documents import script
from tests.integration.erasure.test_graphs import over
from tests.integration.rotation.scene import SOON, furnish, scene
from tests.postgres import create_database, database_name, drop_database, short_folder
from tests.server import running_server
from tests.sharing import root_key
from tests.vault.in_use import in_vault
from tests.vault.stand_in import StandIn
from tests.waiting import eventually

SECRET = "SELECT kek_id, wrapped_secret FROM loci.cluster"


def run(text: str, folder: Path, url: str) -> str:
    """A script, in a folder, on a database. What it prints."""
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query)["host"][0]
    place = {
        "PATH": f"{Programs(major=None, account=None).folder}:{os.environ['PATH']}",
        "PGHOST": host,
        "PGPORT": str(parts.port or 5432),
        "PGUSER": parts.username or "postgres",
        "PGPASSWORD": parts.password or "",
        "PGDATABASE": database_name(url),
    }
    done = subprocess.run(
        ["sh", "-c", text], cwd=folder, env=place, check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@asynccontextmanager
async def restored(database_url: str, folder: Path) -> AsyncIterator[str]:
    """An empty database, and in it what was dumped and saved in a folder."""
    url = await create_database(database_url.replace(database_name(database_url), "postgres"))
    try:
        run(script("operations.md", "restore.sh"), folder, url)
        run(script("operations.md", "restore-keys.sh"), folder, url)
        yield url
    finally:
        await drop_database(url)


@pytest.mark.parametrize("provider", ["local", "vault"])
async def test_a_dump_comes_back_with_the_keys_of_today_and_without_what_was_erased_since(
    database_url: str, vault: StandIn, tmp_path: Path, provider: str
) -> None:
    settings = in_vault(vault) if provider == "vault" else {}
    async with scene(database_url, **settings) as found, found.server.client() as operator:
        for graph in ("kept", "erased"):
            await furnish(found.client, graph)
        operators = found.server.operator_key
        key = (await found.client.create_api_key(["admin"])).secret
        await operator.create_tenant("gone")
        strangers = (await operator.create_api_key(["admin"], tenant="gone")).secret
        async with found.server.client(strangers) as stranger:
            await furnish(stranger)
        run("pg_dump -Fc -f loci.dump", tmp_path, database_url)

        if provider == "local":  # with Vault the erasure makes what is in the dump useless
            await found.client.rotate_keys("kept")
            await found.over("kept")
            settings["LOCI_ENCRYPTION_KEY"] = root_key(found.server)
        else:
            await operator.rotate_keys("installation")
        await over(found.client, await found.client.erase_graph("erased"))
        await over(operator, await operator.erase_tenant("gone"))
        latest = await found.database.fetchrow(SECRET)
        run(script("operations.md", "save-keys.sh"), tmp_path, database_url)

    async with restored(database_url, tmp_path) as url:
        database = await asyncpg.connect(url)
        assert await database.fetchrow(SECRET) == latest
        await database.close()
        async with (
            running_server(url, **SOON, **settings) as server,
            server.client(key) as client,
            server.client(operators) as operator,
        ):
            assert (await client.get_node("kept", "a")).text == "plays the viola"
            with pytest.raises(errors.GraphNotFound):
                await client.get_node("erased", "a")
            with pytest.raises(errors.GraphNotFound):
                await client.undelete_graph("erased")
            async with server.client(strangers) as stranger:
                with pytest.raises(errors.CredentialInvalid):
                    await stranger.get_node("g", "a")

            async def receipts() -> set[str] | None:
                """Of what was erased once more, when it is over."""
                told = [each async for each in operator.list_erasures("installation")]
                done = all(each.state == pb.ERASURE_STATE_DONE for each in told)
                return {each.resource for each in told} if done else None

            assert await eventually(receipts, within=90) == {"graphs/erased", "tenants/gone"}


def test_the_programs_of_the_bundled_postgresql_reach_it_while_no_server_runs(tmp_path: Path) -> None:
    with short_folder() as folder:
        loci = Loci({"LOCI_DATA_DIR": str(folder), "PGHOST": "elsewhere"})

        def done(*command: str) -> tuple[int | None, str, str]:
            process = loci.begin("database", "run", *command)
            out, err = process.communicate(timeout=120)
            return process.returncode, out.decode(), err.decode()

        dump = str(tmp_path / "loci.dump")
        assert done("--create", "psql", "-c", "CREATE TABLE kept (n int)") == (0, "CREATE TABLE\n", "")
        assert done("pg_dump", "-Fc", "-f", dump)[0] == 0
        with BundledPostgres.start(folder):
            code, out, _ = done("sh", "-c", f"pg_restore --list {dump}; exit 7")
        assert (code, "TABLE public kept" in out) == (7, True)
        assert done("no-such-program") == (2, "", "error: there is no program no-such-program\n")
