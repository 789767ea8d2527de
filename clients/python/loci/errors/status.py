"""Turns a gRPC error, or a google.rpc.Status inside an answer, into the error of the tree that fits best."""

from typing import Any

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

from loci.v1 import bulk_service_pb2

from . import reasons
from .families import FieldViolation, ItemFailure, LociError

DOMAIN = "loci.dev"
DETAILS_KEY = "grpc-status-details-bin"

_CODES: dict[int, str] = {code.value[0]: code.name for code in grpc.StatusCode}
_FAMILIES = {family.family_code: family for family in LociError.__subclasses__()}
_REASONS: dict[str, type[LociError]] = {
    error.family_reason: error
    for error in vars(reasons).values()
    if isinstance(error, type) and issubclass(error, LociError) and error.family_reason
}
_DETAIL_TYPES: dict[str, Any] = {
    message.DESCRIPTOR.full_name: message
    for message in (
        error_details_pb2.BadRequest,
        error_details_pb2.DebugInfo,
        error_details_pb2.ErrorInfo,
        error_details_pb2.Help,
        error_details_pb2.LocalizedMessage,
        error_details_pb2.PreconditionFailure,
        error_details_pb2.QuotaFailure,
        error_details_pb2.RequestInfo,
        error_details_pb2.ResourceInfo,
        error_details_pb2.RetryInfo,
        bulk_service_pb2.ItemError,
    )
}


def from_rpc(error: grpc.RpcError) -> LociError:
    """The typed error for a gRPC error, of either flavour of client. Raise it `from error`."""
    name: str = error.code().name
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY:
            try:
                status = status_pb2.Status.FromString(value)
            except DecodeError:
                break
            if _CODES.get(status.code) == name:
                return from_status(status)
    return _FAMILIES.get(name, LociError)(error.details() or "", code=name, reason="")


def from_status(status: Any) -> LociError:
    """The typed error for a google.rpc.Status, such as those of BatchSearchResult and ItemError."""
    code = _CODES.get(status.code, "UNKNOWN")
    family = _FAMILIES.get(code, LociError)
    details = _decoded(status)
    fields: dict[str, Any] = {"code": code, "reason": "", "details": details}
    violations: list[FieldViolation] = []
    chosen = family
    for detail in details:
        match detail:
            case error_details_pb2.ErrorInfo() if detail.domain == DOMAIN:
                fields["reason"] = detail.reason
                fields["metadata"] = dict(detail.metadata)
                known = _REASONS.get(detail.reason, family)
                chosen = known if issubclass(known, family) else family
            case error_details_pb2.BadRequest():
                violations += [FieldViolation(v.field, v.description) for v in detail.field_violations]
            case error_details_pb2.PreconditionFailure():
                violations += [FieldViolation(v.subject, v.description) for v in detail.violations]
            case error_details_pb2.ResourceInfo():
                fields["resource"] = detail.resource_name
            case error_details_pb2.RetryInfo():
                fields["retry_after"] = detail.retry_delay.ToNanoseconds() / 1e9
    error = chosen(status.message, violations=violations, **fields)
    if isinstance(error, reasons.BadItems):
        told = (detail for detail in details if isinstance(detail, bulk_service_pb2.ItemError))
        error.items = tuple(ItemFailure(each.index, from_status(each.status)) for each in told)
    return error


def _decoded(status: Any) -> list[object]:
    found: list[object] = []
    for packed in status.details:
        message_type = _DETAIL_TYPES.get(packed.type_url.rpartition("/")[2])
        if message_type is not None:
            try:
                found.append(message_type.FromString(packed.value))
            except DecodeError:
                continue
    return found
