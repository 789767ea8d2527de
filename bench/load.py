"""The load generator: `python -m bench.load`.

It reads a piece of work from each line of its input and writes what came of it, both as JSON. It talks through the
generated stubs alone, to Loci and to the bare server alike, from a process of its own.
"""

import asyncio
import json
import sys

import uvloop

from bench.loads import WORK


async def serve() -> None:
    """Until its input ends."""
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        result = await WORK[order["work"]](**order["arguments"])
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    uvloop.run(serve())
