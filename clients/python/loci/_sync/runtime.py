"""The few things that threads do otherwise than asyncio. Written by hand, as is its twin `loci._async.runtime`."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TypeAlias, TypeVar

import grpc

from loci.connection import Connection

T = TypeVar("T")

Queue = SimpleQueue
sleep = time.sleep
Source: TypeAlias = Iterable[T]


def open_channel(connection: Connection) -> grpc.Channel:
    """A channel that connects when first used."""
    if connection.tls is None:
        return grpc.insecure_channel(connection.address, connection.channel_options())
    return grpc.secure_channel(connection.address, connection.tls.credentials(), connection.channel_options())


def event_loop() -> object:
    """There is none."""
    return None


def connected(channel: grpc.Channel, timeout: float) -> bool:
    """Waits until the channel is connected; False if that takes longer than `timeout` seconds."""
    ready = grpc.channel_ready_future(channel)
    try:
        with interrupts():
            ready.result(timeout)
    except grpc.FutureTimeoutError:
        return False
    finally:
        ready.cancel()  # else gRPC looks on, and complains in a thread of its own once the channel is closed
    return True


def received(call: Iterable[T]) -> Iterator[T]:
    """The messages of a call."""
    with interrupts():
        yield from call


@contextmanager
def interrupts() -> Iterator[None]:
    """Raises KeyboardInterrupt also where Ctrl-C comes while gRPC waits with its lock let go: Python then complains of
    the lock, and says only beside that why."""
    try:
        yield
    except RuntimeError as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from error
        raise


def each(source: Source[T]) -> Iterator[T]:
    """The items of an iterable."""
    yield from source
