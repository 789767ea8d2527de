package dev.loci.errors;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is known of a call that failed: gRPC's own status, and what the details of google.rpc.Status say. Details that do
 * not open, or are of other types, are left where they are.
 */
record Failure(
        Status status,
        Metadata trailers,
        String reason,
        Map<String, String> metadata,
        List<FieldViolation> violations,
        String resource,
        Duration retryAfter,
        List<Any> details) {
    static final String DOMAIN = "loci.dev";
    private static final Metadata.Key<com.google.rpc.Status> DETAILS = Metadata.Key.of(
            "grpc-status-details-bin",
            ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    /** Of a status without details. */
    static Failure bare(Status status, Metadata trailers) {
        return new Failure(status, trailers, "", Map.of(), List.of(), "", null, List.of());
    }

    /** Of the end of a call. Details of another code than the status are not believed. */
    static Failure of(Status status, Metadata trailers) {
        com.google.rpc.Status told = trailers == null ? null : told(trailers);
        if (told == null || told.getCode() != status.getCode().value()) {
            return bare(status, trailers);
        }
        return detailed(status, trailers, told);
    }

    /** Of a status inside an answer. */
    static Failure of(com.google.rpc.Status told) {
        Status status = Status.fromCodeValue(told.getCode()).withDescription(told.getMessage());
        return detailed(status, null, told);
    }

    private static Failure detailed(Status status, Metadata trailers, com.google.rpc.Status told) {
        String reason = "";
        Map<String, String> metadata = Map.of();
        List<FieldViolation> violations = new ArrayList<>();
        String resource = "";
        Duration retryAfter = null;
        for (Any detail : told.getDetailsList()) {
            Message opened = opened(detail);
            if (opened instanceof ErrorInfo info && info.getDomain().equals(DOMAIN)) {
                reason = info.getReason();
                metadata = Map.copyOf(info.getMetadataMap());
            } else if (opened instanceof BadRequest bad) {
                bad.getFieldViolationsList()
                        .forEach(each -> violations.add(new FieldViolation(each.getField(), each.getDescription())));
            } else if (opened instanceof PreconditionFailure failed) {
                failed.getViolationsList()
                        .forEach(each -> violations.add(new FieldViolation(each.getSubject(), each.getDescription())));
            } else if (opened instanceof ResourceInfo info) {
                resource = info.getResourceName();
            } else if (opened instanceof RetryInfo info) {
                com.google.protobuf.Duration delay = info.getRetryDelay();
                retryAfter = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
            }
        }
        return new Failure(
                status, trailers, reason, metadata, List.copyOf(violations), resource, retryAfter, told.getDetailsList());
    }

    private static Message opened(Any detail) {
        try {
            if (detail.is(ErrorInfo.class)) {
                return detail.unpack(ErrorInfo.class);
            } else if (detail.is(BadRequest.class)) {
                return detail.unpack(BadRequest.class);
            } else if (detail.is(PreconditionFailure.class)) {
                return detail.unpack(PreconditionFailure.class);
            } else if (detail.is(ResourceInfo.class)) {
                return detail.unpack(ResourceInfo.class);
            } else if (detail.is(RetryInfo.class)) {
                return detail.unpack(RetryInfo.class);
            }
        } catch (InvalidProtocolBufferException damaged) {
            return null;
        }
        return null;
    }

    private static com.google.rpc.Status told(Metadata trailers) {
        try {
            return trailers.get(DETAILS);
        } catch (IllegalArgumentException damaged) {
            return null;
        }
    }
}
