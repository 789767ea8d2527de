package dev.loci;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The items of a list, fetched page after page. Each iteration begins anew. The deadline of the client is for each page; a
 * page that fails throws a {@link dev.loci.errors.LociException} where it is needed.
 */
public final class Paged<T> implements Iterable<T> {
    private final Source<?, ?, T> source;

    Paged(Source<?, ?, T> source) {
        this.source = source;
    }

    /** A page: its items, and the request of the next one, null behind the last. */
    private record Page<Q, T>(List<T> items, Q next) {}

    @Override
    public Iterator<T> iterator() {
        return new Items<>(pages());
    }

    /** As a stream, which fetches no page before it is needed. */
    public Stream<T> stream() {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), traits), false);
    }

    /** Page by page; a page may be empty. */
    public Iterator<List<T>> pages() {
        return source.pages();
    }

    /** Gives each item to a consumer, on the threads of the channel; no thread waits for a page. To cancel it ends it. */
    public CompletableFuture<Void> forEachAsync(Consumer<? super T> consumer) {
        return source.forEachAsync(consumer);
    }

    /** All items. */
    public CompletableFuture<List<T>> toListAsync() {
        List<T> found = new ArrayList<>();
        CompletableFuture<Void> walk = forEachAsync(found::add);
        CompletableFuture<List<T>> future = walk.thenApply(done -> found);
        Caller.cancelWith(future, () -> walk.cancel(true));
        return future;
    }

    /** Where pages come from. */
    static final class Source<Q extends Message, R extends Message, T> {
        private final Caller caller;
        private final MethodDescriptor<Q, R> method;
        private final Q first;
        private final Function<R, List<T>> items;
        private final FieldDescriptor token;

        Source(Caller caller, MethodDescriptor<Q, R> method, Q first, Function<R, List<T>> items) {
            this.caller = caller;
            this.method = method;
            this.first = first;
            this.items = items;
            this.token = first.getDescriptorForType().findFieldByName("page_token");
        }

        private Iterator<List<T>> pages() {
            return new Iterator<>() {
                private Q next = first;

                @Override
                public boolean hasNext() {
                    return next != null;
                }

                @Override
                public List<T> next() {
                    if (next == null) {
                        throw new NoSuchElementException();
                    }
                    Page<Q, T> page = page(next, caller.call(method, next));
                    next = page.next();
                    return page.items();
                }
            };
        }

        private CompletableFuture<Void> forEachAsync(Consumer<? super T> consumer) {
            CompletableFuture<Void> future = new CompletableFuture<>();
            AtomicReference<CompletableFuture<R>> current = new AtomicReference<>();
            Caller.cancelWith(future, () -> current.get().cancel(true));
            fetch(first, consumer, future, current);
            return future;
        }

        /** A page, and then those behind it, until the future has ended. */
        private void fetch(
                Q request,
                Consumer<? super T> consumer,
                CompletableFuture<Void> future,
                AtomicReference<CompletableFuture<R>> current) {
            CompletableFuture<R> call = caller.callAsync(method, request);
            current.set(call);
            if (future.isDone()) {
                call.cancel(true);
            }
            call.thenAccept(response -> {
                        Page<Q, T> page = page(request, response);
                        page.items().forEach(consumer);
                        if (page.next() == null) {
                            future.complete(null);
                        } else if (!future.isDone()) {
                            fetch(page.next(), consumer, future, current);
                        }
                    })
                    .exceptionally(failure -> {
                        boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
                        future.completeExceptionally(wrapped ? failure.getCause() : failure);
                        return null;
                    });
        }

        private Page<Q, T> page(Q request, R response) {
            FieldDescriptor field = response.getDescriptorForType().findFieldByName("next_page_token");
            Object following = response.getField(field);
            if (following.equals("")) {
                return new Page<>(items.apply(response), null);
            }
            @SuppressWarnings("unchecked") // a builder makes what it was made from
            Q next = (Q) request.toBuilder().setField(token, following).build();
            return new Page<>(items.apply(response), next);
        }
    }

    private static final class Items<T> implements Iterator<T> {
        private final Iterator<List<T>> pages;
        private Iterator<T> page = List.<T>of().iterator();

        private Items(Iterator<List<T>> pages) {
            this.pages = pages;
        }

        @Override
        public boolean hasNext() {
            while (!page.hasNext() && pages.hasNext()) {
                page = pages.next().iterator();
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
    }
}
