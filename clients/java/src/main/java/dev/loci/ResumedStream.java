package dev.loci;

import dev.loci.errors.LociException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The items of an export, over cut connections. It ends by itself, or with a LociException; close it if you leave before the
 * end. Read by one thread.
 */
public final class ResumedStream<T> implements Iterator<T>, AutoCloseable {
    private final Calls<?, ?, T> calls;
    private Iterator<T> page = List.<T>of().iterator();
    private boolean ended;

    ResumedStream(Calls<?, ?, T> calls) {
        this.calls = calls;
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && !ended) {
            List<T> next = calls.page();
            ended = next == null;
            page = ended ? page : next.iterator();
        }
        return page.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
    }

    /** As a stream; closing that closes this. */
    public Stream<T> stream() {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, traits), false).onClose(this::close);
    }

    /** Ends the call. */
    @Override
    public void close() {
        ended = true;
        calls.close();
    }

    /** How one kind of export goes on: by what it has read. */
    interface Place<Q, R, T> {
        /** The request of a call that goes on behind what was read. */
        Q request();

        /** The items of a message, which counts as read. */
        List<T> read(R message);

        /** Whether it is known that nothing comes behind what was read. */
        boolean isOver();

        /** Whether a call that ended well was the last. */
        boolean isComplete();
    }

    /** One call after the other. */
    static final class Calls<Q, R, T> {
        private final Channel channel;
        private final Layer layer;
        private final MethodDescriptor<Q, R> method;
        private final Place<Q, R, T> place;
        private final Duration patience;
        private MessageStream<Q, R> stream;
        private long movedAt = System.nanoTime();
        private int attempt;

        Calls(Channel channel, Layer layer, MethodDescriptor<Q, R> method, Place<Q, R, T> place, Duration patience) {
            this.channel = channel;
            this.layer = layer;
            this.method = method;
            this.place = place;
            this.patience = patience;
        }

        /** The items of the next message, or null behind the last. */
        private List<T> page() {
            while (!place.isOver()) {
                LociException failure;
                try {
                    if (stream == null) {
                        stream = MessageStream.open(channel, method, lifetime(), place.request());
                    }
                    R message = stream.take();
                    if (message != null) {
                        movedAt = System.nanoTime();
                        attempt = 0;
                        return place.read(message);
                    }
                    if (place.isComplete()) {
                        return null;
                    }
                    failure = LociException.from(
                            Status.UNAVAILABLE.withDescription("the server ended the stream early"), null);
                } catch (LociException ended) {
                    failure = ended;
                } catch (InterruptedException interrupted) {
                    throw interrupted(interrupted);
                }
                close();
                rest(failure);
            }
            close();
            return null;
        }

        private CallOptions lifetime() {
            long nanos = patience.multipliedBy(Importer.CONNECTION_LIFETIMES).toNanos();
            return CallOptions.DEFAULT.withDeadlineAfter(nanos, TimeUnit.NANOSECONDS);
        }

        private void rest(LociException failure) {
            attempt++;
            long pause = layer.streamPause(failure, attempt);
            if (pause == Retries.GIVE_UP || System.nanoTime() + pause > movedAt + patience.toNanos()) {
                throw failure;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(pause);
            } catch (InterruptedException interrupted) {
                throw interrupted(interrupted);
            }
        }

        private LociException interrupted(InterruptedException cause) {
            close();
            Thread.currentThread().interrupt();
            return LociException.from(Status.CANCELLED.withDescription("interrupted").withCause(cause), null);
        }

        private void close() {
            MessageStream<Q, R> open = stream;
            stream = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
