"""Calls as other languages make them: bare messages over a channel, without the Python client in between."""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import grpc

from loci.errors import from_rpc
from tests.server import RunningServer

T = TypeVar("T")


class Bare:
    """`await bare.unary(NodeServiceStub, "GetNode", request)`; a failure raises the error of loci.errors."""

    def __init__(self, channel: grpc.aio.Channel, api_key: str) -> None:
        self.channel = channel
        self.metadata = (("authorization", f"Bearer {api_key}"),)

    async def unary(self, stub: Any, method: str, request: Any) -> Any:
        try:
            return await getattr(stub(self.channel), method)(request, metadata=self.metadata, timeout=60)
        except grpc.RpcError as error:
            raise from_rpc(error) from error

    def stream(self, stub: Any, method: str, request: Any) -> Any:
        return getattr(stub(self.channel), method)(request, metadata=self.metadata, timeout=60)


@asynccontextmanager
async def bare_calls(server: RunningServer, api_key: str | None = None) -> AsyncIterator[Bare]:
    """By default with the operator's key, whose tenant is `default`."""
    async with grpc.aio.insecure_channel(server.address) as channel:
        yield Bare(channel, api_key or server.operator_key)


async def collect(items: AsyncIterable[T]) -> list[T]:
    return [item async for item in items]
