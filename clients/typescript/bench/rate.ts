/**
 * The rate of GetNode, 32 in flight, through the client and through the bare client of Connect, in turns, against the
 * server that LOCI_ADDRESS and LOCI_API_KEY name: `node build/bench/rate.js [SECONDS [TURNS]]`. Prints a line of JSON.
 */

import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";

import { AlreadyExists, connect } from "../src/index.js";
import { NodeService } from "../src/v1.js";

const IN_FLIGHT = 32;
const [seconds = 4, turns = 3] = process.argv.slice(2).map(Number);
const address = process.env.LOCI_ADDRESS || "127.0.0.1:50051";

const client = connect();
const bare = createClient(NodeService, createGrpcTransport({ baseUrl: `http://${address}` }));
const headers = { authorization: `Bearer ${process.env.LOCI_API_KEY}` };
const name = "graphs/rate/nodes/ann";

try {
  await client.graphs.create("rate");
  await client.nodes.create("rate", "ann", { label: "Ann", text: "Ann plays the cello." });
} catch (error) {
  if (!(error instanceof AlreadyExists)) {
    throw error;
  }
}

async function rate(call: () => Promise<unknown>, ms: number): Promise<number> {
  let count = 0;
  const start = performance.now();
  const end = start + ms;
  const worker = async () => {
    while (performance.now() < end) {
      await call();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return count / ((performance.now() - start) / 1000);
}

const layer = () => client.nodes.get("rate", "ann");
const stub = () => bare.getNode({ name }, { headers });
await rate(layer, 1000);
await rate(stub, 1000);
const rates = { client: [] as number[], bare: [] as number[] };
for (let turn = 0; turn < turns; turn++) {
  rates.client.push(await rate(layer, seconds * 1000));
  rates.bare.push(await rate(stub, seconds * 1000));
}
client.close();

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const result = { client: median(rates.client), bare: median(rates.bare) };
console.log(
  JSON.stringify({ language: "typescript", in_flight: IN_FLIGHT, ...result, ratio: result.client / result.bare }),
);
process.exit(0);
