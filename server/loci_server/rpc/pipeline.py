"""What every call passes on its way to a servicer: telemetry, errors, draining, admission, deadline, identity.

The layers are wrapped around a method once, when it is registered. grpc.aio interceptors would do the same work again
for every call, and could neither see bytes that are not a message nor answer for a method that does not exist.
"""

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass

from loci_server.audit.auditor import Auditor
from loci_server.errors import LociError, MethodNotFound
from loci_server.rpc.admission import Admission, Rates
from loci_server.rpc.deadline import Deadlines
from loci_server.rpc.guard import Guard
from loci_server.rpc.identity import Authenticator
from loci_server.rpc.method import Gate, Method
from loci_server.rpc.observer import Metadata, NullObserver, RpcObserver
from loci_server.rpc.reach import reach_of
from loci_server.rpc.scopes import required
from loci_server.rpc.streams import RequestAndResponseStream, ResponseStream
from loci_server.rpc.unary import UnaryCall
from loci_server.rpc.unknown import UnknownMethod

Handler = UnaryCall | ResponseStream | UnknownMethod


class Limits(Protocol):
    """The settings that the pipeline follows."""

    @property
    def default_deadline(self) -> float: ...
    @property
    def max_deadline(self) -> float: ...
    @property
    def max_in_flight(self) -> int: ...
    @property
    def max_in_flight_per_tenant(self) -> int: ...
    @property
    def max_watches(self) -> int: ...
    @property
    def max_watches_per_tenant(self) -> int: ...
    @property
    def max_streams(self) -> int: ...
    @property
    def max_streams_per_tenant(self) -> int: ...
    @property
    def max_public_streams(self) -> int: ...
    @property
    def max_public_streams_per_address(self) -> int: ...
    @property
    def stream_idle_timeout(self) -> float: ...


def unknown(method: str) -> LociError:
    return MethodNotFound(method=method or "of this name")


class Pipeline(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Finds the method of a call and serves it; a call of any other method is refused."""

    def __init__(
        self,
        limits: Limits,
        authenticator: Authenticator,
        observer: RpcObserver | None = None,
        auditor: Auditor | None = None,
        rates: Rates | None = None,
        absent: Callable[[str], LociError] = unknown,
    ) -> None:
        """`absent` makes the answer to a call of a method that is not registered."""
        self._absent = absent
        self._gate = Gate(
            admission=Admission(limits.max_in_flight, limits.max_in_flight_per_tenant),
            rates=rates,
            authenticator=authenticator,
            deadlines=Deadlines(limits.default_deadline, limits.max_deadline),
            guard=Guard(),
            draining=asyncio.Event(),
            observer=observer or NullObserver(),
            auditor=auditor,
            idle_timeout=limits.stream_idle_timeout,
        )
        # What lasts and mostly waits must not take the room of calls.
        self._watches = self._apart(
            Admission(limits.max_watches, limits.max_watches_per_tenant, "watches", "max_watches")
        )
        self._streams = self._apart(
            Admission(limits.max_streams, limits.max_streams_per_tenant, "streams", "max_streams")
        )
        self._public = self._apart(
            Admission(
                limits.max_public_streams,
                limits.max_public_streams_per_address,
                "streams without a credential",
                "max_public_streams",
                "address",
                reserve=0,
            )
        )
        self._methods: dict[str, Callable[[Metadata], Handler]] = {}

    @property
    def admission(self) -> Admission:
        """Of calls with one answer."""
        return self._gate.admission

    @property
    def streams(self) -> Admission:
        """Of streams that are no watches."""
        return self._streams.admission

    @property
    def running(self) -> int:
        """Calls and streams in this process, of those who showed a credential."""
        return sum(gate.admission.running for gate in self._gates)

    async def wait_idle(self) -> None:
        """Returns once neither calls nor streams are running, of those who showed a credential."""
        for gate in self._gates:
            await gate.admission.wait_idle()

    def expel(self) -> None:
        """Cancels what is running; its callers are told that the server is draining."""
        for gate in self._gates:
            gate.admission.expel()

    @property
    def draining(self) -> asyncio.Event:
        """Once set, new calls are refused; every Call holds it, too."""
        return self._gate.draining

    @property
    def methods(self) -> tuple[str, ...]:
        """Full names of all methods, with a leading slash."""
        return tuple(self._methods)

    def register(self, service: ServiceDescriptor, servicer: object) -> None:
        """Serve all methods of a service, on servers that are made afterwards.

        Raises LookupError for a method without a scope or a reach, AttributeError for one that the servicer lacks,
        TypeError for one of another kind than its descriptor says.
        """
        for descriptor in service.methods:
            name = f"/{service.full_name}/{descriptor.name}"
            self._methods[name] = self._wrapped(name, descriptor, getattr(servicer, descriptor.name))

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Handler:
        """What grpc.aio asks for each call."""
        method = self._methods.get(handler_call_details.method)
        if method is None:
            return UnknownMethod(self._gate, handler_call_details, self._absent(handler_call_details.method))
        return method(handler_call_details.invocation_metadata)

    def _wrapped(
        self, name: str, descriptor: MethodDescriptor, serve: Callable[..., Any]
    ) -> Callable[[Metadata], Handler]:
        asked, answered = descriptor.client_streaming, descriptor.server_streaming
        if asked and not answered:
            raise TypeError(f"{name}: a stream of requests with one answer is not served")
        is_right = inspect.isasyncgenfunction if answered else inspect.iscoroutinefunction
        if not is_right(serve):
            raise TypeError(f"{name}: the servicer's method must be an async {'generator' if answered else 'function'}")
        request = GetMessageClass(descriptor.input_type)
        scopes = required(descriptor.full_name)
        gate = self._gate_of(descriptor, is_public=not scopes)
        method = Method(name, serve, request, scopes, reach_of(descriptor.full_name), gate)
        if not answered:
            return lambda metadata: UnaryCall(method, metadata)
        stream = RequestAndResponseStream(method) if asked else ResponseStream(method)
        return lambda _: stream

    def _gate_of(self, descriptor: MethodDescriptor, *, is_public: bool) -> Gate:
        if not descriptor.server_streaming:
            return self._gate
        if is_public:
            return self._public
        return self._watches if descriptor.name == "Watch" else self._streams

    def _apart(self, admission: Admission) -> Gate:
        """The same gate, with room of its own."""
        return replace(self._gate, admission=admission)

    @property
    def _gates(self) -> tuple[Gate, ...]:
        return self._watches, self._streams, self._gate
