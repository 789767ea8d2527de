"""What the lexical index takes on disk for a text, after merging, against a row for each posting; with a table of other
ways to store the same, and the time that queries take in each.

With LOCI_BENCH_TURNS the texts and queries are those of a folder as `loci eval retrieval` takes it, else made up.
"""

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

import asyncpg
from rich.table import Table

from bench import corpus
from bench.layouts import MERGE, OURS, Layout, Text, layouts
from bench.result import Measured
from bench.site import Site
from loci_server.crypto.tokens import Tokenizer
from loci_server.search.analysis import terms
from loci_server.store.migrations import migrate
from loci_server.writing.documents import frequencies

SCORED = """
SELECT doc_no, sum(frequency / (frequency + 1.2 * (0.25 + 0.75 * length / 20.0))) FROM ({}) p
GROUP BY doc_no ORDER BY 2 DESC LIMIT 1000"""
QUERIES = 50
ROUNDS = 4
SIZE = "SELECT pg_total_relation_size($1::text::regclass)"


async def run(site: Site) -> Measured:
    """Bytes for each text, with indexes and what is stored apart."""
    tokenizer = Tokenizer(secrets.token_bytes(32))
    texts, asked = told(tokenizer, site.sizes.large // 5)
    installation = await site.installation("lexical")
    await migrate(installation.database_url)
    connection = await asyncpg.connect(installation.database_url)
    try:
        await connection.execute("CREATE SCHEMA bench; SET jit = off; SET plan_cache_mode = force_custom_plan")
        await fill(connection, texts)
        found = [await taken(connection, OURS)]
        for layout in layouts(texts):
            await layout.make(connection)
            found.append(await taken(connection, layout))
        times = await seconds(connection, [layout.postings for layout, _, _ in found], asked)
    finally:
        await connection.close()
    table = Table("layout", "rows/text", "bytes/text", "query", title=f"{len(texts):,} texts")
    for (layout, rows, size), took in zip(found, times, strict=True):
        ratio = f"{took / times[0]:.2f}" if layout.postings else ""
        table.add_row(layout.name, f"{rows / len(texts):.2f}", f"{size / len(texts):,.0f}", ratio)
    site.show(table)
    return Measured(found[0][2] / len(texts), found[1][2] / len(texts))


def told(tokenizer: Tokenizer, count: int) -> tuple[list[Text], list[tuple[int, list[int]]]]:
    """The texts, and queries of a graph each."""
    folder = os.environ.get("LOCI_BENCH_TURNS")
    if folder is None:
        given = [("one", text) for text in corpus.texts(0, count)]
        queries = [("one", query) for query in corpus.queries(QUERIES)]
    else:
        turns = [json.loads(line) for line in (Path(folder) / "turns.jsonl").read_text().splitlines()]
        given = [(turn["graph"], f"{turn['speaker']}\n{turn['text']}") for turn in turns]
        lines = (Path(folder) / "queries.jsonl").read_text().splitlines()
        queries = [
            (query["graph"], query["query"]) for query in map(json.loads, lines[:: max(len(lines) // QUERIES, 1)])
        ]
    graphs = {graph: place for place, graph in enumerate(dict.fromkeys(graph for graph, _ in given), 1)}
    # A write of one node takes two numbers, of which the second is the document's.
    texts = [
        Text(graphs[graph], 2 * n, {int(token): count for token, count in frequencies(tokenizer, text).items()})
        for n, (graph, text) in enumerate(given, 1)
    ]
    return texts, [(graphs[graph], [tokenizer.term(term) for term in set(terms(query))]) for graph, query in queries]


COLUMNS = ("graph_key", "doc_no", "tenant_key", "length", "terms", "frequencies")


async def fill(connection: "asyncpg.Connection[asyncpg.Record]", texts: Sequence[Text]) -> None:
    """Writes and merges as the server does."""
    waiting: dict[int, list[Text]] = {}
    for last, text in zip([False] * (len(texts) - 1) + [True], texts, strict=True):
        waiting.setdefault(text.graph, []).append(text)
        if len(waiting[text.graph]) < MERGE and not last:
            continue
        for graph, part in list(waiting.items()) if last else [(text.graph, waiting[text.graph])]:
            records = [(graph, t.number, 1, t.length, list(t.frequencies), list(t.frequencies.values())) for t in part]
            await connection.copy_records_to_table("lexical_tail", schema_name="loci", columns=COLUMNS, records=records)
            await connection.fetchval("SELECT loci.merge_lexical_tail(1, $1, 5000)", graph)
            del waiting[graph]
        await connection.execute("VACUUM loci.lexical_segments, loci.lexical_tail")


async def taken(connection: "asyncpg.Connection[asyncpg.Record]", layout: Layout) -> tuple[Layout, int, int]:
    """A layout, its rows and its bytes."""
    await connection.execute(f"VACUUM ANALYZE {layout.table}")
    size: int = await connection.fetchval(SIZE, layout.table)
    return layout, await connection.fetchval(f"SELECT count(*) FROM {layout.table}"), size


async def seconds(
    connection: "asyncpg.Connection[asyncpg.Record]", layouts: Sequence[str], asked: Sequence[tuple[int, list[int]]]
) -> list[float]:
    """Of each layout the median over queries of the least time of some runs, in turns with the others; 0 of those that
    are not asked."""
    statements = [await connection.prepare(SCORED.format(postings)) if postings else None for postings in layouts]
    took: list[list[float]] = [[] for _ in layouts]
    for graph, tokens in asked:
        least = [float("inf")] * len(layouts)
        for _ in range(ROUNDS):
            for place, statement in enumerate(statements):
                if statement is not None:
                    start = perf_counter()
                    await statement.fetch(graph, tokens)
                    least[place] = min(least[place], perf_counter() - start)
        for times, best in zip(took, least, strict=True):
            times.append(best)
    return [median(times) if statement is not None else 0.0 for times, statement in zip(took, statements, strict=True)]
