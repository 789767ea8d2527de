"""What clients do: writers on a small pool of ids, readers, and watchers of every sort. All from one seed."""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from loci import errors, mutations
from loci.v1.change_pb2 import CHANGE_KIND_DELETED, CHANGE_KIND_RENAMED
from loci.v1.commit_service_pb2 import Mutation
from loci.v1.watch_service_pb2 import WatchFilter
from loci_server.domain.ids import derived_edge_id
from tests.robustness.history import Stream, Watcher, Write
from tests.robustness.recorder import PAUSE, Client, Watching, is_unsure, now

POOL = 40
"""Ids of nodes."""
TYPES = ("person", "place", "thing")
RELATIONS = ("KNOWS", "NEAR", "OWNS")
NAMED = ("nodes/n0", "nodes/n1", "nodes/n2", "nodes/n3", "edges/mine0", "edges/mine1")
BURST_NODES = 30
BURST_BYTES = 12_000
VAST = 1000
"""Changes of a commit that is told in pieces."""
SECRETS = 3
"""Nodes of each writer that are hard-deleted, again and again."""


@dataclass
class Belief:
    """What the writers think that is there; they may be wrong, and are refused then."""

    nodes: set[str] = field(default_factory=set)
    edges: dict[str, tuple[str, str]] = field(default_factory=dict)

    def learn(self, mutation: Mutation) -> None:
        match mutation.WhichOneof("mutation"):
            case "create_node":
                self.nodes.add(_id(mutation.create_node.name))
            case "update_node":
                self.nodes.add(_id(mutation.update_node.node.name))
            case "delete_node":
                self._lose(_id(mutation.delete_node.name))
            case "rename_node":
                self._lose(_id(mutation.rename_node.name))
                self.nodes.add(mutation.rename_node.new_node_id)
            case "create_edge":
                edge = mutation.create_edge
                id = _id(edge.name) or derived_edge_id(edge.source, edge.relation, edge.target)
                self.edges[id] = edge.source, edge.target
            case "delete_edge":
                self.edges.pop(_id(mutation.delete_edge.name), None)

    def _lose(self, node: str) -> None:
        self.nodes.discard(node)
        self.edges = {id: ends for id, ends in self.edges.items() if node not in ends}


