"""The bare server: grpc.aio on uvloop with an asyncpg pool and nothing else. `python -m bench.floor URL GRAPH_KEY`.

It speaks NodeService, so that the load generator cannot tell it from Loci, but knows no credentials, keys, tenants, log
or search. It logs on as superuser, for whom row-level security does not hold, and its pool has asyncpg's default
settings.
"""

import asyncio
import signal
import sys

import asyncpg
import grpc
import uvloop

from loci.v1 import node_service_pb2 as pb
from loci.v1.node_pb2 import Node

READ = "SELECT * FROM loci.nodes WHERE graph_key = $1 AND id = $2"
TABLE = """
CREATE SCHEMA IF NOT EXISTS bench;
CREATE TABLE IF NOT EXISTS bench.plain (
    graph text NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    content bytea NOT NULL,
    PRIMARY KEY (graph, id)
)
"""
WRITE = "INSERT INTO bench.plain (graph, id, type, content) VALUES ($1, $2, $3, $4)"
POOL_SIZE = 10
"""As LOCI_DATABASE_POOL_SIZE is by default."""
PADDING = "x" * 65536


class BareNodes:
    """One read or one write for each request."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", graph_key: int) -> None:
        self._pool = pool
        self._graph_key = graph_key

    async def get_node(self, request: pb.GetNodeRequest, context: object) -> pb.GetNodeResponse:
        """The answer has the size of the row: what is sealed in it is replaced by as much text."""
        row = await self._pool.fetchrow(READ, self._graph_key, request.name.rpartition("/")[2])
        assert row is not None
        text = PADDING[: len(row["content"])]
        return pb.GetNodeResponse(
            node=Node(
                name=request.name, type=row["type"], text=text, salience=row["salience"], revision=row["revision"]
            )
        )

    async def create_node(self, request: pb.CreateNodeRequest, context: object) -> pb.CreateNodeResponse:
        """A single statement outside of a transaction block is one INSERT and its COMMIT."""
        node = request.node
        await self._pool.execute(WRITE, request.parent, request.node_id, node.type, node.SerializeToString())
        answer = pb.CreateNodeResponse(node=node)
        answer.node.name = f"{request.parent}/nodes/{request.node_id}"
        return answer

    def handler(self) -> grpc.GenericRpcHandler:
        return grpc.method_handlers_generic_handler(
            "loci.v1.NodeService",
            {
                "GetNode": grpc.unary_unary_rpc_method_handler(
                    self.get_node, pb.GetNodeRequest.FromString, pb.GetNodeResponse.SerializeToString
                ),
                "CreateNode": grpc.unary_unary_rpc_method_handler(
                    self.create_node, pb.CreateNodeRequest.FromString, pb.CreateNodeResponse.SerializeToString
                ),
            },
        )


async def serve(url: str, graph_key: int) -> None:
    """Until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with asyncpg.create_pool(url, min_size=POOL_SIZE, max_size=POOL_SIZE) as pool:
        await pool.execute(TABLE)
        server = grpc.aio.server()
        server.add_generic_rpc_handlers((BareNodes(pool, graph_key).handler(),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        print(f"ready at 127.0.0.1:{port}", flush=True)
        await stop.wait()
        await server.stop(1.0)


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], int(sys.argv[2])))
