"""Resident memory of an idle server process after some calls; PostgreSQL is another process and is not counted."""

import asyncio
from statistics import median

import grpc

from bench.graphs import create_graphs
from bench.loads.channels import credential
from bench.loads.unary import node
from bench.programs import Server, loci_server
from bench.result import Measured
from bench.site import Site
from loci.v1 import node_service_pb2, search_service_pb2
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from loci.v1.search_service_pb2_grpc import SearchServiceStub

PAIRS = 50
"""Pairs of a write and a read."""
SAMPLES = 10
PAUSE = 0.3
TEXT = "we met at the station and spoke of the garden behind the old house"


async def without_embedder(site: Site) -> Measured:
    """Megabytes (10^6 bytes)."""
    installation = await site.installation("memory")
    async with loci_server(installation) as server:
        await use(server, "plain", searches=0)
        return Measured(await resident(server))


async def with_embedder(site: Site) -> Measured:
    """The same after one query was embedded, at a start that finds the model built, as all but the very first do."""
    installation = await site.installation("memory_embedder")
    async with loci_server(installation, embedder="minilm") as server:
        await use(server, "first", searches=1)
    async with loci_server(installation, embedder="minilm") as server:
        await use(server, "second", searches=1)
        return Measured(await resident(server))


async def use(server: Server, graph_id: str, searches: int) -> None:
    """A hundred calls, and some searches."""
    (graph,) = await create_graphs(server, [graph_id])
    metadata = credential(server.api_key)
    async with grpc.aio.insecure_channel(server.address) as channel:
        nodes, search = NodeServiceStub(channel), SearchServiceStub(channel)
        for number in range(PAIRS):
            create = node_service_pb2.CreateNodeRequest(parent=graph, node_id=f"n{number}", node=node(TEXT))
            await nodes.CreateNode(create, metadata=metadata)
            await nodes.GetNode(node_service_pb2.GetNodeRequest(name=f"{graph}/nodes/n{number}"), metadata=metadata)
        for _ in range(searches):
            request = search_service_pb2.SearchRequest(parent=graph, query="the garden")
            response = await search.Search(request, metadata=metadata)
            semantic = [arm for arm in response.arms if arm.arm == search_service_pb2.SEARCH_ARM_SEMANTIC]
            if [arm.state for arm in semantic] != [search_service_pb2.ARM_STATE_OK] or not response.hits:
                raise RuntimeError(f"the search did not embed its query: {response.arms}")


async def resident(server: Server) -> float:
    """The median of some looks."""
    samples = []
    for _ in range(SAMPLES):
        await asyncio.sleep(PAUSE)
        samples.append(server.resident_megabytes)
    return median(samples)
