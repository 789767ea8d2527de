package dev.loci;

import dev.loci.errors.LociException;
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
        private final MethodDescriptor<Q, R> method;
        private final Place<Q, R, T> place;
        private final Patience patience;
        private MessageStream<Q, R> stream;

        Calls(Channel channel, Layer layer, MethodDescriptor<Q, R> method, Place<Q, R, T> place, Duration patience) {
            this.channel = channel;
            this.method = method;
            this.place = place;
            this.patience = new Patience(layer, patience);
        }

        /** The items of the next message, or null behind the last. */
        private List<T> page() {
            patience.touched(); // what was done with the page before it does not count
            while (!place.isOver()) {
                LociException failure;
                try {
                    if (stream == null) {
                        stream = MessageStream.open(
                                channel, method, patience.lifetime(), patience.headers(), place.request());
                    }
                    R message = stream.take();
                    if (message != null) {
                        patience.moved();
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

        private void rest(LociException failure) {
            try {
                TimeUnit.NANOSECONDS.sleep(patience.pauseAfter(failure));
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
