"""Searches, one after the other."""

from time import perf_counter

from bench.loads.channels import channel, credential
from loci.v1 import search_service_pb2 as pb
from loci.v1.search_service_pb2_grpc import SearchServiceStub


async def search(address: str, api_key: str, graph: str, queries: list[str], k: int) -> list[float]:
    """Milliseconds of each hybrid search. Raises if an arm did not answer or hits are missing."""
    stub = SearchServiceStub(channel(address))
    metadata = credential(api_key)
    times: list[float] = []
    for query in queries:
        request = pb.SearchRequest(parent=graph, query=query, mode=pb.SEARCH_MODE_HYBRID, page_size=k)
        start = perf_counter()
        response = await stub.Search(request, metadata=metadata)
        times.append((perf_counter() - start) * 1000)
        if len(response.hits) != k or any(arm.state != pb.ARM_STATE_OK for arm in response.arms):
            raise RuntimeError(f"a search went wrong: {len(response.hits)} hits, arms {response.arms}")
    return times
