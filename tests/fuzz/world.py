"""What is there before the messages come: tenants, keys and graphs with names that never change, so that a message that
was found once means the same again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from loci import AsyncClient, errors, mutations, names
from loci.v1.commit_service_pb2 import Mutation
from loci.v1.node_service_pb2 import ListNodesRequest
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from loci_server.domain.ids import derived_edge_id
from tests.calls import bare_calls
from tests.server import RunningServer

GRAPHS = ("g0", "g1", "ünï")
NODES = ("a", "b", "c", "d", "日本", "with space")
RELATION = "knows"
ENDS = tuple(zip(NODES, (*NODES[1:], NODES[0]), strict=True))
EDGES = tuple(derived_edge_id(source, RELATION, target) for source, target in ENDS)
SESSION = "s"
TENANT, VICTIM = "fuzzed", "victim"
SPARE = 20
"""API keys of each that may be revoked."""
DOOMED = "doomed"
"""A graph, and a tenant, that may be erased."""


@dataclass(frozen=True, slots=True)
class World:
    """What the server made up itself. `key` may do everything."""

    key: str
    api_keys: Sequence[str] = ("tenants/-/apiKeys/7",)
    page_token: str = "AAAA"
    erasure: str = "erasures/00000000-0000-4000-8000-000000000000"


async def build(server: RunningServer) -> World:
    """A tenant with small graphs, and another one that may come to harm."""
    async with server.client() as operator:
        for tenant in (TENANT, VICTIM, DOOMED):
            await operator.create_tenant(tenant)
        made = await operator.create_api_key(["admin", "operator"], tenant=TENANT)
        spare = [await operator.create_api_key(["read"], tenant=tenant) for tenant in (TENANT, VICTIM) * SPARE]
    async with server.client(made.secret) as client:
        for graph in GRAPHS:
            await client.create_graph(graph)
            await client.commit(graph, contents())
        await client.start_session(GRAPHS[0], SESSION)
        await client.create_graph("gone")
        erasure = await client.erase_graph("gone")
        await client.create_graph(DOOMED)
    async with bare_calls(server, made.secret) as calls:
        first = ListNodesRequest(parent=f"graphs/{GRAPHS[0]}", page_size=1)
        page = await calls.unary(NodeServiceStub, "ListNodes", first)
    return World(made.secret, [key.api_key.name for key in spare], page.next_page_token, erasure.name)


def contents() -> list[Mutation]:
    """A ring of people."""
    nodes = [
        mutations.create_node(node, type="person", text=f"{node} likes tea", properties={"k": 1}) for node in NODES
    ]
    return nodes + [mutations.create_edge(source, RELATION, target, properties={"k": 1}) for source, target in ENDS]


async def mend(client: AsyncClient) -> None:
    """Brings back what messages have deleted, tenants included, so that the next ones find something."""
    await mend_graphs(client)
    async for tenant in client.list_tenants(show_deleted=True, page_size=1000):
        if tenant.HasField("delete_time"):
            with suppress(errors.TenantNotFound):  # it is being erased
                await client.undelete_tenant(tenant.name)


async def mend_graphs(client: AsyncClient) -> None:
    """The graphs of the client's tenant, their first nodes and edges."""
    async for graph in client.list_graphs(show_deleted=True, page_size=1000):
        if graph.HasField("delete_time"):
            await client.undelete_graph(graph.name)
    for name in GRAPHS:
        there = await client.get_nodes(name, NODES)
        if there.missing:
            await client.commit(name, [mutations.create_node(names.id_of(missing)) for missing in there.missing])
        kept = await client.get_edges(name, EDGES)
        lost = [names.id_of(missing) for missing in kept.missing]
        ends = [pair for pair, edge in zip(ENDS, EDGES, strict=True) if edge in lost]
        if ends:
            await client.commit(name, [mutations.create_edge(source, RELATION, target) for source, target in ends])
