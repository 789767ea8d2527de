/** A server for tests, over real sockets: gRPC, or what browsers speak. */

import { createServer } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";

import { create, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";

import { ErrorInfoSchema, RetryInfoSchema } from "../src/gen/google/rpc/error_details_pb.js";

export interface Served {
  readonly port: number;
  readonly address: string;
  close(): Promise<void>;
}

/** gRPC over HTTP/2. A closed server cuts its connections. */
export async function serving(routes: (router: ConnectRouter) => void, port = 0): Promise<Served> {
  const server = createHttp2Server(connectNodeAdapter({ routes, grpcWeb: false, connect: false }));
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = () => {
    for (const session of sessions) {
      session.destroy();
    }
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return told((server.address() as AddressInfo).port, close);
}

/** gRPC-Web and Connect over HTTP/1.1, as a proxy would. */
export async function servingWeb(routes: (router: ConnectRouter) => void): Promise<Served> {
  const server = createServer(connectNodeAdapter({ routes, grpc: false }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return told((server.address() as AddressInfo).port, close);
}

/** An error as Loci sends it. */
export function failure(code: Code, reason: string, retryAfterMs?: number, pushback?: string): ConnectError {
  const details: { desc: DescMessage; value: MessageShape<DescMessage> }[] = [
    detail(ErrorInfoSchema, { reason, domain: "loci.dev", metadata: { name: "calls" } }),
  ];
  if (retryAfterMs !== undefined) {
    details.push(detail(RetryInfoSchema, { retryDelay: { seconds: 0n, nanos: retryAfterMs * 1e6 } }));
  }
  const headers = pushback === undefined ? undefined : { "grpc-retry-pushback-ms": pushback };
  return new ConnectError(`because of ${reason}`, code, headers, details as never);
}

export { Code };

function detail<S extends DescMessage>(desc: S, init: MessageInitShape<S>) {
  return { desc, value: create(desc, init) as MessageShape<DescMessage> };
}

function told(port: number, close: () => Promise<void>): Served {
  return { port, address: `127.0.0.1:${port}`, close };
}
