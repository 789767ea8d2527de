"""Bytes to messages, inside the pipeline and after the caller is known.

grpc.aio answers UNKNOWN with the name of an internal class when its own deserializer fails, and would parse up to
16 MiB for callers who have no credential. So it hands the bytes through and they are read here.
"""

import grpc
from google.protobuf.message import Message

from loci_server.errors import UndecodableMessage
from loci_server.rpc.call import Call


def decoded(kind: type[Message], raw: bytes) -> Message:
    """Raises UndecodableMessage for bytes that are not such a message."""
    try:
        return kind.FromString(raw)
    except Exception as error:
        raise UndecodableMessage(message=kind.DESCRIPTOR.full_name) from error


class Decoded:
    """The messages of a stream of requests; UndecodableMessage is raised where a bad one stands."""

    def __init__(self, kind: type[Message], context: grpc.aio.ServicerContext[bytes, bytes], call: Call) -> None:
        self._kind = kind
        self._context = context
        self._call = call

    def __aiter__(self) -> "Decoded":
        return self

    async def __anext__(self) -> Message:
        raw = await self._context.read()
        if raw is grpc.aio.EOF:
            raise StopAsyncIteration
        message = decoded(self._kind, raw)
        if self._call.first is None:
            self._call.first = message
        return message