class Writer:
    """Makes writes that mostly can be done."""

    def __init__(self, client: Client, belief: Belief, seed: str) -> None:
        self.client = client
        self._belief = belief
        self._random = random.Random(seed)
        self._numbers = count()

    async def run(self, stopping: Callable[[], bool], rest: float) -> None:
        """Writes one after the other until told to stop; the last one is still brought to its answer, if it can be."""
        while not stopping():
            await self.once()
            await asyncio.sleep(self._random.uniform(0, 2 * rest))

    async def burst(self, commits: int) -> None:
        """Much at once."""
        for number in range(commits):
            await self.once([*self._much(f"{self.client.name} {number}")])

    async def once(self, steps: Sequence[Mutation] | None = None) -> Write:
        key = f"{self.client.name}-{next(self._numbers)}"
        steps = [*self._steps(key)] if steps is None else steps
        graph = self.client.history.graph
        write = Write(self.client.name, key, [mutations.in_graph(graph, step) for step in steps], now())
        await self.client.write(write)
        if write.revision:
            for step in write.mutations:
                self._belief.learn(step)
        return write

    async def vast(self) -> None:
        """One commit of many changes."""
        await self.once([mutations.update_node(f"v{number}", allow_missing=True) for number in range(VAST)])

    def _steps(self, key: str) -> Iterator[Mutation]:
        draw = self._random.random()
        if draw < 0.06:
            yield self._secret(key)
        elif draw < 0.70:
            yield self._step(key)
        elif draw < 0.97:
            for number in range(self._random.randint(2, 6)):
                yield self._step(f"{key}.{number}")
        else:
            yield from self._much(key)

    def _much(self, key: str) -> Iterator[Mutation]:
        """A commit of which a few are more than a ring holds."""
        text = self._random.randbytes(BURST_BYTES // 2).hex()
        for number in range(BURST_NODES):
            yield mutations.update_node(f"big{number}", allow_missing=True, type="thing", text=f"{key} {text}")

    def _secret(self, key: str) -> Mutation:
        """In a commit of its own, on nodes that no other writer touches: once the note is gone, its answer says whose
        it was."""
        node = f"{self.client.name}-secret{self._random.randrange(SECRETS)}"
        if node not in self._belief.nodes:
            return mutations.create_node(node, type=self._random.choice(TYPES), text=f"secret {key}")
        if self._random.random() < 0.5:
            return mutations.update_node(node, text=f"secret {key}", label=key)
        return mutations.delete_node(node, hard=True)

    def _step(self, key: str) -> Mutation:
        nodes, edges = sorted(self._belief.nodes), sorted(self._belief.edges)
        draw = self._random.random()
        any_id = f"n{self._random.randrange(POOL)}"
        kind = self._random.choice(TYPES)
        if len(nodes) < 4 or draw < 0.15:
            free = [f"n{number}" for number in range(POOL) if f"n{number}" not in self._belief.nodes]
            return mutations.create_node(self._random.choice(free or [any_id]), type=kind, label=key)
        some = [node for node in nodes if node.startswith("n")]
        node, other = self._random.sample(some, 2) if len(some) > 1 else (any_id, any_id)
        if draw < 0.40:
            return mutations.update_node(node, text=key, properties={self._random.choice("abc"): key})
        if draw < 0.50:
            return mutations.update_node(any_id, allow_missing=True, type=kind, label=key)
        if draw < 0.57:
            return mutations.delete_node(node)
        if draw < 0.65:
            free = [f"n{number}" for number in range(POOL) if f"n{number}" not in self._belief.nodes]
            return mutations.rename_node(node, self._random.choice(free or [any_id]))
        if not edges or draw < 0.82:
            own = f"mine{self._random.randrange(8)}" if self._random.random() < 0.3 else ""
            relation = self._random.choice(RELATIONS)
            return mutations.create_edge(node, relation, other, id=own, properties={"by": key})
        edge = self._random.choice(edges)
        if draw < 0.92:
            return mutations.update_edge(edge, weight=self._random.randrange(100) / 4, properties={"of": key})
        return mutations.delete_edge(edge)


class Reader:
    """Reads nodes, lists and the revision of the graph, in turn and at random."""

    def __init__(self, client: Client, seed: str) -> None:
        self._client = client
        self._random = random.Random(seed)

    async def run(self, stopping: Callable[[], bool], rest: float) -> None:
        while not stopping():
            try:
                await self._once()
            except errors.LociError as error:
                if not is_unsure(error):
                    raise
                await asyncio.sleep(PAUSE)
            await asyncio.sleep(self._random.uniform(0, 2 * rest))

    async def _once(self) -> None:
        draw = self._random.random()
        if draw < 0.7:
            await self._client.read_node(f"graphs/{self._client.history.graph}/nodes/n{self._random.randrange(POOL)}")
        elif draw < 0.8:
            await self._client.list_nodes()
        elif draw < 0.85:
            await self._client.list_edges()
        else:
            await self._client.read_head()


def filters(graph: str) -> dict[str, WatchFilter]:
    """Filters by a name that says what they let through."""
    named = [f"graphs/{graph}/{name}" for name in NAMED]
    return {
        "persons": WatchFilter(node_types=["person"]),
        "knows": WatchFilter(relations=["KNOWS"]),
        "named": WatchFilter(names=named),
        "gone": WatchFilter(kinds=[CHANGE_KIND_DELETED, CHANGE_KIND_RENAMED]),
        "rare": WatchFilter(names=named[:2], kinds=[CHANGE_KIND_DELETED]),
        "mixed": WatchFilter(node_types=["place", "thing"], relations=["OWNS"]),
    }


class Restless:
    """A watcher that leaves after some messages and resumes behind one of all those that it ever got."""

    def __init__(self, watching: Watching, seed: str) -> None:
        self._watching = watching
        self._random = random.Random(seed)
        self._left = self._random.randint(2, 40)

    async def run(self, stopping: Callable[[], bool]) -> None:
        """Ends with the stream on which it was told to stop; another goes on behind it."""
        await self._watching.forever(Stream(now()), until=self._tired)
        while not stopping():
            self._left = self._random.randint(2, 40)
            await self._watching.forever(Stream(now(), token=self._some_token()), until=self._tired)
        await self._watching.forever(Stream(now(), token=self._watching.token))

    def _tired(self) -> bool:
        self._left -= 1
        return self._left <= 0

    def _some_token(self) -> str:
        messages = [*self._watching.watcher.messages()][-60:]
        message = self._random.choice(messages)
        tokens = [message.resume_token, *[commit.resume_token for commit in message.commits]]
        return self._random.choice(tokens)


def watcher(name: str, filter: WatchFilter | None = None, *, before: bool = False) -> Watcher:
    """One that has not begun yet."""
    return Watcher(name, filter or WatchFilter(), before)


def _id(name: str) -> str:
    return name.rpartition("/")[2]
