"""What a proxy must allow to pages of another origin is what the README of the client says: all of it, and no more."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import grpc
import pytest

from loci.v1 import node_service_pb2
from loci_server.rpc.errors import PUSHBACK
from tests.conformance.agent import Agent
from tests.conformance.browser import PROTOCOLS, Browser
from tests.conformance.web_proxy import CorsPolicy, web_proxy
from tests.stand_in import failure

POLICY = CorsPolicy.documented()
TIMEOUT_MS = 5_000
"""What a client waits for a server whose errors it cannot read."""
LISTS = ("allow_headers", "expose_headers")


@dataclass
class Server:
    """Tells an error with details for the node `missing`, and for `busy` one without, that is not to be tried again."""

    address: str = ""
    seen: list[Mapping[str, Any]] = field(default_factory=list)

    async def get_node(self, request: node_service_pb2.GetNodeRequest, context: Any) -> Any:
        self.seen.append({**dict(context.invocation_metadata()), "remaining": context.time_remaining()})
        if request.name.endswith("/missing"):
            status = failure(grpc.StatusCode.NOT_FOUND, "NODE_NOT_FOUND", name=request.name)
            details = (("grpc-status-details-bin", status.SerializeToString()),)
            await context.abort(grpc.StatusCode.NOT_FOUND, status.message, details)
        await context.abort(grpc.StatusCode.UNAVAILABLE, "busy with others", ((PUSHBACK, "-1"),))


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    told = Server()
    server = grpc.aio.server()
    handler = grpc.unary_unary_rpc_method_handler(
        told.get_node,
        request_deserializer=node_service_pb2.GetNodeRequest.FromString,
        response_serializer=lambda message: message.SerializeToString(),
    )
    service = grpc.method_handlers_generic_handler("loci.v1.NodeService", {"GetNode": handler})
    server.add_generic_rpc_handlers((service,))
    told.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    try:
        yield told
    finally:
        await server.stop(None)


@dataclass(frozen=True)
class Learnt:
    """What a page has learnt of the two errors, and how many calls the server saw."""

    missing: Mapping[str, Any]
    busy: Mapping[str, Any]
    calls: int
    metadata: Mapping[str, Any] = field(compare=False)
    """Of the first call, as the server saw it, and `remaining`: the seconds that it left."""


async def learnt(browser: Browser, agent: Agent, origin: str, policy: CorsPolicy) -> Learnt:
    """By a page of the agent, where the proxy allows this to that origin."""
    async with serving() as server, web_proxy(browser.proxy, server.address, origin=origin, cors=policy) as proxy:
        client = proxy.address
        await agent.ask("connect", client=client, address=proxy.address, api_key="key-of-a-page", timeout_ms=TIMEOUT_MS)
        errors = {}
        for node in ("missing", "busy"):
            request = {"name": f"graphs/g/nodes/{node}"}
            answer = await agent.ask("call", client=client, method="NodeService/GetNode", request=request)
            errors[node] = answer["error"]
        await agent.ask("close", client=client)
        return Learnt(**errors, calls=len(server.seen), metadata=server.seen[0] if server.seen else {})


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_page_of_another_origin_learns_all_of_an_error(protocol: str, browser: Browser) -> None:
    found = await learnt(browser, *await browser.agent(protocol), POLICY)
    assert found.missing == {
        "code": "NOT_FOUND",
        "reason": "NODE_NOT_FOUND",
        "type": "NodeNotFound",
        "message": "it failed",
        "metadata": {"name": "graphs/g/nodes/missing"},
    }
    assert found.busy == {"code": "UNAVAILABLE", "type": "Unavailable", "message": "busy with others"}
    assert found.calls == 2
    assert found.metadata["authorization"] == "Bearer key-of-a-page"
    assert found.metadata["x-user-agent"].startswith("loci-typescript/")
    assert 0 < found.metadata["remaining"] <= TIMEOUT_MS / 1000


async def test_each_header_that_is_allowed_or_exposed_is_needed(browser: Browser) -> None:
    idle = {(member, name) for member in LISTS for name in getattr(POLICY, member).split(",")}
    for protocol in PROTOCOLS:
        agent, origin = await browser.agent(protocol)

        async def without(member: str, name: str, agent: Agent = agent, origin: str = origin) -> Learnt:
            names = [each for each in getattr(POLICY, member).split(",") if each != name]
            return await learnt(browser, agent, origin, replace(POLICY, **{member: ",".join(names)}))

        whole, tried = await learnt(browser, agent, origin, POLICY), sorted(idle)
        found = await asyncio.gather(*(without(*each) for each in tried))
        idle -= {each for each, less in zip(tried, found, strict=True) if less != whole}
    assert idle == set()


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_page_of_an_origin_that_is_not_allowed_learns_nothing(protocol: str, browser: Browser) -> None:
    agent, _ = await browser.agent(protocol)
    found = await learnt(browser, agent, "https://app.example.com", POLICY)
    assert found.calls == 0
    assert found.missing["type"] == found.busy["type"] == "Unavailable"
