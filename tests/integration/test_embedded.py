"""The bundled PostgreSQL: durable, private, shared by processes, and stopped by the last of them."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil  # type: ignore[import-untyped]
import pytest

from loci_server.embedded import BundledPostgres, BundledPostgresError
from tests.postgres import short_folder

OTHER_PROCESS = """
import sys
from pathlib import Path
from loci_server.embedded import BundledPostgres
server = BundledPostgres.start(Path(sys.argv[1]))
print(server.url, flush=True)
sys.stdin.readline()
server.stop()
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder / "not yet" / "data"


def postmaster(data_dir: Path) -> psutil.Process:
    return psutil.Process(int((data_dir / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]))


def kill(processes: list[psutil.Process]) -> None:
    """SIGKILL, and wait until they are gone."""
    for process in processes:
        process.kill()
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert not alive


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def value(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_an_acknowledged_row_survives_a_kill_of_the_whole_server(data_dir: Path) -> None:
    with BundledPostgres.start(data_dir) as server:
        connection = await asyncpg.connect(server.url)
        await connection.execute("CREATE TABLE kept (id int)")
        await connection.execute("INSERT INTO kept VALUES (7)")
        main = postmaster(data_dir)
        children = main.children(recursive=True)
        kill([main, *children])
        connection.terminate()
        with BundledPostgres.start(data_dir) as again:
            assert again.url == server.url
            assert await value(again.url, "SELECT id FROM kept") == 7


async def test_it_starts_again_while_the_children_of_a_killed_postmaster_still_end(data_dir: Path) -> None:
    with BundledPostgres.start(data_dir) as server:
        connection = await asyncpg.connect(server.url)
        await connection.execute("CREATE TABLE kept (id int)")
        sleeping = asyncio.create_task(connection.execute("SELECT pg_sleep(1)"))
        kill([postmaster(data_dir)])
        await asyncio.to_thread(server.ensure_running)
        assert await value(server.url, "SELECT count(*) FROM kept") == 0
        await asyncio.wait([sleeping])
        assert isinstance(sleeping.exception(), (asyncpg.PostgresError, OSError)) or sleeping.exception() is None
        connection.terminate()


def test_a_pid_file_that_names_another_program_is_no_hindrance(data_dir: Path) -> None:
    with BundledPostgres.start(data_dir) as server:
        file = data_dir / "postgres" / "postmaster.pid"
        main = postmaster(data_dir)
        kill([main, *main.children(recursive=True)])
        # Another program of the same user has the number now.
        owner = file.stat()
        with subprocess.Popen(["sleep", "60"], user=owner.st_uid, group=owner.st_gid) as sleeper:
            lines = file.read_text().split("\n")
            file.write_text("\n".join([str(sleeper.pid), *lines[1:]]))
            server.ensure_running()
            sleeper.kill()
        assert postmaster(data_dir).name() == "postgres"


async def test_the_settings_keep_data_safe_and_suit_a_small_machine(data_dir: Path) -> None:
    expected = {
        "server_encoding": "UTF8",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "shared_buffers": "256MB",
        "max_wal_size": "2GB",
        "max_connections": "200",
        "jit": "off",
    }
    with BundledPostgres.start(data_dir) as server:
        assert {name: await value(server.url, f"SHOW {name}") for name in expected} == expected
        assert await value(server.url, "SELECT datlocale FROM pg_database WHERE datname = 'template0'") == "C.UTF-8"
        assert await value(server.url, "SELECT lower('ÄÖÜ Ж') || upper('é')") == "äöü жÉ"


async def test_what_an_operator_sets_is_kept_over_a_restart(data_dir: Path) -> None:
    with BundledPostgres.start(data_dir) as server:
        await value(server.url, "ALTER SYSTEM SET shared_buffers = '64MB'")
    with BundledPostgres.start(data_dir) as server:
        assert await value(server.url, "SHOW shared_buffers") == "64MB"


def test_the_folders_are_private(data_dir: Path) -> None:
    with BundledPostgres.start(data_dir):
        as_root = os.geteuid() == 0
        assert mode(data_dir) == (0o701 if as_root else 0o700)
        assert mode(data_dir / "postgres") == 0o700
        assert {mode(file) for file in data_dir.iterdir() if file.is_file()} == {0o600}


async def test_statements_and_values_do_not_reach_the_log(data_dir: Path) -> None:
    with BundledPostgres.start(data_dir) as server:
        await value(server.url, "CREATE TABLE single (body text PRIMARY KEY)")
        await value(server.url, "INSERT INTO single VALUES ('canary-one')")
        with pytest.raises(asyncpg.UniqueViolationError):
            await value(server.url, "INSERT INTO single VALUES ('canary-one')")
    logs = [file for file in (data_dir / "postgres").rglob("*.log") if file.is_file()]
    assert any("duplicate key" in file.read_text() for file in logs)
    assert not any("canary" in file.read_text() for file in logs)


async def test_secrets_in_the_environment_do_not_reach_the_server(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCI_ENCRYPTION_KEY", "canary")
    monkeypatch.setenv("PGPORT", "1")
    with BundledPostgres.start(data_dir):
        assert postmaster(data_dir).environ().keys().isdisjoint({"LOCI_ENCRYPTION_KEY", "PGPORT"})


async def test_two_processes_share_a_server_and_the_last_one_stops_it(data_dir: Path) -> None:
    server = BundledPostgres.start(data_dir)
    main = postmaster(data_dir)
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OTHER_PROCESS, str(data_dir), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout
    assert (await asyncio.wait_for(other.stdout.readline(), 30)).decode().strip() == server.url
    server.stop()
    server.stop()
    assert await value(server.url, "SELECT 1") == 1
    await other.communicate(b"\n")
    assert other.returncode == 0
    main.wait(timeout=10)


async def test_a_process_that_is_killed_leaves_the_server_to_the_next_one(data_dir: Path) -> None:
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OTHER_PROCESS, str(data_dir), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout
    url = (await asyncio.wait_for(other.stdout.readline(), 30)).decode().strip()
    main = postmaster(data_dir)
    other.send_signal(signal.SIGKILL)
    await other.communicate()
    assert await value(url, "SELECT 1") == 1
    with BundledPostgres.start(data_dir) as server:
        assert postmaster(data_dir).pid == main.pid
        assert server.url == url
    main.wait(timeout=10)


async def test_processes_that_start_at_once_get_one_server(data_dir: Path) -> None:
    others = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", OTHER_PROCESS, str(data_dir), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    answers = [await asyncio.wait_for(other.communicate(b"\n"), 60) for other in others]
    assert [other.returncode for other in others] == [0, 0, 0]
    assert len({output for output, _ in answers}) == 1
    assert not (data_dir / "postgres" / "postmaster.pid").exists()


async def test_a_start_that_was_cut_short_is_done_again(data_dir: Path) -> None:
    half = data_dir / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with BundledPostgres.start(data_dir) as server:
        assert await value(server.url, "SELECT 1") == 1


async def test_a_long_path_gets_its_socket_elsewhere(data_dir: Path) -> None:
    with BundledPostgres.start(data_dir / ("long" * 25)) as server:
        assert not server.socket_folder.is_relative_to(data_dir)
        assert mode(server.socket_folder) == 0o700
        assert await value(server.url, "SELECT 1") == 1
    server.socket_folder.rmdir()


async def test_a_folder_of_the_oldest_supported_postgres_keeps_its_version(data_dir: Path) -> None:
    with BundledPostgres.start(data_dir, major=16):
        pass
    with BundledPostgres.start(data_dir) as server:
        assert str(await value(server.url, "SHOW server_version")).startswith("16.")


def test_what_is_in_the_way_is_named(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "mine.txt").write_text("mine")
    with pytest.raises(BundledPostgresError, match="in the way"):
        BundledPostgres.start(data_dir)
    assert (data_dir / "postgres" / "mine.txt").read_text() == "mine"


def test_a_server_that_cannot_start_says_what_postgres_said(data_dir: Path) -> None:
    with BundledPostgres.start(data_dir):
        pass
    with (data_dir / "postgres" / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(BundledPostgresError, match="no_such_setting"):
        BundledPostgres.start(data_dir)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives PostgreSQL another user")
def test_postgres_never_runs_as_root_nor_in_roots_groups(data_dir: Path) -> None:
    with BundledPostgres.start(data_dir):
        process = postmaster(data_dir)
        assert 0 not in {*process.uids(), *process.gids()}
        groups = Path(f"/proc/{process.pid}/status").read_text().split("Groups:", 1)[1].split("\n", 1)[0]
        assert "0" not in groups.split()
