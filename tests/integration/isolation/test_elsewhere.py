"""What the matrix leaves out (scene.ELSEWHERE) tells a tenant of another one as much as of nobody, and does nothing to
it. GetIdentity, which takes an issuer, is tried in test_federation."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from loci import AsyncClient, errors
from tests.server import RunningServer, new_tenant
from tests.waiting import eventually

NOBODY = "nobody-has-this"
Call = Callable[[AsyncClient, str], Awaitable[object]]
OF_GRAPHS: dict[str, Call] = {
    "EraseGraph": lambda client, graph: client.erase_graph(graph),
    "EraseGraph with a request_id": lambda client, graph: client.erase_graph(graph, request_id="of both"),
    "RotateKeys": lambda client, graph: client.rotate_keys(graph),
    "GetKeyRotation": lambda client, graph: client.get_key_rotation(graph),
}
OF_TENANTS: dict[str, Call] = {
    "RotateKeys": lambda client, tenant: client.rotate_keys(f"tenants/{tenant}"),
    "GetKeyRotation": lambda client, tenant: client.get_key_rotation(f"tenants/{tenant}"),
}


async def told(client: AsyncClient, call: Call, identifier: str) -> tuple[type, str]:
    """How the call is refused, without the identifier that it named."""
    with pytest.raises(errors.LociError) as refused:
        await call(client, identifier)
    return type(refused.value), str(refused.value).replace(identifier, "")


async def test_a_graph_of_another_tenant_is_told_as_one_that_is_not_there(server: RunningServer) -> None:
    async with new_tenant(server) as victim, new_tenant(server) as attacker:
        graph = f"g{uuid4().hex}"
        await victim.create_graph(graph)
        await victim.create_node(graph, "a", text="plays the viola")
        for name, call in OF_GRAPHS.items():
            assert await told(attacker, call, graph) == await told(attacker, call, NOBODY), name
        assert (await victim.get_node(graph, "a")).text == "plays the viola"
        assert [each async for each in victim.list_key_rotations()] == []
        erased = await victim.erase_graph(graph, request_id="of both")
        for name, call in OF_GRAPHS.items():
            assert await told(attacker, call, graph) == await told(attacker, call, NOBODY), name

        async def listed_as_it_is() -> bool:  # it goes on meanwhile, and may be further when it is read again
            return [each async for each in victim.list_erasures()] == [await victim.get_erasure(erased.name)]

        await eventually(listed_as_it_is)


async def test_an_erasure_of_another_tenant_is_told_as_one_that_is_not_there(server: RunningServer) -> None:
    async with new_tenant(server) as victim, new_tenant(server) as attacker:
        await victim.create_graph("g")
        name = (await victim.erase_graph("g")).name
        made_up = f"erasures/{uuid4()}"

        def get(client: AsyncClient, erasure: str) -> Awaitable[object]:
            return client.get_erasure(erasure)

        assert await told(attacker, get, name) == await told(attacker, get, made_up)
        assert [each async for each in attacker.list_erasures()] == []


async def test_the_keys_of_another_tenant_are_told_as_those_of_none(server: RunningServer) -> None:
    tenant = f"t{uuid4().hex[:12]}"
    async with server.client() as operator, new_tenant(server) as attacker:
        await operator.create_tenant(tenant)
        for name, call in OF_TENANTS.items():
            found = await told(attacker, call, tenant)
            assert found == await told(attacker, call, NOBODY), name
            assert found[0] is errors.ScopeMissing
        assert not (await operator.get_key_rotation(f"tenants/{tenant}")).kek_id
