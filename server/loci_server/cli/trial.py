"""Puts a data set with known answers to a server: imports it into a tenant of its own and asks every question."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from loci_server.cli import questions, turns
from loci_server.cli.failures import Failed
from loci_server.cli.measures import Outcome, distinct, percentile
from loci_server.cli.output import remark
from loci_server.cli.progress import Bar, Bars
from loci_server.cli.questions import Question
from loci_server.cli.session import Session
from loci_server.cli.turns import Turn
from loci_server.cli.words import word
from loci_server.domain.conversations import TURN

if TYPE_CHECKING:
    from loci import AsyncClient
    from loci.queries import Weight

CONCURRENCY = 8
DEPTH = 50
"""Hits of one search, at least: the measures of sessions need distinct ones."""
LARGEST_PAGE = 100
CHUNK_SIZE = 1000
KEY_LIFE = timedelta(days=1)
POLL = 0.5
PATIENCE = 120.0
"""Seconds that embedding may stand still."""
Mode = Literal["hybrid", "lexical", "semantic"]
Profile = Literal["balanced", "strict", "fuzzy", "recency", "coverage"]


@dataclass(frozen=True, slots=True)
class Asking:
    """How the questions are put."""

    mode: Mode
    profile: Profile | None
    """Of a hybrid search."""
    weights: "Mapping[Weight, float] | None"
    depth: int
    """Hits, and distinct sessions, that the deepest measure looks at."""
    tokens: int
    """Of the context that is packed for each question; 0: none."""


@dataclass(frozen=True)
class DataSet:
    """Conversations, and questions whose answers are known."""

    graphs: Mapping[str, Sequence[Turn]]
    questions: Sequence[Question]
    sessions: Mapping[tuple[str, str], str]
    """The session of a turn, by graph and id of its node."""
    remarks: Sequence[str] = ()

    @cached_property
    def texts(self) -> Mapping[str, Mapping[str, str]]:
        """The text of each turn, by graph and id of its node."""
        return {graph: {turns.turn_id(turn.id): turn.text for turn in spoken} for graph, spoken in self.graphs.items()}

    @property
    def turn_count(self) -> int:
        return sum(map(len, self.graphs.values()))


@dataclass(slots=True)
class Result:
    """What came of it."""

    outcomes: list[Outcome] = field(default_factory=list)
    """Of the questions that have gold."""
    latencies: list[float] = field(default_factory=list)
    """Seconds of each search as its caller saw it, all questions."""
    seconds: dict[str, float] = field(default_factory=dict)
    failed_arms: Counter[str] = field(default_factory=Counter)

    def latency(self, percent: float) -> float:
        return percentile(self.latencies, percent) if self.latencies else 0.0


def read(folder: Path) -> DataSet:
    """A data set in a folder. Raises BadLine, Failed, OSError."""
    graphs = turns.by_graph(turns.read_turns(folder / turns.FILE))
    asked = list(questions.read_questions(folder / questions.FILE))
    if not graphs or not asked:
        raise Failed(f"{folder} holds no turns or no queries")
    sessions = {(graph, turns.turn_id(turn.id)): turn.session for graph, spoken in graphs.items() for turn in spoken}
    remarks = []
    for question in asked:
        if question.graph not in graphs:
            raise Failed(f"the query {question.id} is about the graph {question.graph!r}, which has no turns")
        missing = [gold for gold in question.gold if (question.graph, turns.turn_id(gold)) not in sessions]
        if missing:
            remarks.append(f"query {question.id}: {len(missing)} of its gold turns are not among the turns")
    return DataSet(graphs, asked, sessions, remarks)


async def run(session: Session, data: DataSet, asking: Asking, *, tenant: str, keep: bool, drawn: Bars) -> Result:
    """Imports, waits until all is embedded, and asks; only asks if a `tenant` is named. Raises Failed, LociError."""
    result = Result()
    async with (
        session.async_client() as operator,
        _own_tenant(operator, tenant) if tenant else _fresh_tenant(operator, keep=keep) as key,
        session.async_client(key) as client,
    ):
        if not tenant:
            with _timed(result, "import"):
                await _import(client, data, drawn)
        if asking.mode != "lexical":
            with _timed(result, "embedding"):
                await _embedded(client, data, drawn.add("embedding", data.turn_count))
        with _timed(result, "search"):
            await _ask_all(client, data, asking, result, drawn.add("asking", len(data.questions)))
    return result


@contextmanager
def _timed(result: Result, name: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    result.seconds[name] = time.perf_counter() - begun


@asynccontextmanager
async def _fresh_tenant(operator: "AsyncClient", *, keep: bool) -> AsyncIterator[str]:
    """The secret of a key for a tenant that nobody else uses."""
    tenant = f"eval-{secrets.token_hex(6)}"
    await operator.create_tenant(tenant, display_name="made by loci eval")
    try:
        expire_time = datetime.now(UTC) + KEY_LIFE
        made = await operator.create_api_key(["write"], tenant=tenant, expire_time=expire_time)
        yield made.secret
    finally:
        if keep:
            remark(f"The tenant {tenant} stays; `loci keys create --tenant {tenant} --scope read` gives a key to it.")
        else:
            await operator.delete_tenant(tenant)


@asynccontextmanager
async def _own_tenant(operator: "AsyncClient", tenant: str) -> AsyncIterator[str]:
    """The secret of a key for a tenant that is there."""
    expire_time = datetime.now(UTC) + KEY_LIFE
    made = await operator.create_api_key(["read"], tenant=tenant, expire_time=expire_time)
    yield made.secret


async def _import(client: "AsyncClient", data: DataSet, drawn: Bars) -> None:
    bar = drawn.add("importing", sum(map(turns.item_count, data.graphs.values())))
    done = 0
    for name, spoken in data.graphs.items():
        graph = turns.graph_id(name)
        await client.create_graph(graph)
        await client.import_items(graph, turns.items(spoken), chunk_size=CHUNK_SIZE)
        done += turns.item_count(spoken)
        bar.show(done)


async def _embedded(client: "AsyncClient", data: DataSet, bar: Bar) -> None:
    """Returns when no text waits to be embedded. Raises Failed if that does not come nearer."""
    waiting = {turns.graph_id(name) for name in data.graphs}
    fewest, moved_at = None, time.monotonic()
    while True:
        pending = {graph: (await client.get_graph_stats(graph)).pending_embedding_count for graph in sorted(waiting)}
        waiting = {graph for graph, count in pending.items() if count}
        left = sum(pending.values())
        bar.show(max(0, data.turn_count - left))
        if not waiting:
            return
        if fewest is None or left < fewest:
            fewest, moved_at = left, time.monotonic()
        elif time.monotonic() - moved_at > PATIENCE:
            raise Failed(
                f"{left} texts have waited {PATIENCE:.0f} s to be embedded; see `loci doctor` for the embedder"
            )
        await asyncio.sleep(POLL)


async def _ask_all(client: "AsyncClient", data: DataSet, asking: Asking, result: Result, bar: Bar) -> None:
    places = iter(range(len(data.questions)))
    outcomes: dict[int, Outcome] = {}

    async def worker() -> None:
        for place in places:
            outcomes[place] = await _ask(client, data, data.questions[place], asking, result)
            bar.show(len(outcomes))

    async with asyncio.TaskGroup() as group:
        for _ in range(CONCURRENCY):
            group.create_task(worker())
    result.outcomes = [outcomes[place] for place in sorted(outcomes) if outcomes[place].gold]


async def _ask(client: "AsyncClient", data: DataSet, question: Question, asking: Asking, result: Result) -> Outcome:
    """One question. Pages are read on until there are as many distinct sessions as the deepest measure looks at."""
    from loci.names import id_of
    from loci.v1.search_service_pb2 import ARM_STATE_FAILED, SearchArm

    found: list[str] = []
    token = ""
    while True:
        begun = time.perf_counter()
        answer = await client.search(
            turns.graph_id(question.graph),
            question.query,
            mode=asking.mode,
            profile=asking.profile,
            weights=asking.weights,
            filter={"types": [TURN]},
            limit=min(max(asking.depth, DEPTH), LARGEST_PAGE),
            page_token=token,
            query_time=question.time,
            unrecorded=True,
        )
        if not token:
            result.latencies.append(time.perf_counter() - begun)
            result.failed_arms.update(word(SearchArm, arm.arm) for arm in answer.arms if arm.state == ARM_STATE_FAILED)
        found += [id_of(hit.node.name) for hit in answer.hits]
        sessions = distinct(data.sessions[question.graph, turn] for turn in found)
        token = answer.next_page_token
        if not token or (len(found) >= asking.depth and len(sessions) >= asking.depth):
            break
    gold = frozenset(map(turns.turn_id, question.gold))
    of_gold = {data.sessions[question.graph, turn] for turn in gold if (question.graph, turn) in data.sessions}
    # A data set without sessions of its own answers has those of its turns.
    outcome = Outcome(question.category, found, sessions, gold, question.gold_sessions or frozenset(of_gold))
    if not asking.tokens:
        return outcome
    return replace(outcome, packed=await _packed(client, data, question, asking), budget=asking.tokens)


async def _packed(client: "AsyncClient", data: DataSet, question: Question, asking: Asking) -> frozenset[str]:
    """The turns that stand whole in the context."""
    from loci.names import id_of

    answer = await client.recall(
        turns.graph_id(question.graph),
        question.query,
        filter={"types": [TURN]},
        limit=1,
        max_tokens=asking.tokens,
        profile=asking.profile,
        weights=asking.weights,
        query_time=question.time,
        unrecorded=True,
    )
    texts = data.texts[question.graph]
    named = map(id_of, answer.context.node_names)
    context = _one_line(answer.context.text)
    return frozenset(name for name in named if _one_line(texts[name]) in context)


def _one_line(text: str) -> str:
    return " ".join(text.split())
