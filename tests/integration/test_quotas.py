"""A tenant has no more than its quota and makes no more calls; what it has it can read and remove."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from loci import AsyncClient, errors, mutations, node
from loci.v1.graph_service_pb2 import GetGraphRequest
from loci.v1.graph_service_pb2_grpc import GraphServiceStub
from tests.calls import bare_calls, collect
from tests.server import RunningServer, running_server
from tests.sharing import another_server
from tests.waiting import eventually

PROMISED_SECONDS = 10.0
SUMMED_SECONDS = 30.0


@asynccontextmanager
async def tenant_with(server: RunningServer, **quota: int) -> AsyncIterator[tuple[AsyncClient, AsyncClient, str]]:
    """An operator, an administrator of a tenant with this quota, and the tenant's id."""
    tenant = f"t{uuid.uuid4().hex[:12]}"
    async with server.client() as operator:
        await operator.create_tenant(tenant)
        await operator.update_tenant(tenant, **quota)  # type: ignore[arg-type] # names of limits
        made = await operator.create_api_key(["admin"], tenant=tenant)
        async with server.client(made.secret) as client:
            yield operator, client, tenant


def refused(error: pytest.ExceptionInfo[errors.QuotaExceeded]) -> tuple[str, str]:
    assert error.value.retry_after is not None
    return error.value.metadata["name"], error.value.metadata["limit"]


async def test_no_more_nodes_come_by_any_way_and_reads_and_deletes_go_on(server: RunningServer) -> None:
    async with tenant_with(server, max_nodes=3) as (_, client, _):
        await client.create_graph("g")
        await client.create_node("g", "a", request_id="first")
        await client.commit("g", [mutations.create_node("b"), mutations.create_node("c")])
        for call in (
            client.create_node("g", "d"),
            client.commit("g", [mutations.create_node("d"), mutations.update_node("a", text="x")]),
            client.import_items("g", [node("d")], import_id="i"),
            client.remember("g", "an apple"),
        ):
            with pytest.raises(errors.QuotaExceeded) as full:
                await call
            assert refused(full) == ("max_nodes", "3")
        assert (await client.create_node("g", "a", request_id="first")).revision == 1, "a repeat gets its first answer"
        await client.update_node("g", "a", text="apple")
        await client.create_edge("g", "a", "R", "b")
        await client.commit("g", [mutations.delete_node("c"), mutations.create_node("d")])
        assert {found.name[-1] for found in await collect(client.list_nodes("g"))} == {"a", "b", "d"}
        assert (await client.search("g", "apple")).hits
        await client.delete_node("g", "d")
        await client.import_items("g", [node("d")], import_id="i")
        usage = await client.get_tenant_usage()
        assert (usage.graph_count, usage.node_count, usage.edge_count) == (1, 3, 1)
        assert usage.quota.max_nodes == 3
        assert usage.byte_count == (await client.get_graph_stats("g")).byte_count


async def test_no_more_bytes_come_and_what_shrinks_is_written(server: RunningServer) -> None:
    async with tenant_with(server, max_bytes=20_000) as (_, client, _):
        await client.create_graph("g")
        await client.create_node("g", "a", text="x" * 15_000)
        for call in (client.create_node("g", "b", text="y" * 10_000), client.update_node("g", "a", text="x" * 30_000)):
            with pytest.raises(errors.QuotaExceeded) as full:
                await call
            assert refused(full) == ("max_bytes", "20000")
        await client.update_node("g", "a", text="x" * 5000)
        await client.create_node("g", "b", text="y" * 10_000)


