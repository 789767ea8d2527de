"""Single reads and writes, a number of them in flight at any time."""

import asyncio
import itertools
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from statistics import median

from google.protobuf.struct_pb2 import Struct

from bench.corpus import BLOCK, texts
from bench.loads.channels import channel, credential
from loci.v1 import node_service_pb2 as pb
from loci.v1.memory_service_pb2 import RememberRequest
from loci.v1.memory_service_pb2_grpc import MemoryServiceStub
from loci.v1.node_pb2 import Node
from loci.v1.node_service_pb2_grpc import NodeServiceStub


async def get_nodes(address: str, api_key: str, names: list[str], in_flight: int, seconds: float) -> float:
    """Requests per second of reads of these nodes in random order."""
    stub = NodeServiceStub(channel(address))
    metadata = credential(api_key)
    choose = random.Random(1)
    requests = itertools.cycle([pb.GetNodeRequest(name=name) for name in choose.sample(names, len(names))])
    return await rate(lambda: stub.GetNode(next(requests), metadata=metadata), in_flight, seconds)


async def create_nodes(
    address: str, api_key: str, graphs: list[str], prefix: str, in_flight: int, seconds: float
) -> float:
    """Requests per second of writes of new nodes with ids that begin with `prefix`, over the graphs in turn."""
    stub = NodeServiceStub(channel(address))
    metadata = credential(api_key)
    nodes = [node(text) for text in texts(0, BLOCK, words=20)]
    numbers = itertools.count()

    def create() -> Awaitable[object]:
        number = next(numbers)
        request = pb.CreateNodeRequest(
            parent=graphs[number % len(graphs)],
            node_id=f"{prefix}-{number}",
            node=nodes[number % len(nodes)],
            request_id=str(uuid.uuid4()),
        )
        call: Awaitable[object] = stub.CreateNode(request, metadata=metadata)
        return call

    return await rate(create, in_flight, seconds)


async def create_latency(
    address: str, api_key: str, graphs: list[str], prefix: str, in_flight: int, seconds: float
) -> float:
    """Median seconds of a CreateNode."""
    stub = NodeServiceStub(channel(address))
    metadata = credential(api_key)
    nodes = [node(text) for text in texts(0, BLOCK, words=20)]

    def create(number: int) -> Awaitable[object]:
        request = pb.CreateNodeRequest(
            parent=graphs[number % len(graphs)],
            node_id=f"{prefix}-{number}",
            node=nodes[number % len(nodes)],
            request_id=str(uuid.uuid4()),
        )
        call: Awaitable[object] = stub.CreateNode(request, metadata=metadata)
        return call

    return await latency(create, in_flight, seconds)


async def remember_latency(
    address: str, api_key: str, graphs: list[str], prefix: str, in_flight: int, seconds: float
) -> float:
    """Median seconds of a Remember of the same memories, all of them new."""
    stub = MemoryServiceStub(channel(address))
    metadata = credential(api_key)
    nodes = [node(text) for text in texts(0, BLOCK, words=20)]

    def remember(number: int) -> Awaitable[object]:
        given = nodes[number % len(nodes)]
        request = RememberRequest(
            parent=graphs[number % len(graphs)],
            node_id=f"{prefix}-{number}",
            type="fact",
            label=given.label,
            text=f"{given.text} {prefix}-{number}",
            speaker=given.text.split()[0],
            metadata={"turn": len(given.text)},  # type: ignore[arg-type]
            request_id=str(uuid.uuid4()),
        )
        call: Awaitable[object] = stub.Remember(request, metadata=metadata)
        return call

    return await latency(remember, in_flight, seconds)


def node(text: str) -> Node:
    """A memory as agents write them."""
    properties = Struct()
    properties.update({"speaker": text.split()[0], "turn": len(text)})
    return Node(type="turn", label=text[:24], text=text, properties=properties)


async def latency(call: Callable[[int], Awaitable[object]], in_flight: int, seconds: float) -> float:
    """Median seconds of a call; `in_flight` of them run at any time until the time is over."""
    numbers = itertools.count()
    taken: list[float] = []
    end = time.perf_counter() + seconds

    async def repeat() -> None:
        while (start := time.perf_counter()) < end:
            await call(next(numbers))
            taken.append(time.perf_counter() - start)

    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(repeat())
    return median(taken)


async def rate(call: Callable[[], Awaitable[object]], in_flight: int, seconds: float) -> float:
    """Calls per second; `in_flight` of them run at any time until the time is over."""
    loop = asyncio.get_running_loop()
    done = 0
    start = loop.time()

    async def repeat() -> None:
        nonlocal done
        while loop.time() - start < seconds:
            await call()
            done += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(repeat())
    return done / (loop.time() - start)
