package dev.loci.errors;

import static java.util.Map.entry;

import io.grpc.Status;
import java.util.Map;
import java.util.function.Function;

/** Which class stands for a reason of loci.v1.ErrorReason, and for a gRPC code. */
final class Reasons {
    private static final Map<String, Function<Failure, LociException>> BY_REASON = Map.ofEntries(
            entry("UNDECODABLE_MESSAGE", UndecodableMessageException::new),
            entry("INVALID_FIELD", InvalidFieldException::new),
            entry("INVALID_NAME", InvalidNameException::new),
            entry("INVALID_FIELD_MASK", InvalidFieldMaskException::new),
            entry("INVALID_PAGE_TOKEN", InvalidPageTokenException::new),
            entry("INVALID_DATE", InvalidDateException::new),
            entry("INVALID_VECTOR", InvalidVectorException::new),
            entry("DIMENSION_MISMATCH", DimensionMismatchException::new),
            entry("LIMIT_EXCEEDED", LimitExceededException::new),
            entry("SELF_EDGE", SelfEdgeException::new),
            entry("REQUEST_ID_REUSED", RequestIdReusedException::new),
            entry("IMPORT_OPTIONS_CHANGED", ImportOptionsChangedException::new),
            entry("BAD_ITEMS", BadItemsException::new),
            entry("INVALID_RESUME_TOKEN", InvalidResumeTokenException::new),
            entry("CREDENTIAL_MISSING", CredentialMissingException::new),
            entry("CREDENTIAL_INVALID", CredentialInvalidException::new),
            entry("CREDENTIAL_EXPIRED", CredentialExpiredException::new),
            entry("IDENTITY_UNKNOWN", IdentityUnknownException::new),
            entry("SCOPE_MISSING", ScopeMissingException::new),
            entry("GRAPH_NOT_GRANTED", GraphNotGrantedException::new),
            entry("GRAPH_NOT_FOUND", GraphNotFoundException::new),
            entry("NODE_NOT_FOUND", NodeNotFoundException::new),
            entry("QUERY_NOT_FOUND", QueryNotFoundException::new),
            entry("ERASURE_NOT_FOUND", ErasureNotFoundException::new),
            entry("EDGE_NOT_FOUND", EdgeNotFoundException::new),
            entry("TENANT_NOT_FOUND", TenantNotFoundException::new),
            entry("IDENTITY_NOT_FOUND", IdentityNotFoundException::new),
            entry("API_KEY_NOT_FOUND", ApiKeyNotFoundException::new),
            entry("CONTENT_ERASED", ContentErasedException::new),
            entry("IMPORT_NOT_FOUND", ImportNotFoundException::new),
            entry("METHOD_NOT_FOUND", MethodNotFoundException::new),
            entry("GRAPH_EXISTS", GraphExistsException::new),
            entry("NODE_EXISTS", NodeExistsException::new),
            entry("EDGE_EXISTS", EdgeExistsException::new),
            entry("TENANT_EXISTS", TenantExistsException::new),
            entry("ENDPOINT_MISSING", EndpointMissingException::new),
            entry("PRECONDITION_FAILED", PreconditionFailedException::new),
            entry("API_KEY_ENDED", ApiKeyEndedException::new),
            entry("GRAPH_NOT_DELETED", GraphNotDeletedException::new),
            entry("IMPORT_OUT_OF_SEQUENCE", ImportOutOfSequenceException::new),
            entry("ETAG_MISMATCH", EtagMismatchException::new),
            entry("WRITE_CONTENTION", WriteContentionException::new),
            entry("REVISION_COMPACTED", RevisionCompactedException::new),
            entry("REVISION_IN_FUTURE", RevisionInFutureException::new),
            entry("SEMANTIC_SEARCH_UNAVAILABLE", SemanticSearchUnavailableException::new),
            entry("SUPERSESSION_CYCLE", SupersessionCycleException::new),
            entry("TOO_MANY_REQUESTS", TooManyRequestsException::new),
            entry("TOO_MANY_IDENTITIES", TooManyIdentitiesException::new),
            entry("TOO_MANY_FAILED_CREDENTIALS", TooManyFailedCredentialsException::new),
            entry("RATE_LIMITED", RateLimitedException::new),
            entry("QUOTA_EXCEEDED", QuotaExceededException::new),
            entry("WATCH_TOO_SLOW", WatchTooSlowException::new),
            entry("DRAINING", DrainingException::new),
            entry("DATABASE_UNAVAILABLE", DatabaseUnavailableException::new),
            entry("EMBEDDER_UNAVAILABLE", EmbedderUnavailableException::new),
            entry("ISSUER_UNAVAILABLE", IssuerUnavailableException::new),
            entry("SEARCH_ARM_UNAVAILABLE", SearchArmUnavailableException::new),
            entry("KEY_SERVICE_UNAVAILABLE", KeyServiceUnavailableException::new),
            entry("CONTENT_UNREADABLE", ContentUnreadableException::new),
            entry("KEY_DESTROYED", KeyDestroyedException::new),
            entry("DEADLINE_EXCEEDED", DeadlineExceededException::new),
            entry("CANCELLED", CancelledException::new),
            entry("INTERNAL", InternalException::new));

    private static final Map<Status.Code, Function<Failure, LociException>> BY_CODE = Map.ofEntries(
            entry(Status.Code.INVALID_ARGUMENT, InvalidArgumentException::new),
            entry(Status.Code.UNAUTHENTICATED, UnauthenticatedException::new),
            entry(Status.Code.PERMISSION_DENIED, PermissionDeniedException::new),
            entry(Status.Code.NOT_FOUND, NotFoundException::new),
            entry(Status.Code.ALREADY_EXISTS, AlreadyExistsException::new),
            entry(Status.Code.FAILED_PRECONDITION, FailedPreconditionException::new),
            entry(Status.Code.ABORTED, AbortedException::new),
            entry(Status.Code.OUT_OF_RANGE, OutOfRangeException::new),
            entry(Status.Code.RESOURCE_EXHAUSTED, ResourceExhaustedException::new),
            entry(Status.Code.UNAVAILABLE, UnavailableException::new),
            entry(Status.Code.DEADLINE_EXCEEDED, DeadlineExceededException::new),
            entry(Status.Code.CANCELLED, CancelledException::new),
            entry(Status.Code.DATA_LOSS, DataLossException::new),
            entry(Status.Code.UNIMPLEMENTED, UnimplementedException::new),
            entry(Status.Code.INTERNAL, InternalException::new));

    private Reasons() {}

    /** Of the reason, if it is known and belongs to the code; else of the code. */
    static LociException exception(Failure failure) {
        LociException family = BY_CODE.getOrDefault(failure.status().getCode(), LociException::new).apply(failure);
        Function<Failure, LociException> known = BY_REASON.get(failure.reason());
        if (known == null) {
            return family;
        }
        LociException exact = known.apply(failure);
        return family.getClass().isInstance(exact) ? exact : family;
    }

    /** Whether there is a class for a reason. */
    static boolean isKnown(String reason) {
        return BY_REASON.containsKey(reason);
    }
}
