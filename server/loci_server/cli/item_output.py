"""How nodes and edges are shown to people."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from loci_server.cli.output import Output, one_line, time_of
from loci_server.cli.words import word

if TYPE_CHECKING:
    from loci.v1.change_pb2 import Change, ItemRevision
    from loci.v1.edge_pb2 import Edge
    from loci.v1.node_pb2 import Node

NODE_COLUMNS = ("node", "type", "when", "label", "text")
EDGE_COLUMNS = ("edge", "source", "relation", "target", "weight", "when")


REVISION_COLUMNS = ("revision", "when", "what", "key", "note")


def revision_row(revision: "ItemRevision") -> tuple[object, ...]:
    """What was done, and to which fields."""
    change = revision.change
    what = " ".join(filter(None, (change_kind(change), ", ".join(revision.changed_fields), withheld(change))))
    return revision.revision, time_of(revision, "commit_time"), what, revision.api_key, one_line(revision.note)


def change_kind(change: "Change") -> str:
    """What was done."""
    from loci.v1.change_pb2 import ChangeKind

    name = word(ChangeKind, change.kind)
    return f"hard {name}" if change.hard else name


def withheld(change: "Change") -> str:
    """Why the item is not told."""
    return "(erased)" if change.erased else "(unreadable)" if change.unreadable else ""


def node_row(node: "Node") -> tuple[str, ...]:
    from loci.names import id_of

    return id_of(node.name), node.type, when(node), one_line(node.label, 40), one_line(node.text)


def edge_row(edge: "Edge") -> tuple[str, ...]:
    from loci.names import id_of

    return id_of(edge.name), edge.source, edge.relation, edge.target, f"{edge.weight:g}", _validity(edge)


def when(node: "Node") -> str:
    """When it happened, else when it held."""
    return time_of(node, "event_time") or _validity(node)


def show_node(output: Output, node: "Node") -> None:
    def rows() -> Iterator[tuple[str, object]]:
        yield "node", node.name
        yield "type", node.type
        yield "label", node.label
        yield "aliases", ", ".join(node.aliases)
        yield "happened", time_of(node, "event_time")
        yield "valid", _validity(node)
        yield "salience", f"{node.salience:g}"
        yield "expires", time_of(node, "expire_time")
        yield "superseded", "yes" if node.superseded else ""
        yield from _claim(node)
        yield "properties", _properties(node)
        yield from _versions(node)
        yield "text", node.text

    output.message(node, rows)


def show_edge(output: Output, edge: "Edge") -> None:
    def rows() -> Iterator[tuple[str, object]]:
        yield "edge", edge.name
        yield "source", edge.source
        yield "relation", edge.relation
        yield "target", edge.target
        yield "weight", f"{edge.weight:g}"
        yield "valid", _validity(edge)
        yield "properties", _properties(edge)
        yield from _versions(edge)

    output.message(edge, rows)


def _claim(node: "Node") -> "Iterator[tuple[str, object]]":
    claim = node.claim
    if claim.slot:
        yield "slot", f"{claim.subject} {claim.slot} {'not ' if claim.negated else ''}{claim.value}".strip()
    if claim.evidence:
        sources = sorted({piece.source or "unnamed" for piece in claim.evidence})
        contested = ", contested" if claim.contested else ""
        yield "belief", f"{claim.belief:.2f}{contested}, by {', '.join(sources)}"


def _validity(item: "Node | Edge") -> str:
    if not item.valid_from and not item.valid_to:
        return ""
    return f"{item.valid_from}/{item.valid_to}" if item.valid_to else item.valid_from


def _properties(item: "Node | Edge") -> str:
    from loci import properties

    found = properties(item)
    return json.dumps(found, ensure_ascii=False) if found else ""


def _versions(item: "Node | Edge") -> Iterator[tuple[str, object]]:
    yield "created", time_of(item, "create_time")
    yield "updated", time_of(item, "update_time")
    yield "revision", item.revision
    yield "etag", item.etag
