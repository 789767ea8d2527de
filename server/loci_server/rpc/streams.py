"""Calls that answer with a stream, to one request or to a stream of them.

They pass what a unary call passes, but for the deadline: a stream has none unless the caller named one, which gRPC
itself keeps. The servicer is an async generator; when the caller leaves, it is cancelled and closed.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from math import inf
from typing import Any, Final

from google.protobuf.message import Message

from loci_server.rpc.call import Call
from loci_server.rpc.deadline import Timer
from loci_server.rpc.decode import Decoded, decoded
from loci_server.rpc.encode import encoded
from loci_server.rpc.failure import fail
from loci_server.rpc.method import Context, Method
from loci_server.rpc.observer import Metadata
from loci_server.services.call import Encoded, ReaderStalled

Source = bytes | None
"""The bytes of the only request; None where requests are a stream."""


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
    """One call that was asked one thing and answers many times."""

    __slots__ = ("_metadata", "_method")

    request_streaming = False
    response_streaming: Final = True
    request_deserializer: Final = None
    response_serializer: Final = None

    def __init__(self, method: Method, metadata: Metadata) -> None:
        self._method = method
        self._metadata = metadata

    async def unary_stream(self, raw: bytes, context: Context) -> None:
        await self._run(raw, context)

    async def _run(self, source: Source, context: Context) -> None:
        method = self._method
        span = method.gate.observer.start_call(method.name, self._metadata)
        remaining = context.time_remaining()
        deadline = inf if remaining is None else asyncio.get_running_loop().time() + remaining
        call = method.call(deadline, self._metadata, span, context)
        try:
            await self._admitted(source, context, call)
        except (Exception, asyncio.CancelledError, BaseExceptionGroup) as error:
            await fail(error, context, call, context.time_remaining())
            raise
        call.end("OK", None)

    async def _admitted(self, source: Source, context: Context, call: Call) -> None:
        gate = self._method.gate
        if self._method.is_public:
            await self._served(source, context, call)
            return
        gate.enter()
        try:
            await gate.identify(call, context)
            tenant = call.principal.tenant_key
            gate.admission.enter_tenant(tenant)
            try:
                await self._served(source, context, call)
            finally:
                gate.admission.leave_tenant(tenant)
        finally:
            gate.admission.leave()

    async def _served(self, source: Source, context: Context, call: Call) -> None:
        kind = self._method.request
        requests: Any
        if source is None:
            requests = Decoded(kind, context, call)
        else:
            requests = call.request = decoded(kind, source)
        stream: AsyncGenerator[Message | Encoded, None] = self._method.serve(requests, call)
        loop = asyncio.get_running_loop()
        identified = loop.time()
        async with aclosing(stream):
            async for message in stream:
                if not self._method.is_public and loop.time() - identified > IDENTITY_SECONDS:
                    await self._method.gate.identify(call, context)
                    identified = loop.time()
                raw = message.raw if isinstance(message, Encoded) else encoded(message)
                if call.write_timeout is None:
                    await context.write(raw)
                elif not await written_within(context, raw, call.write_timeout):
                    await stream.athrow(ReaderStalled())


class RequestAndResponseStream(ResponseStream):
    """One call that is asked and answers many times."""

    __slots__ = ()

    request_streaming = True

    async def stream_stream(self, _: object, context: Context) -> None:
        await self._run(None, context)
