"""Nodes and edges: each limit of the contract holds at its edge, and the error names the field."""

import math
from typing import Any

import pytest

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Embedding, Node
from loci_server import errors
from loci_server.domain.dates import UNBOUNDED, parse_date
from loci_server.domain.validation import check_edge, check_node, check_timestamp


def edge(**fields: Any) -> Edge:
    return Edge(**{"source": "a", "relation": "knows", "target": "b"} | fields)


def test_a_node_and_an_edge_at_every_limit_pass() -> None:
    node = Node(
        type="T" + "a" * 63,
        label="é" * 2048,
        aliases=["x" * 512] * 64,
        text="x" * 262_144,
        salience=1.0,
        embedding=Embedding(model="m" * 128, values=[0.0] * 3999 + [1e-40]),
    )
    node.event_time.FromJsonString("9999-12-31T23:59:59.999999999Z")
    assert check_node(node) == UNBOUNDED
    assert check_edge(edge(source="a" * 256, relation="is-a_b.C9", weight=-1e308)) == UNBOUNDED


def test_an_empty_node_passes() -> None:
    assert check_node(Node()) == UNBOUNDED


def test_the_validity_interval_is_returned() -> None:
    assert check_node(Node(valid_from="1985/1990")) == parse_date("1985/1990", "f")
    assert check_edge(edge(valid_from="1985", valid_to="1990")) == parse_date("1985/1990", "f")


BAD_NODES: list[tuple[Node, type[errors.LociError], str]] = [
    (Node(type="a" * 65), errors.LimitExceeded, "type"),
    (Node(type="9a"), errors.InvalidField, "type"),
    (Node(type="ä"), errors.InvalidField, "type"),
    (Node(type="a b"), errors.InvalidField, "type"),
    (Node(type="a\n"), errors.InvalidField, "type"),
    (Node(label="é" * 2049), errors.LimitExceeded, "label"),
    (Node(label="a\0"), errors.InvalidField, "label"),
    (Node(aliases=["a"] * 65), errors.LimitExceeded, "aliases"),
    (Node(aliases=["a", "x" * 513]), errors.LimitExceeded, "aliases[1]"),
    (Node(aliases=[""]), errors.InvalidField, "aliases[0]"),
    (Node(aliases=["\0"]), errors.InvalidField, "aliases[0]"),
    (Node(text="x" * 262_145), errors.LimitExceeded, "text"),
    (Node(text="a\0b"), errors.InvalidField, "text"),
    (Node(salience=1.01), errors.InvalidField, "salience"),
    (Node(salience=-0.01), errors.InvalidField, "salience"),
    (Node(salience=math.nan), errors.InvalidField, "salience"),
    (Node(valid_from="soon"), errors.InvalidDate, "valid_from"),
    (Node(valid_from="1990", valid_to="1985"), errors.InvalidDate, "valid_to"),
    (Node(embedding=Embedding(values=[1.0])), errors.InvalidVector, "embedding.model"),
    (Node(embedding=Embedding(model="m" * 129, values=[1.0])), errors.InvalidVector, "embedding.model"),
    (Node(embedding=Embedding(model="m")), errors.InvalidVector, "embedding.values"),
    (Node(embedding=Embedding(model="m", values=[1.0] * 4001)), errors.InvalidVector, "embedding.values"),
    (Node(embedding=Embedding(model="m", values=[0.0, -0.0])), errors.InvalidVector, "embedding.values"),
    (Node(embedding=Embedding(model="m", values=[1.0, math.nan])), errors.InvalidVector, "embedding.values"),
    (Node(embedding=Embedding(model="m", values=[math.inf, -math.inf])), errors.InvalidVector, "embedding.values"),
]

BAD_EDGES: list[tuple[Edge, type[errors.LociError], str]] = [
    (edge(source=""), errors.InvalidName, "source"),
    (edge(target=""), errors.InvalidName, "target"),
    (edge(source="a/b"), errors.InvalidName, "source"),
    (edge(target="x" * 257), errors.InvalidName, "target"),
    (edge(relation=""), errors.InvalidField, "relation"),
    (edge(relation="is a"), errors.InvalidField, "relation"),
    (edge(relation="a" * 65), errors.LimitExceeded, "relation"),
    (edge(target="a"), errors.SelfEdge, "target"),
    (edge(weight=math.nan), errors.InvalidField, "weight"),
    (edge(weight=math.inf), errors.InvalidField, "weight"),
    (edge(valid_to="soon"), errors.InvalidDate, "valid_to"),
]


@pytest.mark.parametrize(("node", "error", "field"), BAD_NODES)
def test_a_bad_node_is_refused_by_its_field(node: Node, error: type[errors.LociError], field: str) -> None:
    with pytest.raises(error) as caught:
        check_node(node, "requests[3].node")
    assert caught.value.violations[0].field == f"requests[3].node.{field}"


@pytest.mark.parametrize(("bad", "error", "field"), BAD_EDGES)
def test_a_bad_edge_is_refused_by_its_field(bad: Edge, error: type[errors.LociError], field: str) -> None:
    with pytest.raises(error) as caught:
        check_edge(bad)
    assert caught.value.violations[0].field == f"edge.{field}"


def test_bad_properties_are_refused_by_their_field() -> None:
    node, bad = Node(), edge()
    node.properties.fields["a"].SetInParent()
    bad.properties.fields["a"].SetInParent()
    with pytest.raises(errors.InvalidField, match=r"node\.properties"):
        check_node(node)
    with pytest.raises(errors.InvalidField, match=r"edge\.properties"):
        check_edge(bad)


@pytest.mark.parametrize(
    ("seconds", "nanos", "good"),
    [
        (-62_135_596_800, 0, True),
        (-62_135_596_801, 0, False),
        (253_402_300_799, 999_999_999, True),
        (253_402_300_800, 0, False),
        (0, -1, False),
        (0, 1_000_000_000, False),
    ],
)
def test_a_timestamp_lies_within_the_years_1_to_9999(seconds: int, nanos: int, good: bool) -> None:
    node = Node()
    node.event_time.seconds, node.event_time.nanos = seconds, nanos
    if good:
        check_timestamp(node.event_time, "f")
        check_node(node)
    else:
        with pytest.raises(errors.InvalidField, match=r"node\.event_time"):
            check_node(node)
