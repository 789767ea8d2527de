"""A page token opens for its tenant and its query, and for nothing else."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci.v1.edge_service_pb2 import ListEdgesRequest
from loci.v1.filter_pb2 import NodeFilter
from loci.v1.node_service_pb2 import ListNodesRequest
from loci_server.codec.page_tokens import PageTokens
from loci_server.crypto.envelope import Sealer
from loci_server.errors import InvalidPageToken
from loci_server.services.bulk import Cursor
from loci_server.services.history import PLACE
from loci_server.services.traversal import last_of_page

TOKENS = PageTokens(Sealer(b"installation", {1: b"k" * 32}))
REQUEST = ListNodesRequest(parent="graphs/g", page_size=10)


@given(st.binary(max_size=300), st.integers(0, 2**62))
def test_a_position_is_read_as_it_was_written(position: bytes, tenant: int) -> None:
    assert TOKENS.decode(tenant, REQUEST, TOKENS.encode(tenant, REQUEST, position), bytes) == position


def test_no_token_is_the_beginning() -> None:
    assert TOKENS.decode(1, REQUEST, "", bytes) is None


def test_the_page_size_and_the_token_itself_may_change() -> None:
    token = TOKENS.encode(1, REQUEST, b"p")
    assert TOKENS.decode(1, ListNodesRequest(parent="graphs/g", page_size=3, page_token=token), token, bytes) == b"p"


@pytest.mark.parametrize(
    ("tenant", "request_"),
    [
        (2, REQUEST),
        (1, ListNodesRequest(parent="graphs/h")),
        (1, ListNodesRequest(parent="graphs/g", filter=NodeFilter(types=["x"]))),
        (1, ListEdgesRequest(parent="graphs/g")),
    ],
)
def test_it_does_not_open_for_another_tenant_method_or_query(
    tenant: int, request_: ListNodesRequest | ListEdgesRequest
) -> None:
    with pytest.raises(InvalidPageToken):
        TOKENS.decode(tenant, request_, TOKENS.encode(1, REQUEST, b"p"), bytes)


@given(st.one_of(st.text(min_size=1), st.binary(min_size=1).map(lambda raw: raw.hex())))
def test_noise_is_refused_and_raises_nothing_else(token: str) -> None:
    with pytest.raises(InvalidPageToken):
        TOKENS.decode(1, REQUEST, token, bytes)


@pytest.mark.parametrize(
    ("position", "read"),
    [
        (b"", PLACE.unpack),
        (b"another layout", PLACE.unpack),
        (b"1234567", last_of_page),
        (b"12345678\xff", last_of_page),
        (b"1/7", Cursor.decode),
        (b"9/7/n", Cursor.decode),
        (b"\xff", bytes.decode),
        (b"n", int),
    ],
)
def test_a_position_that_another_version_wrote_otherwise_is_refused(
    position: bytes, read: Callable[[bytes], object]
) -> None:
    with pytest.raises(InvalidPageToken):
        TOKENS.decode(1, REQUEST, TOKENS.encode(1, REQUEST, position), read)


def test_a_token_shows_nothing_of_its_position() -> None:
    token = TOKENS.encode(1, REQUEST, b"secret-position-secret-position")
    assert "secret" not in token
    assert TOKENS.encode(1, REQUEST, b"p") != TOKENS.encode(1, REQUEST, b"p")
