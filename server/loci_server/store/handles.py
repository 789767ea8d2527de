"""Open graphs: what a process keeps of a graph to work in it, its opened keys above all."""

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import asyncpg

from loci.v1.graph_pb2 import SearchFields
from loci_server.crypto.envelope import Sealer, WrappedKey, graph_scope
from loci_server.crypto.provider import KeyProvider
from loci_server.crypto.rotation import Rotation
from loci_server.crypto.tokens import Marks, Tokenizer
from loci_server.domain.fields import TEXTS_ONLY, Fields, fields_of
from loci_server.domain.names import graph_name
from loci_server.domain.row import Row
from loci_server.errors import ContentUnreadable, GraphNotFound, KeyServiceUnavailable, Unavailable
from loci_server.store.places import GRAPH, SEARCH_FIELDS
from loci_server.store.pool import Database
from loci_server.store.statements import statements

CONTENT = 1
SEARCH = 2
VECTORS = 3
MARKS = 4
PURPOSES = {CONTENT: b"content", SEARCH: b"search", VECTORS: b"vectors", MARKS: b"marks"}
ROTATED = CONTENT, SEARCH, VECTORS
"""Of these a graph has two versions while its keys are rotated."""
MAX_OPEN = 10_000
LIFETIME = 300.0
"""Seconds after which a graph is opened anew, at most: what others changed of it is known by then."""
SWEEP_SECONDS = 10.0
"""Between looks for graphs that nobody asks for any more."""
SQL, KEY_SQL = statements("graphs"), statements("keys")


@dataclass(frozen=True, slots=True)
class GraphHandle:
    """One graph of one tenant, with its keys open."""

    tenant_key: int
    graph_key: int
    graph_id: str
    sealer: Sealer
    tokenizers: Sequence[Tokenizer]
    """By which what is stored was made into tokens: one; while keys are rotated two, that before first. The search data
    goes from it to the other one, so that who looks by it first misses nothing."""
    rotations: Sequence[Rotation]
    """The same of vectors."""
    marks: Marks
    writing: int = 0
    """Which of these writes."""
    fields: Fields = TEXTS_ONLY
    fields_version: int = 0
    opened: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        return graph_name(self.graph_id)

    @property
    def tokenizer(self) -> Tokenizer:
        """By which tokens are written."""
        return self.tokenizers[self.writing]

    @property
    def rotation(self) -> Rotation:
        """Under which vectors are written."""
        return self.rotations[self.writing]


def locked(tenant_key: int, graph_key: int, graph_id: str) -> GraphHandle:
    """Of a graph whose keys do not open: neither does anything else in it."""
    nobodys = secrets.token_bytes(32)
    sealer = Sealer(graph_scope(tenant_key, graph_key), {0: nobodys})  # versions are numbered from 1
    keyed = (Tokenizer(nobodys),), (Rotation(nobodys),), Marks(nobodys)
    return GraphHandle(tenant_key, graph_key, graph_id, sealer, *keyed)


async def nobody_waits(tenant_key: int, graph_key: int) -> None:
    """Of a process by itself, without others that rotate keys."""


