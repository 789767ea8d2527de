"""What every call passes: decoding, identity, scopes, unknown methods, and what a servicer learns of its call."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from google.protobuf.descriptor_pool import Default

from loci.v1.bulk_service_pb2 import ExportRequest, ExportResponse, ImportRequest, ImportResponse
from loci.v1.node_service_pb2 import GetNodeRequest, GetNodeResponse
from loci_server.rpc.call import Call
from loci_server.rpc.scopes import REQUIRED
from tests.unit.rpc.harness import CREATE_NODE, EXPORT, GET_NODE, IMPORT, Keys, serving

BAD_UTF8 = b"\x0a\x01\xff"


async def named(request: GetNodeRequest, call: Call) -> GetNodeResponse:
    answer = GetNodeResponse()
    answer.node.name = request.name
    return answer


async def test_a_call_reaches_the_servicer_and_its_answer_the_caller() -> None:
    async with serving({"GetNode": named}) as running:
        raw = await running.client.unary(GET_NODE, GetNodeRequest(name="graphs/g/nodes/é"))
        assert GetNodeResponse.FromString(raw).node.name == "graphs/g/nodes/é"
        assert running.observer.spans[0].ended == [("OK", None)]


@pytest.mark.parametrize("raw", [BAD_UTF8, b"\xff", b"\x0a\xff\xff\xff\xff\x0f", b"\x0b" * 500])
async def test_bytes_that_are_no_message_are_an_invalid_argument(raw: bytes) -> None:
    async with serving() as running:
        refusal = await running.refused(running.client.unary(GET_NODE, raw))
        assert (refusal.code, refusal.reason) == ("INVALID_ARGUMENT", "UNDECODABLE_MESSAGE")
        assert refusal.info.metadata["message"] == "loci.v1.GetNodeRequest"
        refusal = await running.refused(running.client.stream(EXPORT, raw))
        assert (refusal.code, refusal.reason) == ("INVALID_ARGUMENT", "UNDECODABLE_MESSAGE")


async def echo(requests: AsyncIterator[ImportRequest], call: Call) -> AsyncIterator[ImportResponse]:
    async for _ in requests:
        yield ImportResponse()


async def test_bad_bytes_amid_a_stream_end_it_as_an_invalid_argument() -> None:
    async with serving(bulk={"Import": echo}) as running:
        call = running.client.both(IMPORT)
        await call.write(b"")
        assert await call.read() == b""
        await call.write(BAD_UTF8)
        assert (await running.refused(call)).reason == "UNDECODABLE_MESSAGE"


async def test_a_stream_of_requests_ends_when_the_caller_is_done() -> None:
    async with serving(bulk={"Import": echo}) as running:
        call = running.client.both(IMPORT)
        await call.write(b"")
        await call.done_writing()
        assert [raw async for raw in call] == [b""]
        assert running.observer.spans[0].ended == [("OK", None)]


async def test_bytes_of_callers_without_a_key_are_not_even_read() -> None:
    async with serving() as running:
        assert (await running.refused(running.client.unary(GET_NODE, b"\xff", None))).reason == "CREDENTIAL_MISSING"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "CREDENTIAL_MISSING"),
        ("", "CREDENTIAL_MISSING"),
        ("Basic d3JpdGVy", "CREDENTIAL_MISSING"),
        ("Bearer", "CREDENTIAL_INVALID"),
        ("Bearer nobody", "CREDENTIAL_INVALID"),
        ("Bearer " + "k" * 5000, "CREDENTIAL_INVALID"),
        ("Bearer expired", "CREDENTIAL_EXPIRED"),
    ],
)
async def test_a_call_without_a_good_key_is_unauthenticated(value: str | None, reason: str) -> None:
    async with serving() as running:
        metadata = () if value is None else (("authorization", value),)
        refusal = await running.refused(running.client.channel.unary_unary(GET_NODE)(b"", metadata=metadata))
        assert (refusal.code, refusal.reason) == ("UNAUTHENTICATED", reason)
        refusal = await running.refused(running.client.channel.unary_stream(EXPORT)(b"", metadata=metadata))
        assert (refusal.code, refusal.reason) == ("UNAUTHENTICATED", reason)


@pytest.mark.parametrize("value", ["Bearer reader", "bearer reader", "BEARER  reader ", "Bearer slow-reader"])
async def test_the_scheme_may_be_written_in_any_case(value: str) -> None:
    async with serving() as running:
        await running.client.channel.unary_unary(GET_NODE)(b"", metadata=(("authorization", value),))


async def test_a_call_beyond_the_scopes_of_the_key_is_denied() -> None:
    async with serving() as running:
        await running.client.unary(GET_NODE, key="reader")
        refusal = await running.refused(running.client.unary(CREATE_NODE, key="reader"))
        assert (refusal.code, refusal.reason) == ("PERMISSION_DENIED", "SCOPE_MISSING")
        assert refusal.info.metadata["scope"] == "WRITE"
        assert (await running.refused(running.client.unary(GET_NODE, key="operator"))).reason == "SCOPE_MISSING"


def test_every_method_of_the_contract_has_a_scope() -> None:
    services = [
        service
        for name in ("admin", "bulk", "commit", "edge", "graph", "memory", "node", "search", "traversal", "watch")
        for service in Default().FindFileByName(f"loci/v1/{name}_service.proto").services_by_name.values()
    ]
    methods = {method.full_name for service in services for method in service.methods}
    assert len(methods) > 35
    assert methods == {name for name in REQUIRED if name.startswith("loci.v1.")}
    assert all(REQUIRED[name] for name in methods)


async def test_a_method_without_a_scope_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loci_server.rpc.scopes.REQUIRED", {})
    with pytest.raises(LookupError, match=r"loci\.v1\.NodeService\.CreateNode has no scope"):
        async with serving():
            pass


async def test_a_servicer_of_the_wrong_kind_stops_the_start() -> None:
    with pytest.raises(TypeError, match="must be an async generator"):
        async with serving(bulk={"Export": named}):
            pass


@pytest.mark.parametrize("method", ["/loci.v1.NodeService/Fly", "/loci.v2.NodeService/GetNode", "/x", "/"])
async def test_a_method_that_does_not_exist_is_unimplemented(method: str) -> None:
    async with serving() as running:
        for call in (running.client.unary(method), running.client.stream(method, key=None)):
            refusal = await running.refused(call)
            assert (refusal.code, refusal.reason) == ("UNIMPLEMENTED", "METHOD_NOT_FOUND")
        assert running.observer.spans[0].ended == [("UNIMPLEMENTED", "METHOD_NOT_FOUND")]


async def test_a_servicer_knows_who_calls_and_from_where_and_until_when() -> None:
    seen: list[Any] = []

    async def look(request: GetNodeRequest, call: Call) -> GetNodeResponse:
        left = call.deadline - asyncio.get_running_loop().time()
        seen.append((call.method, call.principal, call.peer, left, call.trace_id, dict(call.metadata)["x-mine"]))
        return GetNodeResponse()

    async with serving({"GetNode": look}) as running:
        metadata = (("authorization", "Bearer reader"), ("x-mine", "1"))
        await running.client.channel.unary_unary(GET_NODE)(b"", metadata=metadata, timeout=5)
    method, who, peer, left, trace_id, mine = seen[0]
    assert (method, who, mine) == (GET_NODE, Keys().known["reader"], "1")
    assert peer.startswith("ipv4:127.0.0.1:")
    assert 0 < left < 6  # gRPC rounds what it sends
    assert trace_id == "5c0ffee0" * 4


async def test_an_export_sends_every_message() -> None:
    async def pages(request: ExportRequest, call: Call) -> AsyncIterator[ExportResponse]:
        for number in range(3):
            yield ExportResponse(revision=number + 1)

    async with serving(bulk={"Export": pages}) as running:
        answers = [ExportResponse.FromString(raw).revision async for raw in running.client.stream(EXPORT)]
        assert answers == [1, 2, 3]


async def test_an_answer_that_is_too_large_is_said_to_be() -> None:
    async def large(request: GetNodeRequest, call: Call) -> GetNodeResponse:
        answer = GetNodeResponse()
        answer.node.text = "x" * (16 * 1024 * 1024)
        return answer

    async with serving({"GetNode": large}) as running:
        assert (await running.refused(running.client.unary(GET_NODE))).reason == "LIMIT_EXCEEDED"


async def test_a_grpc_version_that_is_not_known_is_served_by_the_stock_server(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("loci_server.rpc.accept.KNOWN_VERSIONS", ())
    async with serving({"GetNode": named}) as running:
        await running.client.unary(GET_NODE)
        refusal = await running.refused(running.client.unary("/loci.v1.NodeService/Fly"))
        assert refusal.info.metadata["method"] == "/loci.v1.NodeService/Fly"
    assert "is not known" in caplog.text
