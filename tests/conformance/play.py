"""Plays one scenario with one agent, and judges it."""

import asyncio
import time
import uuid
from collections.abc import Mapping
from typing import Any

from loci.v1.errors_pb2 import ErrorReason
from loci_server.errors import all_errors
from tests.conformance.agent import Agent
from tests.conformance.matching import differences
from tests.conformance.scenario import SUBJECTS, Scenario, Step, filled, looked_up
from tests.conformance.stage import Stage

OWN_NAMES = ("client", "watch")
"""Members that name what an agent holds: made unique, as one agent plays many scenarios."""
UNWRAPPED = ("response", "items", "summary")


class Unlike(Exception):
    """The answer is not as the scenario expects."""


class Play:
    """`run` raises Unlike, or AgentFailed."""

    def __init__(self, agent: Agent, stage: Stage, scenario: Scenario) -> None:
        self._agent = agent
        self._stage = stage
        self._scenario = scenario
        self._id = uuid.uuid4().hex[:10]
        self._variables: dict[str, Any] = {
            "graph": f"graphs/c{self._id}",
            "graph_id": f"c{self._id}",
            "other": f"graphs/d{self._id}",
            "id": self._id,
            "address": stage.address,
            "api_key": stage.api_key,
            "reasons": reasons(),
        }
        self._background: dict[str, tuple[Step, asyncio.Task[Any]]] = {}
        self._clients: set[str] = set()

    async def run(self) -> None:
        try:
            await self._connect({"client": "main"})
            if self._scenario.stage != "stand_in":
                await self._asked("call", method="GraphService/CreateGraph", request={"graph_id": f"c{self._id}"})
            await self._steps(self._scenario.steps)
            if self._background:
                raise Unlike(f"nobody waits for {', '.join(self._background)}")
        finally:
            for _, task in self._background.values():
                task.cancel()
            for client in self._clients:
                await self._agent.ask("close", client=client)

    async def _steps(self, steps: Any) -> None:
        for number, step in enumerate(steps, 1):
            try:
                await self._step(step)
            except Unlike as error:
                raise Unlike(f"step {number} ({step.action} {shortened(step.subject)}): {error}") from None

    async def _step(self, step: Step) -> None:
        if step.action == "each":
            for value in filled(step.subject, self._variables):
                self._variables[step.members["as"]] = value
                await self._steps([Step.read(given) for given in step.members["steps"]])
            return
        if step.action == "await":
            begun, task = self._background.pop(step.subject)
            merged = Step(begun.action, begun.subject, {}, step.expect, step.error, step.save)
            self._judge(merged, await task)
            return
        task = asyncio.ensure_future(self._timed(step))
        if step.background:
            self._background[step.background] = step, task
            await asyncio.sleep(0)
        else:
            self._judge(step, await task)

    async def _timed(self, step: Step) -> Mapping[str, Any]:
        began = time.monotonic()
        answer = await self._done(step)
        if step.within is not None and time.monotonic() - began > step.within:
            raise Unlike(f"it took {time.monotonic() - began:.1f} s, more than {step.within}")
        return answer

    async def _done(self, step: Step) -> Mapping[str, Any]:
        subject, members = filled(step.subject, self._variables), filled(dict(step.members), self._variables)
        if step.action not in SUBJECTS:
            return {"result": await self._stage.act(step.action, subject, members)}
        members[SUBJECTS[step.action]] = subject
        if step.action == "connect":
            return await self._connect(members)
        return await self._asked(step.action, **members)

    async def _connect(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        given = {"address": self._stage.address, "api_key": self._stage.api_key, **members}
        answer = await self._asked("connect", **given)
        if "error" not in answer:
            self._clients.add(f"{self._id}:{members['client']}")
        return answer

    async def _asked(self, op: str, **members: Any) -> Mapping[str, Any]:
        if op not in ("next", "unwatch"):
            members.setdefault("client", "main")
        own = {name: f"{self._id}:{members[name]}" for name in OWN_NAMES if name in members}
        return await self._agent.ask(op, **{**members, **own})

    def _judge(self, step: Step, answer: Mapping[str, Any]) -> None:
        error = answer.get("error")
        if step.error is not None:
            if error is None:
                raise Unlike(f"it should fail, and gave {shortened(answer.get('result'))}")
            found, expected = error, step.error
        elif error is not None:
            raise Unlike(f"it failed: {shortened(error)}")
        else:
            found, expected = answer["result"], step.expect
            if isinstance(found, Mapping) and len(found) == 1 and (only := next(iter(found))) in UNWRAPPED:
                found = found[only]
        if expected is not None:
            unlike = list(differences(filled(expected, self._variables), found))
            if unlike:
                raise Unlike("; ".join(unlike))
        for name, path in (step.save or {}).items():
            self._variables[name] = looked_up(path, found)


def reasons() -> list[dict[str, str]]:
    """Each reason of the contract, with its gRPC code, and its name as the type of an error."""
    codes = {ErrorReason.Name(error.reason).removeprefix("ERROR_REASON_"): error.code for error in all_errors()}
    enum: Any = ErrorReason.DESCRIPTOR
    named = [value.name.removeprefix("ERROR_REASON_") for value in enum.values if value.number]
    return [{"reason": name, "code": codes.get(name, "UNKNOWN"), "type": camel(name)} for name in named]


def camel(name: str) -> str:
    """`NODE_NOT_FOUND` as `NodeNotFound`."""
    return "".join(part.capitalize() for part in name.split("_"))


def shortened(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 500 else f"{text[:500]}…"
