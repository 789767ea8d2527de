"""An import that says nothing ends, and keeps nobody out meanwhile."""

import asyncio
from collections.abc import AsyncIterator

import grpc
import pytest

from loci import errors, node
from loci.v1 import bulk_service_pb2 as pb
from loci.v1.bulk_service_pb2_grpc import BulkServiceStub
from loci.v1.node_pb2 import Node
from tests.calls import Bare, bare_calls
from tests.server import RunningServer, running_server
from tests.waiting import eventually


@pytest.fixture
async def impatient(database_url: str) -> AsyncIterator[RunningServer]:
    async with running_server(database_url, LOCI_STREAM_IDLE_TIMEOUT="0.3") as server:
        yield server


def header(graph: str) -> pb.ImportRequest:
    return pb.ImportRequest(header=pb.ImportHeader(parent=f"graphs/{graph}", import_id="i"))


def chunk(sequence: int) -> pb.ImportRequest:
    item = pb.BulkItem(node=Node(name=f"graphs/g/nodes/n{sequence}", type="fact", text="told"))
    return pb.ImportRequest(items=pb.ImportItems(sequence=sequence, items=[item]))


async def ended(bare: Bare, *requests: pb.ImportRequest) -> errors.LociError:
    """Why an import ends that sends these, and then nothing, and does not say that this was all."""
    call = BulkServiceStub(bare.channel).Import(metadata=bare.metadata)
    for request in requests:
        await call.write(request)
        assert await call.read() is not grpc.aio.EOF
    with pytest.raises(grpc.RpcError) as raised:
        await asyncio.wait_for(call.read(), 30)
    return errors.from_rpc(raised.value)


async def test_an_import_that_says_nothing_ends_with_the_limit_by_name(impatient: RunningServer) -> None:
    async with impatient.client() as client:
        await client.create_graph("g")
        async with bare_calls(impatient, impatient.operator_key) as bare:
            for said in ((), (header("g"),), (header("g"), chunk(1))):
                failure = await ended(bare, *said)
                assert (failure.code, failure.reason) == ("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")
                assert failure.metadata["name"] == "stream_idle_timeout"
        assert (await client.get_import("g", "i")).next_sequence == 2, "what was acknowledged stands"


async def test_a_client_whose_source_is_slow_goes_on_by_itself(impatient: RunningServer) -> None:
    async with impatient.client() as client:
        await client.create_graph("g")

        async def is_cut() -> bool:
            """Whether the import has ended so."""
            return "DEADLINE_EXCEEDED" in [entry.reason async for entry in client.list_audit_entries()]

        async def source() -> AsyncIterator[Node]:
            yield node("n1")
            await eventually(is_cut)
            yield node("n2")

        done = await client.import_items("g", source(), chunk_size=1)
        assert done.node_count == 2
        assert {(await client.get_node("g", name)).name for name in ("n1", "n2")} == {
            "graphs/g/nodes/n1",
            "graphs/g/nodes/n2",
        }


async def test_idle_imports_of_two_tenants_keep_no_third_one_out(database_url: str) -> None:
    room = {"LOCI_MAX_STREAMS": "4", "LOCI_MAX_STREAMS_PER_TENANT": "1", "LOCI_MAX_IN_FLIGHT": "2"}
    async with running_server(database_url, **room) as server, server.client() as operator:
        keys = []
        for tenant in ("one", "two", "three"):
            await operator.create_tenant(tenant)
            keys.append((await operator.create_api_key(["write"], tenant=tenant)).secret)
        for key in keys:
            async with server.client(key) as client:
                await client.create_graph("g")
        async with bare_calls(server, keys[0]) as first, bare_calls(server, keys[1]) as second:
            opened = [
                asyncio.ensure_future(BulkServiceStub(bare.channel).Import(metadata=bare.metadata).read())
                for bare in (first, second)
                for _ in range(10)
            ]
            refused: list[str] = []
            async with asyncio.timeout(30):
                for answer in asyncio.as_completed(opened):
                    with pytest.raises(grpc.RpcError) as raised:
                        await answer
                    refused.append(errors.from_rpc(raised.value).metadata["name"])
                    if len(refused) == 18:
                        break
            assert set(refused) == {"max_streams_per_tenant"}
            async with server.client(keys[2]) as third:
                assert [graph.name async for graph in third.list_graphs()] == ["graphs/g"]
                assert (await third.import_items("g", [node("a")])).node_count == 1
            assert sum(not one.done() for one in opened) == 2
            for one in opened:
                one.cancel()
