package dev.loci.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The agent of the conformance scenarios (tests/conformance/README.md): does with the Java client what it is told on standard
 * input, one JSON object a line, and says on standard output how it went.
 */
public final class Agent {
    private final Operations operations = new Operations();
    private final PrintStream out;

    private Agent(PrintStream out) {
        this.out = out;
    }

    /** Works until standard input ends. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err); // nothing else may write there
        new Agent(out).serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        System.exit(0);
    }

    private void serve(BufferedReader in) throws IOException {
        ExecutorService workers = Executors.newCachedThreadPool();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (!line.isBlank()) {
                JsonObject request = JsonParser.parseString(line).getAsJsonObject();
                workers.execute(() -> answer(request));
            }
        }
        workers.shutdownNow();
    }

    private void answer(JsonObject request) {
        JsonObject answer = new JsonObject();
        answer.add("id", request.get("id"));
        try {
            answer.add("result", operations.perform(request));
        } catch (Exception | LinkageError | AssertionError failure) {
            answer.add("error", error(failure));
        }
        byte[] line = (answer + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            out.write(line, 0, line.length);
            out.flush();
        }
    }

    private static JsonElement error(Throwable failure) {
        JsonObject told = Failures.told(failure);
        if (told.get("code").getAsString().equals("AGENT")) {
            failure.printStackTrace();
        }
        return told;
    }
}
