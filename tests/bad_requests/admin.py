"""Tenants, API keys and the audit."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from typing import Any

from loci.v1 import admin_service_pb2 as admin
from loci.v1 import audit_pb2 as audit
from tests.bad_requests.case import BAD_NANOS, CANARY, INVALID, TOO_LATE, Bad

OWN = "tenants/-"


def listed(field: str, reason: str = "INVALID_FIELD", **filter: Any) -> Bad:
    request = audit.ListAuditEntriesRequest(parent=OWN, filter=filter)
    return Bad("AdminService/ListAuditEntries", request, INVALID, reason, field)


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
        Bad("AdminService/UpdateTenant", admin.UpdateTenantRequest(tenant=tenant, **more), code, reason, field)
        for tenant, more, code, reason, field in (
            ({"name": "tenants/none"}, {}, "NOT_FOUND", "TENANT_NOT_FOUND", ""),
            ({"name": CANARY}, {}, INVALID, "INVALID_NAME", "tenant.name"),
            ({"name": "tenants/-"}, {}, INVALID, "INVALID_NAME", "tenant.name"),
            (
                {"name": "tenants/default", "quota": {"max_nodes": -1}},
                {},
                INVALID,
                "INVALID_FIELD",
                "tenant.quota.max_nodes",
            ),
            (
                {"name": "tenants/default", "quota": {"max_bytes": 10**15 + 1}},
                {},
                INVALID,
                "LIMIT_EXCEEDED",
                "tenant.quota.max_bytes",
            ),
            ({"name": "tenants/default", "display_name": "\0"}, {}, INVALID, "INVALID_FIELD", "tenant.display_name"),
            *(
                (
                    {"name": "tenants/default"},
                    {"update_mask": {"paths": [path]}},
                    INVALID,
                    "INVALID_FIELD_MASK",
                    "update_mask",
                )
                for path in ("name", "quota.", "quota.nothing", "quota.max_nodes.x", "")
            ),
        )
    ),
    Bad("AdminService/GetTenantUsage", admin.GetTenantUsageRequest(), INVALID, "INVALID_NAME", "name"),
    Bad(
        "AdminService/GetTenantUsage",
        admin.GetTenantUsageRequest(name="tenants/none"),
        "NOT_FOUND",
        "TENANT_NOT_FOUND",
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
    *(
        Bad(
            "AdminService/CreateApiKey",
            admin.CreateApiKeyRequest(parent=OWN, api_key={"scopes": [1], "graphs": ["graphs/g", name]}),
            INVALID,
            "INVALID_NAME",
            "api_key.graphs",
        )
        for name in ("", CANARY, "graphs/", "graphs/-", "graphs/g/nodes/a", "graphs/\0*", "graphs/" + "x" * 129 + "*")
    ),
    Bad(
        "AdminService/CreateApiKey",
        admin.CreateApiKeyRequest(parent=OWN, api_key={"scopes": [1, 4], "graphs": ["graphs/g"]}),
        INVALID,
        "INVALID_FIELD",
        "api_key.graphs",
    ),
    *(
        Bad(
            "AdminService/RotateApiKey",
            admin.RotateApiKeyRequest(name=f"{OWN}/apiKeys/1", **fields),
            INVALID,
            reason,
            field,
        )
        for fields, reason, field in (
            ({"overlap": {"seconds": -1}}, "INVALID_FIELD", "overlap"),
            ({"overlap": {"nanos": -1}}, "INVALID_FIELD", "overlap"),
            ({"overlap": {"nanos": 10**9}}, "INVALID_FIELD", "overlap"),
            ({"overlap": {"seconds": 30 * 86_400 + 1}}, "LIMIT_EXCEEDED", "overlap"),
            ({"expire_time": TOO_LATE}, "INVALID_FIELD", "expire_time"),
        )
    ),
    *(
        Bad("AdminService/RotateApiKey", admin.RotateApiKeyRequest(name=name), code, reason, field)
        for name, code, reason, field in (
            (f"{OWN}/apiKeys/1", "NOT_FOUND", "API_KEY_NOT_FOUND", ""),
            (f"{OWN}/apiKeys/x", "NOT_FOUND", "API_KEY_NOT_FOUND", ""),
            (f"{OWN}/apiKeys/", INVALID, "INVALID_NAME", "name"),
            ("tenants/none/apiKeys/1", "NOT_FOUND", "TENANT_NOT_FOUND", ""),
        )
    ),
    Bad(
        "AdminService/ListAuditEntries",
        audit.ListAuditEntriesRequest(parent=OWN, order=99),
        INVALID,
        "INVALID_FIELD",
        "order",
    ),
    listed("filter.outcome", outcome=99),
    listed("filter.start_time", start_time=TOO_LATE),
    listed("filter.end_time", end_time=BAD_NANOS[0]),
    listed("filter.method", method="a\0b"),
    *(
        listed("filter.api_key", "INVALID_NAME", api_key=name)
        for name in (
            *(CANARY, "tenants/-", f"tenants/-/apiKeys/{CANARY}", "tenants/-/apiKeys/" + "9" * 20),
            *(f"tenants/-/identities/{CANARY}", "tenants/-/identities/0", "tenants/-/identities/" + "9" * 19),
        )
    ),
    *(
        listed("filter.resource", "INVALID_NAME", resource=name)
        for name in (CANARY, "graphs/", "graphs/g/things/a", "graphs/g/nodes/\0", "tenants/T", "tenants/-/apiKeys/")
    ),
    Bad(
        "AdminService/ExportAuditEntries",
        audit.ExportAuditEntriesRequest(parent=OWN, first_sequence=-1),
        INVALID,
        "INVALID_FIELD",
        "first_sequence",
    ),
    *(
        Bad("AdminService/VerifyAudit", audit.VerifyAuditRequest(parent=OWN, anchor=anchor), INVALID, reason, field)
        for anchor, reason, field in (
            ({"sequence": -1, "mac": b"m" * 32}, "INVALID_FIELD", "anchor.sequence"),
            ({"sequence": 1, "mac": b"m" * 31}, "INVALID_FIELD", "anchor.mac"),
        )
    ),
    *(
        Bad(f"AdminService/{method}", request(parent="tenants/none"), "NOT_FOUND", "TENANT_NOT_FOUND")
        for method, request in (
            ("ListAuditEntries", audit.ListAuditEntriesRequest),
            ("ExportAuditEntries", audit.ExportAuditEntriesRequest),
            ("VerifyAudit", audit.VerifyAuditRequest),
        )
    ),
]
