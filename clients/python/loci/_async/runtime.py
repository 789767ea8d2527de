"""The few things that asyncio does otherwise than threads. Its twin `loci._sync.runtime` is written by hand."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import TypeAlias, TypeVar

import grpc

from loci.connection import Connection

T = TypeVar("T")

Queue = asyncio.Queue
sleep = asyncio.sleep
Source: TypeAlias = AsyncIterable[T] | Iterable[T]


def open_channel(connection: Connection) -> grpc.aio.Channel:
    """A channel that connects when first used."""
    if connection.tls is None:
        return grpc.aio.insecure_channel(connection.address, connection.channel_options())
    return grpc.aio.secure_channel(connection.address, connection.tls.credentials(), connection.channel_options())


def event_loop() -> object:
    """Which one runs."""
    return asyncio.get_running_loop()


async def connected(channel: grpc.aio.Channel, timeout: float) -> bool:
    """Waits until the channel is connected; False if that takes longer than `timeout` seconds."""
    try:
        async with asyncio.timeout(timeout):
            await channel.channel_ready()
    except TimeoutError:
        return False
    return True


def received(call: AsyncIterable[T]) -> AsyncIterable[T]:
    """The messages of a call."""
    return call


async def each(source: Source[T]) -> AsyncIterator[T]:
    """The items of any kind of iterable."""
    if isinstance(source, AsyncIterable):
        async for item in source:
            yield item
    else:
        for item in source:
            yield item
