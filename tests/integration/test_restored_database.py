"""A database that was put back to an earlier time and went on otherwise: tokens of what it forgot are refused."""

import shutil
import subprocess
from pathlib import Path

import pytest

from loci import AsyncClient, errors
from tests.server import RunningServer, running_server
from tests.watching import take


async def written(client: AsyncClient, first: int, count: int) -> None:
    for number in range(first, first + count):
        await client.create_node("g", f"n{number}")


async def tokens(client: AsyncClient, behind: int) -> tuple[str, str]:
    """Of a watch of the graph and of one of all, behind a revision."""
    single = client.watch("g", start="oldest")
    async for commit in single:
        if commit.revision == behind:
            break
    seen = await take(client.watch_all(start="oldest"), behind + 1)  # the graph `old` has one, too
    return commit.resume_token, seen.tokens[-1]


def copied(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", source, target], check=True)  # owners and all


async def standing(client: AsyncClient) -> str:
    """The token of a watch of all graphs that begins now."""
    watch = client.watch_all()
    await watch.ready()
    return watch.resume_token


async def put_back(server: RunningServer, copy: Path) -> None:
    await server.stop()
    shutil.rmtree(server.data_dir / "postgres")
    copied(copy, server.data_dir / "postgres")
    await server.start()


async def test_what_was_read_before_a_restore_and_is_otherwise_now_is_not_gone_on_from(tmp_path: Path) -> None:
    async with running_server(None) as server, server.client() as client:
        await client.create_graph("g")
        await client.create_graph("old")
        await client.create_node("old", "n")
        await written(client, 0, 5)
        kept = await tokens(client, 5)
        await server.stop()
        copied(server.data_dir / "postgres", tmp_path / "copy")
        await server.start()
        await client.wait_ready()
        await written(client, 5, 5)
        lost = await tokens(client, 10)
        behind = [await standing(client)]
        await client.create_graph("empty")
        behind.append(await standing(client))
        await client.delete_graph("old")
        behind.append(await standing(client))

        await put_back(server, tmp_path / "copy")
        await client.wait_ready()
        await written(client, 100, 400)  # more than was lost, transactions and revisions
        for watch in (
            client.watch("g", resume_token=lost[0]),
            client.watch_all(resume_token=lost[1]),
            *(client.watch_all(resume_token=token) for token in behind),
        ):
            with pytest.raises(errors.InvalidResumeToken):
                await take(watch, 1)
        for watch in (client.watch("g", resume_token=kept[0]), client.watch_all(resume_token=kept[1])):
            assert (await take(watch, 400)).commits.popitem()[1] == list(range(6, 406))
