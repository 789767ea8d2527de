"""What the workers of the tests do: serve NodeService on the port they are given, under a supervisor or alone.

`python -m tests.unit.rpc.worker COUNT PORT MODE` is a supervisor; it prints nothing. MODE `serve` serves, `crash` dies
at once, `give-up` ends with GIVE_UP, and `stubborn` ignores SIGTERM.
"""

import functools
import os
import signal
import sys

from loci_server.rpc.workers import GIVE_UP, run_workers


def serve(port: int, mode: str, number: int) -> None:
    if mode == "crash":
        os.abort()
    if mode == "give-up":
        sys.exit(GIVE_UP)
    import asyncio

    asyncio.run(_serve(port, stubborn=mode == "stubborn"))


async def _serve(port: int, *, stubborn: bool) -> None:
    import asyncio

    from loci.v1.node_service_pb2 import GetNodeResponse
    from tests.unit.rpc.harness import serving

    async def who(request: object, call: object) -> GetNodeResponse:
        answer = GetNodeResponse()
        answer.node.name = str(os.getpid())
        return answer

    end = asyncio.Event()
    async with serving({"GetNode": who}, port=port, workers=3):
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, (lambda: None) if stubborn else end.set)
        await end.wait()


if __name__ == "__main__":
    code = run_workers(int(sys.argv[1]), functools.partial(serve, int(sys.argv[2]), sys.argv[3]))
    heavy = {"grpc", "google.protobuf", "asyncpg", "numpy"} & set(sys.modules)
    sys.exit(f"the supervisor imported {heavy}" if heavy else code)
