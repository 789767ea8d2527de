"""Imports by the stream of BulkService."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from bench.corpus import BLOCK, sentences, texts, vectors
from bench.loads.channels import channel, credential
from loci.v1 import bulk_service_pb2 as pb
from loci.v1.bulk_service_pb2_grpc import BulkServiceStub
from loci.v1.node_pb2 import Embedding, Node

KINDS = {"clusters": vectors, "sentences": sentences}
IN_FLIGHT = 2
"""Chunks that are sent ahead of their acknowledgement."""


async def import_nodes(
    address: str, api_key: str, graph: str, first: int, count: int, model: str | None = None, kind: str = "clusters"
) -> float:
    """Seconds from the header to the last acknowledgement. With a model, nodes carry vectors of it.

    Messages without vectors are made before the clock starts.
    """
    chunks: Iterator[pb.ImportRequest] = (
        chunk(graph, place + 1, first + place * BLOCK, model, kind) for place in range(count // BLOCK)
    )
    if model is None:
        chunks = iter(list(chunks))
    slots = asyncio.Semaphore(IN_FLIGHT)

    async def requests() -> AsyncIterator[pb.ImportRequest]:
        yield pb.ImportRequest(header=pb.ImportHeader(parent=graph, import_id=f"bench-{first}"))
        for request in chunks:
            await slots.acquire()
            yield request

    loop = asyncio.get_running_loop()
    start = loop.time()
    written = 0
    call = BulkServiceStub(channel(address)).Import(requests(), metadata=credential(api_key))
    async for response in call:
        if response.HasField("chunk"):
            written += response.chunk.node_count
            slots.release()
    seconds = loop.time() - start
    if written != count:
        raise RuntimeError(f"{written} of {count} nodes were imported")
    return seconds


def chunk(graph: str, sequence: int, first: int, model: str | None, kind: str) -> pb.ImportRequest:
    request = pb.ImportRequest()
    request.items.sequence = sequence
    rows = KINDS[kind](first, BLOCK).tolist() if model else None
    for place, text in enumerate(texts(first, BLOCK)):
        node = Node(name=f"{graph}/nodes/n{first + place}", type="turn", text=text)
        if model and rows:
            node.embedding.CopyFrom(Embedding(model=model, values=rows[place]))
        request.items.items.add(node=node)
    return request
