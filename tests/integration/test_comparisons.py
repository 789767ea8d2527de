"""Properties compared to values: nothing that passes is missed, wherever it stands in a ranking."""

import asyncio
import time
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, errors, node, search_request
from tests.calls import collect
from tests.server import RunningServer
from tests.waiting import eventually

COUNT = 1500
"""More than an arm ranks."""
ALL_SECONDS = 120.0
"""For all searches that are made at once: 60 times each node is opened."""


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> None:
    await client.create_graph("g")
    items = [
        node(
            f"n{number:04}",
            text="a kettle" + " and more" * (number % 7),
            properties={"n": number, "day": f"2030-{number:04}"},
        )
        for number in range(COUNT)
    ]
    items[3] = node("n0003", text="a kettle", properties={"n": "3", "flag": True})
    items[5] = node("n0005", text="a kettle")
    await client.import_items("g", items)


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        (("n", "<", 3), {0, 1, 2}),
        (("n", "<=", 4), {0, 1, 2, 4}),
        (("n", ">", COUNT - 3), {COUNT - 2, COUNT - 1}),
        (("n", ">=", COUNT - 2), {COUNT - 2, COUNT - 1}),
        (("n", ">", "2"), {3}),
        (("day", ">=", "2030-1498"), {1498, 1499}),
        (("flag", "!=", False), {3}),
        (("nothing", "!=", 1), set()),
    ],
)
async def test_lists_searches_and_recalls_agree(
    client: AsyncClient, comparison: tuple[str, str, object], expected: set[int]
) -> None:
    filter = {"comparisons": [comparison]}
    ids = {f"graphs/g/nodes/n{number:04}" for number in expected}
    assert {found.name for found in await collect(client.list_nodes("g", filter=filter))} == ids  # type: ignore[arg-type]
    for mode in ("lexical", "hybrid"):
        found = await client.search("g", "kettle", mode=mode, filter=filter)  # type: ignore[arg-type]
        assert {hit.node.name for hit in found.hits} == ids
    recalled = await client.recall("g", "kettle", filter=filter)  # type: ignore[arg-type]
    assert {hit.node.name for hit in recalled.memories} == ids


async def test_a_limit_is_filled_though_few_of_the_best_pass(client: AsyncClient) -> None:
    filter = {"comparisons": [("n", ">=", 1000)], "properties": {}}
    found = await client.search("g", "kettle", filter=filter, limit=100)  # type: ignore[arg-type]
    assert len(found.hits) == 100
    gone = await client.forget("g", filter={"comparisons": [("n", ">=", 1000)]})
    assert len(gone.names) == 500


async def test_as_of_an_earlier_time_what_was_so_then_passes(client: AsyncClient) -> None:
    await client.update_node("g", "n0001", properties={"n": 5000})
    wanted = {"comparisons": [("n", "<", 3)]}
    then = await client.search("g", "kettle", filter=wanted, as_of=1)  # type: ignore[arg-type]
    now = await client.search("g", "kettle", filter=wanted)  # type: ignore[arg-type]
    assert [len(found.hits) for found in (then, now)] == [3, 2]


async def test_many_at_once_each_find_all_and_keep_nobody_else_waiting(client: AsyncClient) -> None:
    filter: Any = {"comparisons": [("n", ">=", 1450)]}
    asked = [search_request("g", "kettle", filter=filter, limit=100) for _ in range(20)]
    searching = asyncio.gather(*(client.batch_search(asked, timeout=ALL_SECONDS) for _ in range(3)))
    slowest, done = 0.0, 0
    while not searching.done():
        begun = time.monotonic()
        await client.get_node("g", "n0001")
        slowest, done = max(slowest, time.monotonic() - begun), done + 1
        await asyncio.sleep(0.01)
    assert done > 5
    assert slowest < 1.0
    for answer in await searching:
        for result in answer:
            assert len(result.response.hits) == 50, result.error.code
    (alone,) = await client.batch_search(asked[:1])
    assert len(alone.response.hits) == 50


async def test_a_scan_ends_with_its_call(client: AsyncClient, server: RunningServer) -> None:
    filter: Any = {"comparisons": [("n", ">=", 0)]}
    await client.import_items(
        "g", [node(f"m{number:05}", text="kettle", properties={"n": number, "x": "x" * 5000}) for number in range(4000)]
    )
    with pytest.raises(errors.DeadlineExceeded):
        await client.search("g", "kettle", filter=filter, timeout=0.05)
    connection = await asyncpg.connect(server.database_url)
    try:

        async def idle() -> bool:
            return not await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
                "AND query LIKE '%list_nodes%' AND pid <> pg_backend_pid()"
            )

        await eventually(idle, within=2.0, every=0.02)
        await asyncio.sleep(0.2)
        assert await idle()
    finally:
        await connection.close()


async def test_the_client_refuses_what_is_no_operator(client: AsyncClient) -> None:
    with pytest.raises(TypeError, match="is not one of"):
        await client.search("g", "kettle", filter={"comparisons": [("n", "~", 1)]})  # type: ignore[list-item]
