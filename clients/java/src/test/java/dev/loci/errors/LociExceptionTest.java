package dev.loci.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import dev.loci.v1.ErrorReason;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class LociExceptionTest {
    private static final String PREFIX = "ERROR_REASON_";

    @Test
    void everyReasonOfTheContractHasAClassThatIsNamedAfterIt() {
        for (ErrorReason reason : ErrorReason.values()) {
            if (reason == ErrorReason.UNRECOGNIZED || reason == ErrorReason.ERROR_REASON_UNSPECIFIED) {
                continue;
            }
            String name = reason.name().substring(PREFIX.length());
            assertTrue(Reasons.isKnown(name), name);
            StringBuilder expected = new StringBuilder();
            for (String word : name.split("_")) {
                expected.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
            }
            boolean found = false;
            for (Status.Code code : Status.Code.values()) {
                LociException error = LociException.found(code, reason, "");
                found |= error.getClass().getSimpleName().equals(expected + "Exception");
            }
            assertTrue(found, expected.toString());
        }
    }

    @Test
    void theDetailsOfAStatusAreRead() {
        LociException error = thrown(
                Status.Code.NOT_FOUND,
                info("NODE_NOT_FOUND", "resume_token", "abc"),
                BadRequest.newBuilder()
                        .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                                .setField("name")
                                .setDescription("not there"))
                        .build(),
                ResourceInfo.newBuilder().setResourceName("graphs/a/nodes/b").build(),
                RetryInfo.newBuilder()
                        .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(1).setNanos(500_000_000))
                        .build());
        assertInstanceOf(NodeNotFoundException.class, error);
        assertInstanceOf(NotFoundException.class, error);
        assertEquals("NODE_NOT_FOUND", error.reason());
        assertEquals(Status.Code.NOT_FOUND, error.code());
        assertEquals(List.of(new FieldViolation("name", "not there")), error.violations());
        assertEquals("graphs/a/nodes/b", error.resource().orElseThrow());
        assertEquals(Duration.ofMillis(1500), error.retryAfter().orElseThrow());
        assertEquals("abc", error.resumeToken().orElseThrow());
        assertEquals("NODE_NOT_FOUND: what happened", error.getMessage());
    }

    @Test
    void aReasonOfANewerServerFallsBackToItsCode() {
        LociException error = thrown(Status.Code.NOT_FOUND, info("COMET_NOT_FOUND", "a", "b"));
        assertSame(NotFoundException.class, error.getClass());
        assertEquals("COMET_NOT_FOUND", error.reason());
    }

    @Test
    void aReasonUnderAnotherCodeThanItsOwnIsNotBelieved() {
        assertSame(
                InternalException.class,
                thrown(Status.Code.INTERNAL, info("NODE_NOT_FOUND", "a", "b")).getClass());
    }

    @Test
    void aReasonOfAnotherDomainIsNone() {
        ErrorInfo foreign = ErrorInfo.newBuilder().setDomain("example.com").setReason("NODE_NOT_FOUND").build();
        LociException error = thrown(Status.Code.NOT_FOUND, foreign);
        assertSame(NotFoundException.class, error.getClass());
        assertEquals("", error.reason());
    }

    @Test
    void detailsThatDoNotOpenAreLeftAside() {
        Any damaged = Any.newBuilder()
                .setTypeUrl("type.googleapis.com/google.rpc.ErrorInfo")
                .setValue(com.google.protobuf.ByteString.copyFromUtf8("\uffff"))
                .build();
        com.google.rpc.Status status = com.google.rpc.Status.newBuilder().setCode(5).addDetails(damaged).build();
        assertSame(NotFoundException.class, LociException.from(status).getClass());
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {1, 2});
        assertSame(NotFoundException.class, LociException.from(Status.NOT_FOUND, trailers).getClass());
    }

    @Test
    void theErrorIsFoundInWhatItIsWrappedIn() {
        LociException error = thrown(Status.Code.ABORTED, info("ETAG_MISMATCH", "a", "b"));
        assertSame(error, LociException.from(new CompletionException(error)));
        Throwable ofAStub = Status.ABORTED.withCause(error).asRuntimeException();
        assertSame(error, LociException.from(ofAStub));
        assertSame(AbortedException.class, LociException.from(Status.ABORTED.asException()).getClass());
        assertEquals(Status.Code.UNKNOWN, LociException.from(new IllegalStateException("x")).code());
    }

    @Test
    void theMessageTellsWhatIsBelowAConnectionThatFailed() {
        Throwable below = new IOException("io exception", new ConnectException("Connection refused: /127.0.0.1:1"));
        Status status = Status.UNAVAILABLE.withDescription("io exception").withCause(below);
        assertEquals(
                "UNAVAILABLE: io exception (Connection refused: /127.0.0.1:1)",
                LociException.from(status, null).getMessage());
    }

    @Test
    void aDestroyedKeyIsUnreadableContent() {
        assertInstanceOf(
                ContentUnreadableException.class, thrown(Status.Code.DATA_LOSS, info("KEY_DESTROYED", "a", "b")));
    }

    private static ErrorInfo info(String reason, String key, String value) {
        return ErrorInfo.newBuilder().setDomain("loci.dev").setReason(reason).putMetadata(key, value).build();
    }

    private static LociException thrown(Status.Code code, Message... details) {
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage("what happened");
        for (Message detail : details) {
            status.addDetails(Any.pack(detail));
        }
        return LociException.from(StatusProto.toStatusRuntimeException(status.build()));
    }
}
