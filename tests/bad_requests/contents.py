"""Nodes and edges that break a rule of their fields, and bytes that are no message."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from math import inf, nan

from google.protobuf.struct_pb2 import Struct, Value

from tests.bad_requests.case import (
    BAD_NANOS,
    CANARY,
    INVALID,
    STATE,
    TOO_EARLY,
    TOO_LATE,
    Bad,
    create,
    create_edge,
    deep_bytes,
    kindless,
    nested,
    vector,
)

CONTENTS = [
    create("node.type", type="1st"),
    create("node.type", type="a b"),
    create("node.type", type="x\0"),
    create("node.label", label=f"{CANARY}\0"),
    create("node.text", text=f"{CANARY}\0"),
    create("node.aliases[1]", aliases=["x", ""]),
    create("node.aliases[0]", aliases=[f"{CANARY}\0"]),
    *(create("node.salience", salience=value) for value in (nan, inf, -inf, -0.1, 1.1)),
    *(create("node.event_time", event_time=value) for value in (TOO_LATE, TOO_EARLY, *BAD_NANOS)),
    create("node.valid_from", "INVALID_DATE", valid_from=CANARY),
    create("node.valid_from", "INVALID_DATE", valid_from="2001-13-45"),
    create("node.valid_from", "INVALID_DATE", valid_from="Y17E7"),
    create("node.valid_to", "INVALID_DATE", valid_from="1990", valid_to="1980"),
    create("node.valid_to", "INVALID_DATE", valid_to="1980/1990"),
    *(
        create("node.properties", properties=Struct(fields={"k": Value(number_value=value)}))
        for value in (nan, inf, -inf)
    ),
    create("node.properties", properties=kindless()),
    create("node.properties", properties=Struct(fields={"": Value(string_value=CANARY)})),
    create("node.properties", "LIMIT_EXCEEDED", "16", properties=nested(17)),
    create("node.properties", "LIMIT_EXCEEDED", "16", properties=nested(25, lists=True)),
    *(
        create("node.embedding.values", "INVALID_VECTOR", text=CANARY, embedding=vector(*values))
        for values in ((nan, 1), (inf, 1), (1, -inf), (0, 0), (-0.0,), (), [1] * 4001)
    ),
    *(
        create("node.embedding.model", "INVALID_VECTOR", embedding=vector(1, model=model))
        for model in ("", "a\0b", "m" * 129)
    ),
    create("node.embedding.values", "DIMENSION_MISMATCH", "3", text=CANARY, embedding=vector(1, 2, model="three")),
    create_edge("edge.weight", weight=nan),
    create_edge("edge.weight", weight=-inf),
    create_edge("edge.relation", relation=""),
    create_edge("edge.relation", relation="has a"),
    create_edge("edge.target", "SELF_EDGE", target="a"),
    create_edge("edge.source", "INVALID_NAME", source=""),
    create_edge("edge.source", "INVALID_NAME", source="a\0"),
    create_edge("edge.target", "INVALID_NAME", target="x/y"),
    create_edge("edge.target", "ENDPOINT_MISSING", STATE, target="nobody"),
    create_edge("edge.properties", properties=kindless()),
    create_edge("edge.valid_from", "INVALID_DATE", valid_from=CANARY),
]

UNDECODABLE = [
    Bad("NodeService/CreateNode", raw, INVALID, "UNDECODABLE_MESSAGE")
    for raw in (
        b"\xff",
        b"\x0a\x02\xff\xfe",
        b"\x0a\x03\xed\xa0\x80",
        b"\x0a\x7f",
        b"\x0a" + b"\xff" * 10,
        deep_bytes(90),
    )
]
UNDECODABLE.append(Bad("BulkService/Export", b"\x0a\x7f", INVALID, "UNDECODABLE_MESSAGE"))
