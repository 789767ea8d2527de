"""A run: traffic through proxies, faults one after the other, and then quiet until all is told. Ends with a verdict."""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from loci.v1.watch_service_pb2 import WatchFilter
from tests.robustness.checker import judge
from tests.robustness.faults import Fault
from tests.robustness.floors import Floors
from tests.robustness.history import History, Stream
from tests.robustness.proxy import Proxy
from tests.robustness.recorder import Client, Feeding, Watching, now, repeated
from tests.robustness.scene import PATIENCE, Scene
from tests.robustness.verdicts import Status, Verdict
from tests.robustness.workload import Belief, Reader, Restless, Writer, filters, watcher
from tests.server import RunningServer
from tests.waiting import eventually

WRITERS = 4
READERS = 2
BESIDE = 3
"""Graphs beside the one on which all happens, which those see who watch all graphs."""
RECORDS = Path("build/robustness")
"""Where records that failed are kept."""


@dataclass
class Run:
    """One graph under traffic. Clients come through the proxies, but for the one whose bursts belong to faults."""

    scene: Scene
    seed: str
    stopping: bool = False

    def __post_init__(self) -> None:
        self._clients: list[Client] = []
        self._belief = Belief()
        self._watchings: list[Watching] = []
        self._feedings: list[Feeding] = []

    async def go(self, faults: Sequence[Fault], seconds: float) -> None:
        """The faults in their order, and traffic for at least so many seconds; then until all watchers are done."""
        history = self.scene.history
        until = now() + seconds
        async with asyncio.TaskGroup() as group:
            watching = [*self._watch(group)]
            busy = [*self._work(group)]
            await self.scene.recovered(20)
            for fault in faults:
                await fault(self.scene)
                history.faults.append(fault.__name__)
                await self.scene.recovered()
                await self.scene.rest()
            while now() < until:
                await self.scene.rest(1.0)
            self.stopping = True
            for one in self._watchings:
                one.pause = 0.0
            await asyncio.wait_for(asyncio.gather(*busy), PATIENCE)
            history.head = await self._last_look()
            for one in history.beside:
                one.head = await repeated(self._client("last", self.scene.calls.address, one).read_head)
            with suppress(AssertionError):  # whoever still lacks something is found by the checker
                await eventually(self._all_told, within=PATIENCE)
            for task in watching:
                task.cancel()
        for client in self._clients:
            await client.close()

    def _is_stopping(self) -> bool:
        return self.stopping

    async def _all_told(self) -> bool:
        history = self.scene.history
        heads = {f"graphs/{one.graph}": one.head for one in (history, *history.beside)}
        return all(watching.covered == watching.history.head for watching in self._watchings) and all(
            feeding.told.get(graph, 0) == head for feeding in self._feedings for graph, head in heads.items()
        )

    async def _last_look(self) -> int:
        """The graph at its end; after this nothing is written."""
        last = self._client("last", self.scene.calls.address)
        await repeated(last.list_nodes)
        await repeated(last.list_edges)
        return await repeated(last.read_head)

    def _client(self, name: str, address: str, history: History | None = None) -> Client:
        client = Client(name, history or self.scene.history, address, self.scene.server.operator_key)
        self._clients.append(client)
        return client

    def _work(self, group: asyncio.TaskGroup) -> "list[asyncio.Task[None]]":
        tasks = []
        calls = self.scene.calls.address
        for number in range(WRITERS):
            writer = Writer(self._client(f"writer{number}", calls), self._belief, f"{self.seed}-w{number}")
            tasks.append(group.create_task(writer.run(self._is_stopping, 0.02)))
        for number in range(READERS):
            reader = Reader(self._client(f"reader{number}", calls), f"{self.seed}-r{number}")
            tasks.append(group.create_task(reader.run(self._is_stopping, 0.03)))
        loud = self._client("loud", self.scene.server.address)
        self.scene.burst = Writer(loud, self._belief, f"{self.seed}-loud").burst
        vast = self._client("vast", self.scene.server.address, self.scene.history.beside[0])
        self.scene.vast = Writer(vast, Belief(), f"{self.seed}-vast").vast
        for one in self.scene.history.beside:
            writer = Writer(self._client("beside", calls, one), Belief(), f"{self.seed}-{one.graph}")
            tasks.append(group.create_task(writer.run(self._is_stopping, 0.2)))
        return tasks

    def _watch(self, group: asyncio.TaskGroup) -> "list[asyncio.Task[None]]":
        wanted = filters(self.scene.graph)

        def add(
            name: str,
            filter: WatchFilter | None = None,
            *,
            before: bool = False,
            pause: float = 0,
            history: History | None = None,
        ) -> Watching:
            client = self._client(name, self.scene.watches.address, history)
            watching = Watching(client, watcher(name, filter, before=before), pause=pause)
            self._watchings.append(watching)
            return watching

        witnesses = [add("all"), add("before", before=True)]
        filtered = [add(name, filter, before=name in ("mixed", "gone")) for name, filter in wanted.items()]
        vast = self.scene.history.beside[0]  # where commits are that come in pieces
        pieces = [add("pieces", history=vast), add("pieces before", before=True, history=vast)]
        steady = [*witnesses, add("slow", pause=0.25), *filtered, *pieces]
        tasks = [group.create_task(watching.forever(Stream(now()))) for watching in steady]
        tasks.append(group.create_task(add("late").forever(Stream(now(), position="now"))))
        unquiet = (add("restless", before=True), add("restless persons", wanted["persons"]))
        for watching in unquiet:
            restless = Restless(watching, f"{self.seed}-{watching.watcher.name}")
            tasks.append(group.create_task(restless.run(self._is_stopping)))
        tasks += self._watch_all_graphs(group)
        self.scene.witnessed = lambda: min(watching.covered for watching in witnesses)
        return tasks

    def _watch_all_graphs(self, group: asyncio.TaskGroup) -> "list[asyncio.Task[None]]":
        def add(name: str, *, before: bool = False) -> Feeding:
            feeding = Feeding(self._client(name, self.scene.watches.address), watcher(name, before=before))
            self._feedings.append(feeding)
            return feeding

        restless = Restless(add("restless over all graphs", before=True), f"{self.seed}-over-all")
        steady = add("all graphs")
        return [
            group.create_task(steady.forever(Stream(now()))),
            group.create_task(restless.run(self._is_stopping)),
        ]


@asynccontextmanager
async def scene(server: RunningServer, database: str, seed: str) -> AsyncIterator[Scene]:
    """A new graph on a server, with proxies in front of it."""
    graph = f"g{uuid.uuid4().hex[:12]}"
    beside = [f"{graph}-{number}" for number in range(BESIDE)]
    async with server.client() as operator:
        await operator.wait_ready(PATIENCE)
        for name in (graph, *beside):
            await operator.create_graph(name)

    def address() -> str:
        return server.address

    async with Proxy(address) as calls, Proxy(address) as watches:
        history = History(graph, beside=[History(name) for name in beside])
        yield Scene(server, database, history, calls, watches, random.Random(seed))


def judged(history: History, floors: Floors, name: str) -> Verdict:
    """The verdict; a record that does not pass is kept."""
    verdict = judge(history, floors)
    if verdict.status is not Status.PASSED:
        history.save(RECORDS / f"{name}.pickle")
    return verdict
