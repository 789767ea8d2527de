"""No request holds a list without a limit that is written down."""

from collections.abc import Iterator

from google.protobuf.descriptor import Descriptor

from loci_server.domain import limits
from tests.fuzz.methods import methods
from tests.limit_requests import ELSEWHERE, MAKERS

BOUNDED = {
    "ApiKey.scopes": "MAX_SCOPES",
    "ApiKey.graphs": "MAX_GRANTED_GRAPHS",
    "AppendTurnsRequest.turns": "MAX_TURNS",
    "BatchGetEdgesRequest.names": "MAX_BATCH_NAMES",
    "BatchGetNodesRequest.names": "MAX_BATCH_NAMES",
    "BatchGetSalienceRequest.names": "MAX_BATCH_NAMES",
    "BatchSearchRequest.requests": "MAX_BATCH_SEARCHES",
    "Claim.evidence": "MAX_EVIDENCE",
    "CommitRequest.mutations": "MAX_MUTATIONS",
    "CommitRequest.preconditions": "MAX_PRECONDITIONS",
    "EdgeFilter.properties": "MAX_FILTER_PROPERTIES",
    "EdgeFilter.relations": "MAX_FILTER_VALUES",
    "EdgeSelector.node_types": "MAX_FILTER_VALUES",
    "EdgeSelector.relations": "MAX_FILTER_VALUES",
    "Embedding.values": "MAX_DIMENSIONS",
    "FieldMask.paths": "MAX_MASK_PATHS",
    "ForgetRequest.names": "MAX_FORGOTTEN",
    "GetContextRequest.seed_names": "MAX_START_NAMES",
    "ImportItems.items": "MAX_CHUNK_ITEMS",
    "ListValue.values": "MAX_PROPERTIES_BYTES",
    "Node.aliases": "MAX_ALIASES",
    "NodeFilter.comparisons": "MAX_FILTER_PROPERTIES",
    "NodeFilter.properties": "MAX_FILTER_PROPERTIES",
    "NodeFilter.types": "MAX_FILTER_VALUES",
    "RecallRequest.parents": "MAX_RECALLED_GRAPHS",
    "RememberRequest.supersedes": "MAX_SUPERSEDED",
    "SearchFields.properties": "MAX_SEARCHED_PROPERTIES",
    "Struct.fields": "MAX_PROPERTY_KEYS",
    "TraverseRequest.start_names": "MAX_START_NAMES",
    "WatchFilter.kinds": "MAX_WATCH_KINDS",
    "WatchFilter.names": "MAX_WATCH_NAMES",
    "WatchFilter.node_types": "MAX_FILTER_VALUES",
    "WatchFilter.relations": "MAX_FILTER_VALUES",
}


def lists(message: Descriptor, seen: set[str]) -> Iterator[str]:
    """All fields of a message, and of those inside, that hold any number of values."""
    if message.full_name in seen:
        return
    seen.add(message.full_name)
    for field in message.fields:
        if field.is_repeated:
            yield f"{message.name}.{field.name}"
        if field.message_type is not None:
            yield from lists(field.message_type, seen)


def test_every_list_of_a_request_has_a_limit() -> None:
    seen: set[str] = set()
    found = {
        name for method in methods() if method.path.startswith("/loci.v1.") for name in lists(method.request, seen)
    }
    assert found == set(BOUNDED)
    assert all(hasattr(limits, limit) for limit in BOUNDED.values())
    assert set(BOUNDED.values()) <= MAKERS.keys() | ELSEWHERE, "each is tried at the limit and beyond"
