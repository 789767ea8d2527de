"""Where a scenario is played: a server or a stand-in, and a proxy before it where faults are wanted."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import grpc
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from tests.conformance.scenario import Scenario
from tests.postgres import create_database, drop_database
from tests.robustness.proxy import Proxy
from tests.server import RunningServer, running_server
from tests.stand_in import MODULES, NOTHING, StandIn, failure, running


class Faults(Protocol):
    """What befalls connections, and answers on their way."""

    def reset(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def drop_next_answer(self) -> Any: ...


@dataclass
class Stage:
    """`address` and `api_key` are what clients are told. What is not there fails the step that asks for it."""

    api_key: str
    address: str = ""
    server: RunningServer | None = None
    proxy: Faults | None = None
    stand_in: StandIn | None = None
    _stopping: "asyncio.Task[int] | None" = field(default=None)

    async def act(self, action: str, subject: Any, members: Mapping[str, Any]) -> Any:
        """What a step does that is not the agent's to do. Its answer, if it has one."""
        match action:
            case "sleep":
                await asyncio.sleep(subject)
            case "drop_next_answer" | "cut" | "pause" | "resume":
                assert self.proxy is not None, "the scenario has no proxy"
                {"cut": self.proxy.reset}.get(action, getattr(self.proxy, action, self.proxy.reset))()
            case "kill" | "stop" | "drain" | "start" | "restart":
                await self._run(action)
            case "plan":
                self._plan(subject, members)
            case "seen":
                assert self.stand_in is not None, "the scenario has no stand-in"
                return [
                    {"request": as_json(call.request), "metadata": dict(call.metadata), "remaining": call.remaining}
                    for call in self.stand_in.sent(subject)
                ]
            case _:
                raise ValueError(f"there is no action {action}")
        return {}

    async def _run(self, action: str) -> None:
        server = self.server
        assert server is not None, "the scenario has no server of its own"
        match action:
            case "kill":
                await server.kill()
            case "stop":
                await server.stop()
            case "drain":  # and goes on beside the next steps
                self._stopping = asyncio.create_task(server.stop())
                await asyncio.sleep(0)
            case "start":
                if self._stopping is not None:
                    await self._stopping
                await server.start()
            case "restart":
                await server.kill()
                await server.start()

    def _plan(self, method: str, members: Mapping[str, Any]) -> None:
        assert self.stand_in is not None, "the scenario has no stand-in"
        response = response_type(method)
        if "messages" in members:
            streams = list(members["messages"])
            self.stand_in.streams[method] = lambda request, context: told(response, streams, context)
        else:
            self.stand_in.will(method, *(answer(response, given) for given in members["answers"]))


async def told(response: Any, streams: list[Any], context: Any) -> AsyncIterator[Message]:
    """The messages of the next of some streams, which then stays open; of one that ends with an error, this too."""
    for given in streams.pop(0) if len(streams) > 1 else streams[0]:
        if "error" in given:
            await abort(context, given["error"])
        yield ParseDict(given, response())
    await asyncio.get_running_loop().create_future()


async def abort(context: Any, error: Mapping[str, Any]) -> None:
    status = status_of(error)
    code = next(code for code in grpc.StatusCode if code.value[0] == status.code)
    await context.abort(code, status.message, (("grpc-status-details-bin", status.SerializeToString()),))


def answer(response: Any, given: Mapping[str, Any]) -> Any:
    """What the stand-in answers: `{response: …}`, `{error: …}`, `{lost: true}`, or `{never: true}`."""
    if "error" in given:
        return status_of(given["error"])
    if "lost" in given:
        return NOTHING
    return None if "never" in given else ParseDict(given["response"], response())


def status_of(error: Mapping[str, Any]) -> Any:
    return failure(
        grpc.StatusCode[error["code"]],
        error.get("reason"),
        message=error.get("message", "it failed"),
        retry_after=error["retry_after_ms"] / 1000 if "retry_after_ms" in error else None,
        **error.get("metadata", {}),
    )


def response_type(method: str) -> Any:
    """The class of the answers of `NodeService/GetNode`."""
    service, _, name = method.partition("/")
    for module in MODULES:
        found = module.DESCRIPTOR.services_by_name.get(service)
        if found is not None:
            return GetMessageClass(found.methods_by_name[name].output_type)
    raise ValueError(f"there is no method {method}")


def as_json(message: Message | None) -> Any:
    return None if message is None else MessageToDict(message, preserving_proto_field_name=True)


@asynccontextmanager
async def set_up(scenario: Scenario, shared: Stage, postgres_url: str, template: str) -> AsyncIterator[Stage]:
    """The stage of one scenario."""
    async with AsyncExitStack() as stack:
        if scenario.stage == "stand_in":
            stand_in = await stack.enter_async_context(running())
            stage = Stage("key-of-a-test", stand_in.address, stand_in=stand_in)
        elif scenario.stage == "own":
            url = await create_database(postgres_url, template)
            stack.push_async_callback(drop_database, url)
            server = await stack.enter_async_context(running_server(url, **scenario.settings or {}))
            stage = Stage(server.operator_key, server.address, server=server)
        else:
            stage = Stage(shared.api_key, shared.address)
        if scenario.through == "proxy":
            target = stage.address
            proxy = stage.proxy = await stack.enter_async_context(Proxy(lambda: target))
            stage.address = proxy.address
        yield stage
