"""Calls that are refused are recorded, with the key that was used and what they named."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loci import AsyncClient, errors
from loci.v1.graph_service_pb2 import GetGraphRequest
from loci.v1.node_service_pb2 import CreateNodeRequest
from tests.auditing import CANARY, own_tenant, short, told
from tests.calls import bare_calls, collect
from tests.refusals import ask, bearer
from tests.server import RunningServer, new_tenant, running_server


async def test_calls_that_are_refused_before_their_tenant_is_known_are_the_operators_to_see(
    database_url: str, client: AsyncClient
) -> None:
    since = datetime.now(UTC) - timedelta(seconds=1)
    async with (
        running_server(database_url) as server,
        server.client() as operator,
        bare_calls(server, "loci_wrong") as stranger,
    ):
        for _ in range(20):
            found = await ask(stranger.channel, "GraphService/GetGraph", GetGraphRequest(name="graphs/g"), ())
            assert found.reason == "CREDENTIAL_MISSING"
        await ask(stranger.channel, f"GraphService/{CANARY}", b"", ())
        entries = await told(operator, "installation", start_time=since, method="loci.v1.GraphService/GetGraph")
        assert sum(entry.call_count for entry in entries) == 20
        assert len(entries) < 10, "calls that are alike share an entry"
        assert not any(entry.resources for entry in entries), "what strangers send is not looked into"
        assert {(entry.api_key, entry.peer, entry.reason) for entry in entries} == {
            ("", "127.0.0.1", "CREDENTIAL_MISSING")
        }
        unknown = [entry for entry in await told(operator, "installation", start_time=since) if not entry.method]
        assert {entry.reason for entry in unknown} == {"METHOD_NOT_FOUND"}
        assert CANARY not in str(unknown)
        assert (await operator.verify_audit("installation")).problem == 0
    for refused in (told(client, "installation"), client.verify_audit("installation"), told(client, "default")):
        with pytest.raises(errors.ScopeMissing):
            await refused


async def test_every_kind_of_refusal_is_recorded_with_the_key_that_was_used(
    server: RunningServer, client: AsyncClient
) -> None:
    await client.create_graph("g")
    made = await client.create_api_key(["read"])
    async with server.client(made.secret) as reader:
        with pytest.raises(errors.ScopeMissing):
            await reader.create_node("g", "a")
        with pytest.raises(errors.GraphNotFound):
            await reader.get_graph("none")
        with pytest.raises(errors.InvalidArgument):
            await reader.search("g", "x", page_token="AAAA")
        with pytest.raises(errors.GraphNotFound):
            await collect(reader.export_items("none"))
        await ask(
            (await _channel(reader)), "NodeService/CreateNode", CreateNodeRequest(parent="graphs/g"), bearer("x" * 20)
        )
    entries = await told(client, api_key=made.api_key.name, outcome="refused")
    assert [(short(entry), entry.reason) for entry in entries] == [
        ("CreateNode", "SCOPE_MISSING"),
        ("GetGraph", "GRAPH_NOT_FOUND"),
        ("Search", "INVALID_PAGE_TOKEN"),
        ("Export", "GRAPH_NOT_FOUND"),
    ]


async def test_a_call_that_lacks_a_scope_is_found_by_what_it_named_and_by_its_request_id(
    server: RunningServer, client: AsyncClient
) -> None:
    reader_key = (await client.create_api_key(["read"])).secret
    keeper_key = (await client.create_api_key(["admin"])).secret
    async with server.client(reader_key) as reader:
        with pytest.raises(errors.ScopeMissing):
            await reader.create_node("g", "a", request_id="mine")
        found = await ask(await _channel(reader), "NodeService/DeleteNode", b"\xff\xff", bearer(reader_key))
        assert found.reason == "SCOPE_MISSING"
        with pytest.raises(errors.ScopeMissing):
            await collect(reader.export_audit_entries())
    async with server.client(keeper_key) as keeper:
        (refused,) = await told(keeper, resource="graphs/g/nodes/a", outcome="refused")
        assert (short(refused), refused.reason, refused.request_id) == ("CreateNode", "SCOPE_MISSING", "mine")
        assert [short(entry) for entry in await told(keeper, resource="graphs/g")] == ["CreateNode"]
        tenant = await own_tenant(client)
        assert [short(one) for one in await told(keeper, resource=f"tenants/{tenant}", outcome="refused")] == [
            "ExportAuditEntries"
        ]
        (unread,) = await told(keeper, method="loci.v1.NodeService/DeleteNode")
        assert (unread.reason, list(unread.resources)) == ("SCOPE_MISSING", [])


async def test_calls_that_share_an_entry_are_found_by_the_names_of_each(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        tried = [f"n{number}" for number in range(40)]
        for id in tried:
            with pytest.raises(errors.NodeNotFound):
                await client.get_node("g", id)
        for id in tried:
            (entry,) = await told(client, resource=f"graphs/g/nodes/{id}")
            assert entry.resource_count >= len(entry.resources)
        entries = await told(client, outcome="refused")
        assert sum(entry.call_count for entry in entries) == sum(entry.resource_count for entry in entries) == 40
        assert len(entries) < 20, "calls that are alike share an entry"


async def _channel(client: AsyncClient) -> Any:
    return client._transport._open()


async def test_reads_and_refused_calls_are_written_before_a_server_ends(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        with pytest.raises(errors.GraphNotFound):
            await client.get_graph("none")
        assert await server.stop() == 0
        await server.start()
        await client.wait_ready()
        assert [entry.reason for entry in await told(client, outcome="refused")] == ["GRAPH_NOT_FOUND"]
