"""Every error a call can end with, as one tree: catch a reason, a family or all.

    LociError
    ├── InvalidArgument
    │   ├── UndecodableMessage, InvalidField, InvalidName, InvalidFieldMask, InvalidPageToken, InvalidDate
    │   ├── InvalidVector, DimensionMismatch, LimitExceeded, SelfEdge
    │   └── RequestIdReused, ImportOptionsChanged, BadItems, InvalidResumeToken
    ├── Unauthenticated
    │   └── CredentialMissing, CredentialInvalid, CredentialExpired
    ├── PermissionDenied
    │   └── ScopeMissing, GraphNotGranted, IdentityUnknown
    ├── NotFound
    │   └── GraphNotFound, NodeNotFound, EdgeNotFound, TenantNotFound, ApiKeyNotFound, ImportNotFound,
    │       ContentErased, QueryNotFound, ErasureNotFound, IdentityNotFound
    ├── Unimplemented
    │   └── MethodNotFound
    ├── AlreadyExists
    │   └── GraphExists, NodeExists, EdgeExists, TenantExists
    ├── FailedPrecondition
    │   └── PreconditionFailed, EndpointMissing, GraphNotDeleted, ImportOutOfSequence, SemanticSearchUnavailable,
    │       SupersessionCycle, ApiKeyEnded
    ├── Aborted
    │   └── EtagMismatch, WriteContention
    ├── OutOfRange
    │   └── RevisionInFuture, RevisionCompacted
    ├── ResourceExhausted
    │   └── TooManyRequests, WatchTooSlow, TooManyFailedCredentials, RateLimited, QuotaExceeded, TooManyIdentities
    ├── Unavailable
    │   └── Draining, DatabaseUnavailable, EmbedderUnavailable, KeyServiceUnavailable,
    │       SearchArmUnavailable, IssuerUnavailable
    ├── DeadlineExceeded
    ├── Cancelled
    ├── DataLoss
    │   └── ContentUnreadable (KeyDestroyed), WatchGap
    └── Internal

A family stands for a gRPC code, a leaf for a reason of `loci.v1.ErrorReason`. A server that is newer than this client
may give a reason that is not here: its family is raised then, with that `reason`. The gRPC error is the `__cause__`.
"""

from .families import (
    Aborted,
    AlreadyExists,
    Cancelled,
    DataLoss,
    DeadlineExceeded,
    FailedPrecondition,
    FieldViolation,
    Internal,
    InvalidArgument,
    ItemFailure,
    LociError,
    NotFound,
    OutOfRange,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
    Unimplemented,
    WatchGap,
)
from .reasons import (
    ApiKeyEnded,
    ApiKeyNotFound,
    BadItems,
    ContentErased,
    ContentUnreadable,
    CredentialExpired,
    CredentialInvalid,
    CredentialMissing,
    DatabaseUnavailable,
    DimensionMismatch,
    Draining,
    EdgeExists,
    EdgeNotFound,
    EmbedderUnavailable,
    EndpointMissing,
    ErasureNotFound,
    EtagMismatch,
    GraphExists,
    GraphNotDeleted,
    GraphNotFound,
    GraphNotGranted,
    IdentityNotFound,
    IdentityUnknown,
    ImportNotFound,
    ImportOptionsChanged,
    ImportOutOfSequence,
    InvalidDate,
    InvalidField,
    InvalidFieldMask,
    InvalidName,
    InvalidPageToken,
    InvalidResumeToken,
    InvalidVector,
    IssuerUnavailable,
    KeyDestroyed,
    KeyServiceUnavailable,
    LimitExceeded,
    MethodNotFound,
    NodeExists,
    NodeNotFound,
    PreconditionFailed,
    QueryNotFound,
    QuotaExceeded,
    RateLimited,
    RequestIdReused,
    RevisionCompacted,
    RevisionInFuture,
    ScopeMissing,
    SearchArmUnavailable,
    SelfEdge,
    SemanticSearchUnavailable,
    SupersessionCycle,
    TenantExists,
    TenantNotFound,
    TooManyFailedCredentials,
    TooManyIdentities,
    TooManyRequests,
    UndecodableMessage,
    WatchTooSlow,
    WriteContention,
)
from .status import from_rpc, from_status

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
    "ErasureNotFound",
    "EtagMismatch",
    "FailedPrecondition",
    "FieldViolation",
    "GraphExists",
    "GraphNotDeleted",
    "GraphNotFound",
    "GraphNotGranted",
    "IdentityNotFound",
    "IdentityUnknown",
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
    "IssuerUnavailable",
    "ItemFailure",
    "KeyDestroyed",
    "KeyServiceUnavailable",
    "LimitExceeded",
    "LociError",
    "MethodNotFound",
    "NodeExists",
    "NodeNotFound",
    "NotFound",
    "OutOfRange",
    "PermissionDenied",
    "PreconditionFailed",
    "QueryNotFound",
    "QuotaExceeded",
    "RateLimited",
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
    "TooManyFailedCredentials",
    "TooManyIdentities",
    "TooManyRequests",
    "Unauthenticated",
    "Unavailable",
    "UndecodableMessage",
    "Unimplemented",
    "WatchGap",
    "WatchTooSlow",
    "WriteContention",
    "from_rpc",
    "from_status",
]
