"""Scenarios as they stand in `scenarios/*.yaml`: a list of them in each file.

    - name: A node that was made is found under its name
      feature: nodes            # what docs/clients.md counts it under
      stage: server             # server: shared with others (default); own: may be killed; stand_in: answers by plan
      through: proxy            # or direct (default)
      steps:
        - call: NodeService/CreateNode
          request: {parent: $graph, node_id: ann}
          save: {etag: etag}    # a variable, from a path into the answer
        - call: NodeService/GetNode
          request: {name: $graph/nodes/nobody}
          error: {code: NOT_FOUND, reason: NODE_NOT_FOUND}

The first member of a step says what is done: an operation of the agent (README.md), or something that is done to it
(stage.py). `expect` is matched with the answer, `error` with the error; with neither, it must succeed. `background:
NAME` lets the next steps begin, `await: NAME` waits for it. `within: SECONDS` is how soon it must be over. `each:
LIST`, `as: NAME`, `steps: […]` repeats steps.

`$graph` is the name of a graph of its own. In a list, `{$repeat: 3, of: VALUE}` stands for three values, with `$i` from
0.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

FOLDER = Path(__file__).parent / "scenarios"
VARIABLE = re.compile(r"\$([a-z_]+(?:\.\w+)*)")
SUBJECTS = {
    "call": "method",
    "list": "method",
    "connect": "client",
    "close": "client",
    "remember": "text",
    "recall": "query",
    "forget": "names",
    "import": "items",
    "export": "graph",
    "watch": "watch",
    "next": "watch",
    "unwatch": "watch",
}
"""Operations of the agent, and the member that stands for: `call: METHOD` is `{op: call, method: METHOD}`."""
JUDGED = ("expect", "error", "save", "background", "within")


@dataclass(frozen=True, slots=True)
class Step:
    """What is done, and what must come of it."""

    action: str
    subject: Any
    members: Mapping[str, Any]
    expect: Any = None
    error: Any = None
    save: Mapping[str, str] | None = None
    background: str = ""
    within: float | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Step":
        action, subject = next(iter(given.items()))
        members = {name: value for name, value in list(given.items())[1:] if name not in JUDGED}
        return cls(action, subject, members, **{name: given[name] for name in JUDGED if name in given})


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is played for each language."""

    name: str
    feature: str
    steps: Sequence[Step]
    stage: Literal["server", "own", "stand_in"] = "server"
    through: Literal["direct", "proxy"] = "direct"
    settings: Mapping[str, str] | None = None
    """LOCI_ variables of an own server."""


def scenarios() -> list[Scenario]:
    """All, in the order of the files. Raises ValueError for two of one name."""
    found = [
        Scenario(**{**given, "steps": [Step.read(step) for step in given["steps"]]})
        for file in sorted(FOLDER.glob("*.yaml"))
        for given in yaml.safe_load(file.read_text())
    ]
    if len({each.name for each in found}) != len(found):
        raise ValueError("two scenarios have one name")
    return found


def filled(value: Any, variables: Mapping[str, Any]) -> Any:
    """The value, with variables in their places and repetitions written out. Raises KeyError for an unknown one."""
    match value:
        case str():
            whole = VARIABLE.fullmatch(value)
            if whole:
                return looked_up(whole[1], variables)
            return VARIABLE.sub(lambda found: str(looked_up(found[1], variables)), value)
        case list():
            return [each for item in value for each in repeated(item, variables)]
        case dict():
            return {name: filled(item, variables) for name, item in value.items()}
    return value


def repeated(item: Any, variables: Mapping[str, Any]) -> Iterator[Any]:
    if isinstance(item, dict) and "$repeat" in item:
        for number in range(item["$repeat"]):
            yield filled(item["of"], {**variables, "i": number})
    else:
        yield filled(item, variables)


def looked_up(path: str, variables: Any) -> Any:
    """`a.b.0`: members of objects and places of lists."""
    for part in path.split("."):
        variables = variables[int(part)] if isinstance(variables, list) else variables[part]
    return variables
