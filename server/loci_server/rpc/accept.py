"""A grpc.aio server that takes calls in one task per method.

The stock server takes all calls in one loop, which decodes the path of each as UTF-8: a single request with another
byte in its path, from anyone who can connect, raises there and ends the server. Here every method is registered with
the core, which then says by itself whose call it is; a path that matches none is never read. It also saves the stock
loop's asyncio.wait per call.

This reaches into the Cython layer of grpcio, and so is done only for versions it is known to work with; for any
other the stock server is used. tests/unit/rpc/test_hostile_bytes.py fails then.
"""

import asyncio
import contextvars
import logging
from collections.abc import Sequence
from typing import Any, Final, Protocol

import grpc
from grpc._cython import cygrpc
from grpc.aio._server import Server

KNOWN_VERSIONS: Final = ("1.85.",)

Options = Sequence[tuple[str, int | str]]

_log = logging.getLogger(__name__)


class Resolver(Protocol):
    """Finds the handler of a call, also for calls of no method."""

    @property
    def methods(self) -> tuple[str, ...]: ...

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any: ...


def make_server(options: Options, resolver: Resolver) -> grpc.aio.Server:
    """A server for the methods that the resolver has by now. Call it on the running loop, then open ports and start."""
    if not grpc.__version__.startswith(KNOWN_VERSIONS):
        _log.warning("grpcio %s is not known: paths that are not UTF-8 can end this server", grpc.__version__)
        return grpc.aio.server(handlers=(resolver,), options=options)
    return _Server(options, resolver)


class _Server(Server):  # type: ignore[misc]
    """The public face of the stock server, in front of another core."""

    def __init__(self, options: Options, resolver: Resolver) -> None:
        self._loop = asyncio.get_running_loop()
        self._server = _Core(self._loop, None, (), (), tuple(options), None)
        self._server.resolver = resolver
        self._server.add_registered_method_handlers(dict.fromkeys(resolver.methods))


class _Core(cygrpc.AioServer):  # type: ignore[misc]
    """Its own loop waits for the tasks made here, which end when the server does."""

    resolver: Resolver

    def resolve_handler(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """Called by `_handle_rpc`; the method is "" for calls that match none."""
        return self.resolver.service(handler_call_details)

    def _make_request_call_future(self, method: bytes | None) -> "asyncio.Task[None]":
        return asyncio.get_running_loop().create_task(self._take_calls(method))

    async def _take_calls(self, method: bytes | None) -> None:
        loop = asyncio.get_running_loop()
        name = "" if method is None else method.decode()
        running: set[asyncio.Task[None]] = set()
        # One of each for all calls: of its own, each would take 80 bytes for as long as a stream lasts.
        context, ended = contextvars.copy_context(), running.discard
        while True:
            state = await (self._request_call() if method is None else self._request_registered_call(method))
            call = cygrpc._handle_rpc(name, self, (), state, loop, False)
            task = loop.create_task(cygrpc._schedule_rpc_coro(call, state, loop, name), context=context)
            running.add(task)
            task.add_done_callback(ended, context=context)
