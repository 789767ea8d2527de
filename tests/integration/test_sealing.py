"""Tokens and envelopes of equal contents are unlike each other, and the keys are looked after. That nothing is in clear
is proved in test_canary.py, that envelopes open only where they belong in tampering/."""

import base64
import json
import os
import stat

import asyncpg
import pytest

from loci import AsyncClient
from tests.calls import collect
from tests.server import RunningServer, running_server
from tests.sharing import root_key


async def test_properties_and_words_cannot_be_compared_between_graphs(
    client: AsyncClient, server: RunningServer
) -> None:
    for graph in ("g", "h"):
        await client.create_graph(graph)
        await client.create_node(graph, "a", text="plum", properties={"k": "v"})
    connection = await asyncpg.connect(server.database_url)
    key = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    try:
        rows = await connection.fetch(
            "SELECT n.property_tokens, l.terms, n.content FROM loci.nodes n JOIN loci.tenants t USING (tenant_key) "
            "JOIN loci.lexical_tail l USING (graph_key, doc_no) WHERE t.tenant_id = $1",
            key,
        )
    finally:
        await connection.close()
    assert len(rows) == 2
    for column in ("property_tokens", "terms", "content"):
        assert rows[0][column] != rows[1][column]


# --- keys ------------------------------------------------------------------------------------------------------------


async def test_the_keyring_and_the_first_key_are_for_their_owner_alone(server: RunningServer) -> None:
    for name in ("keyring.json", "api-key"):
        assert stat.S_IMODE(os.stat(server.data_dir / name).st_mode) == 0o600


async def test_a_keyring_that_others_may_read_is_refused(database_url: str) -> None:
    async with running_server(database_url) as server:
        await server.stop()
        (server.data_dir / "keyring.json").chmod(0o644)
        with pytest.raises(RuntimeError, match="may be read by others"):
            await server.start()
        (server.data_dir / "keyring.json").chmod(0o600)
        await server.start()


async def test_a_wrong_keyring_is_refused_at_the_start(database_url: str) -> None:
    async with running_server(database_url) as server:
        right = root_key(server)
        await server.stop()
        keyring = server.data_dir / "keyring.json"
        (key,) = json.loads(keyring.read_text())["keys"]
        keyring.unlink()
        with pytest.raises(RuntimeError, match=f"sealed by the key {key['id']}, and {keyring} is missing: "):
            await server.start()
        assert not keyring.exists()
        server.environment = {"LOCI_ENCRYPTION_KEY": base64.b64encode(bytes(32)).decode()}
        with pytest.raises(RuntimeError, match="LOCI_ENCRYPTION_KEY does not hold the key"):
            await server.start()
        server.environment = {"LOCI_ENCRYPTION_KEY": "short"}
        with pytest.raises(RuntimeError, match="32 bytes in base64"):
            await server.start()
        server.environment = {"LOCI_ENCRYPTION_KEY": right}
        await server.start()
