package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loci.v1.CreateGraphRequest;
import dev.loci.v1.CreateGraphResponse;
import dev.loci.v1.CreateNodeRequest;
import dev.loci.v1.CreateNodeResponse;
import dev.loci.v1.GraphServiceGrpc;
import dev.loci.v1.MemoryServiceGrpc;
import dev.loci.v1.Node;
import dev.loci.v1.NodeServiceGrpc;
import dev.loci.v1.RecallRequest;
import dev.loci.v1.RecallResponse;
import dev.loci.v1.RememberRequest;
import dev.loci.v1.RememberResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(import .*?)```", Pattern.DOTALL);

    private final List<String> texts = new CopyOnWriteArrayList<>();

    /** Against a stand-in that keeps what it is told to remember. */
    @Test
    @Timeout(60)
    void theExampleRunsAsItStands(@TempDir Path folder) throws Exception {
        Matcher found = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        assertTrue(found.find());
        Path program = Files.writeString(folder.resolve("Example.java"), found.group(1));
        Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(new Graphs())
                .addService(new Nodes())
                .addService(new Memories())
                .build()
                .start();
        try {
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            ProcessBuilder run = new ProcessBuilder(
                    java, "-cp", System.getProperty("java.class.path"), program.toString());
            run.environment().put("LOCI_ADDRESS", "127.0.0.1:" + server.getPort());
            run.environment().put("LOCI_API_KEY", "k");
            Process process = run.redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("Ann plays the cello.", said.strip());
            assertEquals(0, process.waitFor());
        } finally {
            server.shutdownNow();
        }
    }

    private static <R> void answer(StreamObserver<R> responses, R response) {
        responses.onNext(response);
        responses.onCompleted();
    }

    private static final class Graphs extends GraphServiceGrpc.GraphServiceImplBase {
        @Override
        public void createGraph(CreateGraphRequest request, StreamObserver<CreateGraphResponse> responses) {
            answer(responses, CreateGraphResponse.getDefaultInstance());
        }
    }

    private static final class Nodes extends NodeServiceGrpc.NodeServiceImplBase {
        @Override
        public void createNode(CreateNodeRequest request, StreamObserver<CreateNodeResponse> responses) {
            answer(responses, CreateNodeResponse.getDefaultInstance());
        }
    }

    private final class Memories extends MemoryServiceGrpc.MemoryServiceImplBase {
        @Override
        public void remember(RememberRequest request, StreamObserver<RememberResponse> responses) {
            texts.add(request.getText());
            answer(responses, RememberResponse.getDefaultInstance());
        }

        @Override
        public void recall(RecallRequest request, StreamObserver<RecallResponse> responses) {
            RecallResponse.Builder response = RecallResponse.newBuilder();
            texts.forEach(text -> response.addMemoriesBuilder().setNode(Node.newBuilder().setText(text)));
            answer(responses, response.build());
        }
    }
}
