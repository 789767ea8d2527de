package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.loci.errors.LociException;
import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(5);

    @Test
    void theWaitThatTheServerAsksForIsKept() {
        LociException busy = told(Status.Code.RESOURCE_EXHAUSTED, "TOO_MANY_REQUESTS", 2);
        long pause = Retries.unaryPause(busy, 1, LONG, true, true);
        assertTrue(pause >= seconds(2) && pause < seconds(3), String.valueOf(pause));
        assertTrue(Retries.unaryPause(busy, 9, LONG, true, true) > 0);
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(busy, 10, LONG, true, true));
    }

    @Test
    void noTryBeginsBehindTheDeadline() {
        LociException busy = told(Status.Code.RESOURCE_EXHAUSTED, "TOO_MANY_REQUESTS", 2);
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(busy, 1, seconds(2), true, true));
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(below(new ConnectException("refused")), 1, 0, true, true));
    }

    @Test
    void whatMustNotBeRepeatedIsNot() {
        LociException busy = told(Status.Code.RESOURCE_EXHAUSTED, "TOO_MANY_REQUESTS", 2);
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(busy, 1, LONG, false, true));
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(below(new IOException("reset")), 1, LONG, false, true));
        LociException missing = told(Status.Code.NOT_FOUND, "NODE_NOT_FOUND", 0);
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(missing, 1, LONG, true, true));
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(told(Status.Code.ABORTED, "ETAG_MISMATCH", 0), 1, LONG, true, true));
    }

    @Test
    void aRefusedConnectionIsTriedAgainWithinTheDeadlineByAnyMethod() {
        LociException refused = below(new IOException(new ConnectException("refused")));
        for (int attempt = 1; attempt < 50; attempt++) {
            long pause = Retries.unaryPause(refused, attempt, LONG, false, true);
            assertTrue(pause > 0 && pause <= seconds(1), String.valueOf(pause));
        }
    }

    @Test
    void aServerThatHasNeverAnsweredMayHaveAnotherAddress() {
        assertEquals(
                Retries.GIVE_UP, Retries.unaryPause(below(new ConnectException("refused")), 1, LONG, true, false));
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(below(new IOException("reset")), 1, LONG, true, false));
    }

    @Test
    void aBrokenConnectionIsMadeAgainUnlessThatIsHopeless() {
        LociException reset = below(new IOException("Connection reset by peer"));
        assertTrue(Retries.unaryPause(reset, 1, LONG, true, true) > 0);
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(below(new SSLHandshakeException("no")), 1, LONG, true, true));
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(below(new UnknownHostException("no")), 1, LONG, true, true));
    }

    @Test
    void writeContentionIsTriedFourTimes() {
        LociException contention = told(Status.Code.ABORTED, "WRITE_CONTENTION", 0);
        assertTrue(Retries.unaryPause(contention, 3, LONG, true, true) > 0);
        assertEquals(Retries.GIVE_UP, Retries.unaryPause(contention, 4, LONG, true, true));
    }

    @Test
    void aCutStreamIsTakenUpAndARefusedOneIsNot() {
        assertTrue(Retries.streamPause(LociException.from(Status.UNAVAILABLE, null), 1) > 0);
        assertTrue(Retries.streamPause(LociException.from(Status.INTERNAL, null), 1) > 0);
        assertTrue(Retries.streamPause(LociException.from(Status.DEADLINE_EXCEEDED, null), 1) > 0);
        assertTrue(Retries.streamPause(told(Status.Code.UNAVAILABLE, "DRAINING", 1), 1) > seconds(1));
        assertEquals(Retries.GIVE_UP, Retries.streamPause(told(Status.Code.INTERNAL, "INTERNAL", 0), 1));
        assertEquals(Retries.GIVE_UP, Retries.streamPause(told(Status.Code.NOT_FOUND, "GRAPH_NOT_FOUND", 0), 1));
    }

    static LociException told(Status.Code code, String reason, long retrySeconds) {
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .addDetails(Any.pack(
                        ErrorInfo.newBuilder().setDomain("loci.dev").setReason(reason).build()));
        if (retrySeconds > 0) {
            RetryInfo.Builder retry = RetryInfo.newBuilder();
            retry.getRetryDelayBuilder().setSeconds(retrySeconds);
            status.addDetails(Any.pack(retry.build()));
        }
        return LociException.from(status.build());
    }

    private static LociException below(Throwable cause) {
        return LociException.from(Status.UNAVAILABLE.withDescription("io exception").withCause(cause), null);
    }

    private static long seconds(long count) {
        return TimeUnit.SECONDS.toNanos(count);
    }
}
