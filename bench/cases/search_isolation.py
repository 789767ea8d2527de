"""Recall of semantic search in a graph of 1,000 nodes that stands beside one of 100,000, against exact search.

Both graphs draw their vectors from the same clusters. A hit counts if it is as close to the query as the tenth nearest
vector by exact search is, but for the rounding of stored vectors to half precision.
"""

import grpc
import numpy as np

from bench.cases.large_graph import MODEL, large_graph
from bench.corpus import vectors
from bench.graphs import create_graphs
from bench.loads.channels import credential
from bench.programs import Server, load_generator, loci_server
from bench.result import Measured
from bench.site import Site
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


async def run(site: Site) -> Measured:
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
