"""The benchmarks, in the order in which they run."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.cases import (
    clients,
    create_node,
    get_node,
    import_nodes,
    lexical_index,
    memory,
    reading,
    remember,
    sealing,
    search,
    search_isolation,
    vector_index,
    watch_catch_up,
    watch_delivery,
    watch_idle,
)
from bench.result import Better, Measured
from bench.site import Site


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark: its bar is for the ratio of figure to floor, or for the figure where there is no floor."""

    name: str
    what: str
    unit: str
    bar: float
    better: Better
    run: Callable[[Site], Awaitable[Measured]]


BENCHMARKS = (
    Benchmark("memory_idle", "resident memory without an embedder", "MB", 150, "lower", memory.without_embedder),
    Benchmark("memory_idle_embedder", "the same with minilm loaded", "MB", 350, "lower", memory.with_embedder),
    Benchmark("get_node", "GetNode, 32 in flight", "requests/s", 0.75, "higher", get_node.run),
    Benchmark("create_node", "CreateNode over 100 graphs, 32 in flight", "requests/s", 0.5, "higher", create_node.run),
    Benchmark("remember", "p50 of Remember against that of CreateNode", "ms", 1.5, "lower", remember.run),
    Benchmark("sealing_reads", "GetNode, sealed and isolated, or not", "requests/s", 0.88, "higher", sealing.reads),
    Benchmark(
        "sealing_writes", "CreateNode, sealed and isolated, or not", "requests/s", 0.88, "higher", sealing.writes
    ),
    Benchmark("import_100k", "import of nodes with text", "nodes/s", 0.4, "higher", import_nodes.run),
    Benchmark("read_times", "times named in turns, per 100 characters", "µs", 20, "lower", reading.times),
    Benchmark("read_names", "names in turns, per 100 characters", "µs", 8, "lower", reading.names),
    Benchmark("search_hybrid_100k", "p50 of hybrid search in a large graph", "ms", 1.7, "lower", search.large),
    Benchmark("search_conversation", "p50 of hybrid search in 1,000 turns", "ms", 3.0, "lower", search.conversation),
    Benchmark(
        "search_isolation", "recall@10 beside a large graph", "recall", 1.0, "higher", search_isolation.recall_at_10
    ),
    Benchmark(
        "search_isolation_p99", "p99 of 1,000 memories among 10,000 graphs", "ms", 1.2, "lower", search_isolation.p99
    ),
    Benchmark("lexical_bytes", "lexical index on disk for each text", "bytes", 0.35, "lower", lexical_index.run),
    Benchmark("search_indexed", "p50 of the semantic arm by the index", "ms", 1.0, "lower", vector_index.latency),
    Benchmark("search_indexed_recall", "recall@50 of the same", "recall", 0.95, "higher", vector_index.recall),
    Benchmark("watch_delivery", "p50 from commit to watcher", "ms", 3.0, "lower", watch_delivery.p50),
    Benchmark("watch_delivery_p99", "p99 from commit to watcher", "ms", 60, "lower", watch_delivery.p99),
    Benchmark("watch_catch_up", "a watch from the oldest commit on", "changes/s", 0.35, "higher", watch_catch_up.run),
    Benchmark(
        "watch_idle_writes", "CreateNode beside 100 idle watches", "requests/s", 0.95, "higher", watch_idle.writes
    ),
    Benchmark("watch_memory", "resident memory per idle watcher", "KB", 30, "lower", watch_idle.memory),
    *(
        Benchmark(
            f"client_{each.language}",
            f"GetNode, 32 in flight, {each.title}: the client against the bare stub",
            "requests/s",
            0.9,
            "higher",
            clients.of(each),
        )
        for each in clients.present()
    ),
)