async def test_no_more_graphs_come_until_some_are_deleted(server: RunningServer) -> None:
    async with tenant_with(server, max_graphs=2) as (_, client, _):
        for graph in ("a", "b"):
            await client.create_graph(graph, request_id=graph)
        with pytest.raises(errors.QuotaExceeded) as full:
            await client.create_graph("c")
        assert refused(full) == ("max_graphs", "2")
        assert (await client.create_graph("a", request_id="a")).name == "graphs/a"
        await client.delete_graph("a")

        async def room() -> bool:
            try:
                await client.create_graph("c")
            except errors.QuotaExceeded:
                return False
            return True

        await eventually(room, within=SUMMED_SECONDS)
        with pytest.raises(errors.QuotaExceeded):
            await client.undelete_graph("a")
        assert len(await collect(client.list_graphs())) == 2


async def test_what_is_set_holds_in_every_process_within_ten_seconds(server: RunningServer) -> None:
    async with (
        tenant_with(server, max_nodes=1) as (operator, client, tenant),
        another_server(server) as other,
    ):
        key = (await client.create_api_key(["admin"])).secret
        async with other.client(key) as beside:
            await client.create_graph("g")
            await client.create_node("g", "a")
            for one in (client, beside):
                with pytest.raises(errors.QuotaExceeded):
                    await one.create_node("g")
            changed = await operator.update_tenant(tenant, max_nodes=0, display_name="Whole")
            assert (changed.quota.max_nodes, changed.display_name) == (0, "Whole")
            assert await operator.get_tenant(tenant) == changed
            for one in (client, beside):

                async def written(one: AsyncClient = one) -> bool:
                    try:
                        await one.create_node("g")
                    except errors.QuotaExceeded:
                        return False
                    return True

                await eventually(written, within=PROMISED_SECONDS)


async def test_calls_beyond_the_rate_are_refused_and_say_when_to_come_again(server: RunningServer) -> None:
    async with tenant_with(server, requests_per_second=2, request_burst=5) as (_, client, _):
        await client.create_graph("g")
        key = (await client.create_api_key(["read"])).secret
        async with bare_calls(server, key) as calls:

            async def get() -> errors.LociError | None:
                try:
                    await calls.unary(GraphServiceStub, "GetGraph", GetGraphRequest(name="graphs/g"))
                except errors.LociError as error:
                    return error
                return None

            answers = await asyncio.gather(*(get() for _ in range(30)))
            limited = [answer for answer in answers if answer is not None]
            assert len(limited) >= 20
            for answer in limited:
                assert isinstance(answer, errors.RateLimited)
                assert answer.metadata == {"limit": "2", "name": "requests_per_second"}
                assert answer.retry_after is not None
                assert 0 < answer.retry_after <= 0.5
        assert (await client.get_graph("g")).name == "graphs/g", "the client comes again by itself"


async def test_a_server_has_quotas_for_tenants_that_have_none_of_their_own(database_url: str) -> None:
    async with (
        running_server(database_url, LOCI_QUOTA_NODES="1", LOCI_QUOTA_GRAPHS="5") as server,
        tenant_with(server, max_graphs=0) as (operator, client, tenant),
    ):
        await client.create_graph("g")
        await client.create_node("g")
        with pytest.raises(errors.QuotaExceeded):
            await client.create_node("g")
        usage = await operator.get_tenant_usage(tenant)
        assert (usage.quota.max_nodes, usage.quota.max_graphs) == (1, 0)
        assert (await operator.update_tenant(tenant, max_graphs=None)).HasField("quota") is False
        assert (await operator.get_tenant_usage(tenant)).node_count == 1


async def test_a_tenant_sees_its_own_usage_only_and_sets_no_quota(server: RunningServer, client: AsyncClient) -> None:
    async with tenant_with(server) as (_, other, tenant):
        for call in (client.get_tenant_usage(tenant), client.get_tenant_usage("never-made")):
            with pytest.raises(errors.ScopeMissing):
                await call
        with pytest.raises(errors.ScopeMissing):
            await other.update_tenant(tenant, max_nodes=0)
        reader = await other.create_api_key(["read"])
        async with server.client(reader.secret) as limited:
            with pytest.raises(errors.ScopeMissing):
                await limited.get_tenant_usage()
