"""No method is reachable without a credential or without the right scope: found by walking the services, so that a new
method cannot be forgotten."""

from collections.abc import AsyncIterator
from uuid import uuid4

import grpc
import pytest
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from loci_server.identity.principal import INCLUDED, Scope
from loci_server.rpc.scopes import PUBLIC, REQUIRED
from tests.calls import collect
from tests.fuzz.methods import Method, methods, services
from tests.integration.isolation.calls import Caller
from tests.server import RunningServer

READING = (
    "Get",
    "List",
    "BatchGet",
    "Search",
    "BatchSearch",
    "Recall",
    "Traverse",
    "FindPaths",
    "Export",
    "Watch",
    "Sum",
)
SAID_TO_THE_SERVICE = ("ListQueries", "ListFeedback", "EraseGraph")
"""For ADMIN only: reads of what callers said to the service itself, and what cannot be undone."""
NO_CREDENTIAL = (None, "", "loci_" + "A" * 54)


@pytest.fixture(scope="module")
async def caller(server: RunningServer) -> AsyncIterator[Caller]:
    async with grpc.aio.insecure_channel(server.address) as channel:
        yield Caller(channel)


@pytest.fixture(scope="module")
async def keys(server: RunningServer) -> dict[Scope, str]:
    async with server.client() as operator:
        tenant = f"scopes-{uuid4().hex}"
        await operator.create_tenant(tenant)
        return {scope: (await operator.create_api_key([scope.name.lower()], tenant=tenant)).secret for scope in Scope}


async def reason(caller: Caller, method: Method, key: str | None) -> str:
    """Why a request that says nothing is refused: keys and scopes are looked at before it is."""
    ended = await caller.call(method, [b""], key)
    details = b"".join(detail.value for detail in ended.status.details)
    found = (word for word in ("CREDENTIAL_MISSING", "CREDENTIAL_INVALID", "SCOPE_MISSING") if word.encode() in details)
    return next(found, "reached")


async def test_every_service_that_is_served_is_known_here(server: RunningServer) -> None:
    async with grpc.aio.insecure_channel(server.address) as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        (answer,) = await collect(
            stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))
        )
    served = {service.name for service in answer.list_services_response.service}
    assert served == {service.full_name for service in services()}
    assert REQUIRED.keys() == {method.path[1:].replace("/", ".") for method in methods()}


async def test_only_health_and_reflection_are_reached_without_a_credential(caller: Caller) -> None:
    for method in methods():
        public = method.path.startswith("/grpc.")
        assert (REQUIRED[method.path[1:].replace("/", ".")] == PUBLIC) == public
        for key in NO_CREDENTIAL:
            found = await reason(caller, method, key)
            assert found == "reached" if public else found.startswith("CREDENTIAL_"), (method.path, key)


async def test_each_method_asks_for_its_scope(caller: Caller, keys: dict[Scope, str]) -> None:
    for method in methods():
        if method.path.startswith("/loci.v1."):
            wanted = REQUIRED[method.path[1:].replace("/", ".")]
            for scope, key in keys.items():
                found = await reason(caller, method, key)
                assert found == ("SCOPE_MISSING" if wanted.isdisjoint(INCLUDED[scope]) else "reached"), (method, scope)


def test_what_writes_asks_for_more_than_reading_and_tenants_are_for_operators() -> None:
    for name, wanted in REQUIRED.items():
        service, method = name.split(".")[-2:]
        if service == "AdminService":
            assert wanted <= {Scope.ADMIN, Scope.OPERATOR} or method == "GetReceiptKey", name
            assert wanted == {Scope.OPERATOR} or "Tenant" not in method.replace("GetTenantUsage", ""), name
        elif name.startswith("loci.v1."):
            reads = method.startswith(READING)
            expected = Scope.ADMIN if method in SAID_TO_THE_SERVICE else Scope.READ if reads else Scope.WRITE
            assert wanted == {expected}, name
