"""Searches, one after the other."""

from time import perf_counter

from bench.loads.channels import channel, credential
from loci.v1 import search_service_pb2 as pb
from loci.v1.search_service_pb2_grpc import SearchServiceStub

NEEDED = (pb.SEARCH_ARM_LEXICAL, pb.SEARCH_ARM_SEMANTIC, pb.SEARCH_ARM_GRAPH)
"""Arms that every query of the benchmark has use for."""


async def search(address: str, api_key: str, graph: str, queries: list[str], k: int) -> list[float]:
    """Milliseconds of each hybrid search. Raises if an arm did not answer or hits are missing."""
    return [await timed(address, api_key, graph, query, k) for query in queries]


async def search_in_turns(places: list[tuple[str, str]], graph: str, queries: list[str], k: int) -> list[list[float]]:
    """The same of several servers (address and API key): each query is sent to all, every other time the last first."""
    times: list[list[float]] = [[] for _ in places]
    for number, query in enumerate(queries):
        for found, (address, api_key) in list(zip(times, places, strict=True))[:: 1 if number % 2 else -1]:
            found.append(await timed(address, api_key, graph, query, k))
    return times


async def timed(address: str, api_key: str, graph: str, query: str, k: int) -> float:
    request = pb.SearchRequest(parent=graph, query=query, mode=pb.SEARCH_MODE_HYBRID, page_size=k)
    start = perf_counter()
    response = await SearchServiceStub(channel(address)).Search(request, metadata=credential(api_key))
    taken = (perf_counter() - start) * 1000
    states = {arm.arm: arm.state for arm in response.arms}
    answered = all(states[arm] == pb.ARM_STATE_OK for arm in NEEDED)
    if len(response.hits) != k or not answered or pb.ARM_STATE_FAILED in states.values():
        raise RuntimeError(f"a search went wrong: {len(response.hits)} hits, arms {response.arms}")
    return taken
