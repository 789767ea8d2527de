"""Migrations: once, in order, whole or not at all, and the grants and fences that come with them."""

import asyncio
import sys
from pathlib import Path

import asyncpg
import pytest

from loci_server.store import migrations, roles
from loci_server.store.migrations import migrate, status
from tests.postgres import DatabaseFactory, as_user, run

NOTES = "CREATE TABLE loci.notes (tenant int, body text, vec vector(3));"
FENCED = """
CREATE TABLE loci.fenced (tenant int, body text);
ALTER TABLE loci.fenced ENABLE ROW LEVEL SECURITY;
ALTER TABLE loci.fenced FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON loci.fenced USING (tenant = nullif(current_setting('loci.tenant', true), '')::int);
"""


def write(folder: Path, *texts: str) -> Path:
    """A folder of migrations 0001_step.sql, 0002_step.sql, …"""
    folder.mkdir(exist_ok=True)
    for version, text in enumerate(texts, start=1):
        (folder / f"{version:04}_step.sql").write_text(text)
    return folder


async def value(url: str, sql: str, *, role: str | None = None) -> object:
    connection = await asyncpg.connect(url, server_settings={"role": role} if role else None)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def problems(url: str, *, role: str | None = roles.APPLICATION_ROLE) -> list[str]:
    connection = await asyncpg.connect(url, server_settings={"role": role} if role else None)
    try:
        return await roles.check_fences(connection)
    finally:
        await connection.close()


async def test_the_real_migrations_apply_to_an_empty_database_and_are_idempotent(
    empty_database: DatabaseFactory,
) -> None:
    url = await empty_database()
    files = migrations.read(migrations.migrations_dir())
    assert [row.version for row in await migrate(url)] == [file.version for file in files]
    assert await migrate(url) == []


async def test_the_real_migrations_leave_no_hole_in_the_fences(database_url: str) -> None:
    assert await problems(database_url) == []


async def test_migrations_apply_in_order_and_later_ones_are_added(
    empty_database: DatabaseFactory, tmp_path: Path
) -> None:
    url = await empty_database()
    write(tmp_path, NOTES, "ALTER TABLE loci.notes ADD COLUMN more text;")
    first = await migrate(url, directory=tmp_path, target=1)
    assert [(row.version, row.name) for row in first] == [(1, "step")]
    assert [file.version for file in (await status(url, directory=tmp_path)).pending] == [2]
    assert [row.version for row in await migrate(url, directory=tmp_path)] == [2]
    after = await status(url, directory=tmp_path)
    assert ([row.version for row in after.applied], after.pending) == ([1, 2], ())


async def test_a_migration_of_comments_alone_is_a_migration(empty_database: DatabaseFactory, tmp_path: Path) -> None:
    assert len(await migrate(await empty_database(), directory=write(tmp_path, "-- nothing", ""))) == 2


async def test_status_changes_nothing(empty_database: DatabaseFactory, tmp_path: Path) -> None:
    url = await empty_database()
    found = await status(url, directory=write(tmp_path, NOTES))
    assert (found.applied, len(found.pending)) == ((), 1)
    assert await value(url, "SELECT to_regnamespace('loci')") is None


async def test_tasks_that_migrate_at_once_migrate_once(empty_database: DatabaseFactory, tmp_path: Path) -> None:
    url = await empty_database()
    write(tmp_path, NOTES, "CREATE TABLE loci.more (id int);", "CREATE TABLE loci.most (id int);")
    answers = await asyncio.gather(*(migrate(url, directory=tmp_path) for _ in range(4)))
    assert sorted(row.version for answer in answers for row in answer) == [1, 2, 3]


async def test_processes_that_migrate_at_once_migrate_once(empty_database: DatabaseFactory, tmp_path: Path) -> None:
    url = await empty_database()
    write(tmp_path, NOTES, "CREATE TABLE loci.more (id int);")
    program = (
        "import asyncio, pathlib, sys; from loci_server.store.migrations import migrate\n"
        "print(len(asyncio.run(migrate(sys.argv[1], directory=pathlib.Path(sys.argv[2])))))"
    )

    async def other_process() -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, url, str(tmp_path), stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        assert process.returncode == 0
        return int(output)

    assert sum(await asyncio.gather(*(other_process() for _ in range(4)))) == 2


async def test_databases_of_one_cluster_can_be_migrated_at_once(
    empty_database: DatabaseFactory, tmp_path: Path
) -> None:
    urls = [await empty_database() for _ in range(4)]
    write(tmp_path, NOTES)
    answers = await asyncio.gather(*(migrate(url, directory=tmp_path) for url in urls))
    assert [len(answer) for answer in answers] == [1, 1, 1, 1]


async def test_waiting_for_another_migration_ends_with_an_error(
    empty_database: DatabaseFactory, tmp_path: Path
) -> None:
    url = await empty_database()
    other = await asyncpg.connect(url)
    try:
        await other.execute("SELECT pg_advisory_lock($1)", migrations.LOCK)
        with pytest.raises(migrations.MigrationLocked, match="Waited"):
            await migrate(url, directory=write(tmp_path, NOTES), lock_timeout=0.1)
    finally:
        await other.close()


