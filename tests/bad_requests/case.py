"""One request that must be refused, and short ways to write it."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1 import bulk_service_pb2 as bulk
from loci.v1 import commit_service_pb2 as commits
from loci.v1 import edge_service_pb2 as edges
from loci.v1 import node_service_pb2 as nodes
from loci.v1 import search_service_pb2 as search
from loci.v1.edge_pb2 import Edge
from loci.v1.filter_pb2 import EdgeFilter, NodeFilter
from loci.v1.node_pb2 import Embedding, Node

CANARY = "c4n4ry"
INVALID, MISSING, TAKEN = "INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS"
STATE, ABORTED, RANGE = "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE"
G, A, B, AB = "graphs/g", "graphs/g/nodes/a", "graphs/g/nodes/b", "graphs/g/edges/ab"
TOO_LATE, TOO_EARLY = Timestamp(seconds=253_402_300_800), Timestamp(seconds=-62_135_596_801)
BAD_NANOS = (Timestamp(nanos=-1), Timestamp(nanos=10**9))


@dataclass(frozen=True, slots=True)
class Bad:
    """One request and its refusal. `request` is a list for a stream of requests."""

    path: str
    request: Message | bytes | Sequence[Message]
    code: str
    reason: str
    field: str = ""
    says: str = ""

    def __str__(self) -> str:
        return f"{self.path.partition('/')[2]}-{self.reason}-{self.field}"


def nested(levels: int, lists: bool = False) -> Struct:
    """Properties of so many levels."""
    struct = Struct()
    value = struct.fields["k"]
    for _ in range(levels - 1):
        value = value.list_value.values.add() if lists else value.struct_value.fields["k"]
    value.string_value = CANARY
    return struct


def deep_bytes(levels: int) -> bytes:
    """An encoded CreateNodeRequest whose properties are deeper than any encoder makes them."""
    inner = b""
    for _ in range(levels):
        value = tagged(5, inner) if inner else b"\x20\x01"  # Value.struct_value, Value.bool_value
        inner = tagged(1, tagged(1, b"k") + tagged(2, value))  # Struct.fields
    return tagged(1, G.encode()) + tagged(3, tagged(6, inner))


def tagged(number: int, content: bytes) -> bytes:
    length, size = b"", len(content)
    while size > 127:
        length, size = length + bytes((size & 127 | 128,)), size >> 7
    return bytes((number << 3 | 2,)) + length + bytes((size,)) + content


def kindless() -> Struct:
    return Struct(fields={"k": Value()})


def create(field: str = "", reason: str = "INVALID_FIELD", says: str = "", **fields: Any) -> Bad:
    request = nodes.CreateNodeRequest(parent=G, node=Node(**fields))
    return Bad("NodeService/CreateNode", request, INVALID, reason, field, says)


def create_edge(field: str = "", reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    edge = Edge(**({"source": "a", "relation": "r", "target": "b"} | fields))
    return Bad("EdgeService/CreateEdge", edges.CreateEdgeRequest(parent=G, edge=edge), code, reason, field)


def update(reason: str, field: str, *paths: str, **fields: Any) -> Bad:
    request = nodes.UpdateNodeRequest(node=Node(name=A, **fields), update_mask=FieldMask(paths=paths))
    return Bad("NodeService/UpdateNode", request, INVALID, reason, field)


def commit(code: str, reason: str, field: str, *mutations: commits.Mutation, **rest: Any) -> Bad:
    """Behind a first mutation that is good."""
    good = commits.Mutation(create_node=Node(text=CANARY))
    request = commits.CommitRequest(parent=G, mutations=[good, *mutations], **rest)
    return Bad("CommitService/Commit", request, code, reason, field)


def chunk(code: str, reason: str, field: str, *items: bulk.BulkItem, **rest: Any) -> Bad:
    fields: dict[str, Any] = {"parent": G, "import_id": "i"} | rest
    fields.setdefault("items", bulk.ImportItems(sequence=1, items=items))
    return Bad("BulkService/ImportChunk", bulk.ImportChunkRequest(**fields), code, reason, field)


def stream(code: str, reason: str, field: str, *messages: bulk.ImportRequest) -> Bad:
    return Bad("BulkService/Import", messages, code, reason, field)


def header(**fields: Any) -> bulk.ImportRequest:
    return bulk.ImportRequest(header=bulk.ImportHeader(**({"parent": G, "import_id": "s"} | fields)))


def listed(field: str, reason: str = "INVALID_FIELD", **filter: Any) -> Bad:
    request = nodes.ListNodesRequest(parent=G, filter=NodeFilter(**filter))
    return Bad("NodeService/ListNodes", request, INVALID, reason, field)


def listed_edges(field: str, reason: str = "INVALID_FIELD", **filter: Any) -> Bad:
    request = edges.ListEdgesRequest(parent=G, filter=EdgeFilter(**filter))
    return Bad("EdgeService/ListEdges", request, INVALID, reason, field)


def searched(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    request = search.SearchRequest(**({"parent": G, "query": CANARY} | fields))
    return Bad("SearchService/Search", request, code, reason, field)


def vector(*values: float, model: str = "m") -> Embedding:
    return Embedding(model=model, values=values)


NODE_ITEM = bulk.BulkItem(node=Node(text=CANARY))
BAD_ITEM = bulk.BulkItem(node=Node(text=CANARY, salience=7))
