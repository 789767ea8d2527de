"""Ways to store what BM25 needs to know of texts, for `bench.cases.lexical_index`: all of the same postings, in tables
whose keys begin with graph and tenant as Loci's do."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

MERGE: Final = 1024
"""Texts in one merge, as Loci has it."""
BUCKET: Final = 32
OWN: Final = 16
"""Of the layout with buckets: postings of a bucket, and from how many on a term has a row of its own."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as lexical search knows it: graph, number, and tokens with their frequencies."""

    graph: int
    number: int
    frequencies: Mapping[int, int]

    @property
    def length(self) -> int:
        return sum(self.frequencies.values())


Posting = tuple[int, int, int]
"""Number, frequency and length of a text."""
Record = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table, its rows, and what reads `doc_no, frequency, length` of the terms $2 in the graph $1 from it."""

    name: str
    table: str
    columns: str
    records: Sequence[Record]
    postings: str

    async def make(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        await connection.execute(f"CREATE TABLE {self.table} ({self.columns})")
        schema, _, name = self.table.rpartition(".")
        await connection.copy_records_to_table(name, schema_name=schema, records=self.records)


HEAD: Final = "graph_key bigint, term bigint, first_doc_no bigint, tenant_key bigint"
KEY: Final = "PRIMARY KEY (graph_key, term, first_doc_no)"
UNPACKED: Final = "first_doc_no + (p >> 35) AS doc_no, p >> 20 & 32767 AS frequency, p & 1048575 AS length"
OURS: Final = Layout(
    "packed, 240 a row (Loci)",
    "loci.lexical_segments",
    "",
    (),
    f"SELECT {UNPACKED} FROM (SELECT first_doc_no, unnest(postings) AS p FROM loci.lexical_segments "
    "WHERE graph_key = $1 AND term = ANY ($2)) s",
)
"""Filled by Loci's own functions."""


def layouts(texts: Sequence[Text]) -> Iterator[Layout]:
    """The alternatives."""
    yield Layout(
        "a row per posting",
        "bench.posting",
        "graph_key bigint, term bigint, doc_no bigint, tenant_key bigint, length integer, frequency smallint, "
        "PRIMARY KEY (graph_key, term, doc_no)",
        [(t.graph, term, t.number, 1, t.length, count) for t in texts for term, count in t.frequencies.items()],
        "SELECT doc_no, frequency, length FROM bench.posting WHERE graph_key = $1 AND term = ANY ($2)",
    )
    yield Layout(
        "arrays per text (the tail alone)",
        "bench.tail",
        "graph_key bigint, doc_no bigint, tenant_key bigint, length integer, terms bigint[], frequencies smallint[], "
        "PRIMARY KEY (graph_key, doc_no)",
        [(t.graph, t.number, 1, t.length, list(t.frequencies), list(t.frequencies.values())) for t in texts],
        "SELECT doc_no, u.frequency, length FROM bench.tail, unnest(terms, frequencies) u (term, frequency) "
        "WHERE graph_key = $1 AND terms && $2 AND u.term = ANY ($2)",
    )
    for name, table, size in (("and merge", "bench.merged", MERGE), ("joined", "bench.joined", len(texts))):
        yield Layout(
            f"three arrays per term {name}",
            table,
            f"{HEAD}, doc_nos bigint[], frequencies smallint[], lengths integer[], {KEY}",
            [(g, term, ps[0][0], 1, *map(list, zip(*ps, strict=True))) for g, term, ps in merged(texts, size)],
            f"SELECT u.* FROM {table}, unnest(doc_nos, frequencies, lengths) u (doc_no, frequency, length) "
            "WHERE graph_key = $1 AND term = ANY ($2)",
        )
    yield Layout(
        "delta varints in bytea, joined (not readable in SQL)",
        "bench.varints",
        f"{HEAD}, postings bytea, {KEY}",
        [(g, term, ps[0][0], 1, varints(ps)) for g, term, ps in merged(texts, len(texts))],
        "",
    )
    yield buckets(texts)


def merged(texts: Sequence[Text], size: int) -> Iterator[tuple[int, int, list[Posting]]]:
    """Graph, term and postings of the texts of each graph, so many at a time."""
    graphs: dict[int, list[Text]] = defaultdict(list)
    for text in texts:
        graphs[text.graph].append(text)
    for graph, own in graphs.items():
        for start in range(0, len(own), size):
            terms: dict[int, list[Posting]] = defaultdict(list)
            for text in own[start : start + size]:
                for term, count in text.frequencies.items():
                    terms[term].append((text.number, count, text.length))
            for term, postings in terms.items():
                yield graph, term, postings


def packed(postings: Sequence[Posting]) -> list[int]:
    """As Loci packs them."""
    first = postings[0][0]
    return [(number - first) << 35 | count << 20 | length for number, count, length in postings]


def varints(postings: Sequence[Posting]) -> bytes:
    """Differences of numbers, frequencies and lengths, seven bits in each byte."""
    found = bytearray()
    last = postings[0][0]
    for number, count, length in postings:
        for value in (number - last, count, length):
            while value > 127:
                found.append(value & 127 | 128)
                value >>= 7
            found.append(value)
        last = number
    return bytes(found)


def buckets(texts: Sequence[Text]) -> Layout:
    """Rare terms share rows by the first bits of their tokens, so many that a row has some BUCKET postings."""
    records: list[Record] = []
    rare: dict[int, list[tuple[int, Posting]]] = defaultdict(list)
    for graph, term, postings in merged(texts, len(texts)):
        if len(postings) >= OWN:
            records.append((graph, term, postings[0][0], 1, None, packed(postings)))
        else:
            rare[graph] += [(term, posting) for posting in postings]
    for graph, entries in rare.items():
        bits = max(len(entries) // BUCKET, 1).bit_length() & ~1
        shared: dict[int, list[tuple[int, Posting]]] = defaultdict(list)
        for term, posting in entries:
            shared[term >> 64 - bits << 64 - bits if bits else -(2**63)].append((term, posting))
        for key, inside in shared.items():
            inside.sort(key=lambda each: each[1])
            terms, postings = [term for term, _ in inside], [posting for _, posting in inside]
            records.append((graph, key, postings[0][0], 1, terms, packed(postings)))
    keys = ", ".join(f"(t >> {64 - bits} << {64 - bits})" for bits in range(2, 17, 2))
    return Layout(
        "packed, rare terms in shared rows",
        "bench.buckets",
        f"{HEAD}, terms bigint[], postings bigint[], {KEY}",
        records,
        f"SELECT {UNPACKED} FROM bench.buckets b, unnest(b.terms, b.postings) u (t, p) WHERE graph_key = $1 "
        "AND term = ANY (ARRAY(SELECT DISTINCT k FROM unnest($2::bigint[]) t, "
        f"LATERAL (VALUES (t), (-9223372036854775808), {keys}) v (k))) AND (terms IS NULL OR u.t = ANY ($2))",
    )
