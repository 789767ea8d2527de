"""Which scope each method asks for. A method that is not in the table cannot be registered."""

from collections.abc import Mapping
from typing import Final

from loci_server.identity.principal import Scope

Scopes = frozenset[Scope]
"""Any one of them is enough. None at all: the method asks for no credential."""

PUBLIC: Final[Scopes] = frozenset()
READ: Final[Scopes] = frozenset({Scope.READ})
WRITE: Final[Scopes] = frozenset({Scope.WRITE})
ADMIN: Final[Scopes] = frozenset({Scope.ADMIN})
"""Also for what callers of a tenant said to the service itself: what they asked, and how they judged the answers."""
OPERATOR: Final[Scopes] = frozenset({Scope.OPERATOR})
KEYS: Final[Scopes] = frozenset({Scope.ADMIN, Scope.OPERATOR})
"""Of its own tenant an ADMIN, of another one an OPERATOR: the service decides by the name in the request."""
ANY: Final[Scopes] = frozenset(Scope)

_TABLE: Final[Mapping[str, Mapping[str, Scopes]]] = {
    "loci.v1.GraphService": {
        "CreateGraph": WRITE,
        "GetGraph": READ,
        "ListGraphs": READ,
        "UpdateGraph": WRITE,
        "DeleteGraph": WRITE,
        "UndeleteGraph": WRITE,
        "GetGraphStats": READ,
        "EraseGraph": ADMIN,
    },
    "loci.v1.NodeService": {
        "CreateNode": WRITE,
        "GetNode": READ,
        "BatchGetNodes": READ,
        "ListNodes": READ,
        "UpdateNode": WRITE,
        "DeleteNode": WRITE,
        "RenameNode": WRITE,
        "ListNodeRevisions": READ,
        "RestoreNode": WRITE,
    },
    "loci.v1.EdgeService": {
        "CreateEdge": WRITE,
        "GetEdge": READ,
        "BatchGetEdges": READ,
        "ListEdges": READ,
        "UpdateEdge": WRITE,
        "DeleteEdge": WRITE,
        "ListEdgeRevisions": READ,
        "RestoreEdge": WRITE,
    },
    "loci.v1.CommitService": {"Commit": WRITE},
    "loci.v1.TraversalService": {"GetNeighbors": READ, "Traverse": READ, "FindPaths": READ, "GetContext": READ},
    "loci.v1.SearchService": {"Search": READ, "BatchSearch": READ},
    "loci.v1.MemoryService": {
        "Remember": WRITE,
        "Forget": WRITE,
        "StartSession": WRITE,
        "AppendTurns": WRITE,
        "ListSessions": READ,
        "GetTranscript": READ,
        "Recall": READ,
        "BatchGetSalience": READ,
        "BoostMemory": WRITE,
        "Recalculate": WRITE,
        "GetRecalculation": READ,
        "ListQueries": ADMIN,
        "GiveFeedback": WRITE,
        "ListFeedback": ADMIN,
        "SummarizeFeedback": READ,
    },
    "loci.v1.BulkService": {"Import": WRITE, "ImportChunk": WRITE, "GetImport": READ, "Export": READ},
    "loci.v1.WatchService": {"Watch": READ},
    "loci.v1.AdminService": {
        "CreateTenant": OPERATOR,
        "GetTenant": OPERATOR,
        "ListTenants": OPERATOR,
        "UpdateTenant": OPERATOR,
        "GetTenantUsage": KEYS,
        "DeleteTenant": OPERATOR,
        "UndeleteTenant": OPERATOR,
        "CreateApiKey": KEYS,
        "ListApiKeys": KEYS,
        "RotateApiKey": KEYS,
        "RevokeApiKey": KEYS,
        "GetIdentity": KEYS,
        "ListIdentities": KEYS,
        "ListAuditEntries": KEYS,
        "ExportAuditEntries": KEYS,
        "VerifyAudit": KEYS,
        "GetReembedding": ADMIN,
        "ListReembeddings": KEYS,
        "ReembedGraph": ADMIN,
        "RotateKeys": KEYS,
        "GetKeyRotation": KEYS,
        "ListKeyRotations": KEYS,
        "EraseTenant": OPERATOR,
        "GetErasure": KEYS,
        "ListErasures": KEYS,
        "GetReceiptKey": ANY,
    },
    "grpc.health.v1.Health": {"Check": PUBLIC, "List": PUBLIC, "Watch": PUBLIC},
    "grpc.reflection.v1alpha.ServerReflection": {"ServerReflectionInfo": PUBLIC},
}

REQUIRED: Final[Mapping[str, Scopes]] = {
    f"{service}.{method}": scopes for service, methods in _TABLE.items() for method, scopes in methods.items()
}
"""By the full name of the method, as its descriptor has it: `loci.v1.NodeService.GetNode`."""


def required(method: str) -> Scopes:
    """Raises LookupError for a method that is not in the table: a mistake of ours, found at start."""
    try:
        return REQUIRED[method]
    except KeyError:
        raise LookupError(f"{method} has no scope in {__name__}") from None