async def test_a_changed_file_is_refused(empty_database: DatabaseFactory, tmp_path: Path) -> None:
    url = await empty_database()
    await migrate(url, directory=write(tmp_path, NOTES))
    write(tmp_path, NOTES + " -- changed", "CREATE TABLE loci.more (id int);")
    with pytest.raises(migrations.MigrationChanged, match="0001"):
        await migrate(url, directory=tmp_path)
    assert await value(url, "SELECT to_regclass('loci.more')") is None


async def test_a_newer_database_is_refused_unless_asked_for(empty_database: DatabaseFactory, tmp_path: Path) -> None:
    url = await empty_database()
    await migrate(url, directory=write(tmp_path / "new", NOTES, "CREATE TABLE loci.more (id int);"))
    old = write(tmp_path / "old", NOTES)
    with pytest.raises(migrations.DatabaseNewer, match=r"0002.*0001"):
        await migrate(url, directory=old)
    assert await migrate(url, directory=old, allow_newer=True) == []
    assert len((await status(url, directory=old)).applied) == 2


@pytest.mark.parametrize("broken", ["SELECT 1 / 0;", "SELECT nothing FROM nowhere;", "COMMIT; SELECT 1;"])
async def test_a_broken_migration_leaves_nothing(empty_database: DatabaseFactory, tmp_path: Path, broken: str) -> None:
    url = await empty_database()
    write(tmp_path, NOTES, f"CREATE TEMP TABLE half (id int); INSERT INTO loci.notes VALUES (1); {broken}")
    with pytest.raises(migrations.MigrationError, match="0002"):
        await migrate(url, directory=tmp_path)
    assert [row.version for row in (await status(url, directory=tmp_path)).applied] == [1]
    if "COMMIT" not in broken:
        assert await value(url, "SELECT count(*) FROM loci.notes") == 0
    write(tmp_path, NOTES, "CREATE TABLE loci.more (id int);")
    assert [row.version for row in await migrate(url, directory=tmp_path)] == [2]


@pytest.mark.parametrize("names", [("0002_a",), ("0001_a", "0003_b"), ("0001_a", "0001_b"), ("1_a",), ("0001-a",)])
def test_a_gap_a_double_and_a_bad_name_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / f"{name}.sql").write_text("SELECT 1;")
    with pytest.raises(migrations.BadMigrations):
        migrations.read(tmp_path)


async def test_a_target_that_does_not_exist_is_refused(empty_database: DatabaseFactory, tmp_path: Path) -> None:
    with pytest.raises(migrations.BadMigrations, match="0002"):
        await migrate(await empty_database(), directory=write(tmp_path, NOTES), target=2)


async def test_a_database_that_is_not_utf8_is_refused(postgres_url: str, tmp_path: Path) -> None:
    await run(
        postgres_url, "CREATE DATABASE test_latin TEMPLATE template0 ENCODING latin1 LOCALE 'C' LOCALE_PROVIDER libc"
    )
    try:
        with pytest.raises(migrations.UnfitDatabase, match="UTF8"):
            await migrate(postgres_url.replace("/postgres?", "/test_latin?"), directory=write(tmp_path, NOTES))
    finally:
        await run(postgres_url, "DROP DATABASE test_latin WITH (FORCE)")


async def test_an_extension_in_another_schema_is_refused(empty_database: DatabaseFactory, tmp_path: Path) -> None:
    url = await empty_database()
    await run(url, "CREATE SCHEMA other; CREATE EXTENSION vector SCHEMA other")
    with pytest.raises(migrations.ExtensionMissing, match="public"):
        await migrate(url, directory=write(tmp_path, NOTES))
    assert await value(url, "SELECT to_regnamespace('loci')") is None


async def test_an_old_pgvector_is_refused(empty_database: DatabaseFactory, tmp_path: Path) -> None:
    url = await empty_database()
    await run(url, "CREATE EXTENSION vector; UPDATE pg_extension SET extversion = '0.8.3' WHERE extname = 'vector'")
    with pytest.raises(migrations.UnfitDatabase, match=r"0\.8\.4.*0\.8\.3"):
        await migrate(url, directory=write(tmp_path, NOTES))


async def test_a_role_that_may_not_migrate_is_told_so(empty_database: DatabaseFactory, tmp_path: Path) -> None:
    url = await empty_database()
    await run(url, "DROP ROLE IF EXISTS test_guest; CREATE ROLE test_guest LOGIN PASSWORD 'guest'")
    try:
        guest = as_user(url, "test_guest", "guest")
        write(tmp_path, NOTES)
        with pytest.raises(migrations.ExtensionMissing, match="test_guest"):
            await migrate(guest, directory=tmp_path)
        await run(url, "CREATE EXTENSION vector")
        with pytest.raises(migrations.NotAllowed, match="test_guest"):
            await migrate(guest, directory=tmp_path)
    finally:
        await run(url, "DROP ROLE test_guest")


