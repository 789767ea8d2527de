package dev.loci.bench;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.sun.management.OperatingSystemMXBean;
import dev.loci.Loci;
import dev.loci.v1.GetNodeRequest;
import dev.loci.v1.GetNodeResponse;
import dev.loci.v1.Node;
import dev.loci.v1.NodeServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The rate of GetNode, 32 in flight, through the client and through the bare generated stub, in turns against the same server:
 * {@code java … dev.loci.bench.GetNodeRate NODE [SECONDS [TURNS]]}, the server by LOCI_ADDRESS and LOCI_API_KEY. With `-` as the
 * node it is a server within this program that does nothing, so that the client is all there is to see. Prints a JSON object
 * for each kind of stub: medians of the turns, in calls a second, and their ratio; and the processor time of this program for
 * each call, in microseconds, which says more on a machine that is busy with other things.
 */
public final class GetNodeRate {
    private static final int IN_FLIGHT = 32;
    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final GetNodeRequest request;
    private final double seconds;
    private final int turns;

    private GetNodeRate(String node, double seconds, int turns) {
        this.request = GetNodeRequest.newBuilder().setName(node).build();
        this.seconds = seconds;
        this.turns = turns;
    }

    /** Measures and prints. */
    public static void main(String[] arguments) throws Exception {
        String node = arguments[0];
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 2;
        int turns = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        String address = System.getenv().getOrDefault("LOCI_ADDRESS", "127.0.0.1:50051");
        String key = System.getenv().getOrDefault("LOCI_API_KEY", "none");
        Server idle = null;
        if (node.equals("-")) {
            idle = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(new Idle())
                    .build()
                    .start();
            address = "127.0.0.1:" + idle.getPort();
        }
        ManagedChannel channel =
                Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
        try (Loci loci = Loci.builder().address(address).apiKey(key).build()) {
            new GetNodeRate(node, seconds, turns).compare(loci, channel, key);
        } finally {
            channel.shutdownNow();
            if (idle != null) {
                idle.shutdownNow();
            }
        }
        System.exit(0);
    }

    private void compare(Loci loci, ManagedChannel channel, String key) throws InterruptedException {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
        var interceptor = MetadataUtils.newAttachHeadersInterceptor(headers);
        var future = NodeServiceGrpc.newFutureStub(channel).withInterceptors(interceptor);
        var blocking = NodeServiceGrpc.newBlockingStub(channel).withInterceptors(interceptor);
        double[][] rates = new double[4][turns];
        double[][] costs = new double[4][turns];
        for (int turn = -1; turn < turns; turn++) { // the first one warms up
            Figure[] found = {
                rate(done -> Futures.addCallback(
                        future.withDeadlineAfter(30, TimeUnit.SECONDS).getNode(request),
                        new Then(done),
                        MoreExecutors.directExecutor())),
                rate(done -> loci.nodes().getNodeAsync(request).whenComplete((node, failure) -> done.accept(failure))),
                blockingRate(() -> blocking.withDeadlineAfter(30, TimeUnit.SECONDS).getNode(request)),
                blockingRate(() -> loci.nodes().getNode(request)),
            };
            for (int i = 0; i < 4 && turn >= 0; i++) {
                rates[i][turn] = found[i].rate();
                costs[i][turn] = found[i].cost();
            }
        }
        print("future", rates[0], rates[1], costs[0], costs[1]);
        print("blocking", rates[2], rates[3], costs[2], costs[3]);
    }

    private static void print(String kind, double[] bare, double[] client, double[] bareCost, double[] clientCost) {
        System.out.printf(
                Locale.ROOT,
                "{\"stub\": \"%s\", \"bare\": %.0f, \"client\": %.0f, \"ratio\": %.3f,"
                        + " \"bare_cpu_us\": %.1f, \"client_cpu_us\": %.1f, \"cpu_ratio\": %.3f}%n",
                kind,
                median(bare),
                median(client),
                median(client) / median(bare),
                median(bareCost),
                median(clientCost),
                median(clientCost) / median(bareCost));
    }

    /** Begins the next call whenever one has ended. */
    private Figure rate(Consumer<Consumer<Throwable>> call) throws InterruptedException {
        long begun = System.nanoTime();
        long spent = MACHINE.getProcessCpuTime();
        long until = begun + (long) (seconds * 1e9);
        AtomicLong count = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(IN_FLIGHT);
        Consumer<Throwable> next = new Consumer<>() {
            @Override
            public void accept(Throwable failure) {
                if (failure != null) {
                    failure.printStackTrace();
                    System.exit(1);
                }
                count.incrementAndGet();
                if (System.nanoTime() < until) {
                    call.accept(this);
                } else {
                    ended.countDown();
                }
            }
        };
        for (int i = 0; i < IN_FLIGHT; i++) {
            call.accept(next);
        }
        ended.await();
        return figure(count.get(), begun, spent);
    }

    private Figure blockingRate(Runnable call) throws InterruptedException {
        long begun = System.nanoTime();
        long spent = MACHINE.getProcessCpuTime();
        long until = begun + (long) (seconds * 1e9);
        AtomicLong count = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(IN_FLIGHT);
        for (int i = 0; i < IN_FLIGHT; i++) {
            threads.execute(() -> {
                while (System.nanoTime() < until) {
                    call.run();
                    count.incrementAndGet();
                }
            });
        }
        threads.shutdown();
        threads.awaitTermination(1, TimeUnit.MINUTES);
        return figure(count.get(), begun, spent);
    }

    private static Figure figure(long count, long begun, long spent) {
        double cost = (MACHINE.getProcessCpuTime() - spent) / 1e3 / count;
        return new Figure(count * 1e9 / (System.nanoTime() - begun), cost);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** `cost`: microseconds of processor time for each call. */
    private record Figure(double rate, double cost) {}

    private record Then(Consumer<Throwable> done) implements FutureCallback<GetNodeResponse> {
        @Override
        public void onSuccess(GetNodeResponse node) {
            done.accept(null);
        }

        @Override
        public void onFailure(Throwable failure) {
            done.accept(failure);
        }
    }

    /** Answers at once. */
    private static final class Idle extends NodeServiceGrpc.NodeServiceImplBase {
        @Override
        public void getNode(GetNodeRequest request, StreamObserver<GetNodeResponse> responses) {
            Node node = Node.newBuilder().setName(request.getName()).setText("x".repeat(200)).build();
            responses.onNext(GetNodeResponse.newBuilder().setNode(node).build());
            responses.onCompleted();
        }
    }
}
