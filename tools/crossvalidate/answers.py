"""What a server answered, as numbers and ids: no text of the data is kept."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from loci import AsyncClient
from loci.names import id_of
from loci.v1.search_service_pb2 import ARM_STATE_FAILED, ARM_STATE_OK, SearchArm, SearchBoost, SearchHit
from loci_server.cli import turns
from loci_server.cli.failures import Failed
from loci_server.cli.progress import Bar
from loci_server.cli.questions import Question
from loci_server.cli.session import Session
from loci_server.domain.conversations import TURN
from loci_server.search.fusion import Arm
from loci_server.search.shaping import Boost

CONCURRENCY = 4
PAGE = 100
PAGES = 2
"""They hold the whole head, and some hits behind it."""
KEY_LIFE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Hit:
    """One turn: its score, the scores that the arms gave it, and what it was multiplied by."""

    turn: str
    score: float
    arms: Mapping[Arm, float]
    boosts: Mapping[Boost, float]
    shaped: bool
    """Of the head; the others are in the order of the fusion."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits in the server's order, and the arms that answered."""

    hits: Sequence[Hit]
    arms: frozenset[Arm]


async def ask(session: Session, tenant: str, questions: Sequence[Question], semantic: float, bar: Bar) -> list[Answer]:
    """The answer to each question by a weight of the semantic arm, of a tenant that holds the turns. Raises Failed,
    LociError."""
    answers: dict[int, Answer] = {}
    places = iter(range(len(questions)))
    async with session.async_client() as operator:
        expire_time = datetime.now(UTC) + KEY_LIFE
        key = await operator.create_api_key(["read"], tenant=tenant, expire_time=expire_time)
    async with session.async_client(key.secret) as client, asyncio.TaskGroup() as group:

        async def worker() -> None:
            for place in places:
                answers[place] = await _ask(client, questions[place], semantic)
                bar.show(len(answers))

        for _ in range(CONCURRENCY):
            group.create_task(worker())
    return [answers[place] for place in range(len(questions))]


async def _ask(client: AsyncClient, question: Question, semantic: float) -> Answer:
    """As `loci eval retrieval` asks."""
    hits: list[Hit] = []
    arms: set[Arm] = set()
    token = ""
    for _ in range(PAGES):
        answer = await client.search(
            turns.graph_id(question.graph),
            question.query,
            mode="hybrid",
            profile="balanced",
            weights={"semantic": semantic},
            filter={"types": [TURN]},
            limit=PAGE,
            page_token=token,
            query_time=question.time,
            explain=True,
            unrecorded=True,
        )
        if any(report.state == ARM_STATE_FAILED for report in answer.arms):
            raise Failed(f"an arm failed at the query {question.id}: the answer is not what the server gives else")
        arms |= {arm_of(report.arm) for report in answer.arms if report.state == ARM_STATE_OK}
        hits += map(hit_of, answer.hits)
        token = answer.next_page_token
        if not token:
            break
    return Answer(hits, frozenset(arms))


def hit_of(hit: SearchHit) -> Hit:
    return Hit(
        turn=id_of(hit.node.name),
        score=hit.score,
        arms={arm_of(each.arm): each.score for each in hit.arm_scores},
        boosts={boost_of(each.boost): each.factor for each in hit.boosts},
        shaped=hit.HasField("salience"),
    )


def arm_of(arm: SearchArm.ValueType) -> Arm:
    return Arm(SearchArm.Name(arm).removeprefix("SEARCH_ARM_").lower())


def boost_of(boost: SearchBoost.ValueType) -> Boost:
    return Boost(SearchBoost.Name(boost).removeprefix("SEARCH_BOOST_").lower())


def write(path: Path, answers: Sequence[Answer]) -> None:
    """One answer a line."""
    with path.open("w", encoding="utf-8") as file:
        for answer in answers:
            hits = [[hit.turn, hit.score, hit.arms, hit.boosts, hit.shaped] for hit in answer.hits]
            file.write(json.dumps({"arms": sorted(answer.arms), "hits": hits}) + "\n")


def read(path: Path) -> list[Answer]:
    with path.open(encoding="utf-8") as file:
        return [_read(json.loads(line)) for line in file]


def _read(found: Mapping[str, Any]) -> Answer:
    hits = [
        Hit(
            turn,
            score,
            {Arm(arm): each for arm, each in arms.items()},
            {Boost(boost): factor for boost, factor in boosts.items()},
            shaped,
        )
        for turn, score, arms, boosts, shaped in found["hits"]
    ]
    return Answer(hits, frozenset(map(Arm, found["arms"])))
