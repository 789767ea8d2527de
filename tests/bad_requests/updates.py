"""Updates of what cannot be updated, and etags that are not current."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from math import nan

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.struct_pb2 import Struct, Value

from loci.v1 import edge_service_pb2 as edges
from loci.v1 import graph_service_pb2 as graphs
from loci.v1 import node_service_pb2 as nodes
from loci.v1.edge_pb2 import Edge
from loci.v1.graph_pb2 import Graph, SearchFields
from loci.v1.node_pb2 import Node
from tests.bad_requests.case import AB, ABORTED, CANARY, INVALID, A, Bad, G, nested, update

UPDATES = [
    *(
        update("INVALID_FIELD_MASK", "update_mask", path, text=CANARY)
        for path in ("", "name", "foo", "properties.", "text.x", "a.b", "*.x")
    ),
    update("INVALID_FIELD_MASK", "update_mask", "text", "foo", text=CANARY),
    update("INVALID_FIELD", "node.salience", "salience", salience=nan),
    update(
        "LIMIT_EXCEEDED",
        "node.properties",
        f"properties.{'k' * 257}",
        properties=Struct(fields={"k" * 257: Value(bool_value=True)}),
    ),
    update("INVALID_FIELD", "node.properties", properties=Struct(fields={"new": Value(number_value=nan)})),
    update("LIMIT_EXCEEDED", "node.properties", properties=nested(20)),
    Bad(
        "EdgeService/UpdateEdge",
        edges.UpdateEdgeRequest(edge=Edge(name=AB), update_mask=FieldMask(paths=["source"])),
        INVALID,
        "INVALID_FIELD_MASK",
        "update_mask",
    ),
    *(
        Bad(
            "EdgeService/UpdateEdge",
            edges.UpdateEdgeRequest(edge=Edge(name=AB, **{end: "zz"})),
            INVALID,
            "INVALID_FIELD",
            f"edge.{end}",
        )
        for end in ("source", "relation", "target")
    ),
    Bad(
        "GraphService/UpdateGraph",
        graphs.UpdateGraphRequest(graph=Graph(name=G, display_name=CANARY), update_mask=FieldMask(paths=["revision"])),
        INVALID,
        "INVALID_FIELD_MASK",
        "update_mask",
    ),
    Bad(
        "GraphService/UpdateGraph",
        graphs.UpdateGraphRequest(graph=Graph(name=G, display_name=CANARY, etag="zz")),
        ABORTED,
        "ETAG_MISMATCH",
    ),
    *(
        Bad(
            "GraphService/UpdateGraph",
            graphs.UpdateGraphRequest(graph=Graph(name=G, search_fields=SearchFields(**fields))),
            INVALID,
            reason,
            f"graph.search_fields.{field}",
        )
        for fields, reason, field in (
            ({"properties": [CANARY, ""]}, "INVALID_FIELD", "properties[1]"),
            ({"properties": [CANARY, CANARY]}, "INVALID_FIELD", "properties[1]"),
            ({"properties": [CANARY * 50]}, "LIMIT_EXCEEDED", "properties[0]"),
            ({"label_weight": -1}, "INVALID_FIELD", "label_weight"),
            ({"property_weight": 11}, "LIMIT_EXCEEDED", "property_weight"),
        )
    ),
    Bad(
        "GraphService/UpdateGraph",
        graphs.UpdateGraphRequest(graph=Graph(name=G, display_name=f"{CANARY}\0")),
        INVALID,
        "INVALID_FIELD",
        "graph.display_name",
    ),
    *(
        Bad(path, request, ABORTED, "ETAG_MISMATCH")
        for etag in ("zz", "\0", "1" * 5000, "%s")
        for path, request in (
            ("NodeService/UpdateNode", nodes.UpdateNodeRequest(node=Node(name=A, text=CANARY, etag=etag))),
            ("NodeService/DeleteNode", nodes.DeleteNodeRequest(name=A, etag=etag)),
            ("NodeService/RenameNode", nodes.RenameNodeRequest(name=A, new_node_id="z", etag=etag)),
            ("EdgeService/UpdateEdge", edges.UpdateEdgeRequest(edge=Edge(name=AB, etag=etag, weight=2))),
            ("EdgeService/DeleteEdge", edges.DeleteEdgeRequest(name=AB, etag=etag)),
            ("GraphService/DeleteGraph", graphs.DeleteGraphRequest(name=G, etag=etag)),
        )
    ),
]
