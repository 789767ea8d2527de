"""What a node and an edge may be: every limit that node.proto and edge.proto state.

The first problem is raised as a typed error that names its field, such as `node.text`, and never repeats content.
Names are not looked at here: who writes knows which ids it takes from them.
"""

import math
from collections.abc import Collection
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Claim, Embedding, Node
from loci_server.domain.dates import Interval, parse_validity
from loci_server.domain.limits import (
    MAX_ALIAS_BYTES,
    MAX_ALIASES,
    MAX_DIMENSIONS,
    MAX_EVIDENCE,
    MAX_ID_BYTES,
    MAX_LABEL_BYTES,
    MAX_MODEL_BYTES,
    MAX_SOURCE_BYTES,
    MAX_SUBJECT_BYTES,
    MAX_TEXT_BYTES,
    MAX_TYPE_CHARS,
    MAX_VALUE_BYTES,
    check_bytes,
    check_count,
)
from loci_server.domain.names import check_id
from loci_server.domain.structs import check_struct
from loci_server.errors import InvalidField, InvalidVector, LimitExceeded, SelfEdge

_TYPE_CHARS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")
_FIRST_SECOND: Final = -62_135_596_800  # 0001-01-01T00:00:00Z
_LAST_SECOND: Final = 253_402_300_799  # 9999-12-31T23:59:59Z
_NANOS: Final = 1_000_000_000


def check_node(node: Node, field: str = "node") -> Interval:
    """The validity interval of a node that keeps all limits.

    An empty type passes: the default is for the caller to set. `field`: what stands before the names of fields in
    errors. Raises InvalidField, LimitExceeded, InvalidDate or InvalidVector.
    """
    at = f"{field}." if field else ""
    if node.type:
        check_type(node.type, f"{at}type")
    check_text(node.label, f"{at}label", MAX_LABEL_BYTES)
    if node.aliases:
        _check_aliases(node.aliases, f"{at}aliases")
    check_text(node.text, f"{at}text", MAX_TEXT_BYTES)
    check_struct(node.properties, f"{at}properties")
    if node.HasField("event_time"):
        check_timestamp(node.event_time, f"{at}event_time")
    if not 0.0 <= node.salience <= 1.0:
        raise InvalidField(field=f"{at}salience", detail="must be from 0 to 1.")
    if node.HasField("embedding"):
        check_embedding(node.embedding, f"{at}embedding")
    if node.HasField("expire_time"):
        check_timestamp(node.expire_time, f"{at}expire_time")
    if node.HasField("claim"):
        check_claim(node.claim, f"{at}claim")
    return parse_validity(node.valid_from, node.valid_to, field)


def check_edge(edge: Edge, field: str = "edge") -> Interval:
    """The validity interval of an edge that keeps all limits.

    Raises InvalidName, SelfEdge, InvalidField, LimitExceeded or InvalidDate.
    """
    check_id(edge.source, f"{field}.source", MAX_ID_BYTES)
    check_type(edge.relation, f"{field}.relation")
    check_id(edge.target, f"{field}.target", MAX_ID_BYTES)
    if edge.source == edge.target:
        raise SelfEdge(field=f"{field}.target")
    check_struct(edge.properties, f"{field}.properties")
    if not math.isfinite(edge.weight):
        raise InvalidField(field=f"{field}.weight", detail="must be finite.")
    return parse_validity(edge.valid_from, edge.valid_to, field)


def check_type(value: str, field: str) -> None:
    """A node's type or an edge's relation: 1 to 64 characters of `[A-Za-z0-9_.-]`, beginning with a letter."""
    if len(value) > MAX_TYPE_CHARS:
        raise LimitExceeded(field=field, actual=len(value), limit=MAX_TYPE_CHARS, unit="characters")
    if not _TYPE_CHARS.issuperset(value) or not value[:1].isalpha():
        raise InvalidField(field=field, detail="must be characters of `[A-Za-z0-9_.-]`, beginning with a letter.")


def check_timestamp(value: Timestamp, field: str) -> None:
    """From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z, as google.protobuf.Timestamp promises."""
    if not _FIRST_SECOND <= value.seconds <= _LAST_SECOND or not 0 <= value.nanos < _NANOS:
        raise InvalidField(field=field, detail="must be a timestamp within the years 1 to 9999.")


def check_claim(claim: Claim, field: str) -> None:
    """Raises LimitExceeded, InvalidField."""
    check_text(claim.subject, f"{field}.subject", MAX_SUBJECT_BYTES)
    check_text(claim.value, f"{field}.value", MAX_VALUE_BYTES)
    if claim.slot:
        check_type(claim.slot, f"{field}.slot")
    check_count(f"{field}.evidence", len(claim.evidence), MAX_EVIDENCE, "pieces")
    for place, evidence in enumerate(claim.evidence):
        path = f"{field}.evidence[{place}]"
        check_text(evidence.source, f"{path}.source", MAX_SOURCE_BYTES)
        if not 0.0 <= evidence.confidence <= 1.0:
            raise InvalidField(field=f"{path}.confidence", detail="must be from 0 to 1.")
        if evidence.HasField("time"):
            check_timestamp(evidence.time, f"{path}.time")


def check_embedding(embedding: Embedding, field: str) -> None:
    """A vector with its model. Raises InvalidVector."""
    if not embedding.model or len(embedding.model.encode()) > MAX_MODEL_BYTES:
        raise InvalidVector(field=f"{field}.model", detail=f"must be 1 to {MAX_MODEL_BYTES} bytes.")
    if "\0" in embedding.model:
        raise InvalidVector(field=f"{field}.model", detail="cannot hold the character U+0000.")
    values, path = embedding.values, f"{field}.values"
    if not 1 <= len(values) <= MAX_DIMENSIONS:
        raise InvalidVector(field=path, detail=f"{len(values)} numbers; 1 to {MAX_DIMENSIONS} are allowed.")
    # 4,000 floats of 32 bits add up to a finite double, so the sum is finite if all of them are.
    if not math.isfinite(sum(map(abs, values))):
        raise InvalidVector(field=path, detail="numbers must be finite.")
    if not any(values):
        raise InvalidVector(field=path, detail="numbers cannot all be zero.")


def check_text(value: str, field: str, limit: int) -> None:
    """A text of at most `limit` bytes that PostgreSQL can hold."""
    if value:
        check_bytes(field, value, limit)
        if "\0" in value:
            raise InvalidField(field=field, detail="cannot hold the character U+0000.")


def _check_aliases(aliases: Collection[str], field: str) -> None:
    check_count(field, len(aliases), MAX_ALIASES, "aliases")
    for place, alias in enumerate(aliases):
        path = f"{field}[{place}]"
        if not alias:
            raise InvalidField(field=path, detail="an alias cannot be empty.")
        check_text(alias, path, MAX_ALIAS_BYTES)
