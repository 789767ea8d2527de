"""Graphs that are made and filled by single calls, many of them in flight."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise

from google.protobuf.timestamp_pb2 import Timestamp

from bench.corpus import BLOCK, texts, vectors
from bench.loads.channels import channel, credential
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1 import commit_service_pb2 as commit
from loci.v1 import graph_service_pb2 as graph_pb
from loci.v1.bulk_service_pb2_grpc import BulkServiceStub
from loci.v1.commit_service_pb2_grpc import CommitServiceStub
from loci.v1.edge_pb2 import Edge
from loci.v1.graph_service_pb2_grpc import GraphServiceStub
from loci.v1.node_pb2 import Embedding, Node

IN_FLIGHT = 16
TURNS = 20
"""Of one session."""
FIRST_TIME = 1_700_000_000
MINUTE = 60


async def make_graphs(address: str, api_key: str, prefix: str, count: int, nodes: int, model: str) -> None:
    """So many graphs with so many memories each, which have vectors of this model."""
    graphs, commits = GraphServiceStub(channel(address)), CommitServiceStub(channel(address))
    metadata = credential(api_key)
    numbers = iter(range(count))
    memories = turns("", 0, BLOCK, model)

    async def work() -> None:
        for number in numbers:
            graph = f"{prefix}{number}"
            await graphs.CreateGraph(graph_pb.CreateGraphRequest(graph_id=graph), metadata=metadata)
            request = commit.CommitRequest(parent=f"graphs/{graph}")
            for place in range(nodes):
                node = request.mutations.add().create_node
                node.CopyFrom(memories[(number * nodes + place) % BLOCK])
                node.name = f"graphs/{graph}/nodes/n{place}"
            await commits.Commit(request, metadata=metadata)

    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(work())


async def import_talk(address: str, api_key: str, graph: str, count: int, model: str) -> None:
    """A conversation as `loci import --format turns` makes it: sessions, two speakers, turns and their edges."""
    stub = BulkServiceStub(channel(address))
    items = list(talk(graph, turns(graph, 0, count, model)))
    for sequence, first in enumerate(range(0, len(items), BLOCK), 1):
        request = bulk.ImportChunkRequest(parent=graph, import_id="talk")
        request.items.sequence = sequence
        for item in items[first : first + BLOCK]:
            if isinstance(item, Node):
                request.items.items.add(node=item)
            else:
                request.items.items.add(edge=item)
        await stub.ImportChunk(request, metadata=credential(api_key))


def turns(graph: str, first: int, count: int, model: str) -> list[Node]:
    """Memories a minute apart."""
    rows = vectors(first, count).tolist()
    return [
        Node(
            name=f"{graph}/nodes/n{first + place}",
            type="turn",
            text=text,
            event_time=Timestamp(seconds=FIRST_TIME + MINUTE * place),
            embedding=Embedding(model=model, values=rows[place]),
        )
        for place, text in enumerate(texts(first, count))
    ]


def talk(graph: str, said: list[Node]) -> Iterator[Node | Edge]:
    sessions = [f"session-{number}" for number in range(-(-len(said) // TURNS))]
    speakers = ["ann", "bob"]
    yield from (Node(name=f"{graph}/nodes/{session}", type="session") for session in sessions)
    yield from (Node(name=f"{graph}/nodes/{name}", type="person", label=name.title()) for name in speakers)
    yield from said
    ids = [turn.name.rpartition("/")[2] for turn in said]
    for place, turn in enumerate(ids):
        yield Edge(source=turn, relation="IN_SESSION", target=sessions[place // TURNS])
        yield Edge(source=turn, relation="SPEAKER", target=speakers[place % 2])
    for place, (turn, following) in enumerate(pairwise(ids), 1):
        if place % TURNS:
            yield Edge(source=turn, relation="NEXT", target=following)