async def test_an_owner_without_superuser_can_migrate_and_become_the_application(
    empty_database: DatabaseFactory, tmp_path: Path
) -> None:
    url = await empty_database()
    await roles.ensure_roles(url)
    await run(url, "CREATE EXTENSION vector; CREATE ROLE test_owner LOGIN CREATEROLE PASSWORD 'owner'")
    await run(url, "GRANT loci_app TO test_owner WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")
    await run(url, "DO $$BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO test_owner', current_database()); END$$")
    try:
        owner = as_user(url, "test_owner", "owner")
        assert len(await migrate(owner, directory=write(tmp_path, FENCED))) == 1
        assert await value(owner, "SELECT current_user::text", role=roles.APPLICATION_ROLE) == roles.APPLICATION_ROLE
        assert await problems(owner) == []
        assert "The role test_owner owns loci.fenced or inherits from its owner." in await problems(owner, role=None)
    finally:
        await run(url, "DROP OWNED BY test_owner CASCADE; DROP ROLE test_owner")


async def test_the_application_reads_and_writes_tables_but_only_reads_the_migrations(
    empty_database: DatabaseFactory, tmp_path: Path
) -> None:
    url = await empty_database()
    serial = "CREATE TABLE loci.plain (id int GENERATED ALWAYS AS IDENTITY, body text);"
    function = "CREATE FUNCTION loci.one() RETURNS int LANGUAGE sql RETURN 1;"
    await migrate(url, directory=write(tmp_path, serial + function))
    app = await asyncpg.connect(url, server_settings={"role": roles.APPLICATION_ROLE})
    try:
        await app.execute("INSERT INTO loci.plain (body) VALUES ('a'); UPDATE loci.plain SET body = 'b'")
        assert await app.fetchval("SELECT body FROM loci.plain") == "b"
        assert await app.fetchval("SELECT loci.one()") == 1
        await app.execute("DELETE FROM loci.plain")
        assert await app.fetchval("SELECT max(version) FROM loci.schema_migrations") == 1
        for statement in (
            "DELETE FROM loci.schema_migrations",
            "TRUNCATE loci.plain",
            "DROP TABLE loci.plain",
            "CREATE TABLE loci.mine (id int)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement)
    finally:
        await app.close()


async def test_the_application_role_may_start_on_a_migrated_database_but_not_migrate(
    empty_database: DatabaseFactory, tmp_path: Path
) -> None:
    url = await empty_database()
    await migrate(url, directory=write(tmp_path, NOTES))
    app = f"{url}{'&' if '?' in url else '?'}role=loci_app"
    assert await migrate(app, directory=tmp_path) == []
    with pytest.raises(migrations.NotAllowed, match="LOCI_MIGRATION_DATABASE_URL"):
        await migrate(app, directory=write(tmp_path, NOTES, "CREATE TABLE loci.more (id int);"))


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("SELECT 1", None),
        ("CREATE TABLE loci.t (id int)", "Row-level security is not enabled on loci.t."),
        ("ALTER TABLE loci.fenced NO FORCE ROW LEVEL SECURITY", "Row-level security is not forced on loci.fenced."),
        ("DROP POLICY tenant ON loci.fenced", "There is no policy on loci.fenced."),
        ("GRANT TRUNCATE ON loci.fenced TO loci_app", "The role loci_app may truncate loci.fenced."),
        ("ALTER TABLE loci.fenced OWNER TO loci_app", "The role loci_app owns loci.fenced or inherits from its owner."),
        ("CREATE VIEW loci.v AS SELECT * FROM loci.fenced", "The view loci.v is not security_invoker."),
        ("CREATE VIEW loci.v WITH (security_invoker) AS SELECT 1 AS one", None),
        (
            "CREATE FUNCTION loci.f() RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 1",
            "The function loci.f() is SECURITY DEFINER.",
        ),
        (
            "CREATE TABLE loci.p (id int) PARTITION BY HASH (id);"
            "CREATE TABLE loci.p0 PARTITION OF loci.p FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
            "The role loci_app may reach the partition loci.p0 past the policies of its table.",
        ),
        (
            "CREATE TABLE loci.p (id int) PARTITION BY HASH (id)",
            "Row-level security is not enabled on loci.p.",
        ),
        (
            "CREATE FUNCTION loci.extend_log() RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 1",
            "The function loci.extend_log() is SECURITY DEFINER.",
        ),
    ],
)
async def test_the_boot_check_finds_every_hole_in_the_fences(
    empty_database: DatabaseFactory, tmp_path: Path, sql: str, problem: str | None
) -> None:
    url = await empty_database()
    await migrate(url, directory=write(tmp_path, FENCED))
    await run(url, sql)
    found = await problems(url)
    assert (found == []) if problem is None else (problem in found)


async def test_the_boot_check_finds_a_superuser_and_a_role_that_bypasses(
    empty_database: DatabaseFactory, tmp_path: Path
) -> None:
    url = await empty_database()
    await migrate(url, directory=write(tmp_path, FENCED))
    assert any("is a superuser" in problem for problem in await problems(url, role=None))
    await run(url, "CREATE ROLE test_bypass BYPASSRLS")
    try:
        assert await problems(url, role="test_bypass") == ["The role test_bypass has BYPASSRLS."]
    finally:
        await run(url, "DROP ROLE test_bypass")
