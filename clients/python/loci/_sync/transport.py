# Generated from loci/_async/transport.py by `python -m tools.unasync`: change that file, not this one.
"""The one place where calls leave: deadline, credential, retries and typed errors are the same for all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message

from loci.connection import MAX_MESSAGE_BYTES, Connection, is_repeatable, seconds
from loci.credential import Metadata
from loci.errors import LimitExceeded, LociError, Unavailable, from_rpc
from loci.retries import answer_lost, unary_pause

from .runtime import connected, event_loop, open_channel, sleep

Response = TypeVar("Response", bound=Message)


class Transport:
    """A channel, opened by the first call, and the ways to call over it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._lock = threading.Lock()
        self._channel: Any = None
        self._owner: object = None
        """The event loop in which the channel was opened, and to which it belongs."""
        self._closed = False
        self._answered = False
        """Whether there was ever an answer, so that the address is right."""

    def unary(self, method: str, request: Any, response_type: type[Response], timeout: float | None) -> Response:
        """One answer. `method` is `NodeService/GetNode`; `timeout` in seconds covers all tries."""
        call = self._open().unary_unary(
            f"/loci.v1.{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=response_type.FromString,
        )
        if request.ByteSize() > MAX_MESSAGE_BYTES:
            raise LimitExceeded(f"request: {request.ByteSize()} bytes, at most {MAX_MESSAGE_BYTES} are allowed")
        deadline = time.monotonic() + (self.connection.timeout if timeout is None else seconds(timeout))
        attempt = 1
        metadata, may_renew = self.connection.credential.metadata, True
        while True:
            remaining = deadline - time.monotonic()
            failure: LociError
            cause: grpc.RpcError | None = None
            try:
                response: Response | None = call(request, timeout=remaining, metadata=metadata)
                if response is not None:
                    self._answered = True
                    return response
                failure = answer_lost()
            except grpc.RpcError as error:
                failure, cause = from_rpc(error), error
                self._answered = self._answered or bool(failure.reason)
            renewed = self.connection.credential.renewed(failure, metadata) if may_renew else None
            if renewed is not None:
                metadata, may_renew = renewed, False
                continue
            pause = unary_pause(failure, attempt, deadline - time.monotonic(), known=self._answered)
            if pause is None or not is_repeatable(method.rpartition("/")[2], type(request).DESCRIPTOR):
                raise (failure if self._answered else self._without_tls(failure)) from cause
            sleep(pause)
            metadata = self.connection.credential.metadata
            attempt += 1

    def pages(
        self, method: str, request: Any, response_type: type[Response], timeout: float | None
    ) -> Iterator[Response]:
        """Page after page of a list; `timeout` is for each page."""
        while True:
            page: Any = self.unary(method, request, response_type, timeout)
            yield page
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def server_stream(
        self,
        method: str,
        request: Any,
        response_type: type[Message],
        timeout: float | None,
        metadata: Metadata | None = None,
    ) -> Any:
        """A call that is answered many times: iterate it, and cancel it when leaving early. `metadata`: of the
        credential, asked for before."""
        call = self._open().unary_stream(
            f"/loci.v1.{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=response_type.FromString,
        )
        limit = None if timeout is None else seconds(timeout)
        shown = self.connection.credential.metadata if metadata is None else metadata
        return call(request, timeout=limit, metadata=shown)

    def both_streams(
        self,
        method: str,
        requests: Iterator[Message],
        request_type: type[Message],
        response_type: type[Message],
        timeout: float,
        metadata: Metadata | None = None,
    ) -> Any:
        """As server_stream, with many requests."""
        call = self._open().stream_stream(
            f"/loci.v1.{method}",
            request_serializer=request_type.SerializeToString,
            response_deserializer=response_type.FromString,
        )
        shown = self.connection.credential.metadata if metadata is None else metadata
        return call(requests, timeout=seconds(timeout), metadata=shown)

    def wait_ready(self, timeout: float) -> None:
        """Waits until there is a connection. Raises Unavailable if there is none in time."""
        if not connected(self._open(), seconds(timeout)):
            raise Unavailable(f"no connection to {self.connection.address} within {timeout:g} s", reason="")

    def close(self) -> None:
        """Ends the channel and what runs over it."""
        with self._lock:
            channel, self._channel, self._closed = self._channel, None, True
        if channel is not None:
            channel.close()

    def _open(self) -> Any:
        with self._lock:
            if self._closed:
                raise RuntimeError("the client is closed")
            if self._channel is None:
                self._channel, self._owner = open_channel(self.connection), event_loop()
            elif self._owner is not event_loop():
                raise RuntimeError("the client belongs to another event loop: make one in each, or run all in one")
            return self._channel

    def _without_tls(self, failure: LociError) -> LociError:
        """Of a server that takes connections and never answered: it may want TLS, which gRPC does not see."""
        if isinstance(failure, Unavailable) and self.connection.tls is None and "refused" not in failure.message:
            failure.message += f" (at {self.connection.address}; if the server wants TLS, give tls)"
        return failure


class Calls:
    """What the methods of each service are written on."""

    _transport: Transport
