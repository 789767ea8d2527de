"""Questions as the history keeps them: what was asked, not what was answered."""

from loci.v1.memory_service_pb2 import RecallRequest
from loci.v1.query_history_pb2 import QUERY_METHOD_RECALL, QUERY_METHOD_SEARCH, QueryRecord
from loci.v1.search_service_pb2 import SearchRequest


def recalled(request: RecallRequest, hits: int) -> QueryRecord:
    record = QueryRecord(method=QUERY_METHOD_RECALL, limit=request.limit, max_tokens=request.max_tokens, hit_count=hits)
    _share(record, request)
    return record


def searched(request: SearchRequest, hits: int) -> QueryRecord:
    record = QueryRecord(method=QUERY_METHOD_SEARCH, mode=request.mode, limit=request.page_size, hit_count=hits)
    _share(record, request)
    return record


def _share(record: QueryRecord, request: RecallRequest | SearchRequest) -> None:
    record.query, record.profile = request.query, request.profile
    if request.HasField("filter"):
        record.filter.CopyFrom(request.filter)
    if request.HasField("weights"):
        record.weights.CopyFrom(request.weights)
    if request.HasField("query_time"):
        record.query_time.CopyFrom(request.query_time)
    if request.HasField("as_of"):
        record.as_of.CopyFrom(request.as_of)
