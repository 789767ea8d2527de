"""Imports conversations: a graph for each, made if it is missing, left as it is where it was imported before."""

from pathlib import Path

from loci_server.cli import turns
from loci_server.cli.failures import Failed
from loci_server.cli.import_items import create_if_missing, report
from loci_server.cli.progress import bars
from loci_server.cli.session import Session


def import_turns(session: Session, place: Path, prefix: str, chunk_size: int, import_id: str | None = None) -> None:
    """Imports the data set in a folder. Raises BadLine before anything is written, LociError."""
    path = turns.turns_file(place)
    graphs = turns.by_graph(turns.read_turns(path))
    if not graphs:
        raise Failed(f"{path} holds no turns")
    with bars() as drawn:
        for name, found in graphs.items():
            graph = turns.graph_id(name, prefix)
            create_if_missing(session.client, graph)
            bar = drawn.add(graph, turns.item_count(found))
            summary = session.client.import_items(
                graph,
                turns.items(found),
                import_id=import_id or turns.import_id(found, chunk_size),
                on_conflict="keep",
                chunk_size=chunk_size,
                progress=lambda so_far, bar=bar: bar.show(  # type: ignore[misc]
                    so_far.node_count + so_far.edge_count + so_far.kept_count
                ),
                timeout=session.options.timeout,
            )
            bar.show(turns.item_count(found))
            report(session.output, graph, summary)
