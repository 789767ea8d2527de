"""Watchers, and writers that keep a pace."""

import asyncio
import time

import grpc

from bench.loads.channels import channel, credential
from loci.v1 import node_service_pb2 as nodes
from loci.v1 import watch_service_pb2 as pb
from loci.v1.node_pb2 import Node
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from loci.v1.watch_service_pb2_grpc import WatchServiceStub


async def watch_arrivals(
    address: str, api_key: str, graph: str, after: int, count: int, watchers: int
) -> list[tuple[int, float]]:
    """Revision and time of arrival of `count` commits at each of several watchers, which begin behind `after`."""
    stub = WatchServiceStub(channel(address))
    found: list[tuple[int, float]] = []

    async def watch() -> None:
        call = stub.Watch(pb.WatchRequest(parent=graph, after_revision=after), metadata=credential(api_key))
        async for response in call:
            now = time.time()
            found.extend((commit.revision, now) for commit in response.commits)
            if response.end_revision >= after + count:
                call.cancel()
                return

    await asyncio.gather(*[watch() for _ in range(watchers)])
    return found


async def write_at_pace(address: str, api_key: str, graph: str, rate: float, count: int) -> list[tuple[int, float]]:
    """Creates nodes, so many a second, whether or not the ones before are done. Revision and time of each answer."""
    stub = NodeServiceStub(channel(address))
    loop = asyncio.get_running_loop()
    start = loop.time()

    async def create(number: int) -> tuple[int, float]:
        request = nodes.CreateNodeRequest(parent=graph, node=Node(text=f"what happened at {number}"))
        answer = await stub.CreateNode(request, metadata=credential(api_key))
        return answer.node.revision, time.time()

    calls = []
    for number in range(count):
        await asyncio.sleep(start + number / rate - loop.time())
        calls.append(asyncio.ensure_future(create(number)))
    return list(await asyncio.gather(*calls))


async def catch_up(address: str, api_key: str, graph: str, revision: int) -> tuple[int, float]:
    """Changes that a watch from the oldest commit on tells up to a revision, and the seconds that it takes."""
    stub = WatchServiceStub(channel(address))
    start, changes = time.perf_counter(), 0
    request = pb.WatchRequest(parent=graph, position=pb.WATCH_START_OLDEST)
    call = stub.Watch(request, metadata=credential(api_key))
    async for response in call:
        changes += sum(len(commit.changes) for commit in response.commits)
        if response.end_revision >= revision:
            break
    call.cancel()
    return changes, time.perf_counter() - start


OPEN: list[grpc.aio.UnaryStreamCall[pb.WatchRequest, pb.WatchResponse]] = []


async def open_watches(address: str, api_key: str, graphs: list[str], each: int) -> int:
    """Opens so many watches of each graph, and leaves them open. How many are open then."""
    stub = WatchServiceStub(channel(address))
    for graph in graphs:
        for _ in range(each):
            call = stub.Watch(pb.WatchRequest(parent=graph), metadata=credential(api_key))
            await call.read()
            OPEN.append(call)
    return len(OPEN)


async def close_watches() -> None:
    """Closes all of them."""
    for call in OPEN:
        call.cancel()
    OPEN.clear()
