"""What is named is not there, or is there already."""

from loci.v1.errors_pb2 import ErrorReason

from .tree import LociError


class NotFound(LociError):
    """There is no {resource}."""

    code = "NOT_FOUND"
    reason = ErrorReason.ERROR_REASON_GRAPH_NOT_FOUND
    advice = "Check the name. What belongs to another tenant is not found either."


class GraphNotFound(NotFound):
    """There is no {resource}."""


class NodeNotFound(NotFound):
    """There is no {resource}."""

    reason = ErrorReason.ERROR_REASON_NODE_NOT_FOUND


class NamedNodeNotFound(NodeNotFound):
    """{field}: there is no {resource}."""


class QueryNotFound(NotFound):
    """{field}: there is no {resource}."""

    reason = ErrorReason.ERROR_REASON_QUERY_NOT_FOUND
    advice = "Give the query_id of an answer of this graph, while its query history keeps it; or name a node alone."


class ErasureNotFound(NotFound):
    """There is no {resource}."""

    reason = ErrorReason.ERROR_REASON_ERASURE_NOT_FOUND


class EdgeNotFound(NotFound):
    """There is no {resource}."""

    reason = ErrorReason.ERROR_REASON_EDGE_NOT_FOUND


class TenantNotFound(NotFound):
    """There is no {resource}."""

    reason = ErrorReason.ERROR_REASON_TENANT_NOT_FOUND


class TenantErased(TenantNotFound):
    """{resource} is being erased, and there is no way back."""

    advice = "ListErasures tells how far it is."


class IdentityNotFound(NotFound):
    """{resource} does not exist."""

    reason = ErrorReason.ERROR_REASON_IDENTITY_NOT_FOUND


class ApiKeyNotFound(NotFound):
    """There is no {resource}."""

    reason = ErrorReason.ERROR_REASON_API_KEY_NOT_FOUND


class ImportNotFound(NotFound):
    """There is no import with this id in {resource}."""

    reason = ErrorReason.ERROR_REASON_IMPORT_NOT_FOUND
    advice = "Imports are kept for seven days after their last chunk. Begin again."


class ContentErased(NotFound):
    """What is asked for in {resource} was hard-deleted."""

    reason = ErrorReason.ERROR_REASON_CONTENT_ERASED
    advice = "It cannot be brought back. That it was there, and when, is in the revisions."


class MethodNotFound(LociError):
    """There is no method {method}."""

    code = "UNIMPLEMENTED"
    reason = ErrorReason.ERROR_REASON_METHOD_NOT_FOUND
    advice = "The client is newer than the server, or the address is that of another service."


class AlreadyExists(LociError):
    """There is already a {resource}."""

    code = "ALREADY_EXISTS"
    reason = ErrorReason.ERROR_REASON_GRAPH_EXISTS
    advice = "Update it, use another id, or ignore the error if it is the one you meant to write."


class GraphExists(AlreadyExists):
    """There is already a {resource}."""

    advice = "Use it, undelete it if it was deleted, or use another id."


class GraphBeingErased(GraphExists):
    """{resource} is being erased; a new one may have its id as soon as the rows are gone."""

    advice = "Repeat the call when the erasure is over (ListErasures), or use another id."


class NodeExists(AlreadyExists):
    """There is already a {resource}."""

    reason = ErrorReason.ERROR_REASON_NODE_EXISTS


class EdgeExists(AlreadyExists):
    """There is already a {resource}."""

    reason = ErrorReason.ERROR_REASON_EDGE_EXISTS


class TenantExists(AlreadyExists):
    """There is already a {resource}."""

    reason = ErrorReason.ERROR_REASON_TENANT_EXISTS


class TenantBeingErased(TenantExists):
    """{resource} is being erased; a new one may have its id when that is over."""

    advice = "Repeat the call when the erasure is over (ListErasures), or use another id."
