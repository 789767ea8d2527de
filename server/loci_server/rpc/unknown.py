"""The answer to a call of a method that does not exist."""

from typing import Final

import grpc

from loci_server.errors import MethodNotFound
from loci_server.rpc.errors import refuse
from loci_server.rpc.method import Context
from loci_server.rpc.observer import RpcObserver


class UnknownMethod:
    """One call. Both sides are streams here, so that it can refuse before it has read anything."""

    __slots__ = ("_details", "_observer")

    request_streaming: Final = True
    response_streaming: Final = True
    request_deserializer: Final = None
    response_serializer: Final = None

    def __init__(self, observer: RpcObserver, details: grpc.HandlerCallDetails) -> None:
        self._observer = observer
        self._details = details

    async def stream_stream(self, _: object, context: Context) -> None:
        method = self._details.method
        error = MethodNotFound(method=method or "of this name")
        span = self._observer.start_call(method, self._details.invocation_metadata)
        span.end(error.code, error.reason_name())
        await refuse(context, error)
