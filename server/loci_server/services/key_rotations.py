"""The rotation of keys, told to administrators. A part of AdminService."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from loci.v1 import keys_pb2 as pb
from loci_server.codec.page_tokens import PageTokens
from loci_server.crypto.provider import INSTALLATION, KeyProvider
from loci_server.domain.limits import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, bounded
from loci_server.domain.names import INSTALLATION_NAME, OWN_TENANT, graph_name, parse_graph, parse_tenant, tenant_name
from loci_server.domain.row import Row
from loci_server.errors import InvalidName, KeyServiceUnavailable, KeysRotatedElsewhere
from loci_server.identity.grants import Grants
from loci_server.identity.principal import Scope
from loci_server.jobs.rotate_keys import RotateKeysJob
from loci_server.services.call import Call
from loci_server.store.handles import Handles
from loci_server.store.key_rotations import KeyRotation, KeyRotations, State
from loci_server.store.tenants import Tenants
from loci_server.store.times import write_timestamp

STATES = {
    State.DONE: pb.KEY_ROTATION_STATE_DONE,
    State.ANNOUNCED: pb.KEY_ROTATION_STATE_ANNOUNCING,
    State.KNOWN: pb.KEY_ROTATION_STATE_ANNOUNCING,
    State.RESEALING: pb.KEY_ROTATION_STATE_RESEALING,
    State.SETTLING: pb.KEY_ROTATION_STATE_RETIRING,
    State.PROVING: pb.KEY_ROTATION_STATE_RETIRING,
    State.REWRAPPING: pb.KEY_ROTATION_STATE_REWRAPPING,
}
PROBE = b"probe"
"""The purpose of a key that is wrapped only to see by which key-encryption key."""


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """Whose data keys are wrapped by one key-encryption key."""

    tenant_key: int
    name: str


class Rotating:
    """Begins rotations and tells of them. `queued` is called when there is something to do."""

    def __init__(
        self,
        handles: Handles,
        rotations: KeyRotations,
        job: RotateKeysJob,
        keys: KeyProvider,
        tenants: Tenants,
        tokens: PageTokens,
        queued: Callable[[], None],
    ) -> None:
        self._handles = handles
        self._rotations = rotations
        self._job = job
        self._keys = keys
        self._tenants = tenants
        self._tokens = tokens
        self._queued = queued

    async def begin(self, request: pb.RotateKeysRequest, call: Call) -> pb.RotateKeysResponse:
        """Raises InvalidName, GraphNotFound, TenantNotFound, ScopeMissing, KeyServiceUnavailable, and
        KeysRotatedElsewhere if no other key was put in the place of the one that wraps everything already."""
        if request.name.startswith("graphs/"):
            graph = self._graph(request.name, call)
            handle = await self._handles.get(call.principal.tenant_key, graph)
            await self._job.begin(handle, call.trail.leave)
        else:
            whose = await self._wrapping(request.name, call)
            kek_id = await self._aim(whose.tenant_key)
            if kek_id is None:
                await self._rotations.join(whose.tenant_key, whose.name, call.trail.leave)
            else:
                await self._rotations.begin_rewrapping(whose.tenant_key, kek_id, whose.name, call.trail.leave)
                self._queued()
        return pb.RotateKeysResponse(key_rotation=await self._told(request.name, call))

    async def get(self, request: pb.GetKeyRotationRequest, call: Call) -> pb.GetKeyRotationResponse:
        """Raises InvalidName, GraphNotFound, TenantNotFound, ScopeMissing."""
        return pb.GetKeyRotationResponse(key_rotation=await self._told(request.name, call))

    async def page(
        self, request: pb.ListKeyRotationsRequest, tenant_key: int, grants: Grants
    ) -> pb.ListKeyRotationsResponse:
        """Of this tenant, whose the caller may see, and of the graphs that are granted."""
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        after = self._tokens.decode(tenant_key, request, request.page_token, int)
        rows = await self._rotations.page(tenant_key, 0 if after is None else after, size + 1, grants)
        response = pb.ListKeyRotationsResponse(key_rotations=[of_graph(row) for row in rows[:size]])
        if len(rows) > size:
            last = str(rows[size - 1]["graph_key"]).encode()
            response.next_page_token = self._tokens.encode(tenant_key, request, last)
        return response

    async def _told(self, name: str, call: Call) -> pb.KeyRotation:
        if name.startswith("graphs/"):
            graph = self._graph(name, call)
            return of_graph(await self._rotations.one(await self._handles.get(call.principal.tenant_key, graph)))
        whose = await self._wrapping(name, call)
        row = await self._rotations.rewrapping(whose.tenant_key)
        told = pb.KeyRotation(
            name=whose.name,
            state=pb.KEY_ROTATION_STATE_NEVER_ROTATED,
            wrapping_kek_ids=await self._rotations.wrapped_by(whose.tenant_key),
        )
        if row is not None:
            told.kek_id = row["kek_id"]
            write_progress(told, row)
        return told

    async def _aim(self, tenant_key: int) -> str | None:
        """The key by which all is to be wrapped anew: a new one, or one that others made. None if what is
        under way does that. Raises KeyServiceUnavailable, KeysRotatedElsewhere."""
        known = await self._rotations.rewrapping(tenant_key)
        if known is not None and known["end_time"] is None:
            try:
                wraps = await self._wraps_now(tenant_key)
            except KeyServiceUnavailable:
                return None  # what is under way waits for it, too
            aims_at: str = known["kek_id"]
            return None if wraps == aims_at or self._keys.supersedes(tenant_key, aims_at, wraps) else wraps
        try:
            return await self._keys.rotate(tenant_key)
        except KeysRotatedElsewhere:
            wraps = await self._wraps_now(tenant_key)
            if await self._wraps_all(tenant_key, wraps):
                raise
            return wraps

    async def _wraps_now(self, tenant_key: int) -> str:
        """The kek id by which the key service wraps."""
        return (await self._keys.wrap(tenant_key, PROBE, secrets.token_bytes(32))).kek_id

    async def _wraps_all(self, tenant_key: int, kek_id: str) -> bool:
        """Whether there are data keys, and all are wrapped by this one already."""
        if tenant_key == INSTALLATION:
            return (await self._rotations.installation()).kek_id == kek_id
        others = await self._rotations.old_wraps(_rewrapping(tenant_key, kek_id), 1)
        return not others and bool(await self._rotations.old_wraps(_rewrapping(tenant_key, ""), 1))

    def _graph(self, name: str, call: Call) -> str:
        call.principal.require(Scope.ADMIN)
        return parse_graph(name)

    async def _wrapping(self, name: str, call: Call) -> _Wrapping:
        """That of another tenant takes an operator, and is not said to exist else."""
        own = call.principal
        if name == INSTALLATION_NAME:
            own.require(Scope.OPERATOR)
            return _Wrapping(INSTALLATION, INSTALLATION_NAME)
        try:
            tenant_id = parse_tenant(name, allow_own=True)
        except InvalidName:
            detail = "must be `graphs/{graph}`, `tenants/{tenant}` or `installation`."
            raise InvalidName(field="name", detail=detail) from None
        if tenant_id in (OWN_TENANT, own.tenant_id):
            return _Wrapping(own.tenant_key, tenant_name(own.tenant_id))
        own.require(Scope.OPERATOR)
        row = await self._tenants.find_live(tenant_id)
        return _Wrapping(row["tenant_key"], tenant_name(tenant_id))


def _rewrapping(tenant_key: int, kek_id: str) -> KeyRotation:
    """One that is not begun: data keys are looked for by it."""
    return KeyRotation(tenant_key, 0, State.REWRAPPING, 0, kek_id, 0, 0, "", 0, 0.0)


def of_graph(row: Row) -> pb.KeyRotation:
    told = pb.KeyRotation(
        name=graph_name(row["graph_id"]),
        state=pb.KEY_ROTATION_STATE_DONE,
        version=row["key_version"],
        kek_id=row["key_kek_id"],
        encryption_count=row["encryptions"],
    )
    write_timestamp(told.create_time, row["key_time"])
    if row["state"] is not None:
        write_progress(told, row)
    return told


def write_progress(told: pb.KeyRotation, row: Row) -> None:
    told.state = STATES[row["state"]]
    told.total_count = row["total_count"]
    told.done_count = min(row["done_count"], row["total_count"])
    told.unreadable_count = row["unreadable_count"]
    told.failure_reason = row["failure"] or ""
    write_timestamp(told.begin_time, row["begin_time"])
    if row["end_time"] is not None:
        write_timestamp(told.end_time, row["end_time"])
