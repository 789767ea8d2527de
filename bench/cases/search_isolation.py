"""What a graph of 1,000 nodes feels of others.

Recall of semantic search beside a graph of 100,000, against exact search: both graphs draw their vectors from the same
clusters. A hit counts if it is as close to the query as the tenth nearest vector by exact search is, but for the
rounding of stored vectors to half precision.

Latency of hybrid search among 10,000 other graphs, against that of the same graph alone in a database.
"""

from contextlib import AsyncExitStack

import grpc
import numpy as np

from bench.cases.large_graph import MODEL, large_graph
from bench.corpus import queries, vectors
from bench.graphs import create_graphs
from bench.loads.channels import credential
from bench.programs import Server, load_generator, loci_server
from bench.result import Measured
from bench.site import Installation, Site
from loci.v1 import search_service_pb2 as pb
from loci.v1.node_pb2 import Embedding
from loci.v1.search_service_pb2_grpc import SearchServiceStub

GRAPH = "small"
SIZE = 1000
K = 10
FIRST = 1_000_000
"""The first number of the small graph's nodes: no other graph has these vectors."""
QUERY_STREAM = 1
ROUNDING = 1e-3
MEMORIES = 3
"""Of each of the other graphs."""


async def recall_at_10(site: Site) -> Measured:
    """The mean recall; the floor is that of exact search, which is 1."""
    installation = await large_graph(site)
    async with loci_server(installation, embedder="none") as server, load_generator() as load:
        await create_graphs(server, [GRAPH])
        await load.run(
            "import_nodes",
            address=server.address,
            api_key=server.api_key,
            graph=f"graphs/{GRAPH}",
            first=FIRST,
            count=SIZE,
            model=MODEL,
        )
        return Measured(await recall(server, site.sizes.recall_queries), 1.0)


async def p99(site: Site) -> Measured:
    """Milliseconds: the p99 over all rounds, each query asked here and there in turns."""
    asked = queries(site.sizes.recall_queries)
    installations = [await among(site, others) for others in (site.sizes.other_graphs, 0)]
    async with AsyncExitStack() as stack:
        load = await stack.enter_async_context(load_generator())
        servers = [await stack.enter_async_context(loci_server(each, embedder="minilm")) for each in installations]
        places = [(server.address, server.api_key) for server in servers]
        times: list[list[float]] = [[], []]
        for number in range(site.sizes.rounds + 1):
            found = await load.run("search_in_turns", places=places, graph=f"graphs/{GRAPH}", queries=asked, k=K)
            if number:  # the first warms up
                times = [before + more for before, more in zip(times, found, strict=True)]
    middle, alone_middle = (float(np.median(each)) for each in times)
    site.say(f"  p50: {middle:,.2f} against {alone_middle:,.2f}")
    crowded, alone = (float(np.percentile(each, 99)) for each in times)
    return Measured(crowded, alone)


async def among(site: Site, others: int) -> Installation:
    """An installation with the graph and so many others, of one tenant."""
    installation = await site.installation(f"among_{others}")
    async with loci_server(installation, embedder="minilm") as server, load_generator() as load:
        where = {"address": server.address, "api_key": server.api_key, "model": MODEL}
        if others:
            site.say(f"  making {others:,} other graphs")
            await load.run("make_graphs", **where, prefix="other-", count=others, nodes=MEMORIES)
        (graph,) = await create_graphs(server, [GRAPH])
        await load.run("import_talk", **where, graph=graph, count=SIZE)
    await installation.run("VACUUM ANALYZE")
    return installation


async def recall(server: Server, count: int) -> float:
    stored = vectors(FIRST, SIZE)
    asked = vectors(0, SIZE, QUERY_STREAM)[:count]
    similarities = asked @ stored.T
    tenth = np.sort(similarities, axis=1)[:, -K]
    right = 0
    async with grpc.aio.insecure_channel(server.address) as channel:
        stub = SearchServiceStub(channel)
        for place, vector in enumerate(asked):
            request = pb.SearchRequest(
                parent=f"graphs/{GRAPH}",
                mode=pb.SEARCH_MODE_SEMANTIC,
                page_size=K,
                query_embedding=Embedding(model=MODEL, values=vector.tolist()),
            )
            response = await stub.Search(request, metadata=credential(server.api_key))
            numbers = {int(hit.node.name.rpartition("/n")[2]) - FIRST for hit in response.hits}
            right += sum(similarities[place, number] >= tenth[place] - ROUNDING for number in numbers)
    return right / (count * K)
