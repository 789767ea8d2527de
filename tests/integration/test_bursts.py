"""A burst of calls is served, or refused with a reason: none is ended by gRPC itself without a word."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import grpc

from loci import errors
from loci.v1.graph_service_pb2 import GetGraphRequest
from loci.v1.graph_service_pb2_grpc import GraphServiceStub
from tests.calls import Bare
from tests.server import RunningServer, new_tenant

CONNECTIONS, EACH = 3, 1500


async def test_of_more_calls_at_once_than_are_served_each_is_answered_or_told_why_not(server: RunningServer) -> None:
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(new_tenant(server))
        await client.create_graph("g")
        key = (await client.create_api_key(["read"])).secret
        own = (("grpc.use_local_subchannel_pool", 1),)  # a connection for each channel
        channels = [
            await stack.enter_async_context(grpc.aio.insecure_channel(server.address, own)) for _ in range(CONNECTIONS)
        ]

        async def ask(bare: Bare) -> str:
            try:
                await bare.unary(GraphServiceStub, "GetGraph", GetGraphRequest(name="graphs/g"))
            except errors.LociError as error:
                return error.reason or error.code
            return "OK"

        bares = [Bare(channel, key) for channel in channels]
        ends = Counter(await asyncio.gather(*(ask(bare) for bare in bares for _ in range(EACH))))
    assert ends["OK"] > 0
    assert ends.keys() <= {"OK", "TOO_MANY_REQUESTS"}, ends