class Handles:
    """A bounded cache of open graphs. Statements prove by themselves that a graph is still there.

    All handles of a graph share one sealer, so that who works with an older one, too, opens what a new version of the
    key has sealed. While the process is not `in_touch` with what becomes of keys, it opens graphs anew for each call.
    `doubt` is awaited, with the keys of tenant and graph, before one is used without keys that are announced for it.
    """

    def __init__(
        self,
        database: Database,
        keys: KeyProvider,
        lifetime: float = LIFETIME,
        in_touch: Callable[[], bool] = lambda: True,
        doubt: Callable[[int, int], Awaitable[None]] = nobody_waits,
    ) -> None:
        self._database = database
        self._keys = keys
        self._lifetime = lifetime
        self._in_touch = in_touch
        self._doubt = doubt
        self._sealers: WeakValueDictionary[tuple[int, int], Sealer] = WeakValueDictionary()
        self._open: OrderedDict[tuple[int, str], GraphHandle] = OrderedDict()
        self._renewals = 0
        self._opening: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()

    async def get(self, tenant_key: int, graph_id: str) -> GraphHandle:
        """Raises GraphNotFound, KeyServiceUnavailable, ContentUnreadable."""
        handle = self._open.get((tenant_key, graph_id))
        if handle is not None and time.monotonic() - handle.opened < self._lifetime and self._in_touch():
            self._open.move_to_end((tenant_key, graph_id))
            return handle
        async with self._opening.setdefault((tenant_key, graph_id), asyncio.Lock()):
            again = self._open.get((tenant_key, graph_id))
            if again is not None and again is not handle:
                return again  # opened by another call meanwhile
            return await self.refresh(tenant_key, graph_id)

    async def refresh(self, tenant_key: int, graph_id: str) -> GraphHandle:
        """Opens the graph anew, whatever is cached."""
        self._open.pop((tenant_key, graph_id), None)
        doubted = -1
        while True:
            renewals = self._renewals
            rows = await self._database.fetch("open_graph", SQL["open_graph"], tenant_key, graph_id)
            if not rows:
                raise GraphNotFound(resource=graph_name(graph_id))
            graph_key = rows[0]["graph_key"]
            keys = await self._unwrapped(tenant_key, rows, announced=False, resource=graph_name(graph_id))
            if renewals != self._renewals:  # they may have changed while they were read
                continue
            if renewals == doubted or all(row["version"] in keys[row["purpose"]] for row in rows):
                break
            await self._doubt(tenant_key, graph_key)
            doubted = renewals  # read once more: those that are missing may have come into use before that was known
        sealer = self._sealer(tenant_key, graph_key, rows, keys[CONTENT])
        tokenizers = [Tokenizer(key, version) for version, key in sorted(keys[SEARCH].items())]
        rotations = [Rotation(key, version) for version, key in sorted(keys[VECTORS].items())]
        handle = GraphHandle(
            tenant_key,
            graph_key,
            graph_id,
            sealer,
            tokenizers,
            rotations,
            Marks(*keys[MARKS].values()),
            sum(row["purpose"] == SEARCH and row["sealing"] for row in rows) - 1,
            fields_of(open_fields(sealer, rows[0]["search_fields"]), "search_fields"),
            rows[0]["search_version"],
        )
        self._open[tenant_key, graph_id] = handle
        while len(self._open) > MAX_OPEN:
            self._open.popitem(last=False)
        return handle

    async def renew(self, tenant_key: int, graph_key: int) -> None:
        """The graph's keys have changed: who works with it knows them at once. Raises KeyServiceUnavailable,
        ContentUnreadable."""
        self._renewals += 1
        sealer = self._sealers.get((tenant_key, graph_key))
        if sealer is None:
            return
        rows = await self._database.fetch("graph_keys_of", KEY_SQL["graph_keys_of"], tenant_key, graph_key)
        if rows:
            try:
                keys = await self._unwrapped(tenant_key, rows)
            except KeyServiceUnavailable:
                if any(row["sealing"] and row["version"] > sealer.sealing for row in rows if row["purpose"] == CONTENT):
                    self._close(tenant_key, graph_key)  # others seal with it: who comes is told that it cannot be had
                raise
            self._sealer(tenant_key, graph_key, rows, keys[CONTENT])
        else:  # it was erased
            self._sealers.pop((tenant_key, graph_key), None)
        self._close(tenant_key, graph_key)

    def _close(self, tenant_key: int, graph_key: int) -> None:
        """Whoever comes opens it anew."""
        for place, handle in list(self._open.items()):
            if (handle.tenant_key, handle.graph_key) == (tenant_key, graph_key):
                del self._open[place]

    async def run(self) -> None:
        """Until cancelled: closes graphs that nobody asks for, so that their keys do not stay in memory, and tells how
        often keys have sealed."""
        while True:
            await asyncio.sleep(min(SWEEP_SECONDS, self._lifetime / 2))
            oldest = time.monotonic() - self._lifetime
            await self._tell_counts()
            for place in [place for place, handle in self._open.items() if handle.opened <= oldest]:
                del self._open[place]

    async def _unwrapped(
        self, tenant_key: int, rows: Sequence[Row], *, announced: bool = True, resource: str | None = None
    ) -> dict[int, dict[int, bytes]]:
        """By purpose and version. Those that are only `announced` may be missing, as nothing is sealed with them."""
        keys: dict[int, dict[int, bytes]] = {purpose: {} for purpose in PURPOSES}

        async def unwrapped(row: Row) -> None:
            wrapped = WrappedKey(row["kek_id"], row["wrapped"])
            try:
                key = await self._keys.unwrap(tenant_key, PURPOSES[row["purpose"]], wrapped)
            except KeyServiceUnavailable:
                if announced or row["sealing"]:
                    raise
            except ContentUnreadable as error:
                if resource is None:
                    raise
                raise error.of_key(resource, wrapped.kek_id) from None
            else:
                keys[row["purpose"]][row["version"]] = key

        await asyncio.gather(*map(unwrapped, rows))
        return keys

    def _sealer(self, tenant_key: int, graph_key: int, rows: Sequence[Row], keys: Mapping[int, bytes]) -> Sealer:
        """The one sealer of a graph, with these keys of its content."""
        sealing = max(row["version"] for row in rows if row["purpose"] == CONTENT and row["sealing"])
        sealer = self._sealers.get((tenant_key, graph_key))
        if sealer is None:
            sealer = Sealer(graph_scope(tenant_key, graph_key), keys, sealing)
            self._sealers[tenant_key, graph_key] = sealer
        else:
            sealer.learn(keys, sealing)
            sealer.forget(keys)
        return sealer

    async def _tell_counts(self) -> None:
        """What a process that ends has not told is lost: it is little against what a key may seal."""
        told = []
        for (tenant_key, graph_key), sealer in list(self._sealers.items()):
            version, count = sealer.take_count()
            if count:
                told.append((tenant_key, graph_key, version, count))
        if told:
            with suppress(Unavailable, asyncpg.PostgresError):
                await self._database.fetch("count_encryptions", KEY_SQL["count_encryptions"], *zip(*told, strict=True))

    def forget(self, handle: GraphHandle) -> None:
        self._open.pop((handle.tenant_key, handle.graph_id), None)

    def drop(self, tenant_key: int, graph_key: int) -> None:
        """Closes a graph: whoever asks for it opens it anew, with the keys that there are then."""
        self._renewals += 1
        self._sealers.pop((tenant_key, graph_key), None)
        self._close(tenant_key, graph_key)


def seal_fields(sealer: Sealer, fields: SearchFields) -> bytes:
    return sealer.seal(GRAPH, b"", SEARCH_FIELDS, fields.SerializeToString(deterministic=True))


def open_fields(sealer: Sealer, sealed: bytes | None) -> SearchFields:
    """As they were given; of a graph that has chosen nothing an empty message. Raises ContentUnreadable."""
    if sealed is None:
        return SearchFields()
    return SearchFields.FromString(sealer.open(GRAPH, b"", SEARCH_FIELDS, sealed))


async def new_keys(keys: KeyProvider, tenant_key: int) -> list[tuple[int, bytes, WrappedKey]]:
    """Fresh keys of a new graph, one for each purpose: number, key and wrapped key."""
    made = []
    for purpose, label in PURPOSES.items():
        key = secrets.token_bytes(32)
        made.append((purpose, key, await keys.wrap(tenant_key, label, key)))
    return made
