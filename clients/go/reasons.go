package loci

import (
	"google.golang.org/grpc/codes"

	"loci.dev/go/lociv1"
)

// Reason says why a call failed. Each is an error to match with: errors.Is(err, loci.NodeNotFound).
//
// The reasons below are those of lociv1.ErrorReason. A server that is newer than this client may give others; they match a
// Reason of their text, and the [Code] of their call.
type Reason string

// The request cannot be understood.
const (
	// UndecodableMessage : the bytes are not the message that the method takes.
	UndecodableMessage Reason = "UNDECODABLE_MESSAGE"
	// InvalidField : a field has a value that is not allowed.
	InvalidField Reason = "INVALID_FIELD"
	// InvalidName : a name or id is not well formed.
	InvalidName Reason = "INVALID_NAME"
	// InvalidFieldMask : the update mask names a field that cannot be updated.
	InvalidFieldMask Reason = "INVALID_FIELD_MASK"
	// InvalidPageToken : the page token was not made for this query.
	InvalidPageToken Reason = "INVALID_PAGE_TOKEN"
	// InvalidDate : a date is not EDTF.
	InvalidDate Reason = "INVALID_DATE"
	// InvalidVector : a vector is empty, too long, not finite or all zero.
	InvalidVector Reason = "INVALID_VECTOR"
	// DimensionMismatch : vectors of this model have another dimension in this tenant.
	DimensionMismatch Reason = "DIMENSION_MISMATCH"
	// LimitExceeded : something is larger, or there is more of it, than is allowed.
	LimitExceeded Reason = "LIMIT_EXCEEDED"
	// SelfEdge : an edge cannot enter the node that it leaves.
	SelfEdge Reason = "SELF_EDGE"
	// RequestIDReused : the request_id was used for another request.
	RequestIDReused Reason = "REQUEST_ID_REUSED"
	// ImportOptionsChanged : an import was begun with other options.
	ImportOptionsChanged Reason = "IMPORT_OPTIONS_CHANGED"
	// BadItems : an import holds items that cannot be written; [Error.Items] says which.
	BadItems Reason = "BAD_ITEMS"
	// InvalidResumeToken : the token is not one of this stream.
	InvalidResumeToken Reason = "INVALID_RESUME_TOKEN"
)

// Who is calling.
const (
	// CredentialMissing : there is no API key or token.
	CredentialMissing Reason = "CREDENTIAL_MISSING"
	// CredentialInvalid : the API key or token is not valid.
	CredentialInvalid Reason = "CREDENTIAL_INVALID"
	// CredentialExpired : the API key or token has expired.
	CredentialExpired Reason = "CREDENTIAL_EXPIRED"
	// ScopeMissing : the call needs a scope that the credential does not have.
	ScopeMissing Reason = "SCOPE_MISSING"
	// IdentityUnknown : the credential is genuine, and nothing says what it may do.
	IdentityUnknown Reason = "IDENTITY_UNKNOWN"
	// GraphNotGranted : the credential is limited to other graphs.
	GraphNotGranted Reason = "GRAPH_NOT_GRANTED"
)

// What is there.
const (
	GraphNotFound    Reason = "GRAPH_NOT_FOUND"
	NodeNotFound     Reason = "NODE_NOT_FOUND"
	EdgeNotFound     Reason = "EDGE_NOT_FOUND"
	TenantNotFound   Reason = "TENANT_NOT_FOUND"
	APIKeyNotFound   Reason = "API_KEY_NOT_FOUND"
	ImportNotFound   Reason = "IMPORT_NOT_FOUND"
	QueryNotFound    Reason = "QUERY_NOT_FOUND"
	IdentityNotFound Reason = "IDENTITY_NOT_FOUND"
	ErasureNotFound  Reason = "ERASURE_NOT_FOUND"
	// MethodNotFound : the server is older than this client, or another service.
	MethodNotFound Reason = "METHOD_NOT_FOUND"
	// ContentErased : what is asked for was hard-deleted.
	ContentErased Reason = "CONTENT_ERASED"
	GraphExists   Reason = "GRAPH_EXISTS"
	NodeExists    Reason = "NODE_EXISTS"
	EdgeExists    Reason = "EDGE_EXISTS"
	TenantExists  Reason = "TENANT_EXISTS"
)

// The state does not allow it.
const (
	// EndpointMissing : there is no node for the edge to end at.
	EndpointMissing Reason = "ENDPOINT_MISSING"
	// PreconditionFailed : a precondition of the commit does not hold.
	PreconditionFailed Reason = "PRECONDITION_FAILED"
	// GraphNotDeleted : only what is deleted can be brought back.
	GraphNotDeleted Reason = "GRAPH_NOT_DELETED"
	// ImportOutOfSequence : the import goes on with another chunk.
	ImportOutOfSequence Reason = "IMPORT_OUT_OF_SEQUENCE"
	// EtagMismatch : it has changed since its etag was read.
	EtagMismatch Reason = "ETAG_MISMATCH"
	// WriteContention : too many writers changed the same at once; nothing was written.
	WriteContention Reason = "WRITE_CONTENTION"
	// RevisionInFuture : the graph has not come to this revision.
	RevisionInFuture Reason = "REVISION_IN_FUTURE"
	// RevisionCompacted : the log does not reach back to this revision. Read the graph anew.
	RevisionCompacted Reason = "REVISION_COMPACTED"
	// SemanticSearchUnavailable : the server has no embedder.
	SemanticSearchUnavailable Reason = "SEMANTIC_SEARCH_UNAVAILABLE"
	// SupersessionCycle : a memory cannot take the place of what took its own.
	SupersessionCycle Reason = "SUPERSESSION_CYCLE"
)

