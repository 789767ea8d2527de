"""Every method that can be called: found in the descriptors, so that a new one cannot be forgotten."""

import importlib
import pkgutil
from dataclasses import dataclass

from google.protobuf.descriptor import Descriptor, ServiceDescriptor
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

import loci.v1

ENDLESS = frozenset({"/grpc.health.v1.Health/Watch", "/loci.v1.WatchService/Watch"})
"""Answered until the caller leaves."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method, as gRPC calls it."""

    path: str
    request: Descriptor
    asks_many: bool
    answers_many: bool

    @property
    def endless(self) -> bool:
        return self.path in ENDLESS


def services() -> list[ServiceDescriptor]:
    """All services of the contract, health and reflection."""
    modules = [
        importlib.import_module(f"loci.v1.{module.name}")
        for module in pkgutil.iter_modules(loci.v1.__path__)
        if module.name.endswith("_pb2")
    ]
    return [
        service
        for module in (*modules, health_pb2, reflection_pb2)
        for service in module.DESCRIPTOR.services_by_name.values()
    ]


def methods() -> list[Method]:
    """All methods of all services."""
    return [
        Method(
            f"/{service.full_name}/{method.name}", method.input_type, method.client_streaming, method.server_streaming
        )
        for service in services()
        for method in service.methods
    ]
