"""Each failure is raised as the class of its reason, with all that the server said about it."""

import inspect
import pickle
import re
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2

from loci import AsyncClient, errors
from loci.errors import FieldViolation, LociError
from loci.v1.errors_pb2 import ErrorReason
from tests.stand_in import StandIn, failure

GET = "NodeService/GetNode"


async def test_a_reason_is_raised_as_its_class(server: StandIn, client: AsyncClient) -> None:
    resource = error_details_pb2.ResourceInfo(resource_name="graphs/g/nodes/n")
    server.will(GET, failure(grpc.StatusCode.NOT_FOUND, "NODE_NOT_FOUND", details=(resource,), hint="none"))
    with pytest.raises(errors.NodeNotFound) as raised:
        await client.get_node("g", "n")
    error = raised.value
    assert isinstance(error, errors.NotFound)
    assert (error.code, error.reason, error.message) == ("NOT_FOUND", "NODE_NOT_FOUND", "it failed")
    assert (error.resource, error.metadata) == ("graphs/g/nodes/n", {"hint": "none"})
    assert isinstance(error.__cause__, grpc.RpcError)


async def test_the_blocking_client_raises_it_too(server: StandIn, blocking: Callable[..., Any]) -> None:
    server.will(GET, failure(grpc.StatusCode.NOT_FOUND, "NODE_NOT_FOUND"))
    with pytest.raises(errors.NodeNotFound) as raised:
        await blocking(lambda client: client.get_node("g", "n"))
    assert isinstance(raised.value.__cause__, grpc.RpcError)


async def test_violations_name_fields_and_preconditions(server: StandIn, client: AsyncClient) -> None:
    bad = error_details_pb2.BadRequest(
        field_violations=[error_details_pb2.BadRequest.FieldViolation(field="node.type", description="too long")]
    )
    server.will(GET, failure(grpc.StatusCode.INVALID_ARGUMENT, "LIMIT_EXCEEDED", details=(bad,)))
    with pytest.raises(errors.LimitExceeded) as raised:
        await client.get_node("g", "n")
    assert raised.value.violations == (FieldViolation("node.type", "too long"),)
    unmet = error_details_pb2.PreconditionFailure(
        violations=[error_details_pb2.PreconditionFailure.Violation(subject="preconditions[0]", description="gone")]
    )
    server.will(GET, failure(grpc.StatusCode.FAILED_PRECONDITION, "PRECONDITION_FAILED", details=(unmet,)))
    with pytest.raises(errors.PreconditionFailed) as other:
        await client.get_node("g", "n")
    assert other.value.violations == (FieldViolation("preconditions[0]", "gone"),)


async def test_a_reason_of_a_newer_server_is_raised_as_its_family(server: StandIn, client: AsyncClient) -> None:
    server.will(GET, failure(grpc.StatusCode.FAILED_PRECONDITION, "SOMETHING_NEW"))
    with pytest.raises(errors.FailedPrecondition) as raised:
        await client.get_node("g", "n")
    assert type(raised.value) is errors.FailedPrecondition
    assert raised.value.reason == "SOMETHING_NEW"


async def test_an_error_without_details_is_raised_by_its_code(server: StandIn, client: AsyncClient) -> None:
    server.will(GET, failure(grpc.StatusCode.PERMISSION_DENIED, message="a proxy said no"))
    with pytest.raises(errors.PermissionDenied, match="a proxy said no") as raised:
        await client.get_node("g", "n")
    assert raised.value.reason == ""


async def test_a_call_ends_at_its_deadline(server: StandIn, client: AsyncClient) -> None:
    server.will(GET, None)
    with pytest.raises(errors.DeadlineExceeded):
        await client.get_node("g", "n", timeout=0.1)


async def test_no_server_is_unavailable() -> None:
    async with AsyncClient("127.0.0.1:1", timeout=5) as client:
        with pytest.raises(errors.Unavailable):
            await client.get_node("g", "n")
        with pytest.raises(errors.Unavailable):
            await client.wait_ready(timeout=0.2)


def test_every_reason_of_the_contract_has_a_class() -> None:
    reasons = {name.removeprefix("ERROR_REASON_") for name in ErrorReason.keys()} - {"UNSPECIFIED"}  # noqa: SIM118
    assert {error.family_reason for error in _tree(LociError)} - {""} == reasons


def test_every_class_is_public_and_drawn_in_the_tree() -> None:
    classes = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, LociError)}
    every = {error.__name__ for error in _tree(LociError)}
    assert classes == every
    assert every <= set(errors.__all__)
    drawn = set(re.findall(r"[A-Z]\w+", (errors.__doc__ or "").partition("A family")[0]))
    assert every <= drawn


def test_an_error_can_be_sent_to_another_process() -> None:
    error = errors.EtagMismatch("changed", resource="graphs/g/nodes/n")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.resource, copy.reason) == (errors.EtagMismatch, "graphs/g/nodes/n", "ETAG_MISMATCH")


def _tree(root: type[LociError]) -> set[type[LociError]]:
    return {root}.union(*(_tree(child) for child in root.__subclasses__()))
