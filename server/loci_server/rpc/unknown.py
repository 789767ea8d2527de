"""The answer to a call of a method that is not served."""

from math import inf
from typing import Final

import grpc
from google.protobuf.empty_pb2 import Empty

from loci_server.errors import LociError
from loci_server.identity.principal import ANONYMOUS
from loci_server.rpc.call import Call
from loci_server.rpc.errors import refuse
from loci_server.rpc.method import Context, Gate


class UnknownMethod:
    """One call. Both sides are streams here, so that it can refuse before it has read anything."""

    __slots__ = ("_details", "_error", "_gate")

    request_streaming: Final = True
    response_streaming: Final = True
    request_deserializer: Final = None
    response_serializer: Final = None

    def __init__(self, gate: Gate, details: grpc.HandlerCallDetails, error: LociError) -> None:
        self._gate = gate
        self._details = details
        self._error = error

    async def stream_stream(self, _: object, context: Context) -> None:
        error, gate, metadata = self._error, self._gate, self._details.invocation_metadata
        span = gate.observer.start_call(self._details.method, metadata)
        # Its name is whatever the caller made up: the audit does not keep it.
        call = Call("", ANONYMOUS, inf, metadata, gate.draining, span, context, frozenset(), gate.auditor, Empty)
        call.end(error.code, error.reason_name())
        await refuse(context, error)
