"""An import against a script that copies the very rows that the import wrote into copies of the very tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import asyncpg

from bench.graphs import create_graphs
from bench.programs import load_generator, loci_server
from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Installation, Site

CHUNK = 1000
"""Nodes of one transaction, as the import sends them."""

TABLES = {
    "nodes": "SELECT * FROM loci.nodes WHERE graph_key = $1 ORDER BY doc_no",
    "changes": "SELECT * FROM loci.changes WHERE graph_key = $1 ORDER BY revision, ordinal",
    "lexical_tail": "SELECT * FROM loci.lexical_tail WHERE graph_key = $1 ORDER BY doc_no",
    "property_index": "SELECT * FROM loci.property_index WHERE graph_key = $1 ORDER BY id",
}
"""What an import of nodes without vectors writes for each node."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table that belong to a chunk."""

    columns: Sequence[str]
    records: Sequence[Sequence[object]]


async def run(site: Site) -> Measured:
    """Nodes per second. Background jobs are off, so that the rows stay as they were written."""
    installation = await site.installation("import_nodes")
    sizes = site.sizes
    script = Floor(installation)
    async with loci_server(installation, background_jobs="false") as loci, load_generator() as load:
        await script.make_tables()

        async def figure(place: int, count: int = sizes.large) -> float:
            (graph,) = await create_graphs(loci, [f"import{place}"])
            await installation.run("CHECKPOINT")
            seconds = await load.run(
                "import_nodes", address=loci.address, api_key=loci.api_key, graph=graph, first=0, count=count
            )
            return count / float(seconds)

        async def floor(place: int, count: int = sizes.large) -> float:
            chunks = await script.read(await installation.graph_key(f"import{place}"))
            await installation.run("CHECKPOINT")
            return count / await script.write(chunks)

        await figure(0, sizes.large // 10)
        await floor(0, sizes.large // 10)
        return await in_turns(site, sizes.import_rounds, figure, floor)


class Floor:
    """The script: binary COPY as superuser, a transaction for each chunk, into tables that grow as the real ones do."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def make_tables(self) -> None:
        await self._installation.run(
            "CREATE SCHEMA bench;"
            + "".join(f"CREATE TABLE bench.{table} (LIKE loci.{table} INCLUDING ALL);" for table in TABLES)
        )

    async def read(self, graph_key: int) -> list[Mapping[str, Rows]]:
        """What the import wrote, cut into chunks."""
        connection = await asyncpg.connect(self._installation.database_url)
        try:
            chunks: list[dict[str, Rows]] = []
            for table, query in TABLES.items():
                records = await connection.fetch(query, graph_key)
                if not records:
                    continue
                columns = list(records[0].keys())
                if not chunks:
                    chunks = [{} for _ in range(len(records) // CHUNK)]
                share = -(-len(records) // len(chunks))
                for place, chunk in enumerate(chunks):
                    part = records[place * share : (place + 1) * share]
                    chunk[table] = Rows(columns, [tuple(record) for record in part])
            return list(chunks)
        finally:
            await connection.close()

    async def write(self, chunks: Sequence[Mapping[str, Rows]]) -> float:
        """Seconds that it took."""
        connection = await asyncpg.connect(self._installation.database_url)
        try:
            start = perf_counter()
            for chunk in chunks:
                async with connection.transaction():
                    for table, rows in chunk.items():
                        await connection.copy_records_to_table(
                            table, schema_name="bench", columns=rows.columns, records=rows.records
                        )
            return perf_counter() - start
        finally:
            await connection.close()
