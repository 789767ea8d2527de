"""How much memories of a graph matter now, how they are boosted, and the salience that is stored for filters."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from loci.v1 import salience_pb2 as pb
from loci_server.audit.trail import Trail
from loci_server.domain.names import node_name
from loci_server.domain.row import Row
from loci_server.domain.salience import HalfLives, Salience, Uses, salience
from loci_server.errors import NodeNotFound
from loci_server.memory.notes import write_once
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.times import write_timestamp
from loci_server.store.uses import NodeUses, Standing
from loci_server.writing.writer import WriteContext


class Saliences:
    """Those of open graphs."""

    def __init__(self, items: Items, uses: NodeUses, half_lives: HalfLives) -> None:
        self._items = items
        self._uses = uses
        self._half_lives = half_lives

    async def of(self, handle: GraphHandle, ids: Sequence[str]) -> dict[str, pb.Salience]:
        """As of now, by id, of nodes that are there. Raises GraphNotFound."""
        found = await self._uses.standings(handle, ids)
        return {identity: self._message(handle, one) for identity, one in found.items()}

    async def boost(self, handle: GraphHandle, identity: str, boost: float, context: WriteContext) -> pb.Salience:
        """Sets the boost of a node, from -1 to 1, in place of the one before. Raises GraphNotFound, NodeNotFound,
        RequestIdReused."""
        found = (await self._uses.standings(handle, [identity])).get(identity)
        name = node_name(handle.graph_id, identity)
        if found is None:
            if context.request_hash is None:
                raise NodeNotFound(resource=name)
            # It may have been there when the call was made first.
            message = pb.Salience(node_name=name)
        else:
            message = self._message(handle, replace(found, uses=replace(found.uses, boost=boost)))
        first = await write_once(
            self._items,
            handle,
            context,
            [name],
            message.SerializeToString(),
            lambda note: self._uses.boost(handle, identity, boost, note),
        )
        return message if first is None else pb.Salience.FromString(first.answer)

    async def recalculate(self, handle: GraphHandle, time: datetime | None, trail: Trail) -> pb.Recalculation:
        """Begins to compute and store the salience of all nodes as of a time, or finds that it is being done. Raises
        GraphNotFound."""
        row = await self._uses.begin(handle, time, trail.row([handle.name]))
        trail.written()
        return recalculation(handle, row)

    async def recalculation(self, handle: GraphHandle) -> pb.Recalculation:
        """The last one. Raises GraphNotFound."""
        row = await self._uses.recalculation(handle)
        return pb.Recalculation(graph=handle.name) if row is None else recalculation(handle, row)

    def _message(self, handle: GraphHandle, found: Standing) -> pb.Salience:
        half_life = self._half_lives.of(found.type)
        parts = salience(found.importance, found.said, found.uses, datetime.now(UTC), half_life)
        return salience_message(node_name(handle.graph_id, found.id), parts, found.uses)


def salience_message(name: str, parts: Salience, uses: Uses) -> pb.Salience:
    message = pb.Salience(
        node_name=name,
        value=parts.value,
        importance=parts.importance,
        use=parts.use,
        boost=parts.boost,
        feedback=parts.feedback,
        half_life_days=parts.half_life,
        use_count=uses.count,
        helpful_count=uses.helpful,
        unhelpful_count=uses.unhelpful,
    )
    if uses.last is not None:
        write_timestamp(message.last_use_time, uses.last)
    return message


def recalculation(handle: GraphHandle, row: Row) -> pb.Recalculation:
    """The message of a row of loci.recalculations."""
    done = row["end_time"] is not None
    message = pb.Recalculation(
        graph=handle.name,
        state=pb.RECALCULATION_STATE_DONE if done else pb.RECALCULATION_STATE_RUNNING,
        node_count=row["node_count"],
        seen_count=row["seen_count"],
        changed_count=row["changed_count"],
    )
    for field in ("time", "begin_time", "end_time"):
        if row[field] is not None:
            write_timestamp(getattr(message, field), row[field])
    return message
