"""Calls that answer with a stream, to one request or to a stream of them.

They pass what a unary call passes, but for the deadline: a stream has none unless the caller named one, which gRPC
itself keeps. Instead one whose other end neither sends nor takes anything has an end. The servicer is an async
generator; when the caller leaves, it is cancelled and closed.
"""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from math import inf
from typing import Final

from google.protobuf.message import Message

from loci_server.errors import IDLE_LIMIT, ScopeMissing, StreamStalled
from loci_server.rpc.call import Call
from loci_server.rpc.deadline import Timer
from loci_server.rpc.decode import Requests
from loci_server.rpc.encode import encoded
from loci_server.rpc.failure import fail
from loci_server.rpc.method import Context, Method
from loci_server.rpc.observer import Metadata
from loci_server.services.call import Encoded, ReaderStalled

Source = bytes | AsyncIterator[bytes]
"""The only request; where requests are a stream, what they could be read from, too."""
TRACE_HEADERS = frozenset(("traceparent", "tracestate"))

IDENTITY_SECONDS = 1.0
"""A key may be revoked, or expire, while its stream goes on: how long a message may trust the last look at it."""


async def written_within(context: Context, raw: bytes, seconds: float) -> bool:
    """Sends a message. False if the caller did not take it in time."""
    timer = Timer(asyncio.get_running_loop(), seconds)
    try:
        await context.write(raw)
    except asyncio.CancelledError:
        if timer.took_effect():
            return False
        raise
    finally:
        timer.stop()
    return True


class ResponseStream:
    """A method that is asked one thing and answers many times. Of a call, which may last for days and mostly wait, as
    little as can be is kept."""

    __slots__ = ("_method",)

    request_streaming = False
    response_streaming: Final = True
    request_deserializer: Final = None
    response_serializer: Final = None

    def __init__(self, method: Method) -> None:
        self._method = method

    async def unary_stream(self, source: Source, context: Context) -> None:
        """Raises only what grpc.aio knows."""
        method, gate = self._method, self._method.gate
        span = gate.observer.start_call(method.name, traced(context.invocation_metadata()))
        remaining = context.time_remaining()
        deadline = inf if remaining is None else asyncio.get_running_loop().time() + remaining
        call = method.call(deadline, None, span, context)
        share: int | str | None = None
        try:
            if not method.is_public:
                share = await self._admitted(source, context, call)
                with gate.guard.over(call, partial(gate.identify, call, context)):
                    await self._served(source, context, call)
            else:
                share = gate.admit_stranger(context.peer())
                await self._served(source, context, call)
        except (Exception, asyncio.CancelledError, BaseExceptionGroup) as error:
            # Waits until the caller has taken what was written before: its room is not free until then.
            await fail(error, context, call, context.time_remaining())
            raise
        finally:
            if share is not None:
                gate.dismiss(share)
        call.end("OK", None)

    async def _admitted(self, source: Source, context: Context, call: Call) -> int:
        try:
            return await self._method.gate.admit(call, context)
        except ScopeMissing:
            if isinstance(source, bytes):  # for one that is still to come nobody waits
                call.note(source)
            raise

    async def _served(self, source: Source, context: Context, call: Call) -> None:
        stream = self._method.serve(self._requests(source, context, call), call)
        loop = asyncio.get_running_loop()
        identified = loop.time()
        try:
            async for message in stream:
                if not self._method.is_public and loop.time() - identified > IDENTITY_SECONDS:
                    await self._method.gate.identify(call, context)
                    identified = loop.time()
                raw = message.raw if isinstance(message, Encoded) else encoded(message)
                if call.write_timeout is None:
                    await context.write(raw)
                elif not await written_within(context, raw, call.write_timeout):
                    await stream.athrow(ReaderStalled())
                del message, raw
        except ReaderStalled:
            raise StreamStalled(seconds=f"{call.write_timeout:g}", name=IDLE_LIMIT) from None
        finally:
            await stream.aclose()

    def _requests(self, source: Source, context: Context, call: Call) -> Message | Requests:
        """What the servicer is given."""
        if not isinstance(source, bytes):
            # A servicer that writes while it waits counts by itself.
            patience = call.idle_timeout if self._method.is_public else None
            return Requests(context, partial(self._method.read, call=call), patience)
        request = self._method.read(source, call)
        call.first = source
        return request


class RequestAndResponseStream(ResponseStream):
    """A method that is asked and answers many times."""

    __slots__ = ()

    request_streaming = True
    stream_stream = ResponseStream.unary_stream


def traced(metadata: Metadata | None) -> Metadata:
    """What an observer looks at."""
    return tuple(entry for entry in metadata or () if entry[0] in TRACE_HEADERS)
