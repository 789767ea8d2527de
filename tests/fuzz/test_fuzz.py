"""Whatever bytes are sent to whatever method: an answer or a clear typed error, and nothing half-written.

LOCI_FUZZ_MESSAGES   how many messages, default 20,000
LOCI_FUZZ_SEED       which ones; a failure prints the seed, the method and the bytes
"""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import grpc
import pytest
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from loci import AsyncClient
from tests.calls import collect
from tests.fuzz.calls import Answer, Caller, Case
from tests.fuzz.cases import cases, well_formed
from tests.fuzz.consistency import problems
from tests.fuzz.methods import Method, methods, services
from tests.fuzz.world import World, build, mend
from tests.postgres import create_database, drop_database
from tests.server import RunningServer, running_server

MESSAGES = int(os.environ.get("LOCI_FUZZ_MESSAGES", "20000"))
SEED = int(os.environ.get("LOCI_FUZZ_SEED", "20261121"))
AT_ONCE = 32
ROUND = 500
"""Messages between two times at which what was deleted is brought back."""
ATTEMPTS = 10
WITHOUT_ISSUERS = {"/loci.v1.AdminService/GetIdentity"}
"""What never answers OK where no identities are known."""
CORPUS = Path(__file__).parent / "corpus"


@pytest.fixture
async def fuzzed(postgres_url: str, migrated_template: str) -> AsyncIterator[RunningServer]:
    url = await create_database(postgres_url, migrated_template)
    async with running_server(url, LOCI_LOG_LEVEL="INFO") as running:
        yield running
    await drop_database(url)


@pytest.fixture
async def there(fuzzed: RunningServer) -> World:
    return await build(fuzzed)


@pytest.mark.slow
async def test_no_message_breaks_the_server(fuzzed: RunningServer, there: World) -> None:
    assert fuzzed.process is not None
    pid, source = fuzzed.process.pid, cases(random.Random(SEED), there)
    failures: dict[str, str] = {}
    codes: Counter[tuple[str, str]] = Counter()
    sent, began = 0, time.monotonic()
    async with grpc.aio.insecure_channel(fuzzed.address) as channel, fuzzed.client(there.key) as client:
        caller = Caller(channel, there.key)
        while sent < MESSAGES:
            batch = taken(source, min(ROUND, MESSAGES - sent))
            sent += sum(len(case.messages) for case in batch)
            for case, answer in zip(batch, await answers(caller, batch), strict=True):
                codes[case.method.path, answer.code] += 1
                if answer.complaint:
                    failures.setdefault(f"{case.method.path} {answer.complaint[:60]}", described(case, answer))
            await mend(client)
        answered = {path for path, code in codes if code == "OK"}
        if MESSAGES >= 10_000:  # or the messages are no test of what lies behind the first check
            for method in methods():
                if method.path not in answered | WITHOUT_ISSUERS:
                    assert await reached(caller, client, there, method), method.path
    print(f"{sent} messages in {time.monotonic() - began:.0f} s, seed {SEED}")
    assert not failures, "\n\n".join([f"LOCI_FUZZ_SEED={SEED}", *failures.values(), *errors_of(fuzzed.log)])[:30_000]
    assert fuzzed.process.returncode is None
    assert fuzzed.process.pid == pid
    assert "Traceback" not in fuzzed.log, fuzzed.log[fuzzed.log.index("Traceback") :][:3000]
    assert fuzzed.database_url is not None
    assert await problems(fuzzed.database_url) == []
    await still_works(fuzzed, there)


async def test_no_method_is_left_out(fuzzed: RunningServer) -> None:
    async with grpc.aio.insecure_channel(fuzzed.address) as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        request = reflection_pb2.ServerReflectionRequest(list_services="")
        (answer,) = await collect(stub.ServerReflectionInfo(iter([request])))
    assert {service.name for service in answer.list_services_response.service} == {
        service.full_name for service in services()
    }


async def test_messages_that_once_broke_the_server_do_not(fuzzed: RunningServer, there: World) -> None:
    by_path = {method.path: method for method in methods()}
    async with grpc.aio.insecure_channel(fuzzed.address) as channel:
        for file in sorted(CORPUS.glob("*.hex")):
            path, *lines = file.read_text().splitlines()
            answer = await Caller(channel, there.key).call(Case(by_path[path], [bytes.fromhex(line) for line in lines]))
            assert answer.complaint is None, f"{file.name}: {answer.complaint}"
    assert "Traceback" not in fuzzed.log
    assert fuzzed.database_url is not None
    assert await problems(fuzzed.database_url) == []


async def answers(caller: Caller, batch: list[Case]) -> list[Answer]:
    """In the order of the batch, some at once."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case) -> Answer:
        async with slots:
            return await caller.call(case)

    return await asyncio.gather(*(one(case) for case in batch))


async def reached(caller: Caller, client: AsyncClient, there: World, method: Method) -> bool:
    """Whether well-formed messages, some hundreds at most, get an answer from a method that had none by chance."""
    source = well_formed(random.Random(SEED), there, method)
    for _ in range(ATTEMPTS):
        batch = taken(source, AT_ONCE)
        if "OK" in {answer.code for answer in await answers(caller, batch)}:
            return True
        await mend(client)
    return False


def taken(source: Iterator[Case], messages: int) -> list[Case]:
    batch: list[Case] = []
    while messages > 0:
        batch.append(next(source))
        messages -= len(batch[-1].messages)
    return batch


def described(case: Case, answer: Answer) -> str:
    return f"{answer.complaint}\n{case.text()[:3000]}"


def errors_of(log: str) -> list[str]:
    """The last lines in which the server speaks of a defect."""
    return [line[-1000:] for line in log.splitlines() if "Traceback" in line][-5:]


async def still_works(server: RunningServer, there: World) -> None:
    async with server.client(there.key) as client:
        await client.create_graph("afterwards")
        await client.create_node("afterwards", "n", text="Ann likes peanuts")
        assert (await client.get_node("afterwards", "n")).text == "Ann likes peanuts"
        found = await client.search("afterwards", "peanut")
        assert [hit.node.name for hit in found.hits] == ["graphs/afterwards/nodes/n"]
