package dev.loci;

import dev.loci.errors.LociException;
import dev.loci.v1.WatchResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * What a watch tells, in order, once, over cut connections and restarts of the server, and then as it happens. Made by
 * {@link WatchBuilder}. It has no end of its own: it ends when it is closed, from any thread, or with a LociException that
 * cannot be bridged: {@code WatchGapException} if the server left something out, {@code RevisionCompactedException}, ….
 *
 * <p>One thread reads it. Interrupted, it gets a {@code CancelledException}.
 */
public final class Watch<T> implements Iterator<T>, AutoCloseable {
    private final WatchMessages messages;
    private final WatchBook<T> book;
    private T ahead;
    private boolean begun;
    private volatile String resumeToken;
    private volatile long revision;

    Watch(WatchMessages messages, WatchBook<T> book) {
        this.messages = messages;
        this.book = book;
        publish();
    }

    /** Keep it to go on in another process, behind the last that was given out. Empty before the server's first message. */
    public String resumeToken() {
        return resumeToken;
    }

    /** All commits up to here were given out, or did not pass the filter. Of one graph only. */
    public long revision() {
        return revision;
    }

    /** Returns once the server has begun: whatever is written then will be told. Without it, it begins when it is read. */
    public Watch<T> ready() {
        if (!begun) {
            advance(null, true);
        }
        return this;
    }

    /** Waits for the next one. False only if the watch was closed. */
    @Override
    public boolean hasNext() {
        while (ahead == null && !messages.isClosed()) {
            advance(null, false);
        }
        return ahead != null && !messages.isClosed();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the watch is closed");
        }
        return given();
    }

    /** The next one, if it comes in time; with a timeout of 0, if it is here. */
    public Optional<T> poll(Duration timeout) {
        Duration allowed = timeout.compareTo(LociBuilder.LONGEST_TIMEOUT) > 0 ? LociBuilder.LONGEST_TIMEOUT : timeout;
        long until = System.nanoTime() + allowed.toNanos();
        boolean late = false;
        while (ahead == null && !messages.isClosed() && !late) {
            advance(until, false);
            late = until - System.nanoTime() <= 0;
        }
        return ahead == null || messages.isClosed() ? Optional.empty() : Optional.of(given());
    }

    /** Ends it. */
    @Override
    public void close() {
        messages.close();
    }

    private T given() {
        T item = ahead;
        ahead = null;
        publish();
        return item;
    }

    private void publish() {
        resumeToken = book.resumeToken();
        revision = book.revision();
    }

    /** Reads on: to the next item, or, if that is asked for, to the end of the first message. */
    private void advance(Long until, boolean onlyBegin) {
        ahead = book.next();
        while (ahead == null) {
            publish();
            WatchResponse response;
            try {
                response = messages.take(until);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                close();
                throw LociException.from(Status.CANCELLED.withDescription("interrupted").withCause(interrupted), null);
            } catch (RuntimeException failure) {
                close();
                throw failure;
            }
            if (response == null) {
                return;
            }
            try {
                book.begin(response);
                begun = true;
                ahead = book.next();
            } catch (LociException gap) {
                close();
                throw gap;
            }
            if (onlyBegin) {
                if (ahead == null) {
                    publish();
                }
                return;
            }
        }
    }
}
