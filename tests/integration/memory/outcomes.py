"""What tests of memories share: outcomes by short names, and what a question finds."""

from loci import AsyncClient, slot
from loci.v1.memory_service_pb2 import (
    REMEMBER_OUTCOME_ADDED,
    REMEMBER_OUTCOME_DUPLICATE_OF,
    REMEMBER_OUTCOME_SUPERSEDES,
    RememberResponse,
)

ADDED, DUPLICATE, SUPERSEDES = (
    REMEMBER_OUTCOME_ADDED,
    REMEMBER_OUTCOME_DUPLICATE_OF,
    REMEMBER_OUTCOME_SUPERSEDES,
)


async def texts(client: AsyncClient, query: str) -> list[str]:
    return [hit.node.text for hit in (await client.recall("g", query)).memories]


async def lives(client: AsyncClient, where: str, since: str = "", text: str = "", **given: object) -> RememberResponse:
    place = slot("lives_in", where, subject="Ann")
    told = text or f"Ann lives in {where}"
    return await client.remember("g", told, slot=place, valid_from=since, **given)  # type: ignore[arg-type]
