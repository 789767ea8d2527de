"""Graphs for a benchmark to work in."""

from collections.abc import Sequence

import grpc

from bench.loads.channels import credential
from bench.programs import Server
from loci.v1 import graph_service_pb2 as pb
from loci.v1.graph_service_pb2_grpc import GraphServiceStub


async def create_graphs(server: Server, ids: Sequence[str]) -> list[str]:
    """Their names."""
    async with grpc.aio.insecure_channel(server.address) as channel:
        stub = GraphServiceStub(channel)
        for identity in ids:
            request = pb.CreateGraphRequest(graph_id=identity)
            await stub.CreateGraph(request, metadata=credential(server.api_key))
    return [f"graphs/{identity}" for identity in ids]
