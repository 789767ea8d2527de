"""The agent of the Python client for tests/conformance: does what it is told on standard input."""

import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message

from loci import TLS, AsyncClient, LociError
from loci.errors import BadItems
from loci.methods import unary_methods
from loci.v1.bulk_service_pb2 import BulkItem
from loci.v1.memory_service_pb2 import ForgetRequest, RecallRequest, RememberRequest
from loci.v1.node_service_pb2 import GetNodeRequest
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from loci.v1.watch_service_pb2 import WatchFilter

NEXT_MS = 10_000
Answer = dict[str, Any]


class Watching:
    """A watch, and what is iterated of it."""

    def __init__(self, watch: Any) -> None:
        self.watch = watch
        self.told = aiter(watch)
        self.pending: asyncio.Task[Any] | None = None

    async def next(self, seconds: float) -> Any:
        """Raises TimeoutError. What comes later than that is given next time."""
        if self.pending is None:
            self.pending = asyncio.ensure_future(anext(self.told))
        done, _ = await asyncio.wait({self.pending}, timeout=seconds)
        if not done:
            raise TimeoutError
        task, self.pending = self.pending, None
        return task.result()

    async def close(self) -> None:
        if self.pending is not None:
            self.pending.cancel()
            await asyncio.gather(self.pending, return_exceptions=True)
        await self.told.aclose()


class Agent:
    """One method for each operation, with its members as keywords."""

    def __init__(self) -> None:
        self._clients: dict[str, AsyncClient] = {}
        self._watches: dict[str, Watching] = {}

    async def hello(self) -> Answer:
        return {"language": "python"}

    async def connect(
        self,
        client: str,
        address: str,
        api_key: str,
        timeout_ms: int = 30_000,
        roots: str | None = None,
        insecure: bool = False,
    ) -> Answer:
        tls = TLS(roots=Path(roots)) if roots else None
        self._clients[client] = AsyncClient(
            address, api_key=api_key, timeout=timeout_ms / 1000, tls=tls, insecure=insecure
        )
        return {}

    async def close(self, client: str) -> Answer:
        await self._clients.pop(client).close()
        return {}

    async def call(
        self, client: str, method: str, request: Any, timeout_ms: int | None = None, cancel_after_ms: int | None = None
    ) -> Answer:
        seconds = None if timeout_ms is None else timeout_ms / 1000
        calling = asyncio.ensure_future(self._clients[client].call(method, read(method, request), timeout=seconds))
        if cancel_after_ms is not None:
            await asyncio.wait({calling}, timeout=cancel_after_ms / 1000)
            calling.cancel()
        return {"response": written(await calling)}

    async def remember(self, client: str, graph: str, text: str, request: Any = None) -> Answer:
        given = ParseDict(request or {}, RememberRequest())
        told = await self._clients[client].remember(graph, text, **set_members(given))
        return {"response": written(told)}

    async def recall(self, client: str, graphs: list[str], query: str, request: Any = None) -> Answer:
        given = ParseDict(request or {}, RecallRequest())
        return {"response": written(await self._clients[client].recall(graphs, query, **set_members(given)))}

    async def forget(self, client: str, graph: str, names: list[str], request: Any = None) -> Answer:
        given = ParseDict(request or {}, ForgetRequest())
        return {"response": written(await self._clients[client].forget(graph, names, **set_members(given)))}

    async def list(self, client: str, method: str, request: Any, limit: int | None = None) -> Answer:
        items = self._clients[client].items(method, read(method, request))
        return {"items": [written(item) async for item in first(items, limit)]}

    async def import_(
        self,
        client: str,
        graph: str,
        items: Any,
        import_id: str,
        on_error: Any = "abort",
        on_conflict: Any = "fail",
        chunk_size: int = 1000,
    ) -> Answer:
        summary = await self._clients[client].import_items(
            graph,
            [ParseDict(item, BulkItem()) for item in items],
            import_id=import_id,
            on_error=on_error,
            on_conflict=on_conflict,
            chunk_size=chunk_size,
        )
        counts = ("node_count", "edge_count", "failed_count", "kept_count", "chunk_count", "skipped_chunk_count")
        failures = [{"index": failure.index, "reason": failure.error.reason} for failure in summary.errors]
        told = {name: getattr(summary, name) for name in counts}
        return {"summary": {**told, "revision": summary.revision, "errors": failures}}

    async def export(self, client: str, graph: str) -> Answer:
        return {"items": [written(item) async for item in self._clients[client].export_items(graph)]}

    async def watch(
        self,
        client: str,
        watch: str,
        graph: str,
        start: Any = "now",
        after_revision: int | None = None,
        resume_token: str = "",
        filter: Any = None,
    ) -> Answer:
        chosen = ParseDict(filter or {}, WatchFilter())
        options: dict[str, Any] = {
            "start": start,
            "resume_token": resume_token,
            "node_types": list_of(chosen.node_types),
            "relations": list_of(chosen.relations),
            "names": list_of(chosen.names),
        }
        if graph == "-":
            opened: Any = self._clients[client].watch_all(**options)
        else:
            opened = self._clients[client].watch(graph, after_revision=after_revision, **options)
        await opened.ready()
        self._watches[watch] = Watching(opened)
        return {}

    async def next(self, watch: str, count: int, timeout_ms: int = NEXT_MS) -> Answer:
        watching, commits = self._watches[watch], list_of([])
        async with asyncio.timeout(timeout_ms / 1000 + 1):
            until = asyncio.get_running_loop().time() + timeout_ms / 1000
            while len(commits) < count:
                told = await watching.next(until - asyncio.get_running_loop().time())
                commits.append(written(told))
        return {"commits": commits, "resume_token": watching.watch.resume_token}

    async def bench(
        self, client: str, address: str, api_key: str, name: str, seconds: float, in_flight: int, bare: bool
    ) -> Answer:
        request, (_, graph, _, node) = GetNodeRequest(name=name), name.split("/")
        async with grpc.aio.insecure_channel(address) as channel:
            stub, metadata = NodeServiceStub(channel), (("authorization", f"Bearer {api_key}"),)
            calls, until = 0, time.monotonic() + seconds

            async def work() -> None:
                nonlocal calls
                while time.monotonic() < until:
                    if bare:
                        await stub.GetNode(request, metadata=metadata)
                    else:
                        await self._clients[client].get_node(graph, node)
                    calls += 1

            await asyncio.gather(*(work() for _ in range(in_flight)))
        return {"calls": calls}

    async def unwatch(self, watch: str) -> Answer:
        await self._watches.pop(watch).close()
        return {}


