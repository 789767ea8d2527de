"""A proxy between clients and a server that can be told to misbehave: pause, cut, or keep an answer to itself.

It looks into the frames of HTTP/2 that the server sends (RFC 9113, section 4.1) only as far as it needs to find the end
of an answer.
"""

import asyncio
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

BLOCK = 65536
HEADER_BYTES = 9
DATA, HEADERS = 0, 1
END_STREAM = 1
MESSAGE_PREFIX = 5
"""Bytes before a message of gRPC within its data: whether it is compressed, and its length."""


class Frame(NamedTuple):
    """One frame of HTTP/2, as it came."""

    kind: int
    flags: int
    stream: int
    raw: bytes


@dataclass(slots=True)
class Frames:
    """Cuts what a server sends into frames."""

    rest: bytes = b""

    def take(self, data: bytes) -> Iterator[Frame]:
        self.rest += data
        while len(self.rest) >= HEADER_BYTES:
            length = int.from_bytes(self.rest[:3], "big") + HEADER_BYTES
            if len(self.rest) < length:
                return
            raw, self.rest = self.rest[:length], self.rest[length:]
            yield Frame(raw[3], raw[4], int.from_bytes(raw[5:9], "big") & 0x7FFFFFFF, raw)


@dataclass(slots=True, eq=False)
class Link:
    """One connection of a client, and the one to the server behind it."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    frames: Frames = field(default_factory=Frames)

    def reset(self) -> None:
        """Ends both as a crash does: nothing more is sent, the other side gets RST."""
        for writer in (self.client, self.server):
            connection = writer.get_extra_info("socket")
            if connection is not None and not writer.transport.is_closing():
                with suppress(OSError):
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class Proxy:
    """Listens on a port of its own. `target` tells where the server is, for each connection anew."""

    def __init__(self, target: Callable[[], str]) -> None:
        self.address = ""
        self._target = target
        self._links: set[Link] = set()
        self._open = asyncio.Event()
        self._open.set()
        self._dropped: asyncio.Future[bytes] | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        self.address = f"{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.resume()
        self.reset()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def pause(self) -> None:
        """From now on nothing of the server goes through; it is not even taken from it for long."""
        self._open.clear()

    def resume(self) -> None:
        self._open.set()

    def reset(self) -> None:
        """Cuts all connections."""
        for link in self._links:
            link.reset()

    def drop_next_answer(self) -> "asyncio.Future[bytes]":
        """The next answer of the server goes no further, and its connection is cut when it is complete. The result is
        the message that it held; empty for an error."""
        self._dropped = asyncio.get_running_loop().create_future()
        return self._dropped

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        host, _, port = self._target().rpartition(":")
        try:
            upstream, server = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.transport.abort()
            self._tasks.discard(task)
            return
        link = Link(writer, server)
        self._links.add(link)
        try:
            await asyncio.gather(self._up(reader, link), self._down(upstream, link))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            link.reset()
            self._links.discard(link)
            self._tasks.discard(task)

    async def _up(self, reader: asyncio.StreamReader, link: Link) -> None:
        while data := await reader.read(BLOCK):
            link.server.write(data)
            await link.server.drain()
        raise ConnectionResetError

    async def _down(self, reader: asyncio.StreamReader, link: Link) -> None:
        kept: dict[int, bytes] = {}
        while data := await reader.read(BLOCK):
            await self._open.wait()
            for frame in link.frames.take(data):
                if self._dropped is not None and (frame.stream and not self._dropped.done()):
                    message = kept.get(frame.stream, b"")
                    kept[frame.stream] = message + (frame.raw[HEADER_BYTES:] if frame.kind == DATA else b"")
                    if frame.kind in (DATA, HEADERS) and frame.flags & END_STREAM:
                        self._dropped.set_result(kept[frame.stream][MESSAGE_PREFIX:])
                        self._dropped = None
                        raise ConnectionResetError
                else:
                    link.client.write(frame.raw)
            await link.client.drain()
        raise ConnectionResetError
