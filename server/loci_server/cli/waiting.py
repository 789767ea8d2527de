"""Waits for what goes on in the background of a server, for `--wait`."""

import time
from collections.abc import Callable
from typing import Annotated, Any, Protocol, TypeVar

import typer

from loci_server.cli.output import remark
from loci_server.cli.words import word

PAUSE = 1.0
Wait = Annotated[
    bool,
    typer.Option(
        "--wait",
        help="End when it is over, not when it has begun: after some minutes, as calls from before are waited for.",
    ),
]


class Told(Protocol):
    """What a server tells of such a thing."""

    @property
    def state(self) -> int: ...
    @property
    def failure_reason(self) -> str: ...


T = TypeVar("T", bound=Told)


def until_over(begun: T, states: type[Any], over: int, look: Callable[[], T], *, wait: bool) -> T:
    """What is told when the state is `over`; at once, what is told already, if nobody waits. The state, and why it does
    not go on meanwhile, are remarked when they change."""
    told, failure, state = begun, "", 0
    while wait and told.state != over:
        if told.state != state:
            state = told.state
            remark(f"{word(states, state).capitalize()} …")
        if told.failure_reason != failure:
            failure = told.failure_reason
            remark(f"It does not go on now: {failure}" if failure else "It goes on.")
        time.sleep(PAUSE)
        told = look()
    return told