list_of = list
"""The built-in, which a method hides."""


def read(method: str, request: Any) -> Message:
    return ParseDict(request, unary_methods()[method].request())


def written(message: Message) -> Answer:
    found: Answer = MessageToDict(message, preserving_proto_field_name=True)
    return found


def set_members(message: Message) -> dict[str, Any]:
    """What is set of a request, as keywords of the method for it."""
    return {field.name: value for field, value in message.ListFields()}


async def first(items: AsyncIterator[Message], limit: int | None) -> AsyncIterator[Message]:
    """No more than these are asked for."""
    places = count(1)
    async for item in items:
        yield item
        if next(places) == limit:
            return


def failed(error: BaseException) -> Answer:
    """As README.md of tests/conformance has it."""
    if isinstance(error, LociError):
        found: Answer = {
            "code": error.code,
            "reason": error.reason,
            "type": type(error).__name__,
            "message": str(error),
            "metadata": dict(error.metadata),
            "violations": [{"field": each.field, "description": each.description} for each in error.violations],
        }
        if isinstance(error, BadItems):
            found["items"] = [{"index": each.index, "reason": each.error.reason} for each in error.items]
        if error.retry_after is not None:
            found["retry_after_ms"] = round(error.retry_after * 1000)
        return {name: value for name, value in found.items() if value}
    match error:
        case asyncio.CancelledError():
            return {"code": "CANCELLED", "type": "Cancelled"}
        case TimeoutError():
            return {"code": "TIMEOUT"}
        case ValueError() | TypeError():
            return {"code": "INVALID_ARGUMENT", "type": "InvalidArgument", "message": str(error)}
    return {"code": "AGENT", "message": f"{type(error).__name__}: {error}"}


async def answered(agent: Agent, asked: Mapping[str, Any], write: Callable[[bytes], Any]) -> None:
    members = {name: value for name, value in asked.items() if name not in ("id", "op")}
    operation: Callable[..., Awaitable[Answer]] = getattr(agent, re.sub("^import$", "import_", asked["op"]))
    try:
        answer = {"id": asked["id"], "result": await operation(**members)}
    except (Exception, asyncio.CancelledError) as error:
        answer = {"id": asked["id"], "error": failed(error)}
    write(json.dumps(answer).encode() + b"\n")


async def main() -> None:
    agent, tasks = Agent(), set[asyncio.Task[None]]()

    def write(line: bytes) -> None:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()

    while line := await asyncio.to_thread(sys.stdin.buffer.readline):
        task = asyncio.create_task(answered(agent, json.loads(line), write))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


asyncio.run(main())
