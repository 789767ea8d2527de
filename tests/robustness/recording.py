"""A small record without faults, in a fixed order, of a real server: what the checker itself is tested with."""

import asyncio
import uuid

from loci import mutations as m
from loci.v1.watch_service_pb2 import WatchFilter
from tests.robustness.history import History, Stream
from tests.robustness.recorder import Client, Watching, now
from tests.robustness.workload import Belief, Writer, filters, watcher
from tests.server import RunningServer
from tests.waiting import eventually

STEPS = (
    [m.create_node("n0", type="person", label="first")],
    [
        m.create_node("n1", type="place"),
        m.create_node("n2", type="thing"),
        m.create_edge("n0", "KNOWS", "n1", id="mine0"),
    ],
    [m.create_edge("n1", "NEAR", "n2")],
    [m.update_node("n0", text="second", properties={"a": "1"})],
    [m.update_edge("mine0", weight=2.0)],
    [m.update_node("n0", type="robot")],
    [m.rename_node("n1", "n3")],
    [m.update_node("n2", text="third"), m.update_node("n0", label="third"), m.create_node("n4", type="person")],
    [m.delete_edge("mine0")],
    [m.update_node("n0", text="fourth")],
    [m.delete_node("n3")],
    [m.create_node("n5", type="person")],
    [m.delete_node("n4")],
    [m.update_node("n5", label="last")],
)


async def small_history(server: RunningServer) -> History:
    """Two writers in turn, each read back at once; watchers of all sorts, one of which resumes in the midst."""
    graph = f"r{uuid.uuid4().hex[:12]}"
    history = History(graph)
    async with server.client() as operator:
        await operator.create_graph(graph)
    key = server.operator_key
    made: list[Client] = []

    def client(name: str) -> Client:
        made.append(Client(name, history, server.address, key))
        return made[-1]

    async with asyncio.TaskGroup() as group:
        writers = [Writer(client(f"writer{number}"), Belief(), "") for number in range(2)]
        reader = client("reader")
        watchings = [
            Watching(client(name), watcher(name, filter, before=before))
            for name, filter, before in (
                ("all", WatchFilter(), False),
                ("before", WatchFilter(), True),
                *((name, filter, name == "mixed") for name, filter in filters(graph).items()),
            )
        ]
        restless = Watching(client("restless"), watcher("restless"))
        tasks = [group.create_task(watching.forever(Stream(now()))) for watching in watchings]
        for number, steps in enumerate(STEPS):
            write = await writers[number % 2].once(steps)
            assert write.revision == number + 1, write.refusal
            await writers[number % 2].client.read_node(f"graphs/{graph}/nodes/n0")
            await reader.read_node(f"graphs/{graph}/nodes/n0")
            await reader.list_nodes()
            await reader.list_edges()
            await reader.read_head()

        async def at_the_end() -> bool:
            return all(watching.covered == len(STEPS) for watching in watchings)

        await eventually(at_the_end)
        whole = Stream(now())
        await restless.follow(whole, until=lambda: restless.covered == len(STEPS))
        middle = next(commit for commit in restless.watcher.commits() if commit.revision == 6)
        rest = Stream(now(), token=middle.resume_token)
        await restless.follow(rest, until=lambda: restless.covered == len(STEPS))
        for task in tasks:
            task.cancel()
    history.head = await made[0].read_head()
    for one in made:
        await one.close()
    return history
