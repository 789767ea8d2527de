# Generated from loci/_async/admin.py by `python -m tools.unasync`: change that file, not this one.
"""Tenants and API keys. Tenants need a key with the scope OPERATOR; API keys need ADMIN."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, TypedDict, Unpack

from google.protobuf.field_mask_pb2 import FieldMask

from loci import values
from loci.names import OWN_TENANT, api_key_name, graph_name, tenant_name
from loci.v1 import admin_service_pb2 as service
from loci.v1.admin_service_pb2 import ApiKey, Scope, Tenant

from .transport import Calls

ScopeWord: TypeAlias = Literal["read", "write", "admin", "operator"]
"""Each but operator includes the one before it."""


class QuotaFields(TypedDict, total=False):
    """What a tenant may do and have. 0: no limit; None: as the server is set up."""

    requests_per_second: int | None
    request_burst: int | None
    max_graphs: int | None
    max_nodes: int | None
    max_bytes: int | None


class Admin(Calls):
    """AdminService. `tenant` is an id or a name; by default it is the caller's own."""

    def create_tenant(self, tenant: str, *, display_name: str = "", timeout: float | None = None) -> Tenant:
        """Makes a tenant. Raises TenantExists."""
        request = values.made(
            service.CreateTenantRequest,
            tenant_id=tenant.removeprefix("tenants/"),
            tenant=Tenant(display_name=display_name),
        )
        response = self._transport.unary("AdminService/CreateTenant", request, service.CreateTenantResponse, timeout)
        return response.tenant

    def get_tenant(self, tenant: str, *, timeout: float | None = None) -> Tenant:
        """One tenant. Raises TenantNotFound."""
        request = values.made(service.GetTenantRequest, name=tenant_name(tenant))
        response = self._transport.unary("AdminService/GetTenant", request, service.GetTenantResponse, timeout)
        return response.tenant

    def list_tenants(
        self, *, show_deleted: bool = False, page_size: int = 0, timeout: float | None = None
    ) -> Iterator[Tenant]:
        """All tenants; `timeout` is for each page."""
        request = values.made(service.ListTenantsRequest, show_deleted=show_deleted, page_size=page_size)
        for page in self._transport.pages("AdminService/ListTenants", request, service.ListTenantsResponse, timeout):
            for tenant in page.tenants:
                yield tenant

    def update_tenant(
        self,
        tenant: str,
        *,
        display_name: str | None = None,
        timeout: float | None = None,
        **quota: Unpack[QuotaFields],
    ) -> Tenant:
        """Changes what is given. Of a quota 0 is no limit, and None what the server is set up with; a change holds
        everywhere within ten seconds. Raises TenantNotFound."""
        paths = [f"quota.{name}" for name in quota]
        if display_name is not None:
            paths.append("display_name")
        set_limits = {name: value for name, value in quota.items() if value is not None}
        changed = Tenant(name=tenant_name(tenant), display_name=values.text(display_name or "", "display_name"))
        changed.quota.CopyFrom(values.made(service.Quota, **set_limits))
        request = values.made(service.UpdateTenantRequest, tenant=changed, update_mask=FieldMask(paths=paths))
        response = self._transport.unary("AdminService/UpdateTenant", request, service.UpdateTenantResponse, timeout)
        return response.tenant

    def get_tenant_usage(self, tenant: str = OWN_TENANT, *, timeout: float | None = None) -> service.TenantUsage:
        """What a tenant has, and the quota that holds for it."""
        request = values.made(service.GetTenantUsageRequest, name=tenant_name(tenant))
        response = self._transport.unary(
            "AdminService/GetTenantUsage", request, service.GetTenantUsageResponse, timeout
        )
        return response.usage

    def delete_tenant(self, tenant: str, *, timeout: float | None = None) -> Tenant:
        """Refuses its keys from now on; nothing is removed."""
        request = values.made(service.DeleteTenantRequest, name=tenant_name(tenant))
        response = self._transport.unary("AdminService/DeleteTenant", request, service.DeleteTenantResponse, timeout)
        return response.tenant

    def undelete_tenant(self, tenant: str, *, timeout: float | None = None) -> Tenant:
        """Brings a deleted tenant back."""
        request = values.made(service.UndeleteTenantRequest, name=tenant_name(tenant))
        response = self._transport.unary(
            "AdminService/UndeleteTenant", request, service.UndeleteTenantResponse, timeout
        )
        return response.tenant

    def create_api_key(
        self,
        scopes: Iterable[ScopeWord],
        *,
        graphs: Iterable[str] = (),
        tenant: str = OWN_TENANT,
        display_name: str = "",
        expire_time: datetime | None = None,
        timeout: float | None = None,
    ) -> service.CreateApiKeyResponse:
        """Makes an API key; its `secret` is in this answer only. Without `expire_time` it does not expire.

        `graphs` limits it to these, by id or name; `team-*` are all whose id begins so. Calls beyond raise
        GraphNotGranted, whether there is such a graph or not.

        There is no request_id: if the answer is lost, revoke the key that nobody knows and make another.
        """
        api_key = ApiKey(
            display_name=display_name,
            scopes=[values.enum_value(Scope, "SCOPE_", scope, "scopes") for scope in scopes],
            expire_time=values.optional_timestamp(expire_time, "expire_time"),
            graphs=[graph_name(graph) for graph in values.listed(graphs, "graphs")],
        )
        request = values.made(service.CreateApiKeyRequest, parent=tenant_name(tenant), api_key=api_key)
        return self._transport.unary("AdminService/CreateApiKey", request, service.CreateApiKeyResponse, timeout)

    def list_api_keys(
        self, tenant: str = OWN_TENANT, *, page_size: int = 0, timeout: float | None = None
    ) -> Iterator[ApiKey]:
        """The API keys of a tenant, without their secrets; `timeout` is for each page."""
        request = values.made(service.ListApiKeysRequest, parent=tenant_name(tenant), page_size=page_size)
        for page in self._transport.pages("AdminService/ListApiKeys", request, service.ListApiKeysResponse, timeout):
            for api_key in page.api_keys:
                yield api_key

    def rotate_api_key(
        self,
        api_key: str,
        *,
        overlap: timedelta | None = None,
        tenant: str = OWN_TENANT,
        expire_time: datetime | None = None,
        timeout: float | None = None,
    ) -> service.RotateApiKeyResponse:
        """Makes a key that may do the same as `api_key`, which ends after `overlap`: 24 hours by default, 30 days at
        most. The new `secret` is in this answer only; `replaced` is the key before. `expire_time` is that of the new
        key; by default it lasts as long as the one before did. Raises ApiKeyNotFound, ApiKeyEnded.

        There is no request_id: if the answer is lost, revoke the key that nobody knows and rotate again.
        """
        request = values.made(
            service.RotateApiKeyRequest,
            name=api_key_name(tenant, api_key),
            overlap=values.optional_duration(overlap, "overlap"),
            expire_time=values.optional_timestamp(expire_time, "expire_time"),
        )
        return self._transport.unary("AdminService/RotateApiKey", request, service.RotateApiKeyResponse, timeout)

    def revoke_api_key(
        self, api_key: str, *, force: bool = False, tenant: str = OWN_TENANT, timeout: float | None = None
    ) -> ApiKey:
        """Refuses a key, everywhere within ten seconds. Raises ApiKeyNotFound, and without `force` FailedPrecondition
        for the last valid key of its tenant that may operate."""
        request = values.made(service.RevokeApiKeyRequest, name=api_key_name(tenant, api_key), force=force)
        response = self._transport.unary("AdminService/RevokeApiKey", request, service.RevokeApiKeyResponse, timeout)
        return response.api_key
