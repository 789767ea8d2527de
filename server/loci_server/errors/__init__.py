"""Every error the service answers with, as one tree.

A class carries a gRPC code, a reason of `loci.v1.ErrorReason` and, as its docstring, its message; `{name}` in it is
filled from the keyword arguments, which also become the metadata of google.rpc.ErrorInfo. A message names fields,
limits and resources, never content. `loci_server.rpc.errors` is the one place that turns these into google.rpc.Status.

    LociError
    ├── InvalidArgument       the request cannot be understood
    ├── Unauthenticated       who is calling
    ├── PermissionDenied
    ├── NotFound              what is there
    ├── AlreadyExists
    ├── FailedPrecondition    the state does not allow it
    ├── Aborted
    ├── OutOfRange
    ├── ResourceExhausted     not now
    ├── Unavailable
    ├── DeadlineExceeded
    ├── DataLoss
    └── Internal              a defect
"""

from .caller import (
    CredentialExpired,
    CredentialInvalid,
    CredentialMissing,
    GraphNotGranted,
    NewGraphNotGranted,
    PermissionDenied,
    ScopeMissing,
    TenantNotGranted,
    Unauthenticated,
)
from .catalogue import all_errors
from .request import (
    BadItems,
    DimensionMismatch,
    ImportOptionsChanged,
    InvalidArgument,
    InvalidDate,
    InvalidField,
    InvalidFieldMask,
    InvalidName,
    InvalidPageToken,
    InvalidResumeToken,
    InvalidVector,
    LimitExceeded,
    RequestIdReused,
    SelfEdge,
    UndecodableMessage,
    UnfitDate,
)
from .resource import (
    AlreadyExists,
    ApiKeyNotFound,
    ContentErased,
    EdgeExists,
    EdgeNotFound,
    GraphExists,
    GraphNotFound,
    ImportNotFound,
    MethodNotFound,
    NamedNodeNotFound,
    NodeExists,
    NodeNotFound,
    NotFound,
    QueryNotFound,
    TenantExists,
    TenantNotFound,
)
from .service import (
    Cancelled,
    ContentUnreadable,
    DatabaseUnavailable,
    DataLoss,
    DeadlineExceeded,
    Draining,
    EmbedderUnavailable,
    Internal,
    KeyServiceUnavailable,
    ResourceExhausted,
    SearchArmUnavailable,
    TextRefused,
    TooManyAwaited,
    TooManyRequests,
    TooManyScans,
    Unavailable,
    WatchTooSlow,
)
from .state import (
    Aborted,
    ApiKeyEnded,
    EndpointMissing,
    EtagMismatch,
    FailedPrecondition,
    GraphNotDeleted,
    ImportOutOfSequence,
    KeysRotatedElsewhere,
    OutOfRange,
    PreconditionFailed,
    RevisionCompacted,
    RevisionInFuture,
    SemanticSearchUnavailable,
    SupersessionCycle,
    WriteContention,
)
from .tree import (
    FieldViolation,
    LociError,
)

__all__ = [
    "Aborted",
    "AlreadyExists",
    "ApiKeyEnded",
    "ApiKeyNotFound",
    "BadItems",
    "Cancelled",
    "ContentErased",
    "ContentUnreadable",
    "CredentialExpired",
    "CredentialInvalid",
    "CredentialMissing",
    "DataLoss",
    "DatabaseUnavailable",
    "DeadlineExceeded",
    "DimensionMismatch",
    "Draining",
    "EdgeExists",
    "EdgeNotFound",
    "EmbedderUnavailable",
    "EndpointMissing",
    "EtagMismatch",
    "FailedPrecondition",
    "FieldViolation",
    "GraphExists",
    "GraphNotDeleted",
    "GraphNotFound",
    "GraphNotGranted",
    "ImportNotFound",
    "ImportOptionsChanged",
    "ImportOutOfSequence",
    "Internal",
    "InvalidArgument",
    "InvalidDate",
    "InvalidField",
    "InvalidFieldMask",
    "InvalidName",
    "InvalidPageToken",
    "InvalidResumeToken",
    "InvalidVector",
    "KeyServiceUnavailable",
    "KeysRotatedElsewhere",
    "LimitExceeded",
    "LociError",
    "MethodNotFound",
    "NamedNodeNotFound",
    "NewGraphNotGranted",
    "NodeExists",
    "NodeNotFound",
    "NotFound",
    "OutOfRange",
    "PermissionDenied",
    "PreconditionFailed",
    "QueryNotFound",
    "RequestIdReused",
    "ResourceExhausted",
    "RevisionCompacted",
    "RevisionInFuture",
    "ScopeMissing",
    "SearchArmUnavailable",
    "SelfEdge",
    "SemanticSearchUnavailable",
    "SupersessionCycle",
    "TenantExists",
    "TenantNotFound",
    "TenantNotGranted",
    "TextRefused",
    "TooManyAwaited",
    "TooManyRequests",
    "TooManyScans",
    "Unauthenticated",
    "Unavailable",
    "UndecodableMessage",
    "UnfitDate",
    "WatchTooSlow",
    "WriteContention",
    "all_errors",
]
