"""`loci export`: writes a graph, as it stood at one revision, as JSON Lines that `loci import` reads."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.failures import Failed
from loci_server.cli.output import as_dict, remark
from loci_server.cli.progress import bars
from loci_server.cli.session import Session

if TYPE_CHECKING:
    from loci.v1.bulk_service_pb2 import ExportResponse


@client_command
def command(
    session: Session,
    graph: Annotated[str, typer.Argument(metavar="GRAPH", help="The id of the graph.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write here; it appears when it is whole.")
    ] = None,
    revision: Annotated[int, typer.Option(min=0, help="As it stood then; default: now.")] = 0,
    embeddings: Annotated[
        bool, typer.Option("--embeddings/--no-embeddings", help="With the vectors that callers gave.")
    ] = True,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted export to --out.")] = False,
) -> None:
    """Export every node, then every edge: {"node": …} or {"edge": …} on each line, in proto JSON."""
    if resume and out is None:
        raise typer.BadParameter("--resume goes on with a file: give --out")
    with bars() as drawn, _target(graph, out, resume) as target:
        stats = session.client.get_graph_stats(graph)
        bar = drawn.add(f"exporting {graph}", stats.node_count + stats.edge_count)
        pages = session.client.export_pages(
            graph,
            revision=revision,
            include_embeddings=embeddings,
            page_token=target.state.page_token,
            timeout=session.options.timeout,
        )
        for page in pages:
            target.write(page)
            bar.show(target.state.items)
    remark(f"{target.state.items} items at revision {target.state.revision}")


@dataclass(slots=True)
class State:
    """How far an export has come, kept beside the unfinished file."""

    graph: str
    page_token: str = ""
    bytes: int = 0
    items: int = 0
    revision: int = 0


class Target:
    """Where the lines go."""

    def __init__(self, file: TextIO, state: State, notes: Path | None) -> None:
        self.state = state
        self._file = file
        self._notes = notes

    def write(self, page: "ExportResponse") -> None:
        """A page, and in the notes that it is there."""
        for item in page.items:
            self._file.write(json.dumps(as_dict(item), ensure_ascii=False) + "\n")
        self.state.items += len(page.items)
        self.state.revision = page.revision
        self.state.page_token = page.next_page_token
        if self._notes is not None:
            self._file.flush()
            self.state.bytes = os.fstat(self._file.fileno()).st_size
            replaced = self._notes.with_name(self._notes.name + ".new")
            replaced.write_text(json.dumps(asdict(self.state)), encoding="utf-8")
            replaced.replace(self._notes)


@contextmanager
def _target(graph: str, out: Path | None, resume: bool) -> Iterator[Target]:
    """Standard output, or a file beside `out` that takes its place at the end."""
    if out is None:
        yield Target(sys.stdout, State(graph), None)
        return
    partial, notes = out.with_name(f"{out.name}.partial"), out.with_name(f"{out.name}.resume")
    state = _resumed(graph, partial, notes) if resume else State(graph)
    if not resume:
        notes.unlink(missing_ok=True)
        partial.unlink(missing_ok=True)
    # Memories are private: so are their copies.
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT, 0o600)
    os.ftruncate(descriptor, state.bytes)
    try:
        with open(descriptor, "a", encoding="utf-8", newline="\n") as file:
            file.seek(0, os.SEEK_END)
            yield Target(file, state, notes)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        if notes.exists():
            remark(f"{partial} holds {state.items} items; go on with --resume")
        else:
            partial.unlink(missing_ok=True)
        raise
    partial.replace(out)
    notes.unlink(missing_ok=True)


def _resumed(graph: str, partial: Path, notes: Path) -> State:
    try:
        state = State(**json.loads(notes.read_text(encoding="utf-8")))
        held = partial.stat().st_size
    except FileNotFoundError:
        raise Failed(f"there is no interrupted export beside {partial.with_suffix('')}") from None
    except (ValueError, TypeError):
        raise Failed(f"{notes} cannot be read; export anew without --resume") from None
    if state.graph != graph:
        raise Failed(f"{notes} is of an export of the graph {state.graph}")
    if held < state.bytes or not state.page_token:
        raise Failed(f"{partial} is not as the interrupted export left it; export anew without --resume")
    return state
