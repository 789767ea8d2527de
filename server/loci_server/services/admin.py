"""AdminService: tenants, for operators; API keys, the audit, the rotation of keys and the change of embedding models,
for administrators of their tenant and operators."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial

from google.protobuf.message import Message

from loci.v1 import admin_service_pb2 as pb
from loci.v1 import audit_pb2, erasure_pb2, identity_pb2, keys_pb2
from loci_server.codec.page_tokens import PageTokens
from loci_server.domain.limits import (
    DEFAULT_PAGE_SIZE,
    MAX_OVERLAP_SECONDS,
    MAX_PAGE_SIZE,
    MAX_SCOPES,
    bounded,
    check_count,
)
from loci_server.domain.names import (
    api_key_name,
    check_tenant_id,
    parse_api_key,
    parse_identity,
    parse_tenant,
    tenant_name,
)
from loci_server.domain.quotas import Quota
from loci_server.domain.row import Row
from loci_server.domain.validation import check_timestamp
from loci_server.errors import ApiKeyNotFound, InvalidField, LimitExceeded, ScopeMissing
from loci_server.identity.grants import Grants
from loci_server.identity.keys import ApiKey, new_secret
from loci_server.identity.principal import Scope
from loci_server.services import quotas
from loci_server.services.audit import AuditReader
from loci_server.services.call import Call
from loci_server.services.erasures import Erasing
from loci_server.services.graphs import check_display_name
from loci_server.services.identities import IdentityReader
from loci_server.services.key_rotations import Rotating
from loci_server.services.reembeddings import Reembeddings
from loci_server.store.quotas import QuotaRows, quota_of
from loci_server.store.tenants import ApiKeys, Tenants
from loci_server.store.times import moment, write_timestamp
from loci_server.writing.quotas import Quotas

OWN = "-"
DEFAULT_OVERLAP = timedelta(hours=24)


class AdminServicer:
    """Tenants and credentials."""

    def __init__(
        self,
        tenants: Tenants,
        api_keys: ApiKeys,
        tokens: PageTokens,
        audit: AuditReader,
        identities: IdentityReader,
        reembeddings: Reembeddings,
        rotating: Rotating,
        erasing: Erasing,
        quota_rows: QuotaRows,
        known_quotas: Quotas,
        forget_key: Callable[[int, int], None],
    ) -> None:
        """`forget_key` is told of tenant and key of an API key that ends."""
        self._tenants = tenants
        self._api_keys = api_keys
        self._tokens = tokens
        self._audit = audit
        self._identities = identities
        self._reembeddings = reembeddings
        self._rotating = rotating
        self._erasing = erasing
        self._quota_rows = quota_rows
        self._quotas = known_quotas
        self._forget_key = forget_key

    async def CreateTenant(self, request: pb.CreateTenantRequest, call: Call) -> pb.CreateTenantResponse:
        check_tenant_id(request.tenant_id, "tenant_id")
        if request.tenant.name and request.tenant.name != tenant_name(request.tenant_id):
            raise InvalidField(field="tenant_id", detail="tenant.name gives another id")
        check_display_name(request.tenant.display_name, "tenant.display_name")
        quota = quotas.read(request.tenant.quota, "tenant.quota")
        row = await self._tenants.create(request.tenant_id, request.tenant.display_name, quota, call.trail.leave)
        return pb.CreateTenantResponse(tenant=self._tenant(row))

    async def GetTenant(self, request: pb.GetTenantRequest, call: Call) -> pb.GetTenantResponse:
        row = await self._tenants.find(parse_tenant(request.name))
        return pb.GetTenantResponse(tenant=self._tenant(row))

    async def ListTenants(self, request: pb.ListTenantsRequest, call: Call) -> pb.ListTenantsResponse:
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        own = call.principal.tenant_key
        after = self._tokens.decode(own, request, request.page_token, bytes.decode) or ""
        rows = await self._tenants.page(after, request.show_deleted, size + 1)
        response = pb.ListTenantsResponse(tenants=[self._tenant(row) for row in rows[:size]])
        if len(rows) > size:
            response.next_page_token = self._tokens.encode(own, request, rows[size - 1]["tenant_id"].encode())
        return response

    async def UpdateTenant(self, request: pb.UpdateTenantRequest, call: Call) -> pb.UpdateTenantResponse:
        tenant_id = parse_tenant(request.tenant.name, "tenant.name")
        paths = list(request.update_mask.paths)
        check_display_name(request.tenant.display_name, "tenant.display_name")
        quota = quotas.read(request.tenant.quota, "tenant.quota")
        quotas.updated(quota, quota, paths)  # refuses a bad mask
        named = {"display_name", "*"} & set(paths) if paths else request.tenant.display_name
        name = request.tenant.display_name if named else None
        change = partial(quotas.updated, update=quota, paths=paths)
        row = await self._tenants.update(tenant_id, name, change, call.trail.leave)
        return pb.UpdateTenantResponse(tenant=self._tenant(row))

    async def GetTenantUsage(self, request: pb.GetTenantUsageRequest, call: Call) -> pb.GetTenantUsageResponse:
        tenant_key, _ = await self._scope(parse_tenant(request.name, allow_own=True), call)
        has = await self._quota_rows.usage(tenant_key)
        usage = pb.TenantUsage(
            graph_count=has.graphs,
            node_count=has.nodes,
            edge_count=has.edges,
            byte_count=has.bytes,
            quota=quotas.write(await self._quotas.of(tenant_key)),
        )
        return pb.GetTenantUsageResponse(usage=usage)

    async def DeleteTenant(self, request: pb.DeleteTenantRequest, call: Call) -> pb.DeleteTenantResponse:
        tenant_id = parse_tenant(request.name)
        if tenant_id == call.principal.tenant_id:
            raise InvalidField(field="name", detail="a tenant cannot delete itself")
        row = await self._tenants.set_deleted(tenant_id, True, call.trail.leave)
        return pb.DeleteTenantResponse(tenant=self._tenant(row))

    async def UndeleteTenant(self, request: pb.UndeleteTenantRequest, call: Call) -> pb.UndeleteTenantResponse:
        row = await self._tenants.set_deleted(parse_tenant(request.name), False, call.trail.leave)
        return pb.UndeleteTenantResponse(tenant=self._tenant(row))

    async def CreateApiKey(self, request: pb.CreateApiKeyRequest, call: Call) -> pb.CreateApiKeyResponse:
        tenant_key, tenant_id = await self._scope(parse_tenant(request.parent, "parent", allow_own=True), call)
        wanted = request.api_key
        check_count("api_key.scopes", len(wanted.scopes), MAX_SCOPES, "scopes")
        scopes = sorted(set(wanted.scopes))
        if not scopes or any(scope not in pb.Scope.values() or scope == pb.SCOPE_UNSPECIFIED for scope in scopes):
            raise InvalidField(field="api_key.scopes", detail="give one or more of READ, WRITE, ADMIN, OPERATOR")
        if pb.SCOPE_OPERATOR in scopes and not call.principal.may(Scope.OPERATOR):
            raise ScopeMissing(scope="OPERATOR")
        grants = Grants.parse(wanted.graphs, "api_key.graphs")
        if grants.limited and pb.SCOPE_OPERATOR in scopes:
            raise InvalidField(field="api_key.graphs", detail="OPERATOR cannot be limited to graphs")
        check_display_name(wanted.display_name, "api_key.display_name")
        expire_time = optional_moment(wanted, "expire_time", "api_key.expire_time")
        secret = new_secret()
        row = await self._api_keys.create(
            tenant_key, tenant_id, secret, scopes, wanted.display_name, expire_time, grants.entries, call.trail.leave
        )
        key = ApiKey(tenant_key, row["key_id"], secret)
        return pb.CreateApiKeyResponse(api_key=self._api_key(tenant_id, row), secret=key.encoded())

    async def ListApiKeys(self, request: pb.ListApiKeysRequest, call: Call) -> pb.ListApiKeysResponse:
        tenant_key, tenant_id = await self._scope(parse_tenant(request.parent, "parent", allow_own=True), call)
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        after = self._tokens.decode(tenant_key, request, request.page_token, int)
        rows = await self._api_keys.page(tenant_key, -1 if after is None else after, size + 1)
        response = pb.ListApiKeysResponse(api_keys=[self._api_key(tenant_id, row) for row in rows[:size]])
        if len(rows) > size:
            last = str(rows[size - 1]["key_id"]).encode()
            response.next_page_token = self._tokens.encode(tenant_key, request, last)
        return response

    async def RotateApiKey(self, request: pb.RotateApiKeyRequest, call: Call) -> pb.RotateApiKeyResponse:
        tenant, key = parse_api_key(request.name, allow_own=True)
        overlap = overlap_of(request)
        expire_time = optional_moment(request, "expire_time", "expire_time")
        tenant_key, tenant_id = await self._scope(tenant, call)
        secret = new_secret()
        rows = None
        if (key_id := number_of(key)) is not None:
            may_operate = call.principal.may(Scope.OPERATOR)
            rows = await self._api_keys.rotate(
                tenant_key, tenant_id, key_id, secret, overlap, expire_time, may_operate, call.trail.leave
            )
        if rows is None:
            raise ApiKeyNotFound(resource=api_key_name(tenant, key))
        self._forget_key(tenant_key, rows[1]["key_id"])
        made, replaced = (self._api_key(tenant_id, row) for row in rows)
        encoded = ApiKey(tenant_key, rows[0]["key_id"], secret).encoded()
        return pb.RotateApiKeyResponse(api_key=made, secret=encoded, replaced=replaced)

    async def RevokeApiKey(self, request: pb.RevokeApiKeyRequest, call: Call) -> pb.RevokeApiKeyResponse:
        tenant, key = parse_api_key(request.name, allow_own=True)
        tenant_key, tenant_id = await self._scope(tenant, call)
        row = None
        if (key_id := number_of(key)) is not None:
            may_operate = call.principal.may(Scope.OPERATOR)
            row = await self._api_keys.revoke(
                tenant_key, tenant_id, key_id, may_operate, request.force, call.trail.leave
            )
        if row is None:
            raise ApiKeyNotFound(resource=api_key_name(tenant, key))
        self._forget_key(tenant_key, row["key_id"])
        return pb.RevokeApiKeyResponse(api_key=self._api_key(tenant_id, row))

    async def GetIdentity(
        self, request: identity_pb2.GetIdentityRequest, call: Call
    ) -> identity_pb2.GetIdentityResponse:
        tenant, number = parse_identity(request.name, allow_own=True)
        return await self._identities.get(*await self._scope(tenant, call), number)

    async def ListIdentities(
        self, request: identity_pb2.ListIdentitiesRequest, call: Call
    ) -> identity_pb2.ListIdentitiesResponse:
        tenant = parse_tenant(request.parent, "parent", allow_own=True)
        return await self._identities.page(request, *await self._scope(tenant, call))

    async def ListAuditEntries(
        self, request: audit_pb2.ListAuditEntriesRequest, call: Call
    ) -> audit_pb2.ListAuditEntriesResponse:
        return await self._audit.entries(request, call)

    async def ExportAuditEntries(
        self, request: audit_pb2.ExportAuditEntriesRequest, call: Call
    ) -> AsyncIterator[audit_pb2.ExportAuditEntriesResponse]:
        async with aclosing(self._audit.export(request, call)) as pages:
            async for page in pages:
                yield page

    async def VerifyAudit(self, request: audit_pb2.VerifyAuditRequest, call: Call) -> audit_pb2.VerifyAuditResponse:
        return await self._audit.verify(request, call)

    async def GetReembedding(self, request: pb.GetReembeddingRequest, call: Call) -> pb.GetReembeddingResponse:
        return await self._reembeddings.get(request, call)

    async def ListReembeddings(self, request: pb.ListReembeddingsRequest, call: Call) -> pb.ListReembeddingsResponse:
        tenant_key, _ = await self._scope(parse_tenant(request.parent, "parent", allow_own=True), call)
        return await self._reembeddings.page(request, tenant_key, call.principal.graphs)

    async def ReembedGraph(self, request: pb.ReembedGraphRequest, call: Call) -> pb.ReembedGraphResponse:
        return await self._reembeddings.begin(request, call)

    async def RotateKeys(self, request: keys_pb2.RotateKeysRequest, call: Call) -> keys_pb2.RotateKeysResponse:
        return await self._rotating.begin(request, call)

    async def GetKeyRotation(
        self, request: keys_pb2.GetKeyRotationRequest, call: Call
    ) -> keys_pb2.GetKeyRotationResponse:
        return await self._rotating.get(request, call)

    async def ListKeyRotations(
        self, request: keys_pb2.ListKeyRotationsRequest, call: Call
    ) -> keys_pb2.ListKeyRotationsResponse:
        tenant_key, _ = await self._scope(parse_tenant(request.parent, "parent", allow_own=True), call)
        return await self._rotating.page(request, tenant_key, call.principal.graphs)

    async def EraseTenant(self, request: erasure_pb2.EraseTenantRequest, call: Call) -> erasure_pb2.EraseTenantResponse:
        return await self._erasing.erase_tenant(request, call)

    async def GetErasure(self, request: erasure_pb2.GetErasureRequest, call: Call) -> erasure_pb2.GetErasureResponse:
        return await self._erasing.get(request, call)

    async def ListErasures(
        self, request: erasure_pb2.ListErasuresRequest, call: Call
    ) -> erasure_pb2.ListErasuresResponse:
        return await self._erasing.page(request, call)

    async def GetReceiptKey(
        self, request: erasure_pb2.GetReceiptKeyRequest, call: Call
    ) -> erasure_pb2.GetReceiptKeyResponse:
        return self._erasing.key()

    async def _scope(self, tenant_id: str, call: Call) -> tuple[int, str]:
        """The tenant that is meant. That of another one takes an operator, and is not said to exist else."""
        own = call.principal
        if tenant_id in (OWN, own.tenant_id):
            return own.tenant_key, own.tenant_id
        own.require(Scope.OPERATOR)
        row = await self._tenants.find_live(tenant_id)
        return row["tenant_key"], row["tenant_id"]

    def _tenant(self, row: Row) -> pb.Tenant:
        tenant = pb.Tenant(name=tenant_name(row["tenant_id"]), display_name=self._tenants.display_name(row))
        write_timestamp(tenant.create_time, row["create_time"])
        if row["delete_time"] is not None:
            write_timestamp(tenant.delete_time, row["delete_time"])
        quota = quota_of(row)
        if quota != Quota():
            tenant.quota.CopyFrom(quotas.write(quota))
        return tenant

    def _api_key(self, tenant_id: str, row: Row) -> pb.ApiKey:
        key = pb.ApiKey(
            name=api_key_name(tenant_id, str(row["key_id"])),
            display_name=self._api_keys.display_name(row),
            scopes=row["scopes"],
            graphs=row["graphs"],
        )
        write_timestamp(key.create_time, row["create_time"])
        for name in ("expire_time", "revoke_time", "last_use_time"):
            if row[name] is not None:
                write_timestamp(getattr(key, name), row[name])
        return key


def number_of(key: str) -> int | None:
    """The number that the id of an API key is; None: it cannot be one."""
    return int(key) if key.isascii() and key.isdigit() and len(key) <= 19 and int(key) < 1 << 63 else None


def optional_moment(message: Message, name: str, field: str) -> datetime | None:
    """A time that may be given. Raises InvalidField."""
    if not message.HasField(name):
        return None
    check_timestamp(getattr(message, name), field)
    return moment(getattr(message, name))


def overlap_of(request: pb.RotateApiKeyRequest) -> timedelta:
    """Raises InvalidField, LimitExceeded."""
    if not request.HasField("overlap"):
        return DEFAULT_OVERLAP
    seconds, nanos = request.overlap.seconds, request.overlap.nanos
    if seconds < 0 or not 0 <= nanos < 1_000_000_000:
        raise InvalidField(field="overlap", detail="it must be a span of time that is not negative")
    if seconds > MAX_OVERLAP_SECONDS or (seconds == MAX_OVERLAP_SECONDS and nanos):
        raise LimitExceeded(field="overlap", actual=seconds, limit=MAX_OVERLAP_SECONDS, unit="seconds")
    return timedelta(seconds=seconds, microseconds=nanos // 1000)