// The service cannot do it now.
const (
	// TooManyRequests : as many are in flight as are allowed.
	TooManyRequests Reason = "TOO_MANY_REQUESTS"
	// Draining : the server is shutting down; another one will answer.
	Draining Reason = "DRAINING"
	// DatabaseUnavailable : the server's database cannot be reached.
	DatabaseUnavailable Reason = "DATABASE_UNAVAILABLE"
	// EmbedderUnavailable : the server's embedder cannot be reached.
	EmbedderUnavailable Reason = "EMBEDDER_UNAVAILABLE"
	// KeyServiceUnavailable : the server's key service cannot be used.
	KeyServiceUnavailable Reason = "KEY_SERVICE_UNAVAILABLE"
	// WatchTooSlow : the reader of a stream took nothing for too long. [Error.ResumeToken] goes on.
	WatchTooSlow Reason = "WATCH_TOO_SLOW"
	// SearchArmUnavailable : a way of finding answered the first page and does not answer now.
	SearchArmUnavailable Reason = "SEARCH_ARM_UNAVAILABLE"
)

// What credentials and quotas allow.
const (
	// APIKeyEnded : the API key is revoked or has expired.
	APIKeyEnded Reason = "API_KEY_ENDED"
	// TooManyFailedCredentials : too many bad credentials came from this address.
	TooManyFailedCredentials Reason = "TOO_MANY_FAILED_CREDENTIALS"
	// RateLimited : the tenant calls more often than it may.
	RateLimited Reason = "RATE_LIMITED"
	// QuotaExceeded : the tenant would have more than its quota allows.
	QuotaExceeded Reason = "QUOTA_EXCEEDED"
	// IssuerUnavailable : the keys of a token's issuer cannot be asked for.
	IssuerUnavailable Reason = "ISSUER_UNAVAILABLE"
	// TooManyIdentities : the tenant has as many identities as are kept.
	TooManyIdentities Reason = "TOO_MANY_IDENTITIES"
)

// What is stored does not open.
const (
	// ContentUnreadable : the stored bytes are not what they were, or their key cannot be had.
	ContentUnreadable Reason = "CONTENT_UNREADABLE"
	// KeyDestroyed : the key is gone for good, as erasure destroys it. Matches ContentUnreadable, too.
	KeyDestroyed Reason = "KEY_DESTROYED"
)

// WatchGap is the one reason that this client gives by itself: a watch got a message that does not go on where the one before
// it ended. Read the graph anew, then watch. Its code is DataLoss.
const WatchGap Reason = "WATCH_GAP"

// wider reasons, of which others are a special case.
var wider = map[Reason]Reason{KeyDestroyed: ContentUnreadable}

// Error makes a reason something to match errors with.
func (r Reason) Error() string { return string(r) }

// Known says whether the contract that this client was made for has the reason.
func (r Reason) Known() bool {
	number, found := lociv1.ErrorReason_value["ERROR_REASON_"+string(r)]
	return found && number != 0
}

// Code is a gRPC code as an error to match with: errors.Is(err, loci.NotFound) holds for each reason of that code.
type Code codes.Code

const (
	// Cancelled : the caller gave up. A write may have happened.
	Cancelled = Code(codes.Canceled)
	// Unknown : nothing is known of what went wrong.
	Unknown = Code(codes.Unknown)
	// InvalidArgument : the request cannot be understood.
	InvalidArgument = Code(codes.InvalidArgument)
	// DeadlineExceeded : the call did not end in time. A write may have happened: repeat it with the same request_id.
	DeadlineExceeded = Code(codes.DeadlineExceeded)
	// NotFound : there is no such thing, or it belongs to another tenant.
	NotFound = Code(codes.NotFound)
	// AlreadyExists : there is such a thing already.
	AlreadyExists = Code(codes.AlreadyExists)
	// PermissionDenied : the credential does not allow it.
	PermissionDenied = Code(codes.PermissionDenied)
	// ResourceExhausted : too much at once; [Error.RetryAfter] says when to come back.
	ResourceExhausted = Code(codes.ResourceExhausted)
	// FailedPrecondition : the state does not allow it; the same call fails until the state changes.
	FailedPrecondition = Code(codes.FailedPrecondition)
	// Aborted : another writer came first: read again, then repeat.
	Aborted = Code(codes.Aborted)
	// OutOfRange : it lies beyond what exists.
	OutOfRange = Code(codes.OutOfRange)
	// Unimplemented : the server does not know this method.
	Unimplemented = Code(codes.Unimplemented)
	// Internal : a defect of the server.
	Internal = Code(codes.Internal)
	// Unavailable : the server, or something it needs, cannot be reached. Retries have been used up.
	Unavailable = Code(codes.Unavailable)
	// DataLoss : what is stored does not open.
	DataLoss = Code(codes.DataLoss)
	// Unauthenticated : the credential is missing or no longer good.
	Unauthenticated = Code(codes.Unauthenticated)
)

// Error makes a code something to match errors with.
func (c Code) Error() string { return codes.Code(c).String() }
