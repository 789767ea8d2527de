package dev.loci;

import dev.loci.errors.LociException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One streaming call, read by one thread that waits. No more than two messages are asked for ahead of the reader, so a slow
 * one is felt by the server.
 */
final class MessageStream<Q, R> implements AutoCloseable {
    private static final int AHEAD = 2;

    private final ClientCall<Q, R> call;
    private final BlockingQueue<Event<R>> events = new LinkedBlockingQueue<>();
    private boolean done;

    /** A message, or the end: a failure, or neither. */
    private record Event<R>(R message, LociException failure) {}

    private MessageStream(ClientCall<Q, R> call) {
        this.call = call;
    }

    /** Begins a call. Throws LociException. */
    static <Q, R> MessageStream<Q, R> open(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Metadata headers) {
        MessageStream<Q, R> stream = new MessageStream<>(channel.newCall(method, options));
        try {
            stream.call.start(stream.new Responses(), headers);
        } catch (RuntimeException failure) {
            stream.call.cancel("the call could not be started", failure);
            throw failure;
        }
        stream.call.request(AHEAD);
        return stream;
    }

    /** With the only request. */
    static <Q, R> MessageStream<Q, R> open(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Metadata headers, Q request) {
        MessageStream<Q, R> stream = open(channel, method, options, headers);
        stream.send(request);
        stream.finish();
        return stream;
    }

    void send(Q request) {
        call.sendMessage(request);
    }

    /** There are no more requests. */
    void finish() {
        call.halfClose();
    }

    /** The next message, or null behind the last. Throws LociException if the call failed. */
    R take() throws InterruptedException {
        return done ? null : given(events.take());
    }

    /** As take; also null, with {@link #isDone} false, if none comes within so many nanoseconds. */
    R poll(long nanos) throws InterruptedException {
        if (done) {
            return null;
        }
        Event<R> event = events.poll(nanos, TimeUnit.NANOSECONDS);
        return event == null ? null : given(event);
    }

    boolean isDone() {
        return done;
    }

    /** Ends the call. From any thread; who reads gets a CancelledException. */
    @Override
    public void close() {
        call.cancel("the reader has left", null);
    }

    private R given(Event<R> event) {
        if (event.message() != null) {
            call.request(1);
            return event.message();
        }
        done = true;
        if (event.failure() != null) {
            throw event.failure();
        }
        return null;
    }

    private final class Responses extends ClientCall.Listener<R> {
        @Override
        public void onMessage(R message) {
            events.add(new Event<>(message, null));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            events.add(new Event<>(null, status.isOk() ? null : LociException.from(status, trailers)));
        }
    }
}
