"""A process that has lost what it was at work on, and does not know, does nothing to it any more."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import asyncpg
import pytest

from loci_server.bootstrap import Unobserved
from loci_server.store.erasures import Erasures
from loci_server.store.erasures import State as Erasing
from loci_server.store.key_rotations import KeyRotation, KeyRotations, State
from loci_server.store.pool import Database, connect
from tests.integration.rotation.scene import Scene, scene

Step = Callable[[KeyRotations, KeyRotation], Awaitable[None]]
STEPS: dict[str, tuple[State, Step]] = {
    "note_known": (State.ANNOUNCED, lambda rotations, lost: rotations.note_known(lost)),
    "begin_sealing": (State.KNOWN, lambda rotations, lost: rotations.begin_sealing(lost)),
    "begin_settling": (State.RESEALING, lambda rotations, lost: rotations.begin_settling(lost)),
    "begin_proving": (State.SETTLING, lambda rotations, lost: rotations.begin_proving(lost)),
    "move": (State.PROVING, lambda rotations, lost: rotations.move(lost, 12, "", done=1, left=1, unreadable=1)),
    "end": (State.PROVING, lambda rotations, lost: rotations.end(lost)),
    "look_again": (State.REWRAPPING, lambda rotations, lost: rotations.look_again(lost)),
    "end_rewrapping": (State.REWRAPPING, lambda rotations, lost: rotations.end_rewrapping(lost)),
    "wait": (State.REWRAPPING, lambda rotations, lost: rotations.wait(lost, 1.0, "LATE")),
}
LAPSED = "SET run_after = now() - interval '1 second'"


@pytest.fixture
async def found(database_url: str) -> AsyncIterator[Scene]:
    async with scene(database_url, LOCI_BACKGROUND_JOBS="false") as made:
        await made.client.create_graph("g")
        yield made


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await connect(database_url, size=2, pooler="none", observer=Unobserved())
    yield opened
    await opened.close()


async def rows(found: Scene, *tables: str) -> list[list[asyncpg.Record]]:
    return [await found.database.fetch(f"SELECT * FROM loci.{table}") for table in tables]


@pytest.mark.parametrize("step", STEPS)
async def test_a_rotation_is_moved_only_by_who_has_it(found: Scene, database: Database, step: str) -> None:
    state, late = STEPS[step]
    rotations = KeyRotations(database)
    await found.client.rotate_keys("g")
    await found.database.execute("UPDATE loci.key_rotations SET state = $1, stage = 3, place = 'n'", state)
    lost = await rotations.claim(60.0)
    assert lost is not None
    await found.database.execute(f"UPDATE loci.key_rotations {LAPSED}")
    own = await rotations.claim(60.0)
    assert own is not None
    before = await rows(found, "key_rotations", "graph_keys", "graphs", "cluster")
    await late(rotations, lost)
    assert await rows(found, "key_rotations", "graph_keys", "graphs", "cluster") == before
    await late(rotations, own)
    assert await rows(found, "key_rotations", "graph_keys", "graphs", "cluster") != before


async def test_an_erasure_is_moved_and_its_receipt_signed_only_by_who_has_it(found: Scene, database: Database) -> None:
    erasures = Erasures(database)
    await found.client.erase_graph("g")
    lost = await erasures.claim(60.0)
    assert lost is not None
    await found.database.execute(f"UPDATE loci.erasures {LAPSED}")
    own = await erasures.claim(60.0)
    assert own is not None

    async def late() -> None:
        await erasures.enter(lost, Erasing.CLOSING)
        await erasures.wait(lost, 1.0, "LATE")
        await erasures.end(lost, datetime.now(UTC), ["forged"], [], "another", b"")

    before = await rows(found, "erasures")
    await late()
    assert await rows(found, "erasures") == before
    await erasures.enter(own, Erasing.DESTROYING)
    await erasures.end(own, datetime.now(UTC), [], [], "the receipt", b"")
    after = await rows(found, "erasures")
    assert [(row["state"], row["statement"]) for row in after[0]] == [(Erasing.DONE, "the receipt")]
    await late()
    assert await rows(found, "erasures") == after
