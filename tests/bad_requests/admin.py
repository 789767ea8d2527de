"""Tenants and API keys."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from loci.v1 import admin_service_pb2 as admin
from tests.bad_requests.case import BAD_NANOS, CANARY, INVALID, TOO_LATE, Bad

ADMIN = [
    Bad(
        "AdminService/CreateTenant",
        admin.CreateTenantRequest(tenant_id="new", tenant={"name": "tenants/other"}),
        INVALID,
        "INVALID_FIELD",
        "tenant_id",
    ),
    Bad(
        "AdminService/CreateTenant",
        admin.CreateTenantRequest(tenant_id="new", tenant={"display_name": f"{CANARY}\0"}),
        INVALID,
        "INVALID_FIELD",
        "tenant.display_name",
    ),
    *(
        Bad(
            "AdminService/CreateApiKey",
            admin.CreateApiKeyRequest(parent="tenants/-", api_key=key),
            INVALID,
            "INVALID_FIELD",
            field,
        )
        for key, field in (
            (admin.ApiKey(), "api_key.scopes"),
            (admin.ApiKey(scopes=[0]), "api_key.scopes"),
            (admin.ApiKey(scopes=[1, 99]), "api_key.scopes"),
            (admin.ApiKey(scopes=[1], display_name="\0"), "api_key.display_name"),
            (admin.ApiKey(scopes=[1], expire_time=TOO_LATE), "api_key.expire_time"),
            (admin.ApiKey(scopes=[1], expire_time=BAD_NANOS[1]), "api_key.expire_time"),
        )
    ),
]
