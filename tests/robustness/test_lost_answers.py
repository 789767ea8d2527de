"""A write whose answer was lost is repeated with its request_id: it happens once and gets the answer that was lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from loci import AsyncClient, errors, mutations
from loci.v1.commit_service_pb2 import Mutation
from loci_server.domain.ids import derived_edge_id
from tests.robustness.floors import Floors
from tests.robustness.history import History, Stream, Write
from tests.robustness.proxy import Proxy
from tests.robustness.recorder import Client, Watching, answer_of, now, request_of
from tests.robustness.results import note, scaled
from tests.robustness.run import judged
from tests.robustness.verdicts import Status
from tests.robustness.workload import watcher
from tests.server import RunningServer, running_server

pytestmark = pytest.mark.robust

LANES = 5
"""Callers at once, each behind a proxy of its own."""
ROUNDS = scaled(25)
"""Of eight writes, in each lane."""
ROUNDS_PER_ADDRESS = 5
"""gRPC repeats no more calls to an address of which most fail."""
Send = Callable[[Write, Proxy], Awaitable[tuple[Any, bytes]]]
"""Sends a write whose answer is lost, and again. The second answer, and the bytes of the first one."""


@pytest.fixture(scope="module")
async def lone_server(module_database_url: str) -> AsyncIterator[RunningServer]:
    async with running_server(module_database_url) as server:
        yield server


def round_of(prefix: str) -> list[list[Mutation]]:
    """A write of each kind, on nodes of their own; they follow on each other."""
    a, b, c = (f"{prefix}-{letter}" for letter in "abc")
    return [
        [mutations.create_node(a, text=a)],
        [mutations.create_node(b), mutations.create_node(c), mutations.update_node(a, text="more")],
        [mutations.update_node(a, properties={"k": b})],
        [mutations.create_edge(a, "R", b)],
        [mutations.update_edge(derived_edge_id(a, "R", b), weight=2.0)],
        [mutations.rename_node(a, f"{a}2")],
        [mutations.delete_edge(derived_edge_id(f"{a}2", "R", b))],
        [mutations.delete_node(b)],
    ]


async def lane(name: str, history: History, address: str, send: Send) -> int:
    """All rounds of one caller. How many answers were lost."""
    lost = 0
    for first in range(0, ROUNDS, ROUNDS_PER_ADDRESS):
        async with Proxy(lambda: address) as proxy:
            for number in range(first, min(first + ROUNDS_PER_ADDRESS, ROUNDS)):
                for place, steps in enumerate(round_of(f"{name}-{number}")):
                    done = [mutations.in_graph(history.graph, step) for step in steps]
                    write = Write(name, f"{name}-{number}-{place}", done, now())
                    history.writes.append(write)
                    answer, lost_bytes = await send(write, proxy)
                    write.ended = now()
                    write.revision, write.answers = answer_of(answer)
                    assert type(answer).FromString(lost_bytes) == answer, f"{write.key} was answered otherwise"
                    lost += 1
    return lost


async def told_and_judged(history: History, server: RunningServer) -> None:
    """Everything that happened, from the log, fits the answers: each write once."""
    client = Client("all", history, server.address, server.operator_key)
    history.head = await client.read_head()
    watching = Watching(client, watcher("all"))
    await watching.follow(Stream(now()), until=lambda: watching.covered == history.head)
    await client.close()
    floors = Floors(acknowledged=LANES * ROUNDS * 8, commits_told=LANES * ROUNDS * 8, resumed=0)
    verdict = judged(history, floors, "lost-answers")
    assert verdict.status is Status.PASSED, str(verdict)
    assert history.head == history.acknowledged


async def test_a_call_repeated_by_hand_gets_the_answer_that_was_lost(lone_server: RunningServer) -> None:
    history = History("by-hand")
    async with lone_server.client() as operator:
        await operator.create_graph(history.graph)
    straight = Client("again", history, lone_server.address, lone_server.operator_key)
    behind: dict[str, Client] = {}

    async def send(write: Write, proxy: Proxy) -> tuple[Any, bytes]:
        if proxy.address not in behind:
            behind[proxy.address] = Client(write.client, history, proxy.address, lone_server.operator_key)
        stub, method, request = request_of(history.graph, write)
        dropped = proxy.drop_next_answer()
        while not dropped.done():  # a connection may not yet be there again: then nothing was asked
            with pytest.raises(errors.LociError):
                await behind[proxy.address].call(stub, method, request)
        answers = await asyncio.gather(*[straight.call(stub, method, request) for _ in range(2)])
        assert answers[0] == answers[1]
        return answers[0], await dropped

    await lose_all(history, lone_server, send, "A call repeated by hand")
    for client in (straight, *behind.values()):
        await client.close()


async def test_the_client_repeats_by_itself_and_gets_the_answer_that_was_lost(lone_server: RunningServer) -> None:
    history = History("by-itself")
    async with lone_server.client() as operator:
        await operator.create_graph(history.graph)
    behind: dict[str, AsyncClient] = {}

    async def send(write: Write, proxy: Proxy) -> tuple[Any, bytes]:
        if proxy.address not in behind:
            own = (("grpc.use_local_subchannel_pool", 1), ("grpc.max_reconnect_backoff_ms", 200))
            behind[proxy.address] = AsyncClient(proxy.address, api_key=lone_server.operator_key, options=own)
        dropped = proxy.drop_next_answer()
        answer = await behind[proxy.address].commit(
            history.graph, write.mutations, request_id=write.key, note=write.key, timeout=60
        )
        return answer, await dropped

    await lose_all(history, lone_server, send, "A call repeated by the client")
    for client in behind.values():
        await client.close()


async def lose_all(history: History, server: RunningServer, send: Send, what: str) -> None:
    lanes = [lane(f"lane{number}", history, server.address, send) for number in range(LANES)]
    lost = sum(await asyncio.gather(*lanes))
    await told_and_judged(history, server)
    note("A repeated write happens once and gets the first answer", {f"answers lost: {what}": lost})
