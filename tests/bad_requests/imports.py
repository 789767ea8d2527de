"""Imports and exports."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from loci.v1 import bulk_service_pb2 as bulk
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from tests.bad_requests.case import (
    BAD_ITEM,
    INVALID,
    NODE_ITEM,
    RANGE,
    STATE,
    TOO_LATE,
    A,
    Bad,
    G,
    chunk,
    header,
    stream,
)

IMPORTS = [
    chunk(INVALID, "INVALID_FIELD", "items.sequence", NODE_ITEM, items=bulk.ImportItems(sequence=0, items=[NODE_ITEM])),
    chunk(INVALID, "INVALID_FIELD", "items.items", items=bulk.ImportItems(sequence=1)),
    chunk(
        STATE,
        "IMPORT_OUT_OF_SEQUENCE",
        "items.sequence",
        import_id="gap",
        items=bulk.ImportItems(sequence=3, items=[NODE_ITEM]),
    ),
    chunk(
        STATE,
        "IMPORT_OUT_OF_SEQUENCE",
        "items.sequence",
        import_id="gap",
        items=bulk.ImportItems(sequence=2**63 - 1, items=[NODE_ITEM]),
    ),
    chunk(INVALID, "INVALID_FIELD", "import_id", NODE_ITEM, import_id=""),
    chunk(INVALID, "INVALID_FIELD", "import_id", NODE_ITEM, import_id="a\0"),
    chunk(INVALID, "INVALID_FIELD", "options.on_error", NODE_ITEM, options={"on_error": 99}),
    chunk(INVALID, "INVALID_FIELD", "options.on_conflict", NODE_ITEM, options={"on_conflict": -1}),
    chunk(
        INVALID,
        "IMPORT_OPTIONS_CHANGED",
        "options",
        NODE_ITEM,
        parent="graphs/other",
        import_id="begun",
        options={"keep_times": True},
    ),
    chunk(INVALID, "INVALID_FIELD", "items.sequence", NODE_ITEM, parent="graphs/other", import_id="begun"),
    chunk(INVALID, "BAD_ITEMS", "", NODE_ITEM, BAD_ITEM),
    chunk(INVALID, "BAD_ITEMS", "", NODE_ITEM, bulk.BulkItem()),
    chunk(INVALID, "BAD_ITEMS", "", bulk.BulkItem(node=Node(name=A)), NODE_ITEM),
    chunk(INVALID, "BAD_ITEMS", "", NODE_ITEM, bulk.BulkItem(edge=Edge(source="a", relation="r", target="none"))),
    chunk(INVALID, "BAD_ITEMS", "", NODE_ITEM, bulk.BulkItem(node=Node(name="graphs/other/nodes/x"))),
    chunk(
        INVALID,
        "BAD_ITEMS",
        "",
        NODE_ITEM,
        bulk.BulkItem(node=Node(create_time=TOO_LATE)),
        import_id="t",
        options={"keep_times": True},
    ),
    stream(INVALID, "INVALID_FIELD", "header"),
    stream(INVALID, "INVALID_FIELD", "header", bulk.ImportRequest()),
    stream(INVALID, "INVALID_FIELD", "header", bulk.ImportRequest(items={"sequence": 1, "items": [NODE_ITEM]})),
    stream(INVALID, "INVALID_FIELD", "items", header(), header()),
    stream(INVALID, "INVALID_FIELD", "items", header(), bulk.ImportRequest()),
    stream(INVALID, "INVALID_FIELD", "items.items", header(), bulk.ImportRequest(items={"sequence": 1})),
    stream(
        INVALID,
        "INVALID_FIELD",
        "items.sequence",
        header(),
        bulk.ImportRequest(items={"sequence": -1, "items": [NODE_ITEM]}),
    ),
    stream(
        STATE,
        "IMPORT_OUT_OF_SEQUENCE",
        "items.sequence",
        header(),
        bulk.ImportRequest(items={"sequence": 2, "items": [NODE_ITEM]}),
    ),
    stream(
        INVALID,
        "IMPORT_OPTIONS_CHANGED",
        "options",
        header(parent="graphs/other", import_id="begun", options={"on_conflict": 2}),
    ),
    stream(
        INVALID, "BAD_ITEMS", "", header(), bulk.ImportRequest(items={"sequence": 1, "items": [NODE_ITEM, BAD_ITEM]})
    ),
    Bad(
        "BulkService/GetImport", bulk.GetImportRequest(parent=G, import_id="\0"), INVALID, "INVALID_FIELD", "import_id"
    ),
    Bad("BulkService/GetImport", bulk.GetImportRequest(parent=G), INVALID, "INVALID_FIELD", "import_id"),
    Bad("BulkService/Export", bulk.ExportRequest(parent=G, revision=-1), INVALID, "INVALID_FIELD", "revision"),
    Bad(
        "BulkService/Export", bulk.ExportRequest(parent=G, revision=2**63 - 1), RANGE, "REVISION_IN_FUTURE", "revision"
    ),
]
