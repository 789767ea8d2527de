"""A call with one request and one answer: the hottest path of the service.

All layers stand in one coroutine, in the order in which they refuse: draining, room in the process, deadline, identity
and scope, room for the tenant, decoding. Only then does the servicer run.
"""

import asyncio
from math import inf
from typing import Final

from loci_server.errors import DeadlineExceeded, ScopeMissing
from loci_server.rpc.call import Call
from loci_server.rpc.deadline import Timer
from loci_server.rpc.encode import encoded
from loci_server.rpc.failure import fail
from loci_server.rpc.method import Context, Method
from loci_server.rpc.observer import Metadata


class UnaryCall:
    """One call. It is also the RpcMethodHandler that grpc.aio asks for, and so keeps the metadata, already read."""

    __slots__ = ("_metadata", "_method", "_seconds")

    request_streaming: Final = False
    response_streaming: Final = False
    request_deserializer: Final = None
    response_serializer: Final = None

    def __init__(self, method: Method, metadata: Metadata) -> None:
        self._method = method
        self._metadata = metadata
        self._seconds = 0.0

    async def unary_unary(self, raw: bytes, context: Context) -> bytes:
        """The bytes of the answer; raises only what grpc.aio knows."""
        method = self._method
        span = method.gate.observer.start_call(method.name, self._metadata)
        call = method.call(inf, self._metadata, span, context)
        try:
            answer = await self._admitted(raw, context, call)
        except (Exception, asyncio.CancelledError, BaseExceptionGroup) as error:
            await fail(error, context, call, self._seconds)
            raise
        call.end("OK", None)
        return answer

    async def _admitted(self, raw: bytes, context: Context, call: Call) -> bytes:
        if self._method.is_public:
            return await self._timed(raw, context, call)
        gate = self._method.gate
        gate.enter()
        try:
            return await self._timed(raw, context, call)
        finally:
            gate.admission.leave()

    async def _timed(self, raw: bytes, context: Context, call: Call) -> bytes:
        self._seconds, must_end = self._method.gate.deadlines.cut(context.time_remaining())
        loop = asyncio.get_running_loop()
        call.deadline = loop.time() + self._seconds
        if not must_end:
            return await self._identified(raw, context, call)
        timer = Timer(loop, self._seconds)
        try:
            return await self._identified(raw, context, call)
        except (Exception, asyncio.CancelledError) as error:
            if timer.took_effect():
                raise DeadlineExceeded(seconds=f"{self._seconds:g}") from error
            raise
        finally:
            timer.stop()

    async def _identified(self, raw: bytes, context: Context, call: Call) -> bytes:
        gate = self._method.gate
        if self._method.is_public:
            return await self._served(raw, call)
        try:
            await gate.identify(call, context)
        except ScopeMissing:
            call.note(raw)
            raise
        tenant = await gate.place(call.principal)
        try:
            return await self._served(raw, call)
        finally:
            gate.admission.leave_share(tenant)

    async def _served(self, raw: bytes, call: Call) -> bytes:
        return encoded(await self._method.serve(self._method.read(raw, call), call))
