"""How a write is known when it comes again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci.v1.edge_service_pb2 import DeleteEdgeRequest
from loci.v1.node_service_pb2 import DeleteNodeRequest
from loci_server.codec.writes import checked_note, fingerprint, request_hash
from loci_server.errors import LimitExceeded


@given(st.lists(st.text(min_size=1, max_size=30), unique=True))
def test_request_ids_have_hashes_of_their_own(ids: list[str]) -> None:
    hashes = [request_hash(id) for id in ids]
    assert len(set(hashes)) == len(ids)
    assert all(hash is not None and len(hash) == 16 for hash in hashes)


def test_no_request_id_is_no_hash_and_a_long_one_is_refused() -> None:
    assert request_hash("") is None
    assert request_hash("x" * 128) is not None
    for id in ("x" * 129, "é" * 65):
        with pytest.raises(LimitExceeded):
            request_hash(id)


def test_other_requests_and_other_methods_have_other_fingerprints() -> None:
    requests = [
        DeleteNodeRequest(name="graphs/g/nodes/a"),
        DeleteNodeRequest(name="graphs/g/nodes/b"),
        DeleteNodeRequest(name="graphs/g/nodes/a", etag="1"),
        DeleteEdgeRequest(name="graphs/g/nodes/a"),
    ]
    assert len({fingerprint(request) for request in requests}) == len(requests)
    assert fingerprint(requests[0]) == fingerprint(DeleteNodeRequest(name="graphs/g/nodes/a"))


def test_a_long_note_is_refused() -> None:
    assert checked_note("é" * 512) == "é" * 512
    with pytest.raises(LimitExceeded):
        checked_note("é" * 513)
