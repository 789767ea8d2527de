"""The log is parted by month: old months are dropped at once, and what was still valid at their end stays readable."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, errors, names, node
from loci.v1.watch_service_pb2 import CommitChanges
from loci_server.store.log import COMPACTED, END
from loci_server.store.log_parts import month
from tests.calls import collect
from tests.postgres import DatabaseFactory
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually
from tests.watching import LIMIT, begun, take

KEEP = {"LOCI_HISTORY_DAYS": "40", "LOCI_WATCH_WINDOW_DAYS": "40"}
LATER = "changes_later"
OLD_PART = """
ALTER TABLE loci.changes DETACH PARTITION loci.{current};
SELECT loci.attach_log_part('changes_202601', 1, 202602);
SELECT loci.attach_log_part('changes_202602', 202602, 202603);
ALTER TABLE loci.changes ATTACH PARTITION loci.{current} FOR VALUES FROM (202603) TO ({next});
"""


@asynccontextmanager
async def owner(url: str | None) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A connection past all policies."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def with_old_parts(url: str) -> None:
    """Makes parts of two months that are over, as a database has that was in use then."""
    async with owner(url) as connection:
        now = await connection.fetchval("SELECT loci.log_part(now())")
        following = await connection.fetchval("SELECT loci.log_part_behind(now(), 1)")
        await connection.execute(OLD_PART.format(current=f"changes_{now}", next=following))


async def age(url: str | None, up_to: int, time: str) -> None:
    """Makes the first commits of the graph g old: as if they had been written at `time`."""
    async with owner(url) as connection:
        await connection.execute(
            "UPDATE loci.changes SET commit_time = $2::text::timestamptz + revision * interval '1 second', "
            "part = loci.log_part($2::text::timestamptz) WHERE revision <= $1 AND part > 0",
            up_to,
            time,
        )


async def parts(url: str | None) -> list[str]:
    async with owner(url) as connection:
        rows = await connection.fetch(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'loci.changes'::regclass ORDER BY 1"
        )
    return [row["relname"] for row in rows]


@asynccontextmanager
async def old_graph(url: str) -> AsyncIterator[tuple[RunningServer, AsyncClient, str]]:
    """A graph whose first nine commits are months old, on a server that keeps all history."""
    await with_old_parts(url)
    async with running_server(url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.create_node("g", "kept", text="one")  # 1
        await client.create_node("g", "changed", text="one")  # 2
        await client.create_node("g", "gone", text="one")  # 3
        await client.create_node("g", "later gone", text="one")  # 4
        await client.update_node("g", "changed", text="two")  # 5
        await client.create_edge("g", "kept", "KNOWS", "changed", id="e")  # 6
        await client.delete_node("g", "gone")  # 7
        await client.create_node("g", "early name", text="one")  # 8
        await client.rename_node("g", "early name", "late name")  # 9
        await client.update_node("g", "changed", text="three")  # 10
        await client.delete_node("g", "later gone")  # 11
        await age(url, 9, "2026-02-10")
        await age(url, 4, "2026-01-10")
        key = (await client.create_api_key(["admin"])).secret
        yield server, client, key


async def dropped(server: RunningServer) -> None:
    async def gone() -> bool:
        return not {"changes_202601", "changes_202602"} & set(await parts(server.database_url))

    await eventually(gone)


async def states(client: AsyncClient) -> list[list[Any]]:
    """The graph at revision 9 and now."""
    return [
        [
            item.node if item.HasField("node") else item.edge
            async for item in client.export_items("g", revision=revision)
        ]
        for revision in (9, 0)
    ]


async def assert_begins_at_revision_9(after: AsyncClient, before: list[list[Any]]) -> None:
    """All that was before is refused, and what was valid then is there."""
    assert await states(after) == before
    with pytest.raises(errors.RevisionCompacted) as raised:
        await collect(after.export_items("g", revision=8))
    assert raised.value.metadata["oldest"] == "9"
    with pytest.raises(errors.RevisionCompacted):
        await after.get_node("g", "kept", as_of=8)
    with pytest.raises(errors.RevisionCompacted):
        await after.get_node("g", "kept", as_of=datetime(2026, 2, 1, tzinfo=UTC))
    with pytest.raises(errors.RevisionCompacted):
        await after.restore_node("g", "kept", 8)
    assert (await after.get_node("g", "changed", as_of=9)).text == "two"
    walked = await after.traverse("g", ["kept"], as_of=9)
    assert [names.id_of(one.node.name) for one in walked.nodes] == ["kept", "changed"]
    found = await after.search("g", "two", mode="lexical", as_of=9)
    assert [names.id_of(hit.node.name) for hit in found.hits] == ["changed"]
    kept = await collect(after.list_node_revisions("g", "changed"))
    assert [(one.revision, one.change.node.text) for one in kept] == [(10, "three"), (5, "two")]
    assert kept[0].changed_fields == ["text"]
    renamed = await collect(after.list_node_revisions("g", "late name"))
    assert [one.revision for one in renamed] == [9]
    with pytest.raises(errors.NodeNotFound):
        await collect(after.list_node_revisions("g", "gone"))
    restored = await after.restore_node("g", "later gone", 9)
    assert restored.text == "one"
    with pytest.raises(errors.RevisionCompacted):
        async for _ in after.watch("g", after_revision=8):
            pass
    revisions = []
    async for commit in after.watch("g", start="oldest", include_before=True):
        revisions.append(commit.revision)
        if commit.revision == 10:
            assert commit.changes[0].node_before.text == "two"
        if commit.revision == 12:
            break
    assert revisions == [10, 11, 12]


async def test_months_that_are_past_their_time_are_dropped_and_what_was_valid_then_stays(database_url: str) -> None:
    async with old_graph(database_url) as (server, client, key):
        before = await states(client)
        assert [names.id_of(item.name) for item in before[0]] == ["changed", "kept", "late name", "later gone", "e"]
        await server.stop()
        server.environment = {**server.environment, **KEEP}
        await server.start()
        await dropped(server)
        async with server.client(key) as after:
            await after.wait_ready()
            await assert_begins_at_revision_9(after, before)


async def test_months_that_are_carried_and_not_dropped_yet_are_read_as_if_they_were(database_url: str) -> None:
    async with old_graph(database_url) as (server, client, key):
        before = await states(client)
        await server.stop()
        async with owner(database_url) as connection:
            assert await connection.fetchval("SELECT loci.carry_log_part(202603, 1000000)")
            assert await connection.fetchval("SELECT loci.drop_log_part(202603)") == 202601
            assert await connection.fetchval("SELECT loci.carry_log_part(202603, 1000000)")
        server.environment = {**server.environment, "LOCI_WATCH_WINDOW_DAYS": "40"}
        await server.start()
        assert "changes_202602" in await parts(database_url)
        async with server.client(key) as after:
            await after.wait_ready()
            await assert_begins_at_revision_9(after, before)


async def test_a_hard_delete_beside_compaction_leaves_no_copy(database_url: str) -> None:
    async with old_graph(database_url) as (_, client, _), owner(database_url) as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("SELECT loci.carry_log_part(202602, 1000000)")
        deleting = asyncio.create_task(client.delete_node("g", "kept", hard=True))
        async with owner(database_url) as other:

            async def waits() -> bool:
                return bool(await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))

            await eventually(waits)
        await transaction.commit()
        await deleting
        left = "SELECT count(*) FROM loci.changes WHERE id IN ('kept', 'e') AND image IS NOT NULL"
        assert await connection.fetchval(left) == 0


async def test_the_rest_of_a_large_commit_is_told_though_the_next_one_is_of_another_month(database_url: str) -> None:
    await with_old_parts(database_url)
    async with running_server(database_url, LOCI_WATCH_WINDOW_DAYS="3000") as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.import_items("g", [node(f"n{number}") for number in range(2500)], chunk_size=2500)
        await age(database_url, 1, "2026-02-10")
        await client.create_node("g", "next")
        for watch in (client.watch("g", start="oldest"), client.watch_all(start="oldest")):
            told: list[int] = []
            async for commit in watch:
                if isinstance(commit, CommitChanges):
                    told.append(len(commit.changes))
                if len(told) == 2:
                    break
            assert told == [2500, 1]


async def test_what_is_compacted_between_two_reads_of_a_reader_is_refused_and_not_skipped(database_url: str) -> None:
    page = "SELECT revision FROM loci.log_page($1, $2, $3, $4, false, 100)"
    feed = (
        "SELECT revision FROM loci.feed_page($1, ARRAY[$2::bigint], ARRAY[$3::bigint], ARRAY[$4::integer], '{11}', 1,"
        " false, 100)"
    )
    async with old_graph(database_url), owner(database_url) as connection:
        graph = await connection.fetchrow("SELECT tenant_key, graph_key FROM loci.graphs WHERE graph_id = 'g'")
        for _ in range(2):
            await connection.execute("SELECT loci.carry_log_part(202603, 1000000)")
            await connection.execute("SELECT loci.drop_log_part(202603)")
        for read, told in ((page, "9"), (feed, "g")):
            for behind in ((8, END), (9, 1)):  # a whole commit, and the first piece of one
                with pytest.raises(asyncpg.PostgresError) as raised:
                    await connection.fetch(read, *graph, *behind)
                assert (raised.value.sqlstate, raised.value.as_dict()["message"]) == (COMPACTED, told)
            found = await connection.fetch(read, *graph, 9, END)
            assert [row["revision"] for row in found] == [10, 11]


async def test_a_watch_of_all_graphs_behind_what_was_compacted_is_told_of_which_graph(database_url: str) -> None:
    await with_old_parts(database_url)
    async with running_server(database_url) as server, new_tenant(server) as client:
        watch = client.watch_all()
        tokens = []
        async with asyncio.timeout(LIMIT), aclosing(aiter(watch)) as stream:
            for number in range(4):
                for write in (client.create_graph(f"g{number}"), client.create_node("g0", f"n{number}")):
                    told = asyncio.create_task(anext(stream))
                    await begun(watch)
                    await write
                    await told
                    tokens.append(watch.resume_token)
        async with owner(database_url) as connection:
            await connection.execute("UPDATE loci.changes SET part = 202601 WHERE revision <= 2")
            await connection.execute("SELECT loci.carry_log_part(202602, 1000000)")
            assert await connection.fetchval("SELECT loci.drop_log_part(202602)") == 202601
        for token in tokens[:3]:  # which have seen at most one of the two commits that are gone
            with pytest.raises(errors.RevisionCompacted) as raised:
                await take(client.watch_all(resume_token=token), 1)
            assert (raised.value.resource, raised.value.metadata["oldest"]) == ("graphs/g0", "2")
        for token, left in zip(tokens[3:7], ([3, 4], [3, 4], [4], [4]), strict=True):
            seen = await take(client.watch_all(resume_token=token), len(left))
            assert seen.commits == {"g0": left}


async def test_all_history_is_kept_unless_a_time_is_set(database_url: str) -> None:
    async with old_graph(database_url) as (server, _, key):
        there = await parts(database_url)
        await server.stop()
        await server.start()
        async with server.client(key) as after:
            await after.wait_ready()
            assert len(await collect(after.list_node_revisions("g", "changed"))) == 3
            assert [one.node.text async for one in after.export_items("g", revision=1)] == ["one"]
        assert await parts(database_url) == there


async def test_compaction_can_be_stopped_anywhere_and_goes_on(database_url: str) -> None:
    async with old_graph(database_url) as (_, client, _):
        for number in range(3):
            await client.create_graph(f"g{number}")
            await client.create_node(f"g{number}", "a", text="x")
        await age(database_url, 1, "2026-01-10")
        before = await states(client)
        async with owner(database_url) as connection:
            for step in range(30):  # each in a transaction of its own, as a process that dies after it leaves it
                if not await connection.fetchval("SELECT loci.carry_log_part(202602, 1)"):
                    assert await connection.fetchval("SELECT loci.drop_log_part(202602)") is None
                    continue
                assert step > 2
                assert await connection.fetchval("SELECT loci.drop_log_part(202602)") == 202601
                break
            assert await connection.fetchval("SELECT loci.carry_log_part(202602, 1)") is True
            assert await connection.fetchval("SELECT loci.drop_log_part(202602)") is None
        assert await states(client) == before
        for number in range(3):
            assert [one.node.text async for one in client.export_items(f"g{number}")] == ["x"]


async def test_the_months_ahead_are_made_in_time_and_late_rows_find_their_place(
    fresh_database: DatabaseFactory,
) -> None:
    url = await fresh_database()
    async with running_server(url) as server, new_tenant(server) as client:
        ahead = [name for name in await parts(url) if name[8:].isdigit()]
        assert len(ahead) == 3
        await client.create_graph("g")
        for number in range(3):
            await client.create_node("g", f"n{number}")
        async with owner(url) as connection:
            # As if nobody had made a part for the months in which these were written.
            last = ahead[-1]
            await connection.execute(
                f"ALTER TABLE loci.changes DETACH PARTITION loci.changes_later; DROP TABLE loci.changes_later; "
                f"DROP TABLE loci.{last}; SELECT loci.attach_log_part('changes_later', {last[8:]}, NULL)"
            )
            await connection.execute(f"UPDATE loci.changes SET part = {last[8:]} WHERE revision = 2")
            await connection.execute("UPDATE loci.changes SET part = 299901 WHERE revision = 3")
            assert await connection.fetchval("SELECT loci.extend_log()") == 1
            assert await connection.fetchval("SELECT loci.extend_log()") == 0
            placed = {
                row[0]: row[1]
                for row in await connection.fetch("SELECT revision, tableoid::regclass::text FROM loci.changes")
            }
        assert (placed[2], placed[3]) == (f"loci.{last}", "loci.changes_later")
        revisions = []
        async for commit in client.watch("g", start="oldest"):
            revisions.append(commit.revision)
            if len(revisions) == 3:
                break
        assert revisions == [1, 2, 3]


async def test_after_months_without_upkeep_what_was_written_meanwhile_has_a_part(
    fresh_database: DatabaseFactory,
) -> None:
    url = await fresh_database()
    async with running_server(url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        for number in range(3):
            await client.create_node("g", f"n{number}")
        async with owner(url) as connection:
            now = await connection.fetchval("SELECT loci.log_part(now())")
            made = [name for name in await parts(url) if name[8:].isdigit()]
            # The newest part is of a month long ago, and what was written since is in `later`.
            detach = "".join(f"ALTER TABLE loci.changes DETACH PARTITION loci.{name};" for name in (*made, LATER))
            drop = "".join(f"DROP TABLE loci.{name};" for name in (*made[1:], LATER))
            await connection.execute(
                f"{detach} {drop} ALTER TABLE loci.{made[0]} RENAME TO changes_202601;"
                f"SELECT loci.attach_log_part('{LATER}', 202602, NULL);"
                f"INSERT INTO loci.changes SELECT * FROM loci.changes_202601; TRUNCATE loci.changes_202601;"
                f"ALTER TABLE loci.changes ATTACH PARTITION loci.changes_202601 FOR VALUES FROM (1) TO (202602)"
            )
            await connection.execute("UPDATE loci.changes SET part = 202600 + revision")
            assert await connection.fetchval("SELECT loci.extend_log()") == 3
            rows = await connection.fetch("SELECT revision, tableoid::regclass::text AS part FROM loci.changes")
        placed = {row["revision"]: row["part"] for row in rows}
        assert placed == {1: "loci.changes_202601", 2: f"loci.changes_{now}", 3: f"loci.changes_{now}"}
        await client.create_node("g", "n3")
        assert len(await collect(client.list_node_revisions("g", "n1"))) == 1


async def test_the_service_cannot_reach_a_part_past_the_policies(database_url: str) -> None:
    async with owner(database_url) as connection:
        await connection.execute("SET ROLE loci_app")
        for name in await parts(database_url):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT FROM loci.{name}")


def test_months_are_numbered_by_year_and_month() -> None:
    assert month(datetime(2026, 3, 1)) == 202603
